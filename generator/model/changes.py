"""What compiling would do to the files on disk, and which of them are not the compiler's to touch."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from generator.model.diagnostics import Diagnostic
from generator.model.lock import Lock, is_legible, make_lock, sha256
from generator.model.on_disk import Obstacle, OnDisk
from generator.model.refusals import Reason, edited_finding, foreign_finding, is_adoptable
from generator.model.tree import FileTree

InScope: TypeAlias = Callable[[PurePosixPath | str], bool]
"""Says whether a path is one that a compilation decides about."""


class Changes(Struct, frozen=True, kw_only=True):
    """What separates the files on disk from a compiled tree. Paths are sorted, and relative to the project.

    Attributes:
        added: To be written; nothing stands there.
        changed: To be written over what an earlier run wrote.
        removed: No longer compiled, and as an earlier run wrote them: to be deleted.
        hand_edited: In the inventory, but neither as that says nor as compiled. Never touched.
        foreign: In the way of a compiled file, and not in the inventory, or a folder. Never touched.
        strangers: In the output folder, neither compiled nor in the inventory: worth a note, never touched.
        gone: In the inventory, no longer compiled and no longer on disk: nothing to do but forget them.
        reasons: Why, for each of the first five.
        inventory: Why the inventory itself is to be written, or None where it is right.
        lock: The inventory once all this is done.
        former: The folders that were the document's output before it named another, and are to be no more, with what
            was written there: the files of that which are left are among the others.
        untidy: The inventory that is there says the same, and more that a merge left.
    """

    added: tuple[PurePosixPath, ...]
    changed: tuple[PurePosixPath, ...]
    removed: tuple[PurePosixPath, ...]
    hand_edited: tuple[PurePosixPath, ...]
    foreign: tuple[PurePosixPath, ...]
    strangers: tuple[PurePosixPath, ...]
    gone: tuple[PurePosixPath, ...]
    reasons: Mapping[PurePosixPath, Reason]
    inventory: Reason | None
    lock: Lock
    former: Mapping[PurePosixPath, Lock] = field(default_factory=dict)
    untidy: bool = False

    def __bool__(self) -> bool:
        """Say whether compiling would write or delete anything, or be refused."""
        return bool(self.reasons or self.former) or self.inventory is not None

    @property
    def written(self) -> tuple[PurePosixPath, ...]:
        """The files to be written, sorted."""
        return _sorted(self.added + self.changed)

    @property
    def obstacles(self) -> frozenset[PurePosixPath]:
        """The files to be deleted that a new one cannot be beside.

        It belongs below one, or is written over what is the same file where case does not count.
        """
        if not self.removed:
            return frozenset()
        folders = {above for folder in {path.parent for path in self.written} for above in (folder, *folder.parents)}
        names = {str(path).casefold() for path in self.changed}
        return frozenset(path for path in self.removed if path in folders or str(path).casefold() in names)

    def refusals(self, *, adoptable: bool = True) -> tuple[Diagnostic, ...]:
        """Return an error for each file that stands in the way and is not the compiler's.

        Where they are *adoptable*, `adopt` may take edits into the document.
        """
        edited = (edited_finding(path, self.reasons[path], adoptable=adoptable) for path in self.hand_edited)
        return (*edited, *(foreign_finding(path, self.reasons[path]) for path in self.foreign))

    def lenient(self, before: Lock) -> "Changes":
        """Return what is to be done when a merge of the inventory is none of it; *before* is the one that is there.

        What it says of files that are gone, or were otherwise, and the order of its lines, do no harm: the next run
        that writes anything tidies it.
        """
        known = before.digests
        said = before.document == self.lock.document and all(
            set(digests) <= set(known.get(name, ())) for name, digests in self.lock.digests.items()
        )
        if self.reasons or self.former or self.inventory is not Reason.INVENTORY or not said:
            return self
        return replace(self, inventory=None, untidy=True)

    def leaving(self, former: Mapping[PurePosixPath, Lock], folder: PurePosixPath) -> "Changes":
        """Return the same where the output is *folder*, and was *former* ones before, with what was written there."""
        if not former:
            return self
        retired = (path for path in self.hand_edited if self.reasons[path] is Reason.EDITED_RETIRED)
        moved = [path for path in retired if str(moved_to(path, former, folder)) in self.lock.digests]
        reasons = dict.fromkeys(filter(is_adoptable, moved), Reason.EDITED_MOVED)
        return replace(self, former=former, reasons={**self.reasons, **reasons})

    def forced(self) -> "Changes":
        """Return what is to be done when files that are not ours count for nothing (`--overwrite`); folders do."""
        wanted = {path for path in self.hand_edited if str(path) in self.lock.digests}
        folders = tuple(path for path in self.foreign if self.reasons[path] is Reason.OBSTRUCTED)
        return replace(
            self,
            changed=_sorted({*self.changed, *self.foreign, *wanted}.difference(folders)),
            removed=_sorted({*self.removed, *self.hand_edited} - wanted),
            hand_edited=(),
            foreign=folders,
        )


def moved_to(path: PurePosixPath, former: Iterable[PurePosixPath], folder: PurePosixPath) -> PurePosixPath | None:
    """Return where a file of the output that was in one of *former* is in *folder*; None where it was in none."""
    was = max((each for each in former if each in path.parents), key=lambda each: len(each.parts), default=None)
    return None if was is None else folder / path.relative_to(was)


def within(*scope: PurePosixPath) -> InScope:
    """Return a predicate that holds for the paths of *scope* and for all that lies below them."""
    inside = _Inside(dict.fromkeys(map(str, scope), True))
    return everywhere if "." in inside else lambda path: inside[str(path)]


class _Inside(dict[str, bool]):
    """Whether a path lies below those that this began with: files are many, their folders few."""

    def __missing__(self, name: str) -> bool:
        folder = name.rpartition("/")[0]
        if folder and folder not in self:
            self[folder] = self[folder]
        return self.get(folder, False)


def everywhere(_path: PurePosixPath | str) -> bool:
    """Say that a path is in scope: all are."""
    return True


def compare(
    tree: FileTree,
    lock: Lock,
    on_disk: Callable[[PurePosixPath], OnDisk],
    *,
    compiler: str,
    in_scope: InScope = everywhere,
    present: Iterable[str] = (),
) -> Changes:
    """Return what separates the files on disk from *tree*.

    A file that holds what was compiled is right, whatever the inventory says of it: a run that was
    interrupted, or a merge that was mended by compiling, leaves nothing to complain about.

    Args:
        tree: What was compiled: all of the part that is in scope.
        lock: What the inventory says, and for which document it is to say so from now on.
        on_disk: Reads one path.
        compiler: The version that compiled *tree*.
        in_scope: The paths that *tree* decides about. The others keep files and inventory.
        present: The paths of the files in the output folder, where strangers are of interest.

    Raises:
        ValueError: When *tree* has a path that no inventory can name.
    """
    comparison = _Comparison(lock, Reason.SOURCE if lock.compiler in {"", compiler} else Reason.COMPILER)
    for path, content in tree.items():
        comparison.add_compiled(path, content, on_disk(path))
    compiled = frozenset(comparison.digests)
    for name, known in lock.digests.items():
        if name in compiled:
            continue
        if in_scope(name):
            comparison.add_retired(PurePosixPath(name), on_disk)
        else:
            comparison.digests[name] = known if len(known) == 1 else comparison.decided(name, on_disk)
    unknown = (PurePosixPath(each) for each in present if each not in compiled and each not in lock.digests)
    after = make_lock(compiler, comparison.digests, lock.document)
    return Changes(
        added=_sorted(comparison.added),
        changed=_sorted(comparison.changed),
        removed=_sorted(comparison.removed),
        hand_edited=_sorted(comparison.hand_edited),
        foreign=_sorted(comparison.foreign),
        gone=_sorted(comparison.gone),
        strangers=_sorted(filter(in_scope, unknown)),
        reasons=comparison.reasons,
        inventory=_inventory_reason(lock, after),
        lock=after,
    )


class _Comparison(Struct):
    """A comparison on its way: *outdated* is the reason for a file that is as an earlier run wrote it."""

    lock: Lock
    outdated: Reason
    digests: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: dict[PurePosixPath, Reason] = field(default_factory=dict)
    added: list[PurePosixPath] = field(default_factory=list)
    changed: list[PurePosixPath] = field(default_factory=list)
    removed: list[PurePosixPath] = field(default_factory=list)
    hand_edited: list[PurePosixPath] = field(default_factory=list)
    foreign: list[PurePosixPath] = field(default_factory=list)
    gone: list[PurePosixPath] = field(default_factory=list)

    def add_compiled(self, path: PurePosixPath, content: bytes, found: OnDisk) -> None:
        name = str(path)
        self.digests[name] = (sha256(content),)
        if name not in self.lock.digests and not is_legible(name):
            raise ValueError(f"not a path for the inventory: {name!r}")
        if found == content:
            return
        if found is None:
            self._note(path, self.added, Reason.MISSING)
        elif found is Obstacle.FOLDER:
            self._note(path, self.foreign, Reason.OBSTRUCTED)
        elif self._is_ours(name, found):
            self._note(path, self.changed, self.outdated)
        elif name in self.lock.digests:
            self._note(path, self.hand_edited, self._edited(name))
        else:
            self._note(path, self.foreign, Reason.FOREIGN)

    def add_retired(self, path: PurePosixPath, on_disk: Callable[[PurePosixPath], OnDisk]) -> None:
        found = on_disk(path)
        if found is None or found is Obstacle.FOLDER:
            self.gone.append(path)
        elif self._is_ours(str(path), found):
            self._note(path, self.removed, Reason.RETIRED)
        else:
            self._note(path, self.hand_edited, Reason.EDITED_RETIRED)

    def decided(self, name: str, on_disk: Callable[[PurePosixPath], OnDisk]) -> tuple[str, ...]:
        """Return the digest of *name*, of several in the inventory the one that is on disk."""
        known = self.lock.digests[name]
        found = on_disk(PurePosixPath(name))
        there = (sha256(found),) if isinstance(found, bytes) else ()
        return (there if there and there[0] in known else known)[:1]

    def _edited(self, name: str) -> Reason:
        """Return how the file *name* was edited: after the compiler wrote what it still would, or something else."""
        if self.digests[name][0] in self.lock.digests[name]:
            return Reason.EDITED
        return Reason.EDITED_SOURCE if self.outdated is Reason.SOURCE else Reason.EDITED_COMPILER

    def _note(self, path: PurePosixPath, paths: list[PurePosixPath], reason: Reason) -> None:
        paths.append(path)
        self.reasons[path] = reason

    def _is_ours(self, name: str, found: bytes | Obstacle) -> bool:
        return isinstance(found, bytes) and sha256(found) in self.lock.digests.get(name, ())


def _inventory_reason(before: Lock, after: Lock) -> Reason | None:
    if before.text == after.text:
        return None
    if not before.text:
        return Reason.MISSING
    return Reason.INVENTORY if before.compiler == after.compiler else Reason.COMPILER


def _sorted(paths: Iterable[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    return tuple(sorted(paths, key=str))
