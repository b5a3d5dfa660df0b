"""`platformc sops-config`: with what and for whom sops seals."""

import click

from generator.cli.session import Session, on_a_document
from generator.cli.status import Status
from generator.cli.stream import printed

_EPILOG = """\b
Examples:
  platformc sops-config > .sops.yaml
  platformc sops-config | diff .sops.yaml -
"""


@click.command("sops-config", epilog=_EPILOG)
@on_a_document
def command(session: Session) -> int:
    """Print the .sops.yaml that the document's recipients ask for.

    Compiling writes it too. This is for the first secrets of an environment: they
    have to be sealed before the document that declares them compiles.
    """
    config = session.sops_config()
    if config is None:
        raise click.UsageError("no environment has recipients; say who can unseal, as in recipients: { age: [age1…] }")
    printed(config)
    return Status.CLEAN
