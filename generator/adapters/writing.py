"""Writing a compiled tree so that every file is old or new and whole, whenever the process ends.

The order, and what the next run finds when this one is killed after a step:

1. the journal, `.platformc-journal` in the output folder: the digests of what is about to be written. Until
   it is removed, a file may be as the inventory or as the journal says, and is not taken for edited by hand;
2. every new file under a temporary name beside its place: the next run deletes these. What goes wrong on the
   way (no space, no permission) mostly goes wrong here, and then nothing has changed;
3. files that are no longer compiled are deleted, and the folders that this leaves empty;
4. every new file is renamed into its place;
5. the inventory, in the same way and last: it never speaks of a file that is not there yet;
6. the journal is removed.
"""
# ruff: noqa: PTH102, PTH105, PTH106, PTH108, PTH112, PTH120  # thousands of files in a blink: pathlib costs more than the system call that it wraps

import contextlib
import os
from collections.abc import Iterable
from pathlib import PurePosixPath

from generator.adapters.failure import OutsideError, UnwritableFileError
from generator.adapters.presence import JOURNAL_NAME
from generator.adapters.root import Root
from generator.adapters.whole_file import temporary_prefix, write_new
from generator.model.changes import Changes
from generator.model.lock import LOCK_NAME, Lock, make_lock
from generator.model.tree import FileTree

_MODE = 0o644  # whatever the umask: the mode is part of what git and the next machine see
_FOLDER_MODE = 0o755  # less what the umask takes away


class Writer:
    """Carries out the changes of one run below *root*, whose inventory lies in *folder*. Used once."""

    def __init__(self, root: Root, folder: PurePosixPath) -> None:
        self._root = root
        self._folder = folder
        self._journal = folder / JOURNAL_NAME
        self._prefix = temporary_prefix()
        self._staged: list[tuple[str, str, PurePosixPath]] = []
        self._made: list[str] = []
        self._ready: dict[str, str] = {}
        self._own_journal = False

    def apply(self, tree: FileTree, changes: Changes, journal: Lock) -> None:
        """Write and delete what *changes* says, then the inventory.

        Args:
            tree: What was compiled.
            changes: What is to be done.
            journal: What an interrupted run left behind.

        Raises:
            UnwritableFileError: When the system refuses; no temporary file is left behind.
        """
        written = changes.written
        try:
            fresh = {str(path): changes.lock.digests[str(path)] for path in written}
            self._write_journal(journal.joined(Lock(digests=fresh)))
            for path in written:
                self._stage(path, tree[path])
            self._stage(self._folder / LOCK_NAME, changes.lock.text)
            self._own_journal = False  # from here on it tells the next run what this one may have done
            self._delete(changes.removed)
            self._prune((*changes.removed, *changes.gone))
            self._publish()
        finally:
            self._discard()
        self._delete((self._journal,))

    def forget(self, gone: Iterable[PurePosixPath]) -> None:
        """Remove the journal of an interrupted run, and the folders that it made: everything is as the inventory says.

        Args:
            gone: The files that the run did not come to write.

        Raises:
            UnwritableFileError: When the system refuses.
        """
        self._prune(gone)
        self._delete((self._journal,))

    def _write_journal(self, journal: Lock) -> None:
        """Write the journal in its place, or where one stands, as a whole instead of it."""
        content = make_lock("", journal.digests).text
        place = self._place(self._journal)
        if os.path.lexists(place):
            self._stage(self._journal, content)
            self._publish()
            return
        self._own_journal = True
        self._write(place, content, self._journal)

    def _stage(self, path: PurePosixPath, content: bytes) -> None:
        place = self._place(path)
        temporary = f"{os.path.dirname(place)}{os.sep}{self._prefix}{len(self._staged)}"
        self._staged.append((temporary, place, path))
        self._write(temporary, content, path)

    def _publish(self) -> None:
        for temporary, place, path in self._staged:
            try:
                os.replace(temporary, place)
            except OSError as error:
                raise UnwritableFileError.because(str(path), error) from error
        self._staged.clear()

    def _write(self, location: str, content: bytes, path: PurePosixPath) -> None:
        try:
            write_new(location, content, _MODE)
        except OSError as error:
            raise UnwritableFileError.because(str(path), error) from error

    def _delete(self, paths: Iterable[PurePosixPath]) -> None:
        for path in paths:
            try:
                os.unlink(self._root.locate(path))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise UnwritableFileError.because(str(path), error) from error

    def _prune(self, paths: Iterable[PurePosixPath]) -> None:
        """Remove the folders of *paths* that are empty now, up to the output folder."""
        folders = {parent for path in paths for parent in path.parents if self._folder in parent.parents}
        for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            with contextlib.suppress(OSError):  # it is not empty, or gone already
                os.rmdir(self._root.locate(folder))

    def _place(self, path: PurePosixPath) -> str:
        """Return where *path* belongs, its folder made."""
        folder = str(path.parent)
        if folder not in self._ready:
            try:
                self._ready[folder] = self._root.folder(folder)
                self._make(self._ready[folder])
            except OutsideError as error:
                raise UnwritableFileError(folder, "it leads out of the project through a link") from error
            except OSError as error:
                raise UnwritableFileError.because(folder, error) from error
        return self._ready[folder] + os.sep + path.name

    def _make(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        self._make(os.path.dirname(folder))
        os.mkdir(folder, _FOLDER_MODE)
        self._made.append(folder)

    def _discard(self) -> None:
        """Remove what is not in its place: temporary files, a journal that nothing came of, empty folders."""
        for temporary, _, _ in self._staged:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if self._own_journal:
            with contextlib.suppress(OSError):
                os.unlink(self._place(self._journal))
        for folder in reversed(self._made):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
