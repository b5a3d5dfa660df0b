"""`platformc validate`: everything that is wrong with the document."""

import click

from generator.cli.cached import memory_of
from generator.cli.formats import with_format
from generator.cli.kept_findings import findings_of
from generator.cli.selection import with_cache
from generator.cli.session import Session, on_a_document, seen
from generator.cli.status import Status
from generator.model.selection import WHOLE

_EPILOG = """\b
Examples:
  platformc validate
  platformc validate -f platforms/acme/platform.yaml
  platformc validate --format json | jq '.findings[].code'
"""


@click.command("validate", epilog=_EPILOG)
@with_cache
@with_format
@on_a_document
def command(session: Session, *, no_cache: bool) -> int:
    """Say everything that is wrong with the document, and write nothing.

    Each finding names its file, line and column, what was expected, and what to do
    about it. Warnings leave the exit status at 0.
    """
    memory = memory_of(session, no_cache=no_cache)
    known = memory.known()
    if known is not None:
        session.findings.extend(seen(session.project.prefix, findings_of(known)))
    else:
        session.compile(WHOLE, memory=memory)
    status = session.report()
    if status is Status.CLEAN:
        session.say(f"{session.project.prefix}{session.project.name}: valid")
    return status
