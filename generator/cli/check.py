"""`platformc check`: is the committed output what compiling would write?"""

import click

from generator.cli.formats import with_format
from generator.cli.selection import destination, mending, with_layout, with_output, with_selection
from generator.cli.session import Session, on_a_document, seen
from generator.cli.status import Status
from generator.model.diagnostics import printable
from generator.model.lock import LOCK_NAME
from generator.model.selection import Selection
from generator.report.staleness import stale_findings, stale_text
from generator.report.summary import up_to_date

_EPILOG = """\b
Examples:
  platformc check
  platformc check -e Prod --format json
  platformc check || platformc compile
"""


@click.command("check", epilog=_EPILOG)
@with_output
@with_layout
@with_selection
@with_format
@on_a_document
def command(
    session: Session,
    *,
    output: str | None,
    layout: str | None,
    environments: tuple[str, ...],
    microservices: tuple[str, ...],
) -> int:
    """Say whether the output is what compiling would write, and write nothing.

    Exit status 1 when it is not; then each file is named with the reason: source
    changed, compiler changed, missing, no longer compiled, edited by hand, foreign.
    """
    selection = Selection(environments, microservices)
    compilation = session.compile(selection, layout)
    place = destination(session.project, compilation, output)
    changes, faults = place.inspect()
    session.findings.extend(seen(place.prefix, faults))
    mend = mending(session.project.given, output, selection, layout)
    lock = place.folder / LOCK_NAME
    if session.machine:
        session.findings.extend(seen(place.prefix, stale_findings(changes, lock, mend)))
    status = session.report()
    if changes:
        click.echo(stale_text(changes, lock, mend, place.prefix), err=True)
        return Status.FINDINGS
    for stranger in changes.strangers:
        session.say(f"note: '{printable(place.prefix + str(stranger))}' is not platformc's")
    if status is Status.CLEAN:
        session.say(up_to_date(compilation.objects, len(compilation.tree)))
    return status
