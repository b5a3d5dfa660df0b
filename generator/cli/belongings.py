"""What belongs to a platform: the files that it reads, and those that it compiles to."""
# ruff: noqa: PTH118  # paths that are compared, as git names them

import os
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.adapters.tools import MissingTool, ToolError
from generator.model.selection import WHOLE, Selection

if TYPE_CHECKING:  # a commit that has nothing of a platform needs none of it
    from generator.adapters.record import Record
    from generator.cli.memory import Memory
    from generator.cli.session import Session


class Belongings:
    """What belongs to a platform, by absolute paths in folders without links.

    Attributes:
        read: The files that it reads.
        compiled: The files that it compiles to, the inventory included.
    """

    def __init__(
        self,
        folder: str,
        *,
        read: set[str],
        compiled: set[str],
        scope: Iterable[str] = (),
        patterns: Mapping[str, frozenset[str] | None] | None = None,
    ) -> None:
        self.read = read
        self.compiled = compiled
        self._folder = folder
        self._scope = frozenset(scope)
        self._patterns = patterns or {}

    def have(self, paths: Iterable[str]) -> bool:
        """Say whether any of *paths* belongs to the platform, or did as long as it was there."""
        own = self.read | {os.path.realpath(each) for each in self.read} | self.compiled | self._scope
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
        if {os.path.realpath(os.path.join(self._folder, each)) for each in listed} != straight:
            return True
        wide = str(PurePosixPath(pattern)).replace("**/", "*")
        return any(fnmatchcase(each, wide) for each in names)


def memory_for(session: "Session", given: Mapping[str, Any]) -> "Memory":
    """Return what is kept of the runs of a command that is *given* these parameters."""
    from generator.cli.cached import memory_of

    selection = Selection(given.get("environments", ()), given.get("microservices", ()))
    output, layout = given.get("output"), given.get("layout")
    return memory_of(session, output=output, selection=selection, layout=layout, no_cache=given["no_cache"])


def belongings_of(record: "Record", folder: str) -> Belongings:
    """Return what belonged to the platform in *folder* at the run of *record*."""
    read = _in_real_folders(folder, record.read.files.names)
    return Belongings(folder, read=read, compiled=_in_real_folders(record.root, record.written.names))


def names_of(record: "Record", folder: str) -> set[str]:
    """Return the files that were there at the run of *record*, as it names them from *folder*, the platform's."""
    read = record.read.files
    compiled = record.written.names
    names = {name for name, digest in zip(read.names, read.digests, strict=True) if digest}
    names.update(compiled if record.root == folder else (f"{record.root}/{each}" for each in compiled))
    return names


def compiled_belongings(folder: str, session: "Session", given: Mapping[str, Any]) -> Belongings | None:
    """Compile the platform in *folder*, and return what belongs to it; None where that cannot be known."""
    from generator.cli.destination import destination
    from generator.cli.session import Refusal

    try:
        compilation = session.compile(WHOLE, given.get("layout"))
        place = destination(session.project, compilation, given.get("output"))
        decided = (*place.scope, *place.former())
    except (Refusal, MissingTool, ToolError):
        return None
    notes = compilation.remains.notes
    if notes is None:
        return None
    listed = session.project.files.listed
    return Belongings(
        folder,
        read=_in_real_folders(folder, notes.files),
        compiled=_in_real_folders(str(place.root), map(str, [*place.tree, place.lock])),
        scope=(os.path.realpath(os.path.join(place.root, each)) for each in decided),
        patterns={each: listed.get(each) for each in notes.patterns},
    )


def _in_real_folders(root: str, names: Iterable[str]) -> set[str]:
    """Return the paths of *names* from *root*, absolute and but for their last parts without links."""
    folders: dict[str, str] = {}
    found = set()
    for name in names:
        folder, _, last = name.rpartition("/")
        if folder not in folders:
            folders[folder] = os.path.realpath(os.path.join(root, folder))
        found.add(os.path.join(folders[folder], last))
    return found
