"""How far a long command has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from generator.cli.session import Session


@contextmanager
def progress(session: Session, label: str, length: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error while *length* things are done, each of which calls what this yields.

    There is one where somebody looks: on a terminal, and not under `--quiet`.
    """
    if session.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, color=session.coloured) as bar:
        yield lambda: bar.update(1)
