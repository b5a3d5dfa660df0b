"""Writing a compiled tree so that every file is old or new and whole, whenever the process ends.

The order, and what the next run finds when this one is killed after a step:

1. the journal, `.platformc-journal` in the output folder: the digests of what is about to be written. Until
   it is removed, a file may be as the inventory or as the journal says, and is not taken for edited by hand.
   Before that, one in every folder that was the output before: what its inventory says;
2. every new file under a temporary name beside its place: the next run deletes these. What goes wrong on the
   way (no space, no permission, also where a file is only to be deleted) mostly goes wrong here, and then nothing
   has changed;
3. of the files that are no longer compiled those are deleted that new ones cannot be beside. They are few, and
   mostly none; what is new below one of them is written under its temporary name only then;
4. every new file but the inventory is renamed into its place: from here on both are there, the old and the new;
5. the other files that are no longer compiled are deleted, and the folders that this leaves empty; and then the
   inventory and the journal of a folder that was the output before, by which the next run would have found it;
6. the inventory is renamed into its place, last: it never speaks of a file that is not there yet, and until then
   the one before it and the journal tell of every file that may be there;
7. the journal is removed.
"""
# ruff: noqa: PTH118, PTH120  # thousands of files in a blink: pathlib costs more than the system call that it wraps

import contextlib
import errno
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from generator.adapters.failure import OutsideError, UnwritableFileError
from generator.adapters.foothold import Foothold
from generator.adapters.presence import JOURNAL_NAME
from generator.adapters.root import Root
from generator.adapters.whole_file import temporary_prefix
from generator.model.changes import Changes
from generator.model.lock import LOCK_NAME, Lock, make_lock
from generator.model.tree import FileTree

_MODE = 0o644  # whatever the umask: the mode is part of what git and the next machine see


class Writer:
    """Carries out the changes of one run below *root*, whose inventory lies in *folder*. Used once."""

    def __init__(self, root: Root, folder: PurePosixPath) -> None:
        self._root = root
        self._folder = folder
        self._journal = folder / JOURNAL_NAME
        self._prefix = temporary_prefix()
        self._staged: list[tuple[str, str, PurePosixPath]] = []
        self._ready: dict[str, str] = {}
        self._own_journals: list[PurePosixPath] = []
        self._foothold = Foothold(root.real)

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
            for folder, before in changes.former.items():
                self._write_journal(folder / JOURNAL_NAME, before.digests, changes.lock.document)
            self._write_journal(self._journal, journal.joined(Lock(digests=fresh)).digests, changes.lock.document)
            obstacles = changes.obstacles
            below = {path for path in written if not obstacles.isdisjoint(path.parents)} if obstacles else set()
            for path in written:
                if path not in below:
                    self._stage(path, tree[path])
            inventory = self._folder / LOCK_NAME
            self._stage(inventory, changes.lock.text)
            self._try(changes.removed)
            self._own_journals.clear()  # from here on they tell the next run what this one may have done
            self._delete(sorted(obstacles))
            for path in sorted(below):
                self._stage(path, tree[path])
            self._publish(but=inventory)
            self._delete(path for path in changes.removed if path not in obstacles)
            self._prune((*changes.removed, *changes.gone), (self._folder, *changes.former))
            for folder in changes.former:
                self._retire(folder)
            self._publish()
            self._delete((self._journal,))
        finally:
            self._discard()

    def forget(self, gone: Iterable[PurePosixPath]) -> None:
        """Remove the journal of an interrupted run, and the folders that it made: everything is as the inventory says.

        Args:
            gone: The files that the run did not come to write.

        Raises:
            UnwritableFileError: When the system refuses.
        """
        try:
            self._prune(gone, (self._folder,))
            self._delete((self._journal,))
        finally:
            self._discard()

    def _write_journal(self, path: PurePosixPath, digests: Mapping[str, tuple[str, ...]], document: str) -> None:
        """Write the journal *path* in its place, or where one stands, as a whole instead of it."""
        content = make_lock("", digests, document).text
        if os.path.lexists(os.path.join(self._place(path), JOURNAL_NAME)):
            self._stage(path, content)
            self._publish()
            return
        self._own_journals.append(path)
        self._write(path, JOURNAL_NAME, content)

    def _stage(self, path: PurePosixPath, content: bytes) -> None:
        temporary = f"{self._prefix}{len(self._staged)}"
        self._staged.append((self._place(path), temporary, path))
        self._write(path, temporary, content)

    def _write(self, path: PurePosixPath, name: str, content: bytes) -> None:
        """Write what is for *path* under *name*, in its folder, which is made where it is not."""
        folder = self._place(path)
        try:
            self._foothold.enter(folder, make=True)
        except OSError as error:
            raise UnwritableFileError.beside(self._root.real, path.parent, error) from error
        try:
            self._foothold.write(name, content, _MODE)
        except OSError as error:
            raise UnwritableFileError.beside(self._root.real, path, error) from error

    def _publish(self, but: PurePosixPath | None = None) -> None:
        """Rename what is staged into its place, all *but* one."""
        for folder, temporary, path in self._staged:
            if path == but:
                continue
            try:
                self._foothold.enter(folder)
                self._foothold.replace(path.name, temporary)
            except OSError as error:
                raise UnwritableFileError.beside(self._root.real, path, error) from error
        self._staged = [each for each in self._staged if each[2] == but]

    def _delete(self, paths: Iterable[PurePosixPath]) -> None:
        for path in paths:
            try:
                self._foothold.enter(self._place(path))
                self._foothold.unlink(path.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise UnwritableFileError.beside(self._root.real, path, error) from error

    def _try(self, paths: Iterable[PurePosixPath]) -> None:
        """Ask whether *paths* may be deleted, as far as that can be told before anything is."""
        for path in {each.parent: each for each in paths}.values():
            folder = self._place(path)
            if not os.access(folder, os.W_OK | os.X_OK) and os.path.isdir(folder):  # noqa: PTH112
                error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
                raise UnwritableFileError.beside(self._root.real, path, error)

    def _retire(self, folder: PurePosixPath) -> None:
        """Remove the books of *folder*, which is nobody's output any more, and all that is empty then."""
        self._delete((folder / LOCK_NAME, folder / JOURNAL_NAME))
        with contextlib.suppress(OSError):  # there is something else in it
            for each in (folder, *folder.parents)[:-1]:
                self._remove(self._place(each), each.name)

    def _prune(self, paths: Iterable[PurePosixPath], within: Sequence[PurePosixPath]) -> None:
        """Remove the folders of *paths* that are empty now, as far as they are in a folder of *within*."""
        folders = {
            parent for path in paths for parent in path.parents if any(each in parent.parents for each in within)
        }
        for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            with contextlib.suppress(OSError):  # it is not empty, or gone already
                self._remove(self._place(folder), folder.name)

    def _remove(self, above: str, name: str) -> None:
        self._foothold.enter(above)
        self._foothold.rmdir(name)

    def _place(self, path: PurePosixPath) -> str:
        """Return where the folder of *path* really is."""
        folder = str(path.parent)
        if folder not in self._ready:
            try:
                self._ready[folder] = self._root.folder(folder)
            except OutsideError as error:
                raise UnwritableFileError(folder, "it leads out of the project through a link") from error
        return self._ready[folder]

    def _discard(self) -> None:
        """Remove what is not in its place: temporary files, a journal that nothing came of, empty folders."""
        left = [(folder, temporary) for folder, temporary, _ in self._staged]
        left += [(self._place(each), JOURNAL_NAME) for each in self._own_journals]
        for folder, name in left:
            with contextlib.suppress(OSError):
                self._foothold.enter(folder)
                self._foothold.unlink(name)
        for folder in reversed(self._foothold.made):
            with contextlib.suppress(OSError):
                self._remove(os.path.dirname(folder), os.path.basename(folder))  # noqa: PTH119
        self._foothold.close()
