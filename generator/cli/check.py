"""`platformc check`: is the committed output what compiling would write?"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import click

from generator.adapters.presence import present
from generator.adapters.record import Record
from generator.adapters.root import Root
from generator.cli.cached import memory_of
from generator.cli.formats import with_format
from generator.cli.kept_findings import findings_of
from generator.cli.project import leading_to
from generator.cli.selection import adopting, mending, with_cache, with_layout, with_output, with_selection
from generator.cli.session import Session, on_a_document, seen
from generator.cli.status import Status
from generator.model.diagnostics import printable
from generator.model.selection import Selection
from generator.report.summary import up_to_date

_EPILOG = """\b
Examples:
  platformc check
  platformc check -e Prod --format json
  platformc check || platformc compile
"""


@click.command("check", epilog=_EPILOG)
@with_output
@with_layout
@with_selection
@with_cache
@with_format
@on_a_document
def command(
    session: Session,
    *,
    output: str | None,
    layout: str | None,
    selection: Selection,
    no_cache: bool,
) -> int:
    """Say whether the output is what compiling would write, and write nothing.

    Exit status 1 when it is not; then each file is named with the reason: source
    changed, compiler changed, missing, no longer compiled, edited by hand, foreign.
    """
    memory = memory_of(session, output=output, selection=selection, layout=layout, no_cache=no_cache)
    known = memory.known()
    if known is not None:
        return _recalled(session, output, known, _beside(known))
    from generator.cli.destination import destination
    from generator.cli.staleness import told

    compilation = session.compile(selection, layout, memory)
    place = destination(session.project, compilation, output)
    changes, faults = place.inspect()
    if not changes and not faults and not changes.untidy:
        memory.keep(compilation, place, changes.lock)
    given = session.project.given
    mend = mending(given, output, selection, layout)
    adopt = adopting(given, layout) if output is None else ""
    status = told(session, place, changes, faults, mend, adopt)
    if changes:
        return status
    if changes.untidy:
        session.say(
            f"note: '{printable(place.prefix + str(place.lock))}' is as a merge left it; the next compile tidies it"
        )
    is_edit = len(compilation.tree) < compilation.files
    _note(session, place.prefix, place.strangers() if is_edit else changes.strangers)
    if status is Status.CLEAN:
        session.say(up_to_date(compilation.objects, compilation.files))
    return status


def _beside(known: Record) -> list[str]:
    """Return the files in the output folder that the last run did not compile."""
    names = set(known.written.names)
    return [each for each in present(Root(Path(known.root)), known.folder) if each not in names]


def _recalled(session: Session, output: str | None, known: Record, beside: list[str]) -> int:
    """Say what the last run came to."""
    session.findings.extend(seen(session.project.prefix, findings_of(known)))
    status = session.report()
    if beside:
        from generator.adapters.disk import Output
        from generator.model.changes import everywhere, within

        in_scope = within(*map(PurePosixPath, known.scope)) if known.scope else everywhere
        is_inside = Path(known.root) == session.project.folder.resolve()
        prefix = session.project.prefix if is_inside else leading_to(Path(output or "").parent)
        _note(session, prefix, Output(Path(known.root), PurePosixPath(known.folder)).strangers(in_scope))
    if status is Status.CLEAN:
        session.say(up_to_date(known.objects, known.files))
    return status


def _note(session: Session, prefix: str, strangers: Iterable[PurePosixPath]) -> None:
    """Mention files in the output folder that are not platformc's."""
    for stranger in strangers:
        session.say(f"note: '{printable(prefix + str(stranger))}' is not platformc's")
