"""The files of a project on a real disk, read-only."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from fnmatch import translate
from pathlib import Path, PurePosixPath

from generator.adapters.failure import OutsideError, UnreadableFileError
from generator.adapters.root import Root, read_file
from generator.model.lazy_pattern import lazy_pattern
from generator.model.on_disk import Obstacle

_WILD = lazy_pattern(r"[*?\[]")


class ProjectFiles:
    """The files below *root*, as `generator.model.inputs.Files` wants them.

    A link is followed as long as it stays inside: one that leads out is an error where it is read, and no way
    for a pattern to follow.

    Attributes:
        listed: By pattern, the folders that were listed to match it; None where that alone does not say what it
            matches, because links stood in them.
    """

    def __init__(self, root: Path) -> None:
        self.listed: dict[str, frozenset[str] | None] = {}
        self._root = Root(root)
        self._folders: set[str] = set()
        self._has_links = False

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return the bytes of *path*, or None where no regular file stands but nothing, a folder, a pipe.

        Raises:
            OutsideError: When it leads out of the project, by itself or through a link; a ValueError.
            UnreadableFileError: When it is there and cannot be read.
        """
        try:
            location = self._root.locate(path)
            content = read_file(location)
            if content is Obstacle.LINK:
                content = read_file(self._followed(location, path))
        except OSError as error:
            raise UnreadableFileError(str(path), error) from error
        return content if isinstance(content, bytes) else None

    def obstacle(self, path: PurePosixPath) -> Obstacle | None:
        """Return what stands at *path* where a file is looked for, a link that leads to none included; else None.

        Raises:
            OutsideError: When it leads out of the project, by itself or through a link; a ValueError.
            UnreadableFileError: When it is there and cannot be read.
        """
        try:
            location = self._root.locate(path)
            found = read_file(location)
            if found is Obstacle.LINK:
                found = read_file(self._followed(location, path)) or Obstacle.LINK
        except OSError as error:
            raise UnreadableFileError(str(path), error) from error
        return found if isinstance(found, Obstacle) else None

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """Return the files that match *pattern*, sorted by their text.

        `*`, `?` and `[…]` match within a name, `**` any number of folders, also none. As in a shell they do
        not match a name that begins with a dot, unless that part of the pattern does, and never `.git`. `**`
        does not enter links.

        Raises:
            OutsideError: When *pattern* leads out of the project; a ValueError.
            UnreadableFileError: When a folder on its way cannot be read.
        """
        parts = PurePosixPath(pattern).parts
        if pattern.startswith("/") or ".." in parts:
            raise OutsideError(pattern)
        self._folders, self._has_links = set(), False
        found = tuple(PurePosixPath(name) for name in sorted(set(self._matches("", parts))))
        self.listed[pattern] = None if self._has_links else frozenset(self._folders)
        return found

    def _followed(self, location: str, path: PurePosixPath) -> str:
        real = os.path.realpath(location)
        if not self._root.holds(real):
            raise OutsideError(str(path))
        return real

    def _matches(self, folder: str, parts: tuple[str, ...]) -> Iterator[str]:
        """Yield the files below *folder* (empty, or with a slash) that match what is left of a pattern."""
        if not parts:
            return
        first, rest = parts[0], parts[1:]
        if first == "**":
            yield from self._matches(folder, rest or ("*",))
            if rest[:1] == ("**",):
                return  # twice any number of folders is any number of folders
            for entry in self._entries(folder):
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    yield from self._matches(f"{folder}{entry.name}/", parts)
        elif not rest:
            yield from (path for entry, path in self._named(folder, first) if _is(entry.is_file, path))
        elif _WILD.search(first):
            for entry, path in self._named(folder, first):
                if _is(entry.is_dir, path) and self._stays_inside(path):
                    yield from self._matches(f"{path}/", rest)
        else:
            yield from self._matches(f"{folder}{first}/", rest)

    def _named(self, folder: str, part: str) -> Iterator[tuple["os.DirEntry[str]", str]]:
        """Yield the entries of *folder* that one part of a pattern matches, and the path of each."""
        named = _named(part)
        return ((entry, folder + entry.name) for entry in self._entries(folder) if named(entry.name))

    def _entries(self, folder: str) -> tuple[os.DirEntry[str], ...]:
        self._folders.add(folder.rstrip("/"))
        try:
            with os.scandir(self._root.folder(folder.rstrip("/"))) as entries:
                found = tuple(entries)
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise UnreadableFileError(folder.rstrip("/") or ".", error) from error
        self._has_links = self._has_links or any(entry.is_symlink() for entry in found)
        return found

    def _stays_inside(self, folder: str) -> bool:
        try:
            self._root.folder(folder)
        except OutsideError:
            return False
        return True


def _is(found: Callable[[], bool], path: str) -> bool:
    """Say what *found*, a question about the entry at *path*, says; a link that runs in a circle leads to nothing."""
    try:
        return found()
    except OSError as error:
        if error.errno == errno.ELOOP:
            return False
        raise UnreadableFileError(path, error) from error


def _named(part: str) -> Callable[[str], bool]:
    """Return a predicate for the names that one part of a pattern matches."""
    pattern = re.compile(translate(part))
    hidden = part.startswith(".")
    return lambda name: name != ".git" and (hidden or not name.startswith(".")) and bool(pattern.match(name))
