"""A folder held open while files in it are made, renamed and deleted.

A path is looked up anew by every call: a folder that somebody replaces by a link in the meantime would lead the next
one anywhere. What is done relative to an open folder is done there, wherever it is by then (openat(2)).
"""
# ruff: noqa: PTH103, PTH118, PTH206  # pathlib knows no open folders

import errno
import os

from generator.adapters.whole_file import write_new

_IS_ABLE = {os.open, os.mkdir, os.unlink, os.rmdir, os.rename} <= os.supports_dir_fd  # Windows is not
_FOLDER_MODE = 0o755  # less what the umask takes away
_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_STEP = _OPEN | getattr(os, "O_NOFOLLOW", 0)


class Foothold:
    """One folder at a time below *root*, an absolute path without links that exists; to be closed.

    Attributes:
        made: The folders that were made, in that order.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._folder = ""
        self._descriptor: int | None = None
        self.made: list[str] = []

    def enter(self, folder: str, *, make: bool = False) -> None:
        """Work in *folder* from now on: *root*, or an absolute path without links below it; *make* it where it is not.

        Raises:
            OSError: When the system refuses; `ELOOP` when a link stands on the way by now.
        """
        if folder == self._folder:
            return
        self.close()
        if _IS_ABLE:
            self._descriptor = self._walked(folder, make=make)
        elif make:
            os.makedirs(folder, _FOLDER_MODE, exist_ok=True)
        self._folder = folder

    def write(self, name: str, content: bytes, mode: int) -> None:
        """Write the new file *name*; see `write_new`."""
        write_new(self._name(name), content, mode, folder=self._descriptor)

    def replace(self, name: str, by: str) -> None:
        """Put the file *by* in the place of *name*.

        Raises:
            OSError: When the system refuses.
        """
        os.replace(self._name(by), self._name(name), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def unlink(self, name: str) -> None:
        """Delete the file *name*.

        Raises:
            OSError: When the system refuses.
        """
        os.unlink(self._name(name), dir_fd=self._descriptor)

    def rmdir(self, name: str) -> None:
        """Delete the folder *name*, which is empty.

        Raises:
            OSError: When the system refuses.
        """
        os.rmdir(self._name(name), dir_fd=self._descriptor)

    def close(self) -> None:
        """Hold nothing any more."""
        left = self._descriptor
        self._folder, self._descriptor = "", None  # first: Ctrl-C may come between any two of these
        if left is not None:
            os.close(left)

    def _name(self, name: str) -> str:
        return name if self._descriptor is not None else os.path.join(self._folder, name)

    def _walked(self, folder: str, *, make: bool) -> int:
        """Return *folder*, opened step by step from the root, so that no link is followed."""
        descriptor = os.open(self._root, _OPEN)
        place = self._root
        try:
            for step in filter(None, folder[len(self._root) :].split(os.sep)):
                place = os.path.join(place, step)
                above, descriptor = descriptor, self._step(descriptor, step, place, make=make)
                os.close(above)  # last: Ctrl-C may come between any two of these
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _step(self, descriptor: int, step: str, place: str, *, make: bool) -> int:
        try:
            return os.open(step, _STEP, dir_fd=descriptor)
        except FileNotFoundError:
            if not make:
                raise
        except NotADirectoryError:
            if os.path.islink(place):  # noqa: PTH114
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), place) from None
            raise
        os.mkdir(step, _FOLDER_MODE, dir_fd=descriptor)
        self.made.append(place)
        return os.open(step, _STEP, dir_fd=descriptor)
