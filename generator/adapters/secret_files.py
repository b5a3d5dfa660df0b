"""The sealed files of a project on a real disk: read, and written so that each is old or new and whole."""
# ruff: noqa: PTH108, PTH120  # real paths and descriptors: the system's own words

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from generator.adapters.failure import OutsideError, UnreadableFileError, UnwritableFileError
from generator.adapters.presence import TEMPORARY
from generator.adapters.root import Root, read_file
from generator.adapters.turn import PATIENCE, turn
from generator.adapters.whole_file import replace
from generator.model.on_disk import Obstacle

_MODE = 0o644  # whatever the umask: what is sealed is committed, and git knows no other
_FOLDER_MODE = 0o755  # less what the umask takes away


class SecretFiles:
    """The files below *project* that a command on secrets reads and writes. Holds sealed content only.

    Whoever reads a file to write it again does both within one `turn`, so that two commands do not lose each
    other's work.

    Args:
        project: The project's folder; it exists.
        patience: How many seconds to wait for another process that writes there.
    """

    def __init__(self, project: Path, patience: float = PATIENCE) -> None:
        self._root = Root(project)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the exclusive right to write in the project; `platformc compile` asks for the same.

        Raises:
            UnwritableFileError: When another process holds it for too long.
        """
        with turn(self._root.real, self._patience):
            yield

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return the bytes of *path*, None where nothing stands.

        Raises:
            OutsideError: When it leads out of the project, by itself or through a link.
            UnreadableFileError: When it is there and cannot be read.
            UnwritableFileError: When something else than a file stands there.
        """
        try:
            content = read_file(self._place(path))
        except OSError as error:
            raise UnreadableFileError(str(path), error) from error
        if isinstance(content, Obstacle):
            raise UnwritableFileError(str(path), "something else than a file stands there")
        return content

    def write(self, path: PurePosixPath, content: bytes) -> bool:
        """Put *content* into the file *path*, its folders made; say whether that changed anything.

        The file is written beside its place and renamed into it. It keeps its mode; a new one can be read by all.

        Raises:
            OutsideError: When it leads out of the project, by itself or through a link.
            UnwritableFileError: When the system refuses; then the file is as it was.
        """
        if self.read(path) == content:
            return False
        place = self._place(path)
        folder = os.path.dirname(place)
        made: list[str] = []
        try:
            _make(folder, made)
            _sweep(folder)
            replace(place, content, _mode(place))
            made.clear()
        except OSError as error:
            raise UnwritableFileError.beside(self._root.real, path, error) from error
        finally:
            _prune(reversed(made))
        return True

    def remove(self, path: PurePosixPath) -> bool:
        """Remove the file *path* and the folders that this leaves empty; say whether there was one.

        Raises:
            OutsideError: When it leads out of the project, by itself or through a link of a folder.
            UnwritableFileError: When the system refuses.
        """
        try:
            os.unlink(self._root.locate(path))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise UnwritableFileError.beside(self._root.real, path, error) from error
        _prune(self._root.folder(str(parent)) for parent in path.parents if parent.parts)
        return True

    def _place(self, path: PurePosixPath) -> str:
        """Return where the file *path* really is: a link is followed as long as it stays in the project."""
        location = self._root.locate(path)
        real = os.path.realpath(location)
        if not self._root.holds(real):
            raise OutsideError(str(path))
        return real


def _make(folder: str, made: list[str]) -> None:
    if os.path.isdir(folder):  # noqa: PTH112  (as above)
        return
    _make(os.path.dirname(folder), made)
    os.mkdir(folder, _FOLDER_MODE)  # noqa: PTH102  (as above)
    made.append(folder)


def _sweep(folder: str) -> None:
    """Delete the temporary files of a command that was killed. Nobody else writes: it is our turn."""
    with os.scandir(folder) as entries:
        left = [each.path for each in entries if TEMPORARY.fullmatch(each.name)]
    for path in left:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _prune(folders: Iterator[str]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # it is not empty, or gone already
            os.rmdir(folder)  # noqa: PTH106  (as above)


def _mode(place: str) -> int:
    try:
        return stat.S_IMODE(os.stat(place).st_mode)  # noqa: PTH116  (as above)
    except FileNotFoundError:
        return _MODE
