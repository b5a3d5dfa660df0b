"""`platformc check`: is the committed output what compiling would write?"""

import click

from generator.cli.selection import destination, mending, with_output, with_selection
from generator.cli.session import Session, on_a_document, seen
from generator.cli.status import Status
from generator.compiler import Selection
from generator.report.staleness import stale_findings, stale_text
from generator.report.summary import up_to_date

_EPILOG = """\b
Examples:
  platformc check
  platformc check --format json
  platformc check || platformc compile
"""


@click.command("check", epilog=_EPILOG)
@with_output
@with_selection
@on_a_document
@click.pass_context
def command(
    context: click.Context,
    session: Session,
    *,
    output: str | None,
    environments: tuple[str, ...],
    microservices: tuple[str, ...],
) -> int:
    """Say whether the output is what compiling would write, and write nothing.

    Exit status 1 when it is not; then each file is named with the reason: source
    changed, compiler changed, missing, no longer compiled, edited by hand, foreign.
    """
