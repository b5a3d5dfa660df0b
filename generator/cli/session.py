"""A command at work on a document: what it was given, and how it talks.

Its product goes to standard output, everything else to standard error.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TextIO

import click
from msgspec import Struct, field
from msgspec.structs import replace

from generator.adapters.failure import OutsideError, UnreadableFileError, UnwritableFileError
from generator.adapters.tools import MissingTool, ToolError
from generator.adapters.unsealable import Unsealable
from generator.cli.formats import TEXT, above_current_folder, audience
from generator.cli.hint import pasteable
from generator.cli.project import DEFAULT, Project, open_project
from generator.cli.status import Failure, Status
from generator.cli.stream import printed
from generator.model.diagnostics import CompileError, Diagnostic, has_errors, in_order
from generator.model.selection import Selection, SelectionError
from generator.model.source import Json
from generator.report.formats import rendered

if TYPE_CHECKING:  # the compiler costs more to import than help and usage errors may
    from generator.cli.memory import Memory
    from generator.compiler import Compilation
    from generator.front import Front, Inputs
    from generator.model.past import Past
    from generator.model.spread import Spread


class Refusal(Exception):  # noqa: N818  (it carries findings; the error is in what they are about)
    """A command cannot go on.

    Attributes:
        findings: Why, with files as the current folder calls them.
        status: How the process ends.
    """

    def __init__(self, findings: Iterable[Diagnostic], status: Status) -> None:
        self.findings = tuple(findings)
        self.status = status
        super().__init__(f"{len(self.findings)} findings")


class Session(Struct, kw_only=True):
    """What a command has to work with.

    Attributes:
        project: The document and its folder.
        quiet: Say findings only.
        coloured: Standard error shows colours.
        coloured_product: Standard output does.
        formats: How findings are said: `text` to standard error, those of `report.formats` to standard output.
        findings: What was found so far and is not said yet.
        unseen: Files of which no line is ever shown: they hold secrets in the clear.
    """

    project: Project
    quiet: bool
    coloured: bool
    formats: tuple[str, ...]
    coloured_product: bool = False
    findings: list[Diagnostic] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)

    @property
    def machine(self) -> bool:
        """Whether a program reads the findings."""
        return self.formats != (TEXT,)

    def sops_config(self) -> bytes | None:
        """Return the `.sops.yaml` that the document asks for, None where it names no recipients.

        Raises:
            Refusal: When there are errors.
        """
        from generator.front import sops_config_of

        with refusals(self.project.prefix):
            return sops_config_of(self.project.inputs())

    def front(self) -> "Front":
        """Return what the document describes, as far as sealing asks for it: it need not compile.

        Raises:
            Refusal: When it cannot be read, or a name in it means two things.
        """
        from generator.front import front_to_seal

        with refusals(self.project.prefix):
            return front_to_seal(self.project.inputs())

    def compile(self, selection: Selection, layout: str | None = None, memory: "Memory | None" = None) -> "Compilation":
        """Compile the document, or what changed since what *memory* knows of; warnings join the findings.

        Args:
            selection: Which part.
            layout: The output's layout, whatever the document says.
            memory: What is known of earlier runs.

        Raises:
            Refusal: When there are errors.
        """
        from generator.adapters.workers import processes_for, spread
        from generator.cli.bar import is_wanted, shown
        from generator.compiler import compile_platform

        with refusals(self.project.prefix):
            inputs = self.project.inputs(elsewhere=memory is not None and memory.elsewhere)
            past = memory.past() if memory is not None else None
            work: Spread = shown(spread, processes=processes_for) if is_wanted(quiet=self.quiet) else spread
            if selection.shard is not None:
                from generator import __version__
                from generator.parts import compile_part

                return compile_part(inputs, selection.shard, work, compiler=__version__, layout=layout)
            try:
                if past is None:
                    compilation = compile_platform(inputs, selection, work, layout)
                else:
                    compilation = _continued(inputs, past, work, layout)
            except SelectionError as error:
                raise click.UsageError(str(error)) from error
        self.findings.extend(seen(self.project.prefix, compilation.warnings))
        return compilation

    def say(self, words: str) -> None:
        """Write a line to standard error, its commands as they are to be called from here, unless *quiet*."""
        if not self.quiet:
            click.echo(pasteable(words, self.project), err=True, color=self.coloured)

    def report(self, **members: Json) -> Status:
        """Say all that was found, and return the status that it asks for. To be called once.

        Args:
            members: What else a program is told that reads the findings as JSON.
        """
        found = [replace(each, hint=pasteable(each.hint, self.project)) for each in in_order(self.findings)]
        for form in self.formats:
            if form != TEXT:
                printed(rendered(form, found, above_current_folder(), members))
            elif found:
                from generator.report.text import render_text

                text = render_text(found, self._source, coloured=self.coloured)
                click.echo(text, err=True, nl=False, color=self.coloured)
        return Status.FINDINGS if has_errors(found) else Status.CLEAN

    def _source(self, file: str) -> str | None:
        return None if file in self.unseen else self.project.source(file)


def _continued(inputs: "Inputs", past: "Past", work: "Spread", layout: str | None) -> "Compilation":
    from generator.increment import compile_since

    return compile_since(inputs, past, work, layout)


def seen(prefix: str, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield *findings* with their files as the current folder calls them: behind *prefix*, also in their words."""
    for each in findings:
        if not prefix or PurePosixPath(each.at.file).is_absolute():
            yield each
            continue
        file = prefix + each.at.file
        message = each.message.replace(f"'{each.at.file}'", f"'{file}'")
        yield replace(each, message=message, at=replace(each.at, file=file))


@contextmanager
def refusals(prefix: str) -> Iterator[None]:
    """Turn findings that stop the work into a `Refusal`; *prefix* leads to the folder of their files."""
    try:
        yield
    except CompileError as error:
        raise Refusal(seen(prefix, error.diagnostics), Status.FINDINGS) from error
    except (OutsideError, UnreadableFileError, Unsealable) as error:
        raise Refusal(seen(prefix, [error.diagnostic]), Status.FINDINGS) from error
    except UnwritableFileError as error:
        raise Refusal(seen(prefix, [error.diagnostic]), Status.FAILED) from error


def on_a_document(command: Callable[..., int]) -> Callable[..., int]:
    """Make *command* one that works on a document: with the options that this takes, and a session first."""

    @_OPTION_FILE
    @with_quiet
    @with_color
    @wraps(command)
    def run(*, file: str, quiet: bool, color: str, format_: str = TEXT, **options: Any) -> int:
        session = Session(
            project=open_project(file),
            quiet=quiet,
            coloured=is_coloured(color, sys.stderr),
            coloured_product=is_coloured(color, sys.stdout),
            formats=audience(format_),
        )
        try:
            return command(session, **options)
        except Refusal as refusal:
            session.findings.extend(refusal.findings)
            session.report()
            return refusal.status
        except (MissingTool, ToolError) as error:
            raise Failure(pasteable(str(error), session.project)) from error
        except click.UsageError as error:
            raise click.UsageError(pasteable(error.format_message(), session.project)) from error

    return run


def is_coloured(choice: str, stream: TextIO | None) -> bool:
    """Say whether to use colours on *stream*: see https://no-color.org and https://force-color.org."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


_OPTION_FILE = click.option(
    "-f",
    "--file",
    "file",
    metavar="PLATFORM",
    default=DEFAULT,
    show_default=True,
    type=click.Path(allow_dash=True, readable=False),
    help="The platform document; '-' reads standard input.",
)
with_quiet = click.option("-q", "--quiet", is_flag=True, help="Say findings, and nothing else.")
"""Gives a command the choice to say findings only; one on a document has it already."""
with_color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to colour findings; auto asks NO_COLOR, FORCE_COLOR and the terminal.",
)
"""Gives a command the choice of colours; one on a document has it already."""
