"""One folder on disk, and the promise that nothing outside it is read or written through it."""
# ruff: noqa: PTH117, PTH118  # thousands of files in a blink: pathlib costs more than the system call that it wraps

import errno
import os
import stat
from pathlib import Path, PurePosixPath

from generator.adapters.failure import OutsideError
from generator.model.on_disk import Obstacle, OnDisk

# Windows has none of these, but asks to be told that bytes are bytes.
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_READ = (
    os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)

LARGEST = 64 << 20
"""How many bytes a file may have to be read: ten times the document of ten thousand microservices."""


class Root:
    """A folder that paths are relative to. Where its folders really are is looked up once.

    Args:
        folder: The folder.
        fences: Folders in there; what lies below one must really lie below it, and not elsewhere in *folder*.
    """

    def __init__(self, folder: Path, *fences: PurePosixPath) -> None:
        self.real = os.path.realpath(folder)
        self._fences = fences
        self._below = self.real if self.real.endswith(os.sep) else self.real + os.sep
        self._folders = {"": self.real, ".": self.real}

    def holds(self, real: str) -> bool:
        """Say whether *real*, an absolute path without links, is this folder or lies below it."""
        return real == self.real or real.startswith(self._below)

    def folder(self, relative: str) -> str:
        """Return where the folder *relative* really is, whether it exists or not.

        Raises:
            OutsideError: When it leads out, by itself or through a link.
        """
        known = self._folders.get(relative)
        if known is None:
            _refuse_upwards(relative)
            known = os.path.realpath(os.path.join(self.real, relative))
            if not self.holds(known) or not self._is_fenced(relative, known):
                raise OutsideError(relative)
            self._folders[relative] = known
        return known

    def _is_fenced(self, relative: str, real: str) -> bool:
        parents = PurePosixPath(relative).parents
        return all(real.startswith(self.folder(str(each)) + os.sep) for each in self._fences if each in parents)

    def locate(self, path: PurePosixPath) -> str:
        """Return where the file *path* is to be found; its last part may be a link, the others are not.

        Raises:
            OutsideError: When it leads out, by itself or through the link of a folder.
        """
        relative, _, name = str(path).rpartition("/")
        if name == ".." or "\0" in name or not relative:
            _refuse_upwards(str(path))
        if os.sep != "/" and os.sep in name:
            raise OutsideError(str(path))
        return self.folder(relative or ".") + os.sep + name

    def read(self, path: PurePosixPath) -> OnDisk:
        """Return the bytes of the file *path*, what stands in its place, or None where nothing does.

        Raises:
            OutsideError: When it leads out through the link of a folder.
            OSError: When it is there and cannot be read.
        """
        return read_file(self.locate(path))


def _refuse_upwards(relative: str) -> None:
    path = PurePosixPath(relative)
    native = os.sep != "/" and (os.sep in relative or os.path.isabs(relative))
    if path.is_absolute() or ".." in path.parts or native or "\0" in relative:
        raise OutsideError(relative)


def read_file(location: str) -> OnDisk:
    """Return the bytes of a regular file without following a link, what stands in its place, or None.

    Raises:
        OSError: When it is there and cannot be read.
    """
    try:
        if not _NOFOLLOW and (obstacle := _obstacle(os.lstat(location).st_mode)):
            return obstacle
        descriptor = os.open(location, _READ)  # O_NONBLOCK: a pipe must not keep us waiting for its writer
    except OSError as error:
        return _unopened(error)
    try:
        status = os.fstat(descriptor)
        if obstacle := _obstacle(status.st_mode):
            return obstacle
        if status.st_size > LARGEST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), location)
        content = os.read(descriptor, status.st_size + 1)
        if len(content) <= status.st_size:
            return content
        return content + b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))  # it grew meanwhile
    finally:
        os.close(descriptor)


def _obstacle(mode: int) -> Obstacle | None:
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        return Obstacle.FOLDER
    return Obstacle.LINK if stat.S_ISLNK(mode) else Obstacle.OTHER


def _unopened(error: OSError) -> Obstacle | None:
    """Return what *error* says about the path.

    Raises:
        OSError: *error*, when it says that a file is there and cannot be read.
    """
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
        return None
    if error.errno in {errno.ELOOP, errno.EMLINK}:  # what Linux and the BSDs answer to O_NOFOLLOW
        return Obstacle.LINK
    if error.errno in {errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP}:
        return Obstacle.OTHER
    raise error
