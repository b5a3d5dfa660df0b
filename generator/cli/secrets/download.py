"""`platformc secrets download`: values in the clear, for who holds a key."""

import sys
from typing import Any

import click

from generator.cli.secrets.choice import Choice, kind_of, with_kind
from generator.cli.secrets.homes import home_of
from generator.cli.secrets.opening import open_store
from generator.cli.secrets.places import Place, Places
from generator.cli.session import Session, on_a_document, refusals
from generator.cli.status import Failure, Status
from generator.cli.stream import printed
from generator.model.diagnostics import did_you_mean
from generator.model.sealed_place import Kind
from generator.stages.exchange.export import FORMATS, exported

_EPILOG = """\b
Examples:
  platformc secrets download shop/Catalog -e Dev
  platformc secrets download shop/Catalog DB_PASSWORD -e Dev -o - | xclip
  platformc secrets download shop/Catalog -e Dev --as yaml -o ~/catalog.yaml
"""


@click.command("download", epilog=_EPILOG)
@click.argument("subject", metavar="SUBJECT")
@click.argument("key", metavar="[KEY]", required=False)
@click.option("-e", "--environment", metavar="ENV", help="The environment.")
@with_kind
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="How to write all values; one KEY is its bare value.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="A new file that nobody else can read; '-' is standard output, also where that is no terminal.",
)
@on_a_document
def command(session: Session, *, subject: str, key: str | None, environment: str | None, **options: Any) -> int:
    """Hand out values in the clear, to who holds a key.

    SUBJECT is APPLICATION/MICROSERVICE, or with --registry and --storage the
    APPLICATION. Without -o they go to the terminal. A file must not exist yet, and
    must not lie where git would commit it.
    """
    output, form = options["output"], options["form"]
    if output is None and (sys.stdout is None or not sys.stdout.isatty()):
        raise click.UsageError("standard output is no terminal; say '-o -' if values may go there, or '-o FILE'")
    front = session.front()
    choice = Choice(
        kind=options["kind"],
        store=options["store"],
        environments=() if environment is None else (environment,),
        everywhere=False,
        single=True,
    )
    place = _place(Places(front), subject, key, choice)
    with refusals(session.project.prefix):
        values = open_store(session, front).values(place.sealed.source)
    content = _content(place, values, key, form)
    if output in {None, "-"}:
        tidy = key is not None and output is None and not content.endswith("\n")
        printed(content.encode() + (b"\n" if tidy else b""))
        return Status.CLEAN
    return _written(session, output, content)


def _place(places: Places, subject: str, key: str | None, choice: Choice) -> Place:
    kind = choice.chosen_kind
    if kind is None:
        kind = Kind.VARIABLES if key is None else kind_of(places, subject, key)
    return choice.places(places, subject, kind, lambda place: place.declared is not None)[0]


def _content(place: Place, values: dict[str, str], key: str | None, form: str) -> str:
    if not values:
        raise click.UsageError(f"nothing is sealed in '{place.sealed.source}'")
    if key is not None:
        if key not in values:
            raise click.UsageError(f"there is no '{key}' in '{place.sealed.source}'; {did_you_mean(key, values)}")
        return values[key]
    try:
        return exported(form, values, home_of(place))
    except ValueError as error:
        raise click.UsageError(f"'{error}' has characters that a dotenv file cannot hold; say '--as json'") from error


def _written(session: Session, output: str, content: str) -> int:
    from generator.adapters.failure import UnwritableFileError
    from generator.adapters.private_file import is_committable, write_private

    if is_committable(output):
        hint = "choose a place outside of it, or have git ignore the file"
        raise click.UsageError(
            f"'{output}' lies in a git work tree, where values in the clear could be committed; {hint}"
        )
    try:
        write_private(output, content.encode())
    except FileExistsError as error:
        raise click.UsageError(f"there is already something at '{output}'; name a new file") from error
    except UnwritableFileError as error:
        raise Failure(str(error)) from error
    session.say(f"{output}: holds values in the clear, readable by you alone; delete it when it has served")
    return Status.CLEAN
