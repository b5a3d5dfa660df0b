"""The files that a guard looks through, wherever they are: no project is needed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from generator.adapters.failure import UnreadableFileError
from generator.adapters.git import WorkTree
from generator.adapters.tools import MissingTool


def files_below(folder: Path) -> list[Path]:
    """Return the files below *folder*, sorted: in a git work tree those that git does not ignore, else all of them.

    Links are not followed, and other repositories inside are not entered.
    """
    try:
        tree = WorkTree.around(folder)
    except MissingTool:
        tree = None
    names = _walked(folder) if tree is None else (folder / each for each in tree.files())
    return sorted(each for each in names if _is_file(each))


def read_at_most(path: Path, most: int) -> bytes | int:
    """Return the bytes of a file, or how many it has where these are more than *most*.

    Raises:
        UnreadableFileError: When it cannot be read.
    """
    try:
        size = path.stat().st_size
        return path.read_bytes() if size <= most else size
    except OSError as error:
        raise UnreadableFileError(path.as_posix(), error) from error


def _walked(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise UnreadableFileError(Path(error.filename or folder).as_posix(), error)

    for place, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [each for each in folders if each != ".git"]
        yield from (Path(place) / each for each in files)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # deleted, and still in the index
        return False
