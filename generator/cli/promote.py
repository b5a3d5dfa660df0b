"""`platformc promote`: one environment is to run what another one runs."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from generator.cli.agreement import agree, difference
from generator.cli.project import STDIN
from generator.cli.session import Refusal, Session, on_a_document, refusals
from generator.cli.stream import printed
from generator.model.diagnostics import listed
from generator.model.promotion import Taking
from generator.model.selection import WHOLE
from generator.report.objects import object_changes

if TYPE_CHECKING:  # the compiler costs more to import than help and usage errors may
    from generator.promotion import Promotion, Request

_EPILOG = """\b
Examples:
  platformc promote Catalog --from Dev --to Prod
  platformc promote shop/Catalog --from Dev --to Prod --image-only
  platformc promote Catalog --from Dev --to Prod --keep env.LOG_LEVEL --yes
  platformc promote Catalog --from Dev --to Prod --dry-run
"""


@click.command("promote", epilog=_EPILOG)
@click.argument("microservice", metavar="MICROSERVICE")
@click.option("--from", "source", metavar="ENV", required=True, help="The environment that runs it.")
@click.option("--to", "target", metavar="ENV", required=True, help="The environment that is to run the same.")
@click.option("--image-only", is_flag=True, help="Nothing but the image.")
@click.option("--keep", metavar="SETTING", multiple=True, help="Leave this, as env.LOG_LEVEL; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@on_a_document
def command(  # noqa: PLR0913  (an option each)
    session: Session,
    *,
    microservice: str,
    source: str,
    target: str,
    image_only: bool,
    keep: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> int:
    """Edit the document so that one environment runs what another one runs.

    MICROSERVICE is its name, or APPLICATION/MICROSERVICE. The image, the version of
    the Runtime, and the variables, files and settings of the head that --from
    overrides are taken over by --to. Replicas, resources, hosts, tenants, secrets
    and patches stay as they are. What changes is shown first; comments and layout
    of the document are kept.
    """
    from generator.promotion import Request

    if session.project.name == STDIN:
        raise click.UsageError("standard input cannot be edited; name a document with '-f PLATFORM'")
    asked = Request(microservice=microservice, source=source, target=target, image_only=image_only, keep=keep)
    found = _promotion(session, asked)
    if found.compiled is None:
        what = "the image that" if image_only else "what"
        session.say(f"'{target}' already runs {what} '{source}' runs of {found.subject}; nothing to do")
        _say_staying(session, found, target)
        return session.report()
    name = f"{session.project.prefix}{found.file}"
    printed(difference(name, found.before, found.after))
    _explain(session, found, target)
    if dry_run:
        return session.report()
    agree(name, yes=yes)
    _write(session, found)
    session.say(f"wrote {name}; run 'platformc compile' to bring the output up to date")
    return session.report()


def _promotion(session: Session, asked: "Request") -> "Promotion":
    from generator.promotion import UnknownNameError, promotion

    with refusals(session.project.prefix):
        try:
            return promotion(session.project.inputs(), asked)
        except UnknownNameError as error:
            raise click.UsageError(str(error)) from error


def _explain(session: Session, found: "Promotion", target: str) -> None:
    """Say what the environment takes over, what stays, and what that does to its objects."""
    session.say(f"'{target}' takes over, for {found.subject}:")
    for taking in found.plan.takings:
        session.say(f"  {_told(taking)}")
    _say_staying(session, found, target)
    try:
        before = session.compile(WHOLE).tree
    except Refusal:  # what is wrong with the document as it is, the edit puts right: a value is sealed already
        return
    if found.compiled is not None:
        for line in object_changes(before, found.compiled.tree):
            session.say(f"  {session.project.prefix}{line}")


def _told(taking: Taking) -> str:
    if taking.version:
        return f"{taking.name}: {taking.version} (now {taking.before})"
    return taking.name if taking.value is not None else f"{taking.name}: removed"


def _say_staying(session: Session, found: "Promotion", target: str) -> None:
    if found.plan.staying:
        session.say(f"stays as '{target}' has it: {listed(found.plan.staying)}")


def _write(session: Session, found: "Promotion") -> None:
    from generator.adapters.document_files import rewrite

    with refusals(session.project.prefix):
        rewrite(session.project.folder, PurePosixPath(found.file), found.before, found.after)
