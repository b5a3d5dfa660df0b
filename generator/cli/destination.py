"""Where a compilation goes: into the project, or anywhere else."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from generator import __version__
from generator.adapters.disk import Output
from generator.cli.project import STDIN, Project, leading_to
from generator.cli.session import refusals
from generator.model.adoption import Handmade
from generator.model.changes import Changes, within
from generator.model.diagnostics import Diagnostic
from generator.model.lock import LOCK_NAME, Lock, is_legible, sha256
from generator.model.shard import PART_NAME
from generator.model.tree import FileTree

if TYPE_CHECKING:  # the compiler costs more to import than help and usage errors may
    from generator.compiler import Compilation


class Destination(Struct, frozen=True, kw_only=True):
    """Where a compilation goes.

    Attributes:
        root: The folder that all paths are relative to.
        prefix: What leads there from the current folder: empty, or ending in a slash.
        folder: The output folder, from *root*.
        own: It is the project's own output.
        document: The document that names the folder as its output, from *root*; empty where none does, None where that
            is not known.
        tree: The files, from *root*.
        scope: The paths that *tree* decides about, from *root*.
    """

    root: Path
    prefix: str
    folder: PurePosixPath
    own: bool
    document: str | None
    tree: FileTree
    scope: tuple[PurePosixPath, ...]

    @property
    def lock(self) -> PurePosixPath:
        """The inventory, from *root*."""
        return self.folder / LOCK_NAME

    def strangers(self) -> tuple[PurePosixPath, ...]:
        """Return the files in the whole folder that are not the compiler's.

        Raises:
            Refusal: When the folder cannot be read.
        """
        with refusals(self.prefix):
            return Output(self.root, self.folder).strangers()

    def former(self) -> tuple[PurePosixPath, ...]:
        """Return the folders that were the document's output before, or on another branch, and still are there.

        Raises:
            Refusal: When they cannot be read.
        """
        with refusals(self.prefix):
            return Output(self.root, self.folder, document=self.document).former()

    def inspect(self) -> tuple[Changes, tuple[Diagnostic, ...]]:
        """Return what `update` would do, and what is wrong with the inventory.

        Raises:
            Refusal: When the folder cannot be read.
        """
        with refusals(self.prefix):
            output = Output(self.root, self.folder, document=self.document)
            return output.inspect(self.tree, compiler=__version__, in_scope=within(*self.scope))

    def handmade(self, paths: Iterable[PurePosixPath]) -> tuple[Handmade, ...]:
        """Return what stands at *paths*, files that are not as the compiler left them.

        Raises:
            Refusal: When one cannot be read.
        """
        with refusals(self.prefix):
            return Output(self.root, self.folder, document=self.document).handmade(self.tree, paths)

    def replace(self, files: Iterable[Handmade], paths: Iterable[PurePosixPath]) -> None:
        """Write what is at *paths* anew, *files* among them as far as they are still what they were, and the inventory.

        Raises:
            Refusal: When they are not, or the system refuses.
        """
        there = {each.path: each.content for each in files if each.content is not None}
        scope = within(*there, *paths)
        tree = FileTree({path: content for path, content in self.tree.items() if scope(path)})
        known = Lock(digests={str(path): (sha256(content),) for path, content in there.items()})
        with refusals(self.prefix):
            output = Output(self.root, self.folder, document=self.document)
            output.update(tree, compiler=__version__, in_scope=scope, known=known)

    def update(self, *, overwrite: bool, inventory: Lock | None = None) -> Changes:
        """Write and delete what it takes; for *inventory* see `Output`.

        Raises:
            Refusal: When files of others stand in the way, or the system refuses.
        """
        with refusals(self.prefix):
            self.root.mkdir(parents=True, exist_ok=True)
            output = Output(self.root, self.folder, inventory=inventory, document=self.document)
            return output.update(
                self.tree,
                compiler=__version__,
                in_scope=within(*self.scope),
                overwrite=overwrite,
                adoptable=self.own,
            )


def destination(project: Project, compilation: "Compilation", output: str | None) -> Destination:
    """Return where *compilation* goes: into the project, or with *output* anywhere else.

    Elsewhere takes the output folder's files only: what lies beside it configures tools in the project.

    Raises:
        UsageError: When no inventory could name the files in there.
    """
    own = project.folder / compilation.directory
    if output is None or os.path.realpath(output) == os.path.realpath(own):
        return Destination(
            root=project.folder,
            prefix=project.prefix,
            folder=compilation.directory,
            own=True,
            document=_document(project, compilation),
            tree=compilation.tree,
            scope=compilation.scope,
        )
    place = Path(os.path.normpath(Path.cwd() / output))
    folder = PurePosixPath(place.name)
    if not output or not is_legible(place.name):
        raise click.UsageError(f"the output folder cannot be called {output!r}")

    def moved(paths: tuple[PurePosixPath, ...]) -> dict[PurePosixPath, PurePosixPath]:
        inside = (path for path in paths if path.is_relative_to(compilation.directory))
        return {path: folder / path.relative_to(compilation.directory) for path in inside}

    tree = FileTree({to: compilation.tree[path] for path, to in moved(tuple(compilation.tree)).items()})
    return Destination(
        root=place.parent,
        prefix=leading_to(Path(output).parent),
        folder=folder,
        own=False,
        document="",
        tree=tree,
        scope=tuple(moved(compilation.scope).values()),
    )


def _document(project: Project, compilation: "Compilation") -> str | None:
    """Return what the inventory in the project's own output folder calls the document; see `Destination`."""
    if compilation.directory / PART_NAME in compilation.tree:
        return ""  # a part goes into a folder of its own, whatever that is
    if project.name == STDIN:
        return None
    return project.name if is_legible(project.name) else ""
