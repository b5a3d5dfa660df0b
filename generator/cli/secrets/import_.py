"""`platformc secrets import`: what files in the clear hold, sealed where the document wants it."""

from pathlib import Path
from typing import Any

import click

from generator.cli.secrets.choice import Choice, with_environments, with_kind
from generator.cli.secrets.importing import FORMATS, Import, read_sources
from generator.cli.session import Session, on_a_document, with_format

_EPILOG = """\b
Examples:
  platformc secrets import .env shop/Catalog -e Dev
  platformc secrets import secrets-from-the-platform.yaml
  kubectl get secrets -o yaml | platformc secrets import - --dry-run
  platformc secrets import account.json shop --storage

\b
Exit status 1 also says that something was left behind: each value or Secret
without a place is named, with the reason.
"""


@click.command("import", epilog=_EPILOG)
@click.argument("words", nargs=-1, required=True, metavar="SOURCE... [SUBJECT]")
@with_environments
@with_kind
@click.option("--as", "form", type=click.Choice(FORMATS), help="What SOURCE is, where it does not show by itself.")
@click.option("--dry-run", is_flag=True, help="Name what would be sealed; write nothing, open nothing.")
@with_format
@on_a_document
def command(session: Session, *, words: tuple[str, ...], form: str | None, dry_run: bool, **options: Any) -> int:
    """Seal what files in the clear hold.

    SOURCE is a dotenv file, a JSON file that is one flat map, or existing Kubernetes
    Secrets in YAML or JSON; '-' is standard input. SUBJECT, the last word where no
    file is called so, is APPLICATION/MICROSERVICE, or with --registry and --storage
    the APPLICATION. Secrets that the platform named say themselves whose they are.
    Only what the document declares is sealed; the lines to declare more are printed.
    """
    sources, subject = _split(words)
    if session.project.given == "-" and "-" in sources:
        raise click.UsageError("document and values cannot both come from standard input")
    choice = Choice(
        kind=options["kind"],
        store=options["store"],
        environments=options["environments"],
        everywhere=options["everywhere"],
    )
    readings = read_sources(session, sources, form)
    return Import(session, choice, subject).run(readings, dry_run=dry_run)


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """Return the sources, and the subject where the last word is one."""
    if len(words) > 1 and words[-1] != "-" and not Path(words[-1]).exists():
        return words[:-1], words[-1]
    return words, None
