"""What goes wrong between the compiler and the disk, in plain words."""

import errno
import os
from pathlib import PurePosixPath

from generator.model.diagnostics import Diagnostic
from generator.model.source import Position

_WORDS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "no space is left on the disk",
    errno.EFBIG: "the file is too large",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EEXIST: "a file stands where a folder is needed",
    errno.EISDIR: "a folder stands where a file is needed",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOENT: "the folder vanished",
    errno.ELOOP: "a link stands where a folder is needed",
    errno.EMFILE: "too many files are open",
}

_HINTS = {
    errno.EFBIG: "is it the file that was meant?",
    errno.EACCES: "check its owner and its permissions",
    errno.EPERM: "check its owner and its permissions",
    errno.ENOSPC: "make room, then run again",
    errno.ENOTDIR: "move that file away, then run again",
    errno.EEXIST: "move that file away, then run again",
    errno.EISDIR: "move that folder away, then run again",
    errno.ENOENT: "run again",
    errno.ELOOP: "put the folder itself in place of the link",
}


def in_words(error: OSError) -> str:
    """Return what *error* says, in lower case and without the path that it happened at."""
    if error.errno is None:
        return "the system gave no reason"
    return _WORDS.get(error.errno) or os.strerror(error.errno).lower()


class OutsideError(ValueError):
    """A path leads out of the project, by itself or through a link.

    Attributes:
        diagnostic: The same as a finding, `outside-project`, at the file.
    """

    def __init__(self, path: str) -> None:
        message = f"'{path}' leads out of the project"
        hint = "put the file itself in place of the link"
        self.diagnostic = Diagnostic("outside-project", message, Position(path), hint)
        super().__init__(path)


class UnreadableFileError(Exception):
    """A file or folder of the project is there and cannot be read.

    Attributes:
        diagnostic: The same as a finding, `unreadable-file`.
    """

    def __init__(self, path: str, error: OSError) -> None:
        absent = error.errno == errno.ENOENT
        message = f"'{path}' cannot be read: {'there is no such file' if absent else in_words(error)}"
        hint = "is its name right?" if absent else _HINTS.get(error.errno or 0, _HINTS[errno.EACCES])
        self.diagnostic = Diagnostic("unreadable-file", message, Position(path), hint)
        super().__init__(path, error)  # what it is made of again in another process

    def __str__(self) -> str:
        return self.diagnostic.message


class UnwritableFileError(Exception):
    """A file of the output cannot be written or deleted; every file is as it was before, or as compiled.

    Attributes:
        diagnostic: The same as a finding, `unwritable-file`.
    """

    def __init__(self, path: str, reason: str, hint: str = "") -> None:
        message = f"'{path}' cannot be written: {reason}"
        self.diagnostic = Diagnostic("unwritable-file", message, Position(path), hint)
        super().__init__(path, reason, hint)

    def __str__(self) -> str:
        return self.diagnostic.message

    @classmethod
    def because(cls, path: str, error: OSError) -> "UnwritableFileError":
        """Return what the system's *error* at *path* comes to."""
        return cls(path, in_words(error), _HINTS.get(error.errno or 0, ""))

    @classmethod
    def beside(cls, root: str, path: PurePosixPath, error: OSError) -> "UnwritableFileError":
        """Return what *error* comes to where *path*, below the folder *root*, is made, put in its place or deleted.

        All three are done to the folder: where that does not permit them, it is what a person has to look at.
        """
        folders = (each for each in path.parents if os.path.isdir(os.path.join(root, each)))  # noqa: PTH112, PTH118  (it may be unreadable)
        folder = next(folders, PurePosixPath())
        permitted = os.access(os.path.join(root, folder), os.W_OK | os.X_OK)  # noqa: PTH118  (as above)
        if error.errno not in {errno.EACCES, errno.EPERM} or permitted:
            return cls.because(str(path), error)
        if folder == PurePosixPath():
            return cls(str(path), in_words(error), "check the owner and the permissions of the folder that it is in")
        return cls(str(folder), in_words(error), "check the folder's owner and its permissions")
