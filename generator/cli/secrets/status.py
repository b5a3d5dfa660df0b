"""`platformc secrets status`: where every secret stands."""

import shutil
from datetime import UTC, datetime

import click

from generator.cli.formats import with_product_format
from generator.cli.selection import with_selection
from generator.cli.session import Session, on_a_document, refusals, seen
from generator.cli.status import Status
from generator.cli.stream import printed
from generator.model.selection import Selection, SelectionError
from generator.model.unit import units

_EPILOG = """\b
Examples:
  platformc secrets status
  platformc secrets status -e Prod
  platformc secrets status --format json | jq '.secrets[] | select(.due)'

\b
A cell says how a key stands, and how many days ago its value changed:
  sealed     all is well
  overdue    not changed for longer than its 'rotateEvery'
  drifted    sealed to others than the document names
  orphaned   sealed, and not declared there
  missing    declared, and not sealed
  faulty     its file cannot be read as a sealed file, or is none
  -          not declared there
"""


@click.command("status", epilog=_EPILOG)
@with_selection
@with_product_format
@on_a_document
def command(session: Session, *, selection: Selection) -> int:
    """Show every secret by environment: sealed, missing, orphaned, overdue, drifted.

    Needs no key and no sops, and the document need not compile yet. Exit status 1
    when anything is other than sealed.
    """
    from generator.report.standings import stock_members, stock_summary, stock_table
    from generator.stages.seal.stock import take_stock

    today = datetime.now(UTC).date()
    platform = session.front().platform
    with refusals(session.project.prefix):
        try:
            stock = take_stock(tuple(units(platform)), session.project.files, today, selection)
        except SelectionError as error:
            raise click.UsageError(str(error)) from error
    session.findings.extend(seen(session.project.prefix, stock.faults))
    if session.machine:
        session.report(**stock_members(stock))
    else:
        width = shutil.get_terminal_size().columns
        printed(stock_table(stock, width, coloured=session.coloured_product))
        session.report()
        session.say(stock_summary(stock))
    return Status.CLEAN if stock.is_good else Status.FINDINGS
