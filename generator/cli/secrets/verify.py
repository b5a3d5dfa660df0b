"""`platformc secrets verify`: every value that the key at hand opens, checked."""

from collections.abc import Callable
from os import urandom
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
    from generator.cli.secrets.verifying import Verdict
    from generator.model.diagnostics import Diagnostic
    from generator.model.platform import Platform
    from generator.model.sealed_place import SealedPlace

_EPILOG = """\b
Examples:
  platformc secrets verify
  platformc secrets verify -e Dev
  platformc secrets verify --require-all   with a key to everything

\b
Exit status 1: a file is damaged or its code does not hold, a registry's
account does not fit, or no file at all could be opened. Values that look like
accidents are warnings, and files for other keys are named: neither changes
the status, unless --require-all asks that every file be opened.
"""


@click.command("verify", epilog=_EPILOG)
@with_selection
@click.option("--require-all", is_flag=True, help="Also fail when a file cannot be opened.")
@with_format
@on_a_document
def command(session: Session, *, selection: Selection, require_all: bool) -> int:
    """Open every file that a key at hand opens, and look for accidents in values.

    The code of each file is checked, which a GitOps engine may not do. A value that
    ends in a line break, is a placeholder, very short, encoded twice, or the same in
    two environments is a warning. No value is ever shown or kept.
    """
    from generator.adapters.sops import Sops
    from generator.cli.secrets.verifying import Verifying
    from generator.stages.seal.accidents import repetitions

    sops = Sops.find()
    platform = session.front().platform
    with refusals(session.project.prefix):
        host = platform.registry.host if platform.registry is not None else ""
        work = Verifying(sops=sops, files=session.project.files, host=host, pepper=urandom(32))
        places, found = _places(session, platform, selection)
        verdicts = _verdicts(session, work.verdict, places)
    found += [finding for each in verdicts for finding in each.findings]
    found += repetitions(one for each in verdicts for one in each.fingerprints)
    session.findings.extend(seen(session.project.prefix, found))
    return _told(session, verdicts, require_all=require_all)


def _places(
    session: Session, platform: "Platform", selection: Selection
) -> tuple[list["SealedPlace"], list["Diagnostic"]]:
    """Return every file that is there, of those that *selection* means, in the order of the environments.

    Whether or not something declares it. And a finding for each place where something else than a file stands.
    """
    from generator.adapters.secret_store import utc_today
    from generator.model.sealed_faults import obstructed
    from generator.stages.seal.stock import take_stock

    try:
        stock = take_stock(tuple(units(platform)), session.project.files, utc_today(), selection)
    except SelectionError as error:
        raise click.UsageError(str(error)) from error
    places = {each.place.source: each.place for each in stock.standings}
    stages = {
        (application, name): number
        for application, names in stock.environments.items()
        for number, name in enumerate(names)
    }
    files = session.project.files
    present = [place for source, place in places.items() if files.read(source) is not None]
    present.sort(key=lambda each: stages.get((each.subject.partition("/")[0], each.environment), -1))
    return present, [
        obstructed(str(source), obstacle) for source in places if (obstacle := files.obstacle(source)) is not None
    ]


def _verdicts(
    session: Session, verdict: Callable[["SealedPlace"], "Verdict"], places: list["SealedPlace"]
) -> list["Verdict"]:
    from generator.adapters.parallel import in_parallel

    with progress("opening", len(places), quiet=session.quiet) as done:
        return in_parallel(verdict, places, done)


def _told(session: Session, verdicts: list["Verdict"], *, require_all: bool) -> Status:
    from generator.report.verdicts import verdict_members, verdict_text

    locked = [(str(each.file), each.readers) for each in verdicts if not each.opened and not each.findings]
    opened = sum(each.opened for each in verdicts)
    status = session.report(**verdict_members(opened, locked))
    if not session.machine:
        session.say(verdict_text(opened, locked))
    return Status.FINDINGS if locked and (require_all or not opened) else status
