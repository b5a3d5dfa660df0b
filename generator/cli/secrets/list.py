"""`platformc secrets list`: what is declared and sealed, by name."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

import click

from generator.adapters.secret_store import utc_today
from generator.cli.selection import with_selection
from generator.cli.session import Session, on_a_document, refusals
from generator.cli.status import Status
from generator.cli.stream import printed
from generator.model.diagnostics import printable
from generator.model.selection import Selection, SelectionError
from generator.model.standing import Standing, State
from generator.model.unit import units
from generator.stages.seal.stock import take_stock

_EPILOG = """\b
Examples:
  platformc secrets list
  platformc secrets list -e Prod
  platformc secrets list --format json | jq -r '.secrets[].key'
"""

_GAP = "  "


@click.command("list", epilog=_EPILOG)
@with_selection
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it."
)
@on_a_document
def command(session: Session, *, selection: Selection, form: str) -> int:
    """Print the name of every secret that is declared or sealed; never a value.

    A line for each: whose it is, its key, and its environments; in brackets those
    where it is not sealed. Needs no key and no sops. See also 'secrets status'.
    """
    platform = session.front().platform
    with refusals(session.project.prefix):
        try:
            stock = take_stock(tuple(units(platform)), session.project.files, utc_today(), selection)
        except SelectionError as error:
            raise click.UsageError(str(error)) from error
    if form == "json":
        printed(json.dumps({"secrets": [_member(each) for each in stock.standings]}, indent=2) + "\n")
    else:
        printed("".join(_lines(stock.standings)))
    return Status.CLEAN


def _member(standing: Standing) -> dict[str, str | bool | None]:
    application, _, microservice = standing.place.subject.partition("/")
    return {
        "application": application,
        "environment": standing.place.environment or None,
        "microservice": microservice or None,
        "kind": standing.place.kind.value,
        "store": standing.place.store or None,
        "key": standing.key,
        "file": str(standing.place.source),
        "declared": State.ORPHANED not in standing.states,
        "sealed": _is_sealed(standing),
    }


def _lines(standings: Iterable[Standing]) -> Iterator[str]:
    groups = groupby(standings, key=lambda each: (each.place.subject, each.place.kind, each.place.store, each.key))
    rows = [
        ((f"{subject} (store {store})" if store else subject, key), [_environment(each) for each in found])
        for (subject, _, store, key), found in groups
    ]
    widths = [max((len(names[column]) for names, _ in rows), default=0) for column in (0, 1)]
    for names, environments in rows:
        cells = [*(name.ljust(width) for name, width in zip(names, widths, strict=True)), ", ".join(environments)]
        yield printable(_GAP.join(cells).rstrip()) + "\n"


def _environment(standing: Standing) -> str:
    name = standing.place.environment or "all"
    return name if _is_sealed(standing) else f"({name})"


def _is_sealed(standing: Standing) -> bool:
    return State.MISSING not in standing.states and State.FAULTY not in standing.states
