"""A person's own files, rewritten: each one old or new and whole, and never over what somebody else just wrote."""

import os
import stat
from pathlib import Path, PurePosixPath

from generator.adapters.failure import OutsideError, UnwritableFileError
from generator.adapters.root import Root
from generator.adapters.turn import PATIENCE, turn
from generator.adapters.whole_file import replace

_MODE = 0o644


def rewrite(folder: Path, path: PurePosixPath, before: bytes, after: bytes, patience: float = PATIENCE) -> None:
    """Put *after* in the place of *before*, the contents of the file *path* below *folder*.

    The file keeps its mode. Where a link stands, what it leads to is rewritten, as long as that is in *folder*.

    Args:
        folder: The project's folder.
        path: The file, from there.
        before: What the file held when *after* was made of it.
        after: What it is to hold.
        patience: How many seconds to wait for another process that writes there.

    Raises:
        OutsideError: When the file is not in *folder*.
        UnwritableFileError: When the file has changed meanwhile, or the system refuses; then it is as it was.
    """
    root = Root(folder)
    with turn(root.real, patience):
        place = Path(os.path.realpath(root.locate(path)))
        if not root.holds(str(place)):
            raise OutsideError(str(path))
        try:
            if place.read_bytes() != before:
                raise UnwritableFileError(str(path), "it was changed meanwhile", "look at it, then run again")
            replace(str(place), after, stat.S_IMODE(place.stat().st_mode), synced=True)
        except OSError as error:
            raise UnwritableFileError.beside(root.real, path, error) from error


def create(folder: Path, path: PurePosixPath, content: bytes, patience: float = PATIENCE) -> None:
    """Write the new file *path* below *folder*, and the folders that lead there.

    Raises:
        OutsideError: When it would not be in *folder*.
        UnwritableFileError: When something stands there, or the system refuses; then nothing was written.
    """
    root = Root(folder)
    with turn(root.real, patience):
        place = Path(root.locate(path))
        try:
            if os.path.lexists(place):
                raise UnwritableFileError(str(path), "something stands there meanwhile", "look at it, then run again")
            place.parent.mkdir(parents=True, exist_ok=True)
            replace(str(place), content, _MODE, synced=True)
        except OSError as error:
            raise UnwritableFileError.beside(root.real, path, error) from error
