"""What a commit deletes, and whether that is anything to the platform."""
# ruff: noqa: PTH118  # paths that are compared, as git names them

import os
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.adapters.git import INSTALL, WorkTree, pushed
from generator.adapters.tools import MissingTool, ToolError, find_tool

if TYPE_CHECKING:  # a commit that deletes nothing needs none of it
    from generator.cli.session import Session


class Deletions:
    """What the commit deletes, or the push, before which a command is *given* its parameters.

    Attributes:
        paths: The files, absolute and but for their names without links; None where git cannot say.
    """

    def __init__(self, given: Mapping[str, Any], paths: list[str] | None) -> None:
        self.paths = paths
        self._given = given
        self._folder = os.path.realpath(Path(given["file"]).parent)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Deletions":
        """Return what git is about to delete in the folder of the document, and in an output folder elsewhere."""
        try:
            git = find_tool("git", INSTALL)
        except MissingTool:
            return cls(given, None)
        paths, output = _deleted_below(git, Path(given["file"]).parent), given.get("output")
        if output is not None and paths is not None:
            paths += _deleted_below(git, Path(output)) or ()  # where there is no repository, no commit deletes anything
        return cls(given, paths)

    def matter(self) -> bool:
        """Say whether the command may come to anything else for them.

        Where the last run is known to hold still, they do not. Else the platform is compiled to see what it reads:
        output that was out of date before is no reason to stop a commit that has nothing to do with it.

        Raises:
            UsageError: When there is no document, and they are not why.
        """
        if not self.paths:
            return self.paths is None
        if self._given["file"] == "-" or self._given.get("shard") is not None or self._document in self.paths:
            return True
        if not self._lingering and self._is_known:
            return False
        known = self._belongings
        return known is None or known.have(self.paths)

    def missed(self, *, with_output: bool) -> list[str]:
        """Return those that stand there nevertheless, and belong to the platform: a commit without them is wrong.

        But for what git ignores, which is not to be committed. They are named as the current folder calls them. To be
        called where the command found nothing wrong with the files that stand there.
        """
        if not self._lingering or self._given["file"] == "-" or self._given.get("shard") is not None:
            return []
        known = self._belongings
        if known is None:
            return []
        wanted = {self._document} | known.read | (known.compiled if with_output else set())
        found = [each for each in self._lingering if each in wanted]
        ignored = WorkTree(find_tool("git", INSTALL), Path(self._folder)).ignored(found) if found else set()
        return [os.path.relpath(each) for each in found if each not in ignored]

    @property
    def _document(self) -> str:
        return os.path.join(self._folder, Path(self._given["file"]).name)

    @cached_property
    def _lingering(self) -> list[str]:
        """Return the files that a commit forgets, and that are there; what is pushed may be another branch."""
        if pushed() is not None:
            return []
        return [each for each in self.paths or () if os.path.isfile(each)]  # noqa: PTH113  (as the rest)

    @property
    def _is_known(self) -> bool:
        from generator.cli.cached import cache_for
        from generator.cli.memory import remembered
        from generator.model.selection import Selection

        given, session = self._given, _session(self._given)
        output, layout = given.get("output"), given.get("layout")
        cache = None if given["no_cache"] else cache_for(session, output)
        selection = Selection(given.get("environments", ()), given.get("microservices", ()))
        return remembered(session.project, cache, output, selection, layout).known() is not None

    @cached_property
    def _belongings(self) -> "_Belongings | None":
        """Return what belongs to the platform, None where that cannot be known."""
        from generator.cli.destination import destination
        from generator.cli.session import Refusal
        from generator.model.selection import WHOLE

        session = _session(self._given)
        try:
            compilation = session.compile(WHOLE, self._given.get("layout"))
        except (Refusal, MissingTool, ToolError):
            return None
        notes = compilation.remains.notes
        if notes is None:
            return None
        place = destination(session.project, compilation, self._given.get("output"))
        listed = session.project.files.listed
        return _Belongings(
            self._folder,
            read=_real(self._folder, notes.files),
            compiled=_real(place.root, [*place.tree, place.lock]),
            scope=_real(place.root, place.scope),
            patterns={each: listed.get(each) for each in notes.patterns},
        )


class _Belongings:
    """What a platform reads and compiles to, by absolute paths without links, and the patterns that it looks for."""

    def __init__(
        self,
        folder: str,
        *,
        read: set[str],
        compiled: set[str],
        scope: set[str],
        patterns: Mapping[str, frozenset[str] | None],
    ) -> None:
        self.read = read
        self.compiled = compiled
        self._folder = folder
        self._scope = scope
        self._patterns = patterns

    def have(self, paths: Iterable[str]) -> bool:
        """Say whether any of *paths* belongs to the platform, or did as long as it was there."""
        own = self.read | self._scope
        if any(not own.isdisjoint([each, *map(str, Path(each).parents)]) for each in paths):
            return True
        inside = [os.path.relpath(each, self._folder) for each in paths]
        return any(self._may_match(pattern, listed, inside) for pattern, listed in self._patterns.items())

    def _may_match(self, pattern: str, listed: frozenset[str] | None, names: Iterable[str]) -> bool:
        """Say whether *pattern*, for which the folders *listed* were looked at, may have matched one of *names*.

        Where links stand in the way, nothing is known. Else a `*` stands for any text here, slashes too.
        """
        if listed is None:
            return True
        straight = {os.path.normpath(os.path.join(self._folder, each)) for each in listed}
        if _real(self._folder, listed) != straight:
            return True
        wide = str(PurePosixPath(pattern)).replace("**/", "*")
        return any(fnmatchcase(each, wide) for each in names)


def _deleted_below(git: str, folder: Path) -> list[str] | None:
    """Return what is deleted below *folder*, or where that is gone, below the nearest that is there."""
    place = os.path.realpath(next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir()))
    names = WorkTree(git, Path(place)).deleted()
    return None if names is None else [os.path.join(place, each) for each in names]


def _real(folder: str | Path, paths: Iterable[str | PurePosixPath]) -> set[str]:
    return {os.path.realpath(os.path.join(folder, each)) for each in paths}


def _session(given: Mapping[str, Any]) -> "Session":
    from generator.cli.project import open_project
    from generator.cli.session import Session

    return Session(project=open_project(given["file"]), quiet=True, coloured=False, formats=())
