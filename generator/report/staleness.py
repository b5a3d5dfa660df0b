"""Output that is not what compiling would write: which files, and why."""

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from msgspec.structs import replace

from generator.model.changes import Changes, Reason
from generator.model.diagnostics import Diagnostic, printable
from generator.model.source import Position
from generator.report.amount import plural

_TO_KEEP = {
    Reason.EDITED_SOURCE: "take the source's change back and adopt the edit first",
    Reason.EDITED_COMPILER: "adopt the edit with the version that wrote the file",
    Reason.EDITED_RETIRED: "move the file away",
    Reason.FOREIGN: "move the file away",
}
"""How not to lose what a person wrote where `adopt` does not help."""


def stale_files(changes: Changes, lock: PurePosixPath) -> Iterator[tuple[PurePosixPath, Reason]]:
    """Yield each file that is out of date, and why, sorted by path; *lock* is the inventory's path."""
    reasons = dict(changes.reasons)
    if changes.inventory is not None:
        reasons[lock] = changes.inventory
    yield from sorted(reasons.items(), key=lambda item: str(item[0]))


def stale_findings(changes: Changes, lock: PurePosixPath, mending: str, adopting: str = "") -> Iterator[Diagnostic]:
    """Yield a finding for each file that is out of date.

    Args:
        changes: What separates the files from what compiling would write.
        lock: The inventory's path.
        mending: The command that writes them anew.
        adopting: The command that takes edits into the document; empty where none can.
    """
    refusals = {PurePosixPath(each.at.file): each for each in changes.refusals()}
    for path, reason in stale_files(changes, lock):
        if path in refusals:
            yield replace(refusals[path], hint="; ".join(_remedies({reason}, mending, adopting)))
        else:
            yield Diagnostic("stale-file", str(reason), Position(str(path)), f"run: {mending}")


def stale_text(changes: Changes, lock: PurePosixPath, mending: str, prefix: str, adopting: str = "") -> str:
    """Return a line for each file that is out of date, and what to do; *prefix* leads to the files.

    See `stale_findings` for the rest. Where files are in the way that compiling does not touch, *mending* would only
    say so again.
    """
    stale = list(stale_files(changes, lock))
    lines = [f"{printable(f'{prefix}{path}')}: {reason}" for path, reason in stale]
    kept = {*changes.hand_edited, *changes.foreign}
    if kept:
        lines.append(f"out of date: {plural(len(stale), 'file')}, {len(kept)} of them not as platformc left it")
        lines += _remedies({reason for path, reason in stale if path in kept}, mending, adopting)
    else:
        lines.append(f"out of date: {plural(len(stale), 'file')}; run: {mending}")
    return "\n".join(lines)


def _remedies(reasons: Collection[Reason], mending: str, adopting: str) -> Iterator[str]:
    """Yield what may be done about files that compiling does not touch, for these *reasons*."""
    if Reason.EDITED in reasons and adopting:
        yield f"to take the edit into the document, run: {adopting}"
    for words in dict.fromkeys(words for reason, words in _TO_KEEP.items() if reason in reasons):
        yield f"to keep it, {words}"
    yield f"to lose it, run: {mending} --overwrite"
