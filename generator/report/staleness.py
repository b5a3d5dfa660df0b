"""Output that is not what compiling would write: which files, and why."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.model.changes import Changes, Reason
from generator.model.diagnostics import Diagnostic, printable
from generator.model.source import Position
from generator.report.amount import plural


def stale_files(changes: Changes, lock: PurePosixPath) -> Iterator[tuple[PurePosixPath, Reason]]:
    """Yield each file that is out of date, and why, sorted by path; *lock* is the inventory's path."""
    reasons = dict(changes.reasons)
    if changes.inventory is not None:
        reasons[lock] = changes.inventory
    yield from sorted(reasons.items(), key=lambda item: str(item[0]))


def stale_findings(changes: Changes, lock: PurePosixPath, mending: str) -> Iterator[Diagnostic]:
    """Yield a finding for each file that is out of date; *mending* is the command that writes it anew."""
    refusals = {PurePosixPath(each.at.file): each for each in changes.refusals()}
    for path, reason in stale_files(changes, lock):
        plain = Diagnostic("stale-file", str(reason), Position(str(path)), f"run: {mending}")
        yield refusals.get(path, plain)


def stale_text(changes: Changes, lock: PurePosixPath, mending: str, prefix: str) -> str:
    """Return a line for each file that is out of date, and what to do; *prefix* leads to the files."""
    stale = list(stale_files(changes, lock))
    lines = [f"{printable(f'{prefix}{path}')}: {reason}" for path, reason in stale]
    lines.append(f"out of date: {plural(len(stale), 'file')}; run: {mending}")
    kept = len(changes.hand_edited) + len(changes.foreign)
    if kept:
        them = "it" if kept == 1 else "them"
        lines.append(
            f"{plural(kept, 'file')} not as platformc left {them}: take edits into the document with"
            f" 'platformc adopt', or lose {them} with '--overwrite'"
        )
    return "\n".join(lines)
