"""The compiled tree on a real disk: compared, and brought up to date."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator.adapters.failure import OutsideError, UnreadableFileError, UnwritableFileError
from generator.adapters.former import is_of_another, search, without_those_of
from generator.adapters.presence import JOURNAL_NAME, TEMPORARY, present, walk
from generator.adapters.root import Root
from generator.adapters.turn import PATIENCE, turn
from generator.adapters.writing import Writer
from generator.model.adoption import Handmade
from generator.model.changes import Changes, InScope, compare, everywhere, moved_to
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.lock import LOCK_NAME, Lock, parse_lock, sha256
from generator.model.on_disk import OnDisk
from generator.model.refusals import moved_findings, rival_findings, taken_finding
from generator.model.tree import FileTree

_NOTHING = Lock()


class _Books(Struct, frozen=True, kw_only=True):
    """What the books say of an output.

    Attributes:
        known: All that was written, and the document that the inventory is to name from now on.
        journal: What an interrupted run left behind.
        interrupted: There was such a run.
        former: The folders that were the document's output before, or on another branch, and what was written there.
        unmoved: Those of them that compiling a part may not leave behind.
        in_scope: The paths that a compilation decides about, those in there included.
        owner: Another document of the project, whose output the folder is; empty where there is none.
    """

    known: Lock
    journal: Lock
    interrupted: bool
    former: Mapping[PurePosixPath, Lock]
    unmoved: tuple[PurePosixPath, ...]
    in_scope: InScope
    owner: str


class Output:
    """The folder that a platform is compiled into.

    Args:
        root: The folder that the tree's paths are relative to, which exists: the project's, as a rule.
        folder: The output folder in there, which need not exist; `.` for *root* itself.
        patience: How many seconds to wait for another process that writes there.
        inventory: What its inventory may well be: one with the same text need not be read closely.
        document: The document that names this folder as its output, from *root*; empty where none does, None where
            that is not known.
    """

    def __init__(
        self,
        root: Path,
        folder: PurePosixPath,
        patience: float = PATIENCE,
        inventory: Lock | None = None,
        document: str | None = "",
    ) -> None:
        self._place = root
        self._root = Root(root, folder)
        self._folder = folder
        self._patience = patience
        self._inventory = inventory
        self._document = document

    @property
    def lock_path(self) -> PurePosixPath:
        """The inventory's path."""
        return self._folder / LOCK_NAME

    def inspect(
        self, tree: FileTree, *, compiler: str, in_scope: InScope = everywhere
    ) -> tuple[Changes, tuple[Diagnostic, ...]]:
        """Return what `update` would do, strangers included, and what is wrong with the inventory and beside files.

        An inventory that git merged is right as long as it says what there is to say, though `update` would tidy it.

        Nothing is written, and nobody's turn is waited for.

        Raises:
            CompileError: When the folder is the output of another document, or everything must be compiled first.
            UnreadableFileError: When a file is there and cannot be read.
            UnwritableFileError: When a folder leads out through a link.
        """
        lock, findings = self._read_lock(LOCK_NAME)
        books = self._books(lock, tree, in_scope)
        self._refuse(books, overwrite=False)
        changes = self._changes(tree, books, books.known, compiler, tuple(self._present()))
        if not findings:
            changes = changes.lenient(lock)
        return changes, (*findings, *rival_findings(tree, self._read))

    def update(
        self,
        tree: FileTree,
        *,
        compiler: str,
        in_scope: InScope = everywhere,
        overwrite: bool = False,
        known: Lock = _NOTHING,
        adoptable: bool = True,
    ) -> Changes:
        """Bring the files in scope up to date with *tree*, and return what that took.

        Whatever differs is written, whatever is no longer compiled is deleted, and where nothing differs
        nothing is touched. An inventory that is damaged is mended: what is legible counts.

        Args:
            tree: What was compiled: all of the part that is in scope.
            compiler: The version that compiled it.
            in_scope: The paths that *tree* decides about.
            overwrite: Write over, and delete, what was edited by hand, is foreign, or another document's.
            known: Contents that may be written over as if the compiler had left them, by their digests.
            adoptable: It is the project's own output, from which edits may be taken into the document.

        Raises:
            CompileError: When a file that is not the compiler's stands in the way, the folder is the output of another
                document, or everything must be compiled first, and nothing was written.
            UnreadableFileError: When a file is there and cannot be read, and nothing was written.
            UnwritableFileError: When the system refuses. Every file is old or new, and the next run goes on.
        """
        with turn(self._root.real, self._patience):
            self._root = Root(self._place, self._folder)  # whoever had the turn before may have moved folders
            lock, _ = self._read_lock(LOCK_NAME)
            books = self._books(lock, tree, in_scope)
            self._refuse(books, overwrite=overwrite)
            if books.interrupted or books.former:
                self._sweep((self._folder, *books.former))
            changes = self._changes(tree, books, books.known.joined(known), compiler)
            if overwrite:
                changes = changes.forced()
            refusals = [*changes.refusals(adoptable=adoptable), *rival_findings(tree, self._read)]
            if refusals:
                raise CompileError(refusals)
            writer = Writer(self._root, self._folder)
            if changes:
                writer.apply(tree, changes, books.journal)
            elif books.interrupted:
                writer.forget(changes.gone)
        return changes

    def _changes(
        self, tree: FileTree, books: "_Books", known: Lock, compiler: str, present: Iterable[str] = ()
    ) -> Changes:
        changes = compare(tree, known, self._read, compiler=compiler, in_scope=books.in_scope, present=present)
        return changes.leaving(books.former, self._folder)

    def _refuse(self, books: "_Books", *, overwrite: bool) -> None:
        if books.owner and not overwrite:
            raise CompileError([taken_finding(self.lock_path, books.owner)])
        if books.unmoved:
            raise CompileError(moved_findings(books.unmoved, self._folder))

    def _books(self, lock: Lock, tree: FileTree, in_scope: InScope) -> "_Books":
        journal, _ = self._read_lock(JOURNAL_NAME)
        interrupted = self._read(self._folder / JOURNAL_NAME) is not None  # it may have been killed before a word
        whole = in_scope(self._folder)
        document, former = self._claim(lock, whole=whole, interrupted=interrupted)
        unmoved = () if whole else tuple(former)
        known, scope, said = lock.joined(journal), in_scope, lock.document or journal.document
        if former:
            self._root = Root(self._place, self._folder, *former)
            former = without_those_of(tree, former, self._root)
            names = {name for each in former.values() for name in each.digests}
            for each in former.values():
                known = known.joined(each)

            def scope(path: PurePosixPath | str) -> bool:
                return in_scope(path) or str(path) in names

        return _Books(
            known=replace(known, document=document),
            journal=journal,
            interrupted=interrupted,
            former=former,
            unmoved=unmoved,
            in_scope=scope,
            owner=said if self._document and is_of_another(self._root, said, self._document) else "",
        )

    def _claim(self, lock: Lock, *, whole: bool, interrupted: bool) -> tuple[str, dict[PurePosixPath, Lock]]:
        """Return the document that the inventory, now *lock*, is to name, and the folders that were its output before.

        Compiling a part of what is in its place leaves those alone.
        """
        document = self._document
        if not document:
            return lock.document if document is None else "", {}
        is_named = lock.document == document
        if is_named and not whole:
            return document, {}
        compiled = lock.digests if is_named and not interrupted else None
        former = search(self._root, self._folder, document, compiled).found
        return (document if whole or not lock.document else lock.document), former

    def _read(self, path: PurePosixPath) -> OnDisk:
        try:
            return self._root.read(path)
        except OutsideError as error:
            raise UnwritableFileError(str(path), "it leads out of the project through a link") from error
        except OSError as error:
            raise UnreadableFileError(str(path), error) from error

    def _read_lock(self, name: str) -> tuple[Lock, tuple[Diagnostic, ...]]:
        path = self._folder / name
        content = self._read(path)
        if self._inventory is not None and content == self._inventory.text:
            return self._inventory, ()
        return parse_lock(content, str(path)) if isinstance(content, bytes) else (Lock(), ())

    def handmade(self, tree: FileTree, paths: Iterable[PurePosixPath]) -> tuple[Handmade, ...]:
        """Return what stands at *paths*, files that are not as the compiler left them, beside what is in *tree*.

        Raises:
            UnreadableFileError: When a file is there and cannot be read.
            UnwritableFileError: When a folder leads out through a link.
        """
        lock, _ = self._read_lock(LOCK_NAME)
        before = self._books(lock, tree, everywhere).former
        for former in before.values():
            lock = lock.joined(former)
        found = []
        for path in paths:
            there, known = self._read(path), lock.digests.get(str(path))
            content = there if isinstance(there, bytes) else None
            found.append(
                Handmade(
                    path=path,
                    content=content,
                    is_current=path in tree and known == (sha256(tree[path]),),
                    is_foreign=known is None,
                    is_edited=known is not None and content is not None and sha256(content) not in known,
                    is_moved=moved_to(path, before, self._folder) in tree,
                )
            )
        return tuple(found)

    def former(self) -> tuple[PurePosixPath, ...]:
        """Return the folders that were the document's output before, or on another branch, and still are there.

        Raises:
            UnreadableFileError: When a file is there and cannot be read.
            UnwritableFileError: When a folder leads out through a link.
        """
        lock, _ = self._read_lock(LOCK_NAME)
        return tuple(self._books(lock, FileTree(), everywhere).former)

    def strangers(self, in_scope: InScope = everywhere) -> tuple[PurePosixPath, ...]:
        """Return the files in the output folder that the inventory does not know, sorted.

        Raises:
            UnreadableFileError: When a file is there and cannot be read.
            UnwritableFileError: When a folder leads out through a link.
        """
        lock, _ = self._read_lock(LOCK_NAME)
        unknown = (PurePosixPath(each) for each in self._present() if each not in lock.digests)
        return tuple(sorted(filter(in_scope, unknown), key=str))

    def _present(self) -> Iterator[str]:
        try:
            return present(self._root, str(self._folder))
        except OutsideError as error:
            raise UnwritableFileError(str(self._folder), "it leads out of the project through a link") from error

    def _sweep(self, folders: Iterable[PurePosixPath]) -> None:
        """Delete the temporary files of a run that was killed, in *folders*. Nobody else writes: it is our turn."""
        with os.scandir(self._root.real) as beside:
            left = [entry for entry in beside if entry.is_file(follow_symlinks=False)]
        for folder in folders:
            left += walk(self._root.folder(str(folder)))
        for entry in left:
            if TEMPORARY.fullmatch(entry.name):
                try:
                    Path(entry.path).unlink()
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise UnwritableFileError.because(entry.path, error) from error
