"""What a command says that compares the output with what compiling would write."""

from collections.abc import Iterable

import click

from generator.cli.destination import Destination
from generator.cli.hint import pasteable
from generator.cli.session import Session, seen
from generator.cli.status import Status
from generator.model.changes import Changes
from generator.model.diagnostics import Diagnostic
from generator.report.staleness import stale_findings, stale_text


def told(
    session: Session,
    place: Destination,
    changes: Changes,
    faults: Iterable[Diagnostic],
    mending: str,
    adopting: str = "",
) -> Status:
    """Say everything that was found, and each file that is out of date; return the status that this asks for.

    Args:
        session: Who says it.
        place: Where the output is.
        changes: What compiling would change there.
        faults: What is wrong with the inventory and beside files.
        mending: The command that makes these changes.
        adopting: The command that takes edits into the document; empty where none can.
    """
    session.findings.extend(seen(place.prefix, faults))
    if session.machine:
        session.findings.extend(seen(place.prefix, stale_findings(changes, place.lock, mending, adopting)))
    status = session.report()
    if not changes:
        return status
    text = stale_text(changes, place.lock, mending, place.prefix, adopting)
    click.echo(pasteable(text, session.project), err=True)
    return Status.FINDINGS
