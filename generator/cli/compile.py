"""`platformc compile`: the manifests of every environment, written."""

from time import perf_counter

import click

from generator.cli.formats import with_format
from generator.cli.selection import destination, with_layout, with_output, with_selection
from generator.cli.session import Session, on_a_document
from generator.model.selection import Selection
from generator.report.summary import compiled

_EPILOG = """\b
Examples:
  platformc compile                            everything
  platformc compile -e Prod                    one environment
  platformc compile --select shop/Catalog      one microservice
  platformc compile -o /tmp/preview            somewhere else, to look at it
  platformc compile --layout kustomize         bases and overlays
  cat platform.yaml | platformc compile -f -   files beside it: current folder
"""


@click.command("compile", epilog=_EPILOG)
@with_output
@with_layout
@with_selection
@click.option("--overwrite", is_flag=True, help="Also over files that were edited by hand.")
@with_format
@on_a_document
def command(
    session: Session,
    *,
    output: str | None,
    layout: str | None,
    environments: tuple[str, ...],
    microservices: tuple[str, ...],
    overwrite: bool,
) -> int:
    """Write the manifests of every environment, sealed Secrets included.

    Only what differs is written, and what is no longer compiled is deleted. An
    error writes nothing. A file that somebody edited by hand is not touched.
    """
    begun = perf_counter()
    compilation = session.compile(Selection(environments, microservices), layout)
    changes = destination(session.project, compilation, output).update(overwrite=overwrite)
    seconds = perf_counter() - begun
    status = session.report()
    session.say(compiled(compilation.objects, len(compilation.tree), changes, seconds))
    return status
