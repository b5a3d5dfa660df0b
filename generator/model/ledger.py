"""What a compilation reads, noted while it reads it: nobody has to list what depends on what."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from msgspec import Struct, field

from generator.model.inputs import Files
from generator.model.lock import sha256

ABSENT = ""
"""Stands for the digest of a file that was looked for and is not there."""


class Notes(Struct, frozen=True, array_like=True):
    """What somebody read.

    Attributes:
        files: By path, the SHA-256 of what stood there, or `ABSENT`.
        patterns: By pattern, the SHA-256 of the list of files that matched.
        beyond: What was looked at beyond the reader's own part of the platform, in words; mostly nothing.
    """

    files: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    beyond: list[str] = field(default_factory=list)

    def add(self, other: "Notes") -> None:
        """Add what somebody else read for the same purpose."""
        self.files.update(other.files)
        self.patterns.update(other.patterns)
        self.beyond.extend(other.beyond)

    def is_about(self, files: Mapping[str, object], patterns: Mapping[str, object]) -> bool:
        """Say whether any of *files* and *patterns* was read."""
        return not (self.files.keys().isdisjoint(files) and self.patterns.keys().isdisjoint(patterns))


class Ledger:
    """The files of a project, as `Files`; who reads through it is noted.

    Attributes:
        files: The same without notes.
        owned: The notes of each owner that `seen_by` named.
        found: The files that were read and are there.
        refused: Something could not be read at all: what came of that is nothing to build on.
        standing: What stands in the output folder: not noted, unless it goes *elsewhere* what will stand there.
    """

    def __init__(self, files: Files, *, elsewhere: bool = False) -> None:
        self.files = files
        self.standing: Files = self if elsewhere else files
        self.owned: dict[str, Notes] = {}
        self.found: set[PurePosixPath] = set()
        self.refused = False
        self._notes = Notes()

    def taken(self) -> Notes:
        """Return what was read since the last time, but for what `owned` has."""
        notes, self._notes = self._notes, Notes()
        return notes

    def look_beyond(self, words: str) -> None:
        """Note that who reads now also looks at other parts of the platform, *words* say at which."""
        self._notes.beyond.append(words)

    def read(self, path: PurePosixPath) -> bytes | None:
        """See `Files.read`."""
        return self._read(path, self._notes)

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """See `Files.glob`."""
        return self._glob(pattern, self._notes)

    def _read(self, path: PurePosixPath, notes: Notes) -> bytes | None:
        try:
            content = self.files.read(path)
        except Exception:
            self.refused = True
            raise
        if content is None:
            notes.files[str(path)] = ABSENT
            return None
        notes.files[str(path)] = sha256(content)
        self.found.add(path)
        return content

    def _glob(self, pattern: str, notes: Notes) -> tuple[PurePosixPath, ...]:
        try:
            found = self.files.glob(pattern)
        except Exception:
            self.refused = True
            raise
        notes.patterns[pattern] = digest_of_matches(found)
        return found


class _Owned:
    """What one owner sees of a ledger."""

    __slots__ = ("_ledger", "_notes")

    def __init__(self, ledger: Ledger, notes: Notes) -> None:
        self._ledger = ledger
        self._notes = notes

    def read(self, path: PurePosixPath) -> bytes | None:
        return self._ledger._read(path, self._notes)  # noqa: SLF001  (a part of it)

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        return self._ledger._glob(pattern, self._notes)  # noqa: SLF001  (a part of it)


def seen_by(owner: str, files: Files) -> Files:
    """Return *files* such that a ledger notes for *owner* what is read; other files notice nothing."""
    if not isinstance(files, Ledger):
        return files
    return _Owned(files, files.owned.setdefault(owner, Notes()))


def look_beyond(files: Files, words: str) -> None:
    """Note in the ledger that *files* may be that its reader's result depends on other parts of the platform.

    Such a reader can only be compiled among all others. *words* say what it looks at.
    """
    if isinstance(files, Ledger):
        files.look_beyond(words)


def digest_of_matches(found: tuple[PurePosixPath, ...]) -> str:
    """Return the digest of what a pattern matched."""
    return sha256("\n".join(map(str, found)).encode("utf-8", "surrogateescape"))


def joined(notes: Iterable[Notes]) -> Notes | None:
    """Return all *notes* together; None where a file changed between two who read it."""
    together = Notes()
    for each in notes:
        for known, more in ((together.files, each.files), (together.patterns, each.patterns)):
            for name, digest in more.items():
                if known.setdefault(name, digest) != digest:
                    return None
    return together
