"""One run of the compiler, as far as it takes to know that the next one would come to the same."""
# ruff: noqa: PTH118  # imported by every run, however short: pathlib costs more than what it wraps

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode

from generator.adapters.failure import OutsideError, UnreadableFileError
from generator.adapters.presence import JOURNAL_NAME
from generator.adapters.project import ProjectFiles
from generator.adapters.root import Root, read_file
from generator.adapters.standing import Mark, Standing, mark, settled
from generator.model.on_disk import KUSTOMIZATION, RIVALS

if TYPE_CHECKING:  # a run with nothing to do needs none of it
    from generator.model.lock import Lock

UNREADABLE = "?"
"""Stands for the digest of what cannot be read, and is none."""


class Reading(Struct, kw_only=True):
    """The files that a run read, below the project's folder.

    Attributes:
        files: How they stood.
        parents: Where their folders really were, by their path.
        patterns: By pattern, the digest of what it matched, and the folders that say so, None where they do not.
        folders: How those stood.
    """

    files: Standing
    parents: dict[str, str]
    patterns: dict[str, tuple[str, list[str] | None]]
    folders: dict[str, Mark]

    @classmethod
    def of(
        cls,
        folder: str,
        files: Mapping[str, str],
        patterns: Mapping[str, tuple[str, list[str] | None]],
        began: int,
        before: Standing,
    ) -> "Reading":
        """Return what was read in *folder*, an absolute path without links; see `Standing.of`."""
        listed = {each for _, folders in patterns.values() for each in folders or ()}
        return cls(
            files=Standing.of(folder, files, began, before),
            parents={each: os.path.realpath(os.path.join(folder, each)) for each in _parents(files)},
            patterns=dict(patterns),
            folders={each: settled(mark(os.path.join(folder, each)), began) for each in sorted(listed)},
        )

    def changes(self, folder: str, files: ProjectFiles) -> "Changes":
        """Return what in *folder*, whose files are *files*, is another now."""
        moved = {name for name, real in self.parents.items() if os.path.realpath(os.path.join(folder, name)) != real}
        doubtful = self.files.doubtful(folder)
        if moved:
            doubtful = list(zip(self.files.names, self.files.digests, strict=True))
        changed = [name for name, digest in doubtful if _digest_of(name, files) != digest]
        stirred = {name for name, known in self.folders.items() if known is None or mark(f"{folder}/{name}") != known}
        again = [
            pattern
            for pattern, (_, folders) in self.patterns.items()
            if folders is None or not stirred.isdisjoint(folders)
        ]
        patterns = [each for each in again if _matches_of(each, files) != self.patterns[each][0]]
        return Changes(dict.fromkeys(changed), dict.fromkeys(patterns), bool(moved or doubtful or again))


class Changes(Struct, frozen=True):
    """What is another now: *files* by name, *patterns*; to know the rest the same, some had to be *looked_at*."""

    files: Mapping[str, None]
    patterns: Mapping[str, None]
    looked_at: bool

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.files or self.patterns)


def _parents(names: Iterable[str]) -> set[str]:
    return {name.rpartition("/")[0] for name in names}


def _digest_of(name: str, files: ProjectFiles) -> str:
    try:
        content = files.read(PurePosixPath(name))
    except (OutsideError, UnreadableFileError):
        return UNREADABLE
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _matches_of(pattern: str, files: ProjectFiles) -> str:
    try:
        found = files.glob(pattern)
    except (OutsideError, UnreadableFileError):
        return UNREADABLE
    return hashlib.sha256("\n".join(map(str, found)).encode("utf-8", "surrogateescape")).hexdigest()


class Left(Enum):
    """Whether output is as it was left: not, or it is, or it is and had to be looked at."""

    NOT = auto()
    UNTOUCHED = auto()
    LOOKED_AT = auto()


class Record(Struct, kw_only=True):
    """What one run came to that found no errors, and after which the output was up to date.

    Attributes:
        objects: How many objects it compiled.
        files: How many files those are in.
        warnings: What it found, each as the arguments of its finding.
        root: The folder that the output's paths are relative to, absolute and without links.
        folder: The output folder, from *root*.
        document: The document that its inventory names; empty for none.
        scope: The paths that were compiled, from *root*; none for all.
        read: What it read.
        written: The files that it compiled, the inventory included, from *root*.
        whereabouts: Where the folders of those really are, by their path.
        footprint: The SHA-256 of the footprint that belongs to it; empty where there is none.
        sought: Where other outputs of the document were looked for, from *root*, and how that stood; none where they
            are nothing to the run.
    """

    objects: int
    files: int
    warnings: list[list[Any]]
    root: str
    folder: str
    document: str
    scope: list[str]
    read: Reading
    written: Standing
    whereabouts: dict[str, str]
    footprint: str
    sought: dict[str, Mark]

    def left(self) -> "Left":
        """Return whether the output is as it was left."""
        real = os.path.realpath
        if os.path.lexists(os.path.join(self.root, self.folder, JOURNAL_NAME)):  # somebody is, or was, at work
            return Left.NOT
        if any(real(os.path.join(self.root, name)) != known for name, known in self.whereabouts.items()):
            return Left.NOT
        if any(os.path.lexists(os.path.join(self.root, each)) for each in self._rivals()):
            return Left.NOT
        looked = any(
            known is None or mark(os.path.join(self.root, name)) != known for name, known in self.sought.items()
        )
        if looked and not self._seek():
            return Left.NOT
        doubtful = self.written.doubtful(self.root)
        if any(_content_digest(os.path.join(self.root, name)) != digest for name, digest in doubtful):
            return Left.NOT
        return Left.LOOKED_AT if doubtful or looked else Left.UNTOUCHED

    def _seek(self) -> bool:
        """Look again for other outputs of the document, and say whether there are none."""
        names = sought(self.root, self.folder, self.document, self.written.names)
        if names is None:
            return False
        self.sought = dict.fromkeys(names, None)
        return True

    def _rivals(self) -> Iterator[str]:
        """Yield the files beside its own that kustomize would take for theirs, from *root*: none may be there."""
        for name in self.written.names:
            if name == KUSTOMIZATION or name.endswith(f"/{KUSTOMIZATION}"):
                yield from (name.removesuffix(KUSTOMIZATION) + rival for rival in RIVALS)

    def inventory(self, compiler: str, name: str) -> "Lock | None":
        """Return the inventory that the run left at *name*, from *root*, if it is about all files; see `make_lock`."""
        if not self.footprint:
            return None
        from generator.model.lock import make_lock

        digests = {each: (digest,) for each, digest in self.written.known().items() if each != name}
        return make_lock(compiler, digests, self.document)

    def in_folder(self) -> Iterator[str]:
        """Yield the files in the output folder, from there."""
        prefix = "" if self.folder == "." else f"{self.folder}/"
        return (each.removeprefix(prefix) for each in self.written.names if each.startswith(prefix))

    def settle(self, folder: str, began: int, listed: Mapping[str, Collection[str] | None]) -> None:
        """Note how all files stand, which a run that *began* then found to be the same.

        Args:
            folder: The project's.
            began: When the run did.
            listed: By pattern that was tried again, the folders that say what it matches, None where they do not.
        """
        files = self.read.files.known()
        patterns = {
            pattern: (digest, listed_anew(pattern, listed, known))
            for pattern, (digest, known) in self.read.patterns.items()
        }
        self.read = Reading.of(folder, files, patterns, began, self.read.files)
        written = self.written.known()
        self.written = Standing.of(self.root, written, began, self.written)
        self.sought = marks_of(self.root, self.sought, began)

    def to_json(self) -> bytes:
        """Return it as JSON.

        Raises:
            ValueError: When a name in it is no text, which a file may have that nobody here wrote.
        """
        return encode(self)

    @classmethod
    def from_json(cls, text: bytes) -> "Record":
        """Return the record that `to_json` made *text* of.

        Raises:
            ValueError: When it did not.
        """
        try:
            return decode(text, type=cls)
        except DecodeError as error:
            raise ValueError("not a record") from error


def listed_anew(
    pattern: str, listed: Mapping[str, Collection[str] | None], known: list[str] | None
) -> list[str] | None:
    """Return the folders that say what *pattern* matches: those that were *listed* for it, else those *known*."""
    if pattern not in listed:
        return known
    found = listed[pattern]
    return None if found is None else sorted(found)


def sought(root: str, folder: str, document: str, compiled: Iterable[str]) -> tuple[str, ...] | None:
    """Look for other outputs of *document*, and return what was looked at; None where there is one.

    Args:
        root: The folder that all paths are relative to, absolute and without links.
        folder: The output folder.
        document: The document that it is the output of.
        compiled: The files that were compiled.
    """
    from generator.adapters.former import search

    try:
        result = search(Root(Path(root)), PurePosixPath(folder), document, compiled)
    except OutsideError:
        return None
    return None if result.found else result.looked_at


def marks_of(root: str, names: Iterable[str], began: int) -> dict[str, Mark]:
    """Return what the system says of *names* below *root*, which a run looked at that *began* then."""
    return {name: settled(mark(os.path.join(root, name)), began) for name in names}


def whereabouts(root: str, names: Iterable[str]) -> dict[str, str]:
    """Return where the folders of the files *names* below *root* really are, by their path."""
    return {each: os.path.realpath(os.path.join(root, each)) for each in _parents(names)}


def _content_digest(path: str) -> str:
    try:
        content = read_file(path)
    except OSError:
        return UNREADABLE
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else UNREADABLE
