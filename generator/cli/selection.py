"""The options that choose a part of a platform, and where it goes."""

import shlex
from collections.abc import Callable, Iterable
from typing import TypeVar

import click

from generator.cli.project import DEFAULT

F = TypeVar("F", bound=Callable[..., object])


def with_output(command: F) -> F:
    """Give *command* the option that names an output folder."""
    return click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(),
        help="The output folder, instead of the one that the document names.",
    )(command)


def with_selection(command: F) -> F:
    """Give *command* the options that choose environments and microservices."""
    command = click.option(
        "--select",
        "microservices",
        metavar="APP/MS",
        multiple=True,
        help="Only this microservice; may be repeated.",
    )(command)
    return click.option(
        "-e",
        "--environment",
        "environments",
        metavar="ENV",
        multiple=True,
        help="Only this one; may be repeated.",
    )(command)


def with_cache(command: F) -> F:
    """Give *command* the option to do without what earlier runs left."""
    return click.option("--no-cache", is_flag=True, help="Neither use nor keep what earlier runs came to.")(command)


def mending(file: str, output: str | None, environments: Iterable[str], microservices: Iterable[str]) -> str:
    """Return the command line that compiles the same part to the same place."""
    words = ["platformc", "compile"]
    words += ["-f", file] if file != DEFAULT else []
    words += ["-o", output] if output is not None else []
    for environment in environments:
        words += ["-e", environment]
    for microservice in microservices:
        words += ["--select", microservice]
    return shlex.join(words)
