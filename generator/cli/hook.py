"""`platformc hook`: validate, check or compile, where what is committed concerns the platform."""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

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

    FILE is what is about to be committed and may concern the platform: with any, COMMAND
    runs with each OPTION. Without one it runs where git is about to commit, or to push,
    that a file is gone which the platform reads or compiles to. Else nothing is done.
    """
    from generator.cli.deletions import Deletions
    from generator.model.diagnostics import printable

    chosen = import_module(f"generator.cli.{name}").command
    told: dict[str, Any] = {"allow_extra_args": True, "allow_interspersed_args": False}
    with chosen.make_context(name, _told_apart(words), parent=context.parent, **told) as inner:
        deletions = Deletions.of(inner.params)
        if not inner.args and not deletions.matter():
            return Status.CLEAN
        status: int = chosen.invoke(inner)
        missed = [] if status else deletions.missed(with_output=name != "validate")
    if missed:
        more = f" and {len(missed) - 1:,} more" if missed[1:] else ""
        click.echo(f"the commit deletes '{printable(missed[0])}'{more}, of this platform: 'git add' keeps it", err=True)
    return Status.FINDINGS if missed else status


def _told_apart(words: Sequence[str]) -> list[str]:
    """Return *words* such that a file whose name begins with a dash is no option: they end with files."""
    named = (at for at, word in enumerate(words) if word.startswith("-") and os.path.lexists(word))
    at = next(named, len(words))
    return [*words[:at], "--", *words[at:]]
