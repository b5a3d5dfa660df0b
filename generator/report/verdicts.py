"""Which sealed files a key opened, and whose keys open the others."""

from collections.abc import Sequence

from generator.model.diagnostics import printable
from generator.model.source import Json
from generator.report.amount import plural

Locked = Sequence[tuple[str, Sequence[str]]]
"""The files that could not be opened, and who could, in short."""


def verdict_text(opened: int, locked: Locked) -> str:
    """Return how many files were verified, and of the others those that each group of readers could open."""
    lines = [f"verified {plural(opened, 'file')}" + (f", {len(locked)} for other keys" if locked else "")]
    groups: dict[tuple[str, ...], list[str]] = {}
    for file, readers in locked:
        groups.setdefault(tuple(readers), []).append(file)
    for readers, files in groups.items():
        lines.append(f"not opened, for {printable(', '.join(readers)) or 'kinds of keys unknown here'}:")
        lines += [f"  {printable(each)}" for each in files]
    return "\n".join(lines)


def verdict_members(opened: int, locked: Locked) -> dict[str, Json]:
    """Return the members of a JSON document: `opened`, a number, and `locked`, a list of files with their `readers`."""
    return {"opened": opened, "locked": [{"file": file, "readers": list(readers)} for file, readers in locked]}
