"""`platformc compile`: the manifests of every environment, written."""

from time import perf_counter

import click

from generator.cli.cached import memory_of
from generator.cli.formats import with_format
from generator.cli.kept_findings import findings_of
from generator.cli.selection import with_cache, with_layout, with_output, with_selection, with_shard
from generator.cli.session import Session, on_a_document, seen
from generator.cli.status import Status
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
@with_shard
@click.option("--overwrite", is_flag=True, help="Also over files that were edited by hand.")
@click.option("--exit-code", is_flag=True, help="End with status 1 where a file was written or deleted.")
@with_cache
@with_format
@on_a_document
def command(  # noqa: PLR0913  (an option each)
    session: Session,
    *,
    output: str | None,
    layout: str | None,
    selection: Selection,
    overwrite: bool,
    exit_code: bool,
    no_cache: bool,
) -> int:
    """Write the manifests of every environment, sealed Secrets included.

    Only what differs is written, and what is no longer compiled is deleted. An
    error writes nothing. A file that somebody edited by hand is not touched.
    """
    begun = perf_counter()
    no_cache = no_cache or selection.shard is not None
    memory = memory_of(session, output=output, selection=selection, layout=layout, no_cache=no_cache)
    known = memory.known()
    if known is not None:
        session.findings.extend(seen(session.project.prefix, findings_of(known)))
        status = session.report()
        session.say(compiled(known.objects, known.files, None, perf_counter() - begun))
        return status
    from generator.cli.destination import destination

    compilation = session.compile(selection, layout, memory)
    place = destination(session.project, compilation, output)
    changes = place.update(overwrite=overwrite, inventory=memory.inventory(str(place.lock)))
    memory.keep(compilation, place, changes.lock)
    seconds = perf_counter() - begun
    status = session.report()
    words = compiled(compilation.objects, compilation.files, changes, seconds)
    if exit_code and changes:
        click.echo(f"{words}\nnote: look at what was written, and add it to the commit", err=True)
        return Status.FINDINGS
    session.say(words)
    return status
