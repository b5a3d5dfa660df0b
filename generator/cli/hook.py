"""`platformc hook`: validate, check or compile, where what is committed concerns the platform."""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click
from click.core import ParameterSource

from generator.cli.status import Status

HOOKS = ("validate", "check", "compile")

_EPILOG = """\b
Examples:
  platformc hook check platform.yaml         it is about to be committed
  platformc hook check                       only for files that are deleted
  platformc hook compile --exit-code -f infra/platform.yaml infra/shop.yaml
"""


@click.command("hook", epilog=_EPILOG, context_settings={"allow_interspersed_args": False})
@click.argument("name", metavar="COMMAND", type=click.Choice(HOOKS))
@click.argument("words", metavar="[OPTION]... [FILE]...", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(context: click.Context, name: str, words: Sequence[str]) -> int:
    """Run COMMAND (validate, check or compile) for pre-commit, if there is a reason.

    FILE is what is about to be committed: COMMAND runs with each OPTION where the platform
    reads one or compiles to it, and where git is about to commit, or to push, that such a
    file is gone. Else nothing is done. Check and compile also stop a commit that is without
    a file which they saw.
    """
    from generator.cli.commit import Commit
    from generator.model.diagnostics import printable

    chosen = import_module(f"generator.cli.{name}").command
    told: dict[str, Any] = {"allow_extra_args": True, "allow_interspersed_args": False}
    with chosen.make_context(name, _told_apart(words), parent=context.parent, **told) as inner:
        commit = Commit(inner.params, inner.args)
        if commit.is_without_platform(by_chance=inner.get_parameter_source("file") is ParameterSource.DEFAULT):
            click.echo(f"note: there is no '{printable(inner.params['file'])}', and nothing to {name}", err=True)
            return Status.CLEAN
        if not commit.concerns():
            return Status.CLEAN
        status: int = chosen.invoke(inner)
        missed = [] if status or name == "validate" else commit.left_out()
    if missed:
        first, more = printable(missed[0]), f" and {len(missed) - 1:,} more" if missed[1:] else ""
        click.echo(f"the commit is without '{first}'{more}, of this platform: 'git add' puts it in", err=True)
    return Status.FINDINGS if missed else status


def _told_apart(words: Sequence[str]) -> list[str]:
    """Return *words* such that a file whose name begins with a dash is no option: they end with files."""
    named = (at for at, word in enumerate(words) if word.startswith("-") and os.path.lexists(word))
    at = next(named, len(words))
    return [*words[:at], "--", *words[at:]]
