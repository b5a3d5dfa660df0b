"""The folders that were a document's output before it named another.

Looked for only where the inventory does not say already that a folder is the document's: once after each such change.
"""
# ruff: noqa: PTH116, PTH118  # thousands of folders in a blink: pathlib costs more than what it wraps

import os
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from generator.adapters.failure import OutsideError
from generator.adapters.presence import JOURNAL_NAME, LOCK_NAME
from generator.adapters.root import Root, read_file
from generator.model.lock import BESIDE, Lock, is_legible, parse_lock
from generator.model.tree import FileTree

_MOST = 20_000
"""How many folders are looked into, the nearest first: more than projects have, and less than half a second."""


def former_outputs(root: Root, folder: PurePosixPath, document: str) -> dict[PurePosixPath, Lock]:
    """Return the inventories of folders below *root* that say that they are the output of *document*, by folder.

    With what the journal of an interrupted run says. Links, hidden folders and folders that have a document of the
    same name, which is a project of its own, are not entered; what cannot be read is nobody's. An inventory that names
    nothing in its own folder was brought there by somebody, and is not heard.

    Args:
        root: The project.
        folder: Its output folder now, which is none of them.
        document: The document, from *root*.
    """
    here = _identity(root.folder(str(folder)))
    found = {}
    for place, names in _folders(root.real, document):
        if names.isdisjoint((LOCK_NAME, JOURNAL_NAME)):
            continue
        inventory = _inventory(root, place, document)
        if inventory is not None and (here is None or _identity(os.path.join(root.real, place)) != here):
            found[PurePosixPath(place)] = inventory
    return found


def without_those_of(tree: FileTree, former: Mapping[PurePosixPath, Lock], root: Root) -> dict[PurePosixPath, Lock]:
    """Return *former* without the files of *tree* under another name: behind a link, or where case does not count."""
    mine = {_place(root, path) for path in tree} - {None}

    def is_apart(name: str) -> bool:
        path = PurePosixPath(name)
        return path in tree or _place(root, path) not in mine

    return {
        folder: replace(lock, digests={name: known for name, known in lock.digests.items() if is_apart(name)})
        for folder, lock in former.items()
    }


def is_of_another(root: Root, said: str, document: str) -> bool:
    """Say whether *said*, the document that an inventory names, is there and another one than *document*.

    One that is gone got another name, or *document* has taken its place. Both are from *root*.
    """
    if not said or said == document or not is_legible(said):
        return False
    theirs, ours = (os.path.join(root.real, each) for each in (said, document))
    return Path(theirs).is_file() and _identity(theirs) != _identity(ours)


def _folders(root: str, document: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield folders below *root*, from there, and the names of what is in each: those above first."""
    pending = deque([""])
    for _ in range(_MOST):
        if not pending:
            return
        current = pending.popleft()
        try:
            with os.scandir(os.path.join(root, current)) as entries:
                there = sorted(entries, key=lambda each: each.name)
        except OSError:
            continue
        names = frozenset(each.name for each in there)
        if current and document in names:
            continue
        yield current, names
        inside = (each.name for each in there if not each.name.startswith(".") and _is_folder(each))
        pending.extend(f"{current}/{name}" if current else name for name in inside)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _inventory(root: Root, place: str, document: str) -> Lock | None:
    """Return what was written to *place*, where that is the output of *document*; None where it is not."""
    lock, journal = (_read(root, place, name) for name in (LOCK_NAME, JOURNAL_NAME))
    said = journal if lock is None else lock
    if said is None:
        return None
    if lock is None and not said.text:
        return said  # a run was ended before it wrote the first word, or anything else
    together = said.joined(journal or Lock())
    return together if said.document == document and not BESIDE.issuperset(together.digests) else None


def _read(root: Root, place: str, name: str) -> Lock | None:
    try:
        content = read_file(os.path.join(root.real, place, name))
    except OSError:
        return None
    return parse_lock(content, f"{place}/{name}" if place else name)[0] if isinstance(content, bytes) else None


def _place(root: Root, path: PurePosixPath) -> tuple[int, int, str] | None:
    """Return by what the place of *path* is told from others; None where it has no folder."""
    try:
        folder = _identity(root.folder(str(path.parent)))
    except OutsideError:
        return None
    return None if folder is None else (*folder, path.name.casefold())


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino
