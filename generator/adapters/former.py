"""The folders that were a document's output before it named another, or on another branch.

Looked for far and wide where the inventory does not say yet that a folder is the document's: once after each such
change. Where it says so, a folder may still have come back, from another branch or from an earlier commit: then the
nearest are looked into, for that is done by every run that has anything to do.
"""
# ruff: noqa: PTH116, PTH118  # thousands of folders in a blink: pathlib costs more than what it wraps

import os
from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator.adapters.failure import OutsideError
from generator.adapters.presence import JOURNAL_NAME, LOCK_NAME
from generator.adapters.root import Root, read_file
from generator.model.lock import BESIDE, Lock, is_legible, parse_lock
from generator.model.tree import FileTree

_MOST = 20_000
"""How many folders are looked into, the nearest first: more than projects have, and less than half a second."""

_NEAREST = 1_000
"""How many where the output is known to be in its place: more than are likely beside it, and a few milliseconds."""


class Search(Struct, frozen=True):
    """What a search came to.

    Attributes:
        found: What was written to the folders that are a document's output, by folder.
        looked_at: The folders that were looked into, and the books in there that say something else: as long as these
            are as they were, another search comes to the same.
    """

    found: dict[PurePosixPath, Lock]
    looked_at: tuple[str, ...]


def search(root: Root, folder: PurePosixPath, document: str, compiled: Iterable[str] | None = None) -> Search:
    """Look below *root* for folders whose inventories say that they are the output of *document*.

    With what the journal of an interrupted run says. Links, hidden folders and folders that have a document of the
    same name, which is a project of its own, are not entered; what cannot be read is nobody's. An inventory that names
    nothing in its own folder was brought there by somebody, and is not heard.

    Args:
        root: The project.
        folder: Its output folder now, which is none of them.
        document: The document, from *root*.
        compiled: The files in *folder*, from *root*, where that is known to be the output of *document*. Then only the
            nearest folders are looked into, and none that such a file is in.

    Raises:
        OutsideError: When *folder* leads out through a link.
    """
    real = root.folder(str(folder))
    here = _identity(real)
    own = frozenset() if compiled is None else _own_folders(compiled, folder, os.path.relpath(real, root.real))
    found, looked_at = {}, []
    for place, books in _folders(root.real, document, own, _MOST if compiled is None else _NEAREST):
        looked_at.append(place)
        if not books or (here is not None and _identity(os.path.join(root.real, place)) == here):
            continue
        inventory = _inventory(root, place, document)
        if inventory is not None:
            found[PurePosixPath(place)] = inventory
        looked_at += (f"{place}/{each}" if place else each for each in books)
    return Search(found, tuple(looked_at))


def _own_folders(compiled: Iterable[str], folder: PurePosixPath, real: str) -> frozenset[str]:
    """Return the folders directly in *folder*, which is really *real*, that files of *compiled* are in."""
    inside, below = ("" if each in {".", ""} else f"{each}/" for each in (str(folder), real.replace(os.sep, "/")))
    heads = {name[len(inside) :].partition("/")[0] for name in compiled if name.startswith(inside)}
    return frozenset(below + each for each in heads)


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


def _folders(root: str, document: str, but: Container[str], most: int) -> Iterator[tuple[str, list[str]]]:
    """Yield folders below *root*, from there, and the names of the books in each: those above first, *most* of all.

    Also those that are not entered further, without books: what makes them so may change. None that is in *but*.
    """
    pending = deque([""])
    for _ in range(most):
        if not pending:
            return
        current = pending.popleft()
        try:
            with os.scandir(os.path.join(root, current)) as entries:
                there = list(entries)
        except OSError:
            yield current, []
            continue
        names = {each.name for each in there}
        if current and document in names:
            yield current, []
            continue
        yield current, [each for each in (LOCK_NAME, JOURNAL_NAME) if each in names]
        inside = sorted(each.name for each in there if _is_nameable(each.name) and _is_folder(each))
        above = f"{current}/" if current else ""
        pending.extend(above + name for name in inside if above + name not in but)


def _is_nameable(name: str) -> bool:
    """Say whether an inventory in a folder of that *name*, which is not hidden, could name a file there."""
    return not name.startswith(".") and (name.isascii() or is_legible(name))


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
