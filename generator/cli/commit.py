"""What git is about to commit, or to push, and whether that is anything to a platform."""
# ruff: noqa: PTH118, PTH119, PTH120  # paths that are compared, as git names them

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.adapters.git import INSTALL, WorkTree, is_checkout, pushed
from generator.adapters.presence import LOCK_NAME
from generator.adapters.tools import MissingTool, find_tool

if TYPE_CHECKING:  # a commit that has nothing of a platform needs none of it
    from generator.cli.session import Session

_STANDARD_INPUT = "-"
"""Stands for a document of which git knows nothing."""


class Commit:
    """What is about to be committed or pushed, for a command that is *given* its parameters.

    Attributes:
        named: The files that are added or changed, as far as somebody named them, absolute and but for their last
            parts without links.
        deleted: Those that are deleted; None where git cannot say.
    """

    def __init__(self, given: Mapping[str, Any], names: Sequence[str]) -> None:
        self.named = [os.path.join(os.path.realpath(os.path.dirname(each)), os.path.basename(each)) for each in names]
        self._given = given
        self._folder = os.path.realpath(Path(given["file"]).parent)
        self._document = os.path.join(self._folder, Path(given["file"]).name)
        self._looks_elsewhere = given["file"] == _STANDARD_INPUT or given.get("shard") is not None

    def is_without_platform(self, *, by_chance: bool) -> bool:
        """Say whether there is no document: *by_chance* nobody named one, or it is deleted with what it compiled to."""
        if self._looks_elsewhere or os.path.lexists(self._document):
            return False
        gone = self.deleted or ()
        if self._document in gone:
            return any(os.path.basename(each) == LOCK_NAME for each in gone)
        return by_chance

    def concerns(self) -> bool:
        """Say whether the command may come to anything else for it.

        Output that was out of date before is no reason to stop a commit that has nothing to do with it: where the last
        run is not known to hold still, and did not read or write any of the files, the platform is compiled to see.

        Raises:
            UsageError: When there is no document.
        """
        if self._document in self.named or self.deleted is None:
            return True
        paths = [*self.named, *self.deleted]
        if not paths or self._looks_elsewhere or self._document in paths:
            return bool(paths)
        from generator.cli.belongings import belongings_of, compiled_belongings, memory_for

        session = self._session()
        memory = memory_for(session, self._given)
        if memory.known() is not None:
            return bool(self.named) or any(map(os.path.isfile, self.deleted))
        before = memory.latest()
        if before is not None and belongings_of(before, self._folder).have(paths):
            return True
        known = compiled_belongings(self._folder, session, self._given)
        return known is None or known.have(paths)

    def left_out(self) -> list[str]:
        """Return the files of the platform that stand there, and that git is not about to commit nor has yet.

        Without them, the commit is not what the command saw. What git ignores is not to be committed. To be called
        where the command found nothing wrong.
        """
        if self._looks_elsewhere or pushed() is not None or is_checkout():
            return []
        tracked = self._tracked()
        if not tracked:
            return []
        from generator.cli.belongings import belongings_of, compiled_belongings, memory_for, names_of

        session = self._session()
        record = memory_for(session, self._given).latest(exact=True)
        own = tracked.get(self._folder, frozenset())
        if record is not None and own.issuperset([session.project.name, *names_of(record, self._folder)]):
            return []  # as it mostly is: no need to see what really stands where
        known = (
            compiled_belongings(self._folder, session, self._given)
            if record is None
            else belongings_of(record, self._folder)
        )
        if known is None:
            return []
        wanted = {self._document} | known.read | known.compiled
        found = [each for folder, have in tracked.items() for each in _beyond(folder, have, wanted)]
        ignored = WorkTree(find_tool("git", INSTALL), Path(self._folder)).ignored(found) if found else set()
        return sorted(os.path.relpath(each) for each in found if each not in ignored)

    @cached_property
    def deleted(self) -> list[str] | None:
        """What git is about to delete in the folder of the document, and in an output folder elsewhere."""
        try:
            git = find_tool("git", INSTALL)
        except MissingTool:
            return None
        paths, *more = (_deleted_below(git, each) for each in self._folders())
        for each in more:
            if paths is not None:
                paths += each or ()  # where there is no repository, no commit deletes anything
        return paths

    def _folders(self) -> list[Path]:
        output = self._given.get("output")
        return [Path(self._given["file"]).parent, *([Path(output)] if output is not None else [])]

    def _tracked(self) -> dict[str, frozenset[str]]:
        """Return what the commit will have below the folders of the platform, from each; none where git cannot say."""
        try:
            git = find_tool("git", INSTALL)
        except MissingTool:
            return {}
        found = {}
        for each in self._folders():
            place = os.path.realpath(each)
            names = WorkTree(git, Path(place)).tracked() if Path(place).is_dir() else None
            if names is not None:
                found[place] = frozenset(names)
        return found

    def _session(self) -> "Session":
        from generator.cli.project import open_project
        from generator.cli.session import Session

        return Session(project=open_project(self._given["file"]), quiet=True, coloured=False, formats=())


def _beyond(folder: str, have: frozenset[str], wanted: Iterable[str]) -> list[str]:
    """Return the files of *wanted* below *folder* that are there, and that git does not *have*, nor a module of it."""
    inside = folder.rstrip(os.sep) + os.sep
    names = (each.removeprefix(inside) for each in wanted if each.startswith(inside))
    missing = (each for each in names if each not in have and have.isdisjoint(map(str, Path(each).parents)))
    return [inside + each for each in missing if os.path.lexists(inside + each)]


def _deleted_below(git: str, folder: Path) -> list[str] | None:
    """Return what is deleted below *folder*, or where that is gone, below the nearest that is there."""
    place = os.path.realpath(next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir()))
    names = WorkTree(git, Path(place)).deleted()
    return None if names is None else [os.path.join(place, each) for each in names]
