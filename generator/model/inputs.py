"""All that the compiler may know of the world: the files of one project, handed to it as text and bytes."""

import re
from collections.abc import Mapping
from fnmatch import translate
from pathlib import PurePosixPath
from typing import Protocol

from msgspec import Struct, field

from generator.model.on_disk import Obstacle
from generator.model.source import Path


class Files(Protocol):
    """The files of a project, read-only. Paths are relative to the project's folder, with forward slashes."""

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return the bytes of *path*, or None where no regular file stands inside the project.

        Raises:
            ValueError: When *path* leads out of the project, directly or through a link.
        """

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """Return the files that match *pattern* (`*`, `?`, `[…]` within a name, `**` across folders), sorted.

        Raises:
            ValueError: When *pattern* leads out of the project.
        """


class FilesOnDisk(Files, Protocol):
    """Files of a project in whose places something else may stand."""

    def obstacle(self, path: PurePosixPath) -> Obstacle | None:
        """Return what stands at *path* where a file is looked for, a link that leads to none included; else None.

        Raises:
            ValueError: When *path* leads out of the project, directly or through a link.
        """


class FilesInMemory(Struct, frozen=True):
    """The files of a project that exists only in memory: for standard input, and for tests."""

    contents: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: PurePosixPath) -> bytes | None:
        """See `Files.read`."""
        _refuse_outside(path)
        return self.contents.get(str(path))

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """See `Files.glob`."""
        _refuse_outside(PurePosixPath(pattern))
        wanted = re.compile(_expression(pattern))
        found = (PurePosixPath(name) for name in self.contents if wanted.fullmatch(name))
        return tuple(sorted(found, key=str))


class EditedFiles(Struct, frozen=True):
    """The files of a project, some with other contents than they have, or new: to see what an edit would do."""

    files: Files
    edited: Mapping[str, bytes]

    def read(self, path: PurePosixPath) -> bytes | None:
        """See `Files.read`."""
        content = self.files.read(path)
        return self.edited.get(str(path), content)

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """See `Files.glob`."""
        found = self.files.glob(pattern)
        new = FilesInMemory(self.edited).glob(pattern)
        return tuple(sorted({*found, *new}, key=str)) if new else found


class SourceFile(Struct, frozen=True, kw_only=True):
    """A file that the document names: its *name* where it goes, its *content*, and the *path* that names it.

    *plain* says that it holds no secret, whatever it looks like.
    """

    name: str
    content: bytes
    path: Path
    plain: bool = False


def _expression(pattern: str) -> str:
    """Return the regular expression for a glob; nothing but `**/` crosses folders, hidden names are never meant."""
    parts = []
    for part in pattern.split("/"):
        if part == "**":
            parts.append(r"(?:[^/.][^/]*/)*")
        else:
            inner = translate(part).removeprefix("(?s:").removesuffix(r")\Z").replace(".*", "[^/]*")
            parts.append(("" if part.startswith(".") else r"(?!\.)") + inner + "/")
    return "".join(parts).removesuffix("/")


def _refuse_outside(path: PurePosixPath) -> None:
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"outside the project: {path}")
