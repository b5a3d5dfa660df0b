"""A file in the clear, for the eyes of one person."""

import contextlib
import os
from pathlib import Path

from generator.adapters.failure import UnwritableFileError
from generator.adapters.git import WorkTree
from generator.adapters.tools import MissingTool

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_MODE = 0o600


def is_committable(file: str) -> bool:
    """Say whether *file* lies in a git work tree that does not ignore it.

    Where git cannot be asked, any repository around it counts.
    """
    path = Path(os.path.realpath(file))
    try:
        tree = WorkTree.around(path.parent) if path.parent.is_dir() else None
    except MissingTool:
        return any((folder / ".git").exists() for folder in path.parents)
    return tree is not None and not tree.ignores(path)


def write_private(file: str, content: bytes) -> None:
    """Write *content* to the new *file*, which nobody else can read at any time.

    Raises:
        FileExistsError: When something is there.
        UnwritableFileError: When the system refuses; then there is no file.
    """
    try:
        descriptor = os.open(file, _NEW | getattr(os, "O_BINARY", 0), _MODE)
    except FileExistsError:
        raise
    except OSError as error:
        raise UnwritableFileError.because(file, error) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(file).unlink()
        raise UnwritableFileError.because(file, error) from error
