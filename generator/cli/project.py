"""The document that a command is about, and the folder around it."""

import os
import stat
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from generator.adapters.failure import OutsideError, UnreadableFileError
from generator.adapters.package import read_schema, read_templates
from generator.adapters.project import ProjectFiles
from generator.cli.status import unread

if TYPE_CHECKING:  # the compiler costs more to import than help and usage errors may
    from generator.front import Inputs

DEFAULT = "platform.yaml"
STDIN = "<stdin>"

_NEARBY = 3
"""How many documents a message suggests."""


class Project(Struct, frozen=True, kw_only=True):
    """A document and its folder.

    Attributes:
        given: How the command line named the document; `-` for standard input.
        name: What findings call the document, from *folder*.
        text: Its bytes.
        folder: Where the files that it names are.
        prefix: What leads from the current folder to *folder*: empty, or ending in a slash.
        files: The other files in *folder*.
    """

    given: str
    name: str
    text: bytes
    folder: Path
    prefix: str
    files: ProjectFiles

    def inputs(self, *, elsewhere: bool = False) -> "Inputs":
        """Return all that a compilation depends on, which may go *elsewhere* than into the project."""
        from generator.front import Inputs

        return Inputs(
            name=self.name,
            text=self.text,
            files=self.files,
            read_schema=read_schema,
            templates=read_templates(),
            elsewhere=elsewhere,
        )

    def source(self, seen: str) -> str | None:
        """Return the text of the file that the current folder calls *seen*, None where there is none."""
        file = seen.removeprefix(self.prefix)
        if file == self.name:
            return self.text.decode("utf-8", "replace")
        try:
            content = self.files.read(PurePosixPath(file))
        except (OutsideError, UnreadableFileError):
            return None
        return None if content is None else content.decode("utf-8", "replace")


def open_project(file: str) -> Project:
    """Read the document *file*, `-` for standard input; then the current folder is the project.

    Raises:
        UsageError: When there is no such document.
        Failure: When it cannot be read.
    """
    if file == "-":
        return _streamed(file, sys.stdin.buffer.read() if sys.stdin is not None else b"")
    path = Path(file)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise click.UsageError(f"'{file}' is a folder; {_suggestion(path)}")
        text = path.read_bytes()
    except FileNotFoundError:
        raise click.UsageError(f"there is no '{file}'; {_suggestion(Path())}") from None
    except OSError as error:
        raise unread(f"'{file}'", error) from error
    if not stat.S_ISREG(mode):  # a pipe stands in no folder of the user's
        return _streamed(file, text)
    files = ProjectFiles(path.parent)
    return Project(
        given=file, name=path.name, text=text, folder=path.parent, prefix=leading_to(path.parent), files=files
    )


def leading_to(folder: Path) -> str:
    """Return what to put before the name of a file in *folder*: nothing, or a path that ends in a slash."""
    return "" if folder == Path() else f"{folder.as_posix().rstrip('/')}/"


def _streamed(file: str, text: bytes) -> Project:
    return Project(given=file, name=STDIN, text=text, folder=Path(), prefix="", files=ProjectFiles(Path()))


def _suggestion(folder: Path) -> str:
    """Return what to do when *folder* was expected to hold a document."""
    found = _documents(folder)
    if not found:
        return "name the document with '-f PLATFORM', or see 'platformc --help' for how to start"
    return "did you mean " + " or ".join(f"'-f {each}'" for each in found) + "?"


def _documents(folder: Path) -> list[str]:
    """Return the nearest documents called `platform.yaml`, or `.yml`, up to two folders below *folder*."""
    patterns = (DEFAULT, "platform.yml", f"*/{DEFAULT}", f"*/*/{DEFAULT}")
    found: list[str] = []
    try:
        for pattern in patterns:
            found.extend(path.as_posix() for path in sorted(folder.glob(pattern)) if os.access(path, os.R_OK))
    except OSError:  # what cannot be listed cannot be suggested
        return found[:_NEARBY]
    return found[:_NEARBY]
