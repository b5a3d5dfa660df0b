"""`platformc validate`: everything that is wrong with the document."""

import click

from generator.cli.formats import with_format
from generator.cli.session import Session, on_a_document
from generator.cli.status import Status

_EPILOG = """\b
Examples:
  platformc validate
  platformc validate -f platforms/acme/platform.yaml
  platformc validate --format json | jq '.findings[].code'
"""


@click.command("validate", epilog=_EPILOG)
@with_format
@on_a_document
def command(session: Session) -> int:
    """Say everything that is wrong with the document, and write nothing.

    Each finding names its file, line and column, what was expected, and what to do
    about it. Warnings leave the exit status at 0.
    """
    session.validate()
    status = session.report()
    if status is Status.CLEAN:
        session.say(f"{session.project.prefix}{session.project.name}: valid")
    return status
