"""The options that choose a part of a platform, and where it goes."""

import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click
from msgspec.structs import replace

from generator.cli.project import DEFAULT
from generator.model.selection import WHOLE, Selection
from generator.model.shard import read_shard

F = TypeVar("F", bound=Callable[..., object])

LAYOUTS = ("plain", "kustomize")


def with_output(command: F) -> F:
    """Give *command* the option that names an output folder."""
    return click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(),
        callback=_as_a_folder,
        help="The output folder, instead of the one that the document names.",
    )(command)


def _as_a_folder(_context: click.Context, _option: click.Parameter, output: str | None) -> str | None:
    """Return *output*, an output folder as it was given.

    Raises:
        UsageError: When a file stands there, or where a folder on the way to it would have to be.
    """
    if output is None:
        return None
    way = Path(output)
    there = next((each for each in (way, *way.parents) if os.path.exists(each)), Path())  # noqa: PTH110  (no error)
    if os.path.isdir(there):  # noqa: PTH112  (no error where it may not be looked at)
        return output
    on_the_way = "" if there == way else f", on the way to '{output}',"
    what = "a file" if there.is_file() else "no folder"
    raise click.UsageError(f"'{there}'{on_the_way} is {what}; give '-o' a folder, which is made where there is none")


def with_selection(command: Callable[..., int]) -> Callable[..., int]:
    """Give *command* the options that choose environments and microservices; it gets them as its `selection`."""

    @click.option(
        "-e",
        "--environment",
        "environments",
        metavar="ENV",
        multiple=True,
        help="Only this one; may be repeated.",
    )
    @click.option(
        "--select",
        "microservices",
        metavar="APP/MS",
        multiple=True,
        help="Only this microservice; may be repeated.",
    )
    @wraps(command)
    def run(
        *arguments: object, environments: tuple[str, ...], microservices: tuple[str, ...], **options: object
    ) -> int:
        return command(*arguments, selection=Selection(environments, microservices), **options)

    return run


def with_shard(command: Callable[..., int]) -> Callable[..., int]:
    """Give *command* the option to take one part of several; outside of it, `with_selection`."""

    @click.option("--shard", metavar="I/N", help="Only part I of N, into a folder of its own; see 'join'.")
    @wraps(command)
    def run(*arguments: object, selection: Selection, shard: str | None, **options: object) -> int:
        if shard is None:
            return command(*arguments, selection=selection, **options)
        if selection != WHOLE:
            raise click.UsageError("'--shard' takes a part of everything: leave out '-e' and '--select'")
        if options.get("output") is None:
            raise click.UsageError("a part goes into a folder of its own: name it with '-o'")
        try:
            part = read_shard(shard)
        except ValueError as error:
            raise click.UsageError(f"'--shard {shard}': {error}") from error
        return command(*arguments, selection=replace(selection, shard=part), **options)

    return run


def with_layout(command: F) -> F:
    """Give *command* the option that names a layout."""
    return click.option(
        "--layout",
        type=click.Choice(LAYOUTS),
        help="The output's layout, instead of the one that the document names.",
    )(command)


def with_cache(command: F) -> F:
    """Give *command* the option to do without what earlier runs left."""
    return click.option("--no-cache", is_flag=True, help="Neither use nor keep what earlier runs came to.")(command)


def mending(file: str, output: str | None, selection: Selection, layout: str | None = None) -> str:
    """Return the command line that compiles the same part to the same place."""
    words = _run("compile", file, output)
    words += ["--layout", layout] if layout is not None else []
    for environment in selection.environments:
        words += ["-e", environment]
    for microservice in selection.microservices:
        words += ["--select", microservice]
    return _joined(words)


def adopting(file: str, layout: str | None) -> str:
    """Return the command line that takes edits of the output into the document; empty where that cannot be."""
    words = ["--layout", layout] if layout is not None else []
    return _joined([*_run("adopt", file, None), *words]) if file != "-" else ""


def joining(file: str, output: str | None, parts: Sequence[str]) -> str:
    """Return the command line that joins *parts* to the same place."""
    return _joined([*_run("join", file, output), *parts])


def _run(command: str, file: str, output: str | None) -> list[str]:
    """Return the words that run *command* on the document *file*, with the output folder *output*."""
    words = ["platformc", command]
    words += ["-f", file] if file != DEFAULT else []
    words += ["-o", output] if output is not None else []
    return words


def _joined(words: Sequence[str]) -> str:
    import shlex  # costs more than a run with nothing to do may

    return shlex.join(words)
