"""`platformc adopt`: what somebody edited in the output goes into the document."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from generator.cli.agreement import agree, difference
from generator.cli.project import STDIN, Project
from generator.cli.selection import with_layout
from generator.cli.session import Session, on_a_document, refusals
from generator.cli.stream import printed
from generator.model.adoption import Handmade
from generator.model.changes import Changes
from generator.model.diagnostics import printable
from generator.model.selection import WHOLE
from generator.report.amount import plural
from generator.report.objects import object_changes

if TYPE_CHECKING:  # the compiler costs more to import than help and usage errors may
    from generator.adoption import Adoption
    from generator.cli.destination import Destination
    from generator.compiler import Compilation

_EPILOG = """\b
Examples:
  platformc adopt                             all that was edited by hand
  platformc adopt deploy/shop/dev/catalog.yaml
  platformc adopt --dry-run                   show what the document would say
"""


@click.command("adopt", epilog=_EPILOG)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path())
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@with_layout
@on_a_document
def command(session: Session, *, files: tuple[str, ...], layout: str | None, dry_run: bool, yes: bool) -> int:
    """Take what was edited by hand in the output into the document.

    FILE is a file of the output that was edited; without one, all of them are
    taken. The document gets the setting that says the same (an image, replicas,
    resources, a plain variable), or a patch for the microservice in that
    environment; an object that was added becomes a plain manifest. What changes is
    shown first. Compiling then gives the edited objects, and the files are written
    anew: comments in them are lost, and a layout of your own.
    """
    from generator.cli.destination import destination

    if session.project.name == STDIN:
        raise click.UsageError("standard input cannot be edited; name a document with '-f PLATFORM'")
    before = session.compile(WHOLE, layout)
    place = destination(session.project, before, None)
    changes, _ = place.inspect()
    chosen = _chosen(session.project, files, changes, before)
    _mention(session, place.prefix, changes, chosen)
    if not chosen:
        session.say("no file of the output was edited by hand; nothing to do")
        return session.report()
    edited = place.handmade(chosen)
    others = place.handmade(path for path in changes.reasons if path not in chosen)
    for each in (*edited, *others):  # a secret may have been pasted there
        session.unseen.add(f"{place.prefix}{each.path}")
    found = _adoption(session, edited, others, before)
    _explain(session, found, edited, before)
    if dry_run:
        return session.report()
    agree(_named(place.prefix, found), yes=yes)
    document = None if changes.former else place.document  # it moves when everything is compiled
    _write(session, found, edited, replace(place, tree=found.compiled.tree, document=document))
    session.say(f"wrote {_named(place.prefix, found)}{_left(changes, found.paths)}")
    return session.report()


def _chosen(
    project: Project, files: Sequence[str], changes: Changes, before: "Compilation"
) -> tuple[PurePosixPath, ...]:
    """Return the files to take in: those that *files* names, or all that were edited by hand.

    Raises:
        UsageError: When one is not a file of the output.
    """
    if not files:
        return changes.hand_edited or changes.foreign
    known = {*before.tree, *changes.hand_edited}
    found = [_inside(project, each) for each in files]
    for file, path in zip(files, found, strict=True):
        if path not in known:
            raise click.UsageError(f"'{file}' is no file that platformc compiles; see 'platformc check'")
    theirs = {*changes.hand_edited, *changes.foreign}
    return tuple(dict.fromkeys(path for path in found if path in theirs))


def _inside(project: Project, file: str) -> PurePosixPath:
    """Return *file*, as the current folder calls it, from the project's folder."""
    given = Path(file)
    place = given.parent.resolve() / given.name
    return PurePosixPath(Path(os.path.relpath(place, project.folder.resolve())).as_posix())


def _mention(session: Session, prefix: str, changes: Changes, chosen: Sequence[PurePosixPath]) -> None:
    """Mention what stands in the way of compiling and is nobody's edit."""
    for path in changes.foreign:
        if path not in chosen:
            name = printable(f"{prefix}{path}")
            session.say(f"note: '{name}' is not platformc's and stands where a compiled file belongs; move it away")


def _adoption(
    session: Session, edited: Sequence[Handmade], others: Sequence[Handmade], before: "Compilation"
) -> "Adoption":
    from generator.adapters.workers import spread
    from generator.adoption import adoption

    with refusals(session.project.prefix):
        return adoption(session.project.inputs(), edited, others, before, spread)


def _explain(session: Session, found: "Adoption", edited: Sequence[Handmade], before: "Compilation") -> None:
    """Show the edit, and say what it does."""
    prefix = session.project.prefix
    printed("".join(difference(f"{prefix}{each.file}", each.before, each.after) for each in found.edits))
    for file in edited:
        path = file.path
        session.say(f"{printable(f'{prefix}{path}')}:")
        for kind, parts in (("setting", found.settings), ("patch", found.patched), ("manifest", found.added)):
            for where, name in parts:
                if where == path:
                    session.say(f"  {kind}: {printable(name)}")
        if not found.is_as_written(file):
            session.say("  comments and layout: not kept, the file is written anew")
    for line in object_changes(before.tree, found.compiled.tree):
        session.say(f"  {prefix}{line}")


def _left(changes: Changes, written: Sequence[PurePosixPath]) -> str:
    """Return what is to be done about files that are not *written*: compiling is refused where it would lose some."""
    rest = changes.reasons.keys() - set(written)
    kept = len(rest.intersection((*changes.hand_edited, *changes.foreign)))
    if kept:
        it_is = "is still not as platformc left it" if kept == 1 else "are still not as platformc left them"
        return f"; {plural(kept, 'other file')} {it_is}: see 'platformc check'"
    return f"; run 'platformc compile' to bring {plural(len(rest), 'other file')} up to date" if rest else ""


def _named(prefix: str, found: "Adoption") -> str:
    """Return the files that are written, in words."""
    names = [*(each.file for each in found.edits), *map(str, found.paths)]
    return ", ".join(printable(f"{prefix}{each}") for each in names)


def _write(session: Session, found: "Adoption", edited: Sequence[Handmade], place: "Destination") -> None:
    """Write the source first: whatever happens then, adopting again goes on from there."""
    from generator.adapters.document_files import create, rewrite

    with refusals(session.project.prefix):
        for each in found.edits:
            if each.before is None:
                create(session.project.folder, PurePosixPath(each.file), each.after)
            else:
                rewrite(session.project.folder, PurePosixPath(each.file), each.before, each.after)
    place.replace(edited, found.paths)
