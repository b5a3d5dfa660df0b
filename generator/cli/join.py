"""`platformc join`: the parts that several machines compiled, as one output."""

import os
from pathlib import Path
from time import perf_counter

import click

from generator.adapters.project import ProjectFiles
from generator.cli.destination import destination
from generator.cli.formats import with_format
from generator.cli.selection import joining, with_output
from generator.cli.session import Session, on_a_document, refusals, seen
from generator.cli.staleness import told
from generator.cli.status import Status
from generator.report.summary import compiled, up_to_date

_EPILOG = """\b
Examples:
  platformc compile --shard 1/2 -o parts/1     on one machine
  platformc compile --shard 2/2 -o parts/2     on another
  platformc join parts/1 parts/2               where both folders are
  platformc join parts/* --check               is the committed output that?
"""


@click.command("join", epilog=_EPILOG)
@click.argument(
    "parts", nargs=-1, required=True, metavar="PART...", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@with_output
@click.option(
    "--check", "check", is_flag=True, help="Write nothing; exit 1 unless the output is what the parts make up."
)
@click.option("--overwrite", is_flag=True, help="Also over files that were edited by hand.")
@with_format
@on_a_document
def command(session: Session, *, parts: tuple[Path, ...], output: str | None, check: bool, overwrite: bool) -> int:
    """Join what 'compile --shard' wrote into the folders PART: byte for byte what one machine compiles.

    Every part must be there once, from the documents and files that are here. What
    can only be said of the whole platform is said now.
    """
    from generator import __version__
    from generator.parts import PartFiles, join_parts

    begun = perf_counter()
    folders = [
        PartFiles(Path(os.path.relpath(each, session.project.folder)).as_posix(), ProjectFiles(each).read)
        for each in parts
    ]
    with refusals(session.project.prefix):
        compilation = join_parts(session.project.inputs(), folders, compiler=__version__)
    session.findings.extend(seen(session.project.prefix, compilation.warnings))
    place = destination(session.project, compilation, output)
    if not check:
        changes = place.update(overwrite=overwrite)
        status = session.report()
        session.say(compiled(compilation.objects, compilation.files, changes, perf_counter() - begun))
        return status
    changes, faults = place.inspect()
    mend = joining(session.project.given, output, [str(each) for each in parts])
    status = told(session, place, changes, faults, mend)
    if status is Status.CLEAN:
        session.say(up_to_date(compilation.objects, compilation.files))
    return status
