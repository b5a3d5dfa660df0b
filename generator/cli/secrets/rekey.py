"""`platformc secrets rekey`: sealed files, sealed to whom the document names now."""

from typing import TYPE_CHECKING

import click

from generator.cli.bar import progress
from generator.cli.formats import with_format
from generator.cli.selection import with_selection
from generator.cli.session import Session, on_a_document, refusals, seen
from generator.cli.status import Status
from generator.model.selection import Selection, SelectionError
from generator.model.unit import units

if TYPE_CHECKING:  # they cost more to import than help and usage errors may
    from generator.cli.secrets.rekeying import Rekeyed, Rekeying
    from generator.front import Front
    from generator.stages.seal.targets import Target

_EPILOG = """\b
Examples:
  platformc secrets rekey
  platformc secrets rekey --rotate                 with new data keys
  platformc secrets rekey --all --rotate -e Prod   every file of Prod
  platformc secrets rekey && platformc compile

\b
Values stay as they are, so no pod restarts. Who was removed can still read
what older commits hold: the command lists which values to change for that.
"""


@click.command("rekey", epilog=_EPILOG)
@with_selection
@click.option("--rotate", is_flag=True, help="Give the files a new data key, too.")
@click.option("--all", "every", is_flag=True, help="Every file, with --rotate.")
@click.option("--keep-going", is_flag=True, help="Leave out files that cannot be opened.")
@with_format
@on_a_document
def command(
    session: Session,
    *,
    selection: Selection,
    rotate: bool,
    every: bool,
    keep_going: bool,
) -> int:
    """Seal files to whom the document names, where that has changed.

    Exactly the files whose recipients differ are written; where none do, none is.
    Needs sops, and a key that opens them. If one cannot be opened, none is written
    and the exit status is 1; with --keep-going the others are, and it is 1 as well.
    """
    from generator.adapters.secret_files import SecretFiles
    from generator.adapters.secret_store import utc_today
    from generator.adapters.sops import Sops
    from generator.cli.secrets.rekeying import Rekeying
    from generator.front import refuse_wrong_recipients

    if every and not rotate:
        raise click.UsageError("--all goes with --rotate: there is nothing else to do to files that did not drift")
    front = session.front()
    sops = Sops.find()
    work = Rekeying(sops=sops, config=front.sops_config or b"", rotate=rotate, today=utc_today())
    files = SecretFiles(session.project.folder)
    with refusals(session.project.prefix), files.turn():
        found = _targets(session, front, selection)
        refuse_wrong_recipients(front, [each.unit for each in found])
        outcomes = _tried(session, work, [each for each in found if every or each.drift or each.source.findings])
        failed = [finding for each in outcomes for finding in each.findings]
        session.findings.extend(seen(session.project.prefix, failed))
        written = [each for each in outcomes if each.content is not None and (keep_going or not failed)]
        for each in written:
            files.write(each.target.declared.source, each.content or b"")
    return _told(session, written, rotated=rotate)


def _targets(session: Session, front: "Front", selection: Selection) -> list["Target"]:
    from generator.stages.seal.targets import targets

    try:
        return list(targets(tuple(units(front.platform)), session.project.files, selection))
    except SelectionError as error:
        raise click.UsageError(str(error)) from error


def _tried(session: Session, work: "Rekeying", found: list["Target"]) -> list["Rekeyed"]:
    from generator.adapters.parallel import in_parallel

    with progress("sealing", len(found), quiet=session.quiet) as done:
        return in_parallel(work.rekeyed, found, done)


def _told(session: Session, outcomes: list["Rekeyed"], *, rotated: bool) -> Status:
    from generator.report.rekeying import rekeyed_members, rekeyed_text

    written = [(each.target.declared, each.target.drift) for each in outcomes]
    status = session.report(**rekeyed_members(written, rotated=rotated))
    if session.machine:
        return status
    if written or status is Status.CLEAN:
        session.say(rekeyed_text(written, rotated=rotated))
    else:
        session.say("nothing was written; --keep-going leaves out what cannot be opened")
    return status
