"""Output that is not what compiling would write: which files, and why."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec.structs import replace

from generator.model.changes import Changes
from generator.model.diagnostics import Diagnostic, printable
from generator.model.lock import LOCK_NAME
from generator.model.refusals import TO_KEEP_MOVED, Reason, is_adoptable
from generator.model.source import Position
from generator.report.amount import plural

_TO_KEEP = {
    Reason.EDITED_SOURCE: "take the source's change back and adopt the edit first",
    Reason.EDITED_COMPILER: "adopt the edit with the version that wrote the file",
    Reason.EDITED_RETIRED: "move the file away",
    Reason.EDITED_MOVED: TO_KEEP_MOVED,
    Reason.FOREIGN: "move the file away",
    Reason.OBSTRUCTED: "move the folder away",
}
"""How not to lose what a person wrote where `adopt` does not help."""

_MOST = 50
"""How many files a person is told one by one."""


def stale_files(changes: Changes, lock: PurePosixPath) -> Iterator[tuple[PurePosixPath, Reason]]:
    """Yield each file that is out of date, and why, sorted by path; *lock* is the inventory's path."""
    reasons = dict(changes.reasons)
    if changes.inventory is not None:
        reasons[lock] = changes.inventory
    reasons |= {folder / LOCK_NAME: Reason.RETIRED for folder in changes.former}
    yield from sorted(reasons.items(), key=_by_path)


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
            yield replace(refusals[path], hint="; ".join(_remedies({path: reason}, mending, adopting)))
        else:
            yield Diagnostic("stale-file", str(reason), Position(str(path)), f"run: {mending}")


def stale_text(changes: Changes, lock: PurePosixPath, mending: str, prefix: str, adopting: str = "") -> str:
    """Return a line for each file that is out of date, and what to do; *prefix* leads to the files.

    See `stale_findings` for the rest. Where files are in the way that compiling does not touch, *mending* would only
    say so again. The inventory is named where it is all that is out of date, else it follows from the files. Of very
    many files, some are named: first those that compiling does not touch.
    """
    if _is_nothing_compiled(changes):
        amount = plural(len(changes.reasons), "file")
        return f"{printable(f'{prefix}{lock.parent}')}: nothing is compiled yet ({amount}); run: {mending}"
    stale = dict(sorted(changes.reasons.items(), key=_by_path)) or dict(stale_files(changes, lock))
    kept = {path: reason for path, reason in stale.items() if path in {*changes.hand_edited, *changes.foreign}}
    named = dict([*kept.items(), *(item for item in stale.items() if item[0] not in kept)][:_MOST])
    lines = [f"{printable(f'{prefix}{path}')}: {reason}" for path, reason in sorted(named.items(), key=_by_path)]
    if len(stale) > len(named):
        lines.append(f"and {len(stale) - len(named):,} more")
    for folder in changes.former:
        was, now = (printable(f"{prefix}{each}") for each in (folder, lock.parent))
        it_moves = "compiling moves" if changes.added else "compiling deletes"
        lines.append(f"'{was}' was the output folder, which is '{now}' now: {it_moves} what platformc wrote there")
    amount = f"out of date: {plural(len(stale), 'file')}"
    if kept:
        lines.append(f"{amount}, {_not_ours(len(kept), len(stale))}")
        lines += _remedies(kept, mending, adopting, prefix)
    else:
        lines.append(f"{amount}; run: {mending}")
    return "\n".join(lines)


def _is_nothing_compiled(changes: Changes) -> bool:
    """Say whether neither the inventory nor any file is there."""
    missing = changes.inventory is Reason.MISSING and len(changes.added) == len(changes.reasons)
    return missing and bool(changes.added)


def _not_ours(kept: int, stale: int) -> str:
    """Return that *kept* of *stale* files are not as platformc left them, in words."""
    if kept < stale:
        return f"{kept:,} of them not as platformc left {'it' if kept == 1 else 'them'}"
    return "not as platformc left it" if kept == 1 else "none of them as platformc left it"


def _remedies(kept: Mapping[PurePosixPath, Reason], mending: str, adopting: str, prefix: str = "") -> Iterator[str]:
    """Yield what may be done about the files *kept*, which compiling does not touch.

    Adopting takes everything that was edited, or nothing: files are named where others would keep it from that.
    """
    taken = [path for path, reason in kept.items() if reason is Reason.EDITED and is_adoptable(path)]
    if taken and adopting:
        others = any(reason is not Reason.FOREIGN for path, reason in kept.items() if path not in taken)
        words = shlex.join(f"{prefix}{path}" for path in taken) if others else ""
        yield f"to take the edit into the document, run: {adopting} {words}".rstrip()
    reasons = set(kept.values())
    for words in dict.fromkeys(words for reason, words in _TO_KEEP.items() if reason in reasons):
        yield f"to keep it, {words}"
    if reasons != {Reason.OBSTRUCTED}:
        yield f"to lose it, run: {mending} --overwrite"


def _by_path(item: tuple[PurePosixPath, Reason]) -> str:
    return str(item[0])
