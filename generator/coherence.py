"""Whether the objects of a namespace find each other, and whether kustomize would write names anew that are to stay.

Told from what is claimed of them (`claims.py`), without the objects. Where something is wrong, who says so needs these.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from generator.claims import NOTHING, Names, read_claims, spoken_of, text_of
from generator.model.footprint import Footprint, stage_of
from generator.model.manifest import Manifest
from generator.model.platform import Application
from generator.model.source import Path, Position
from generator.model.unit import Unit
from generator.stages.verify.references import Summary, reference_findings
from generator.unit_compiler import UnitResult
from generator.work import Work

Wants: TypeAlias = tuple[Summary, Names, Names]
"""What the objects of one unit want of others, and the names that are renamed and referred to; see `UnitResult`."""


def is_coherent(units: Mapping[str, Sequence[Wants]], applications: Iterable[Application]) -> bool:
    """Say whether nothing is amiss between the objects of *units*, by the name of the application.

    Where one of *applications* has no units there, nobody asks.
    """
    return all(
        not _is_at_odds(units[each.name], each) and not _is_captured(units[each.name])
        for each in applications
        if each.name in units
    )


def wants_of(lines: Mapping[str, bytes], applications: Iterable[str]) -> dict[str, list[Wants]]:
    """Return what the units of *applications* want, from *lines* of claims by unit.

    Raises:
        LookupError, TypeError, ValueError: When these are none.
    """
    return {
        application: list(read_claims(line for name, line in lines.items() if name.partition("/")[0] == application))
        for application in applications
    }


def _is_at_odds(units: Sequence[Wants], application: Application) -> bool:
    """Say whether something dangles or collides between the objects of one namespace."""
    return bool(reference_findings([summary for summary, _, _ in units], application.external, _anywhere))


def _is_captured(units: Sequence[Wants]) -> bool:
    """Say whether kustomize would write names anew, in the objects of one unit, that are meant to stay."""
    renamed = {name for _, names, _ in units for name in names}
    return any(not renamed.isdisjoint(referred) for _, _, referred in units)


def _anywhere(_manifest: Manifest, _path: Path) -> Position:
    return Position("")


def is_still_coherent(
    were: Mapping[str, bytes], now: Mapping[str, bytes], noticing: Iterable[str], work: Work, before: Footprint
) -> bool:
    """Say whether the claims of all units agree *now* as those that *were* did, both as lines by unit.

    Args:
        were: What was claimed.
        now: What is claimed.
        noticing: The applications of which something else is said that their objects are held against.
        work: The compilation.
        before: What was known of the units.
    """
    changed: dict[str, list[str]] = defaultdict(list)
    for name in {**were, **now}:
        if were.get(name) != now.get(name):
            changed[name.partition("/")[0]].append(name)
    at_issue = {*noticing}
    for application in changed.keys() - at_issue:
        text = text_of(line for name, line in now.items() if name.partition("/")[0] == application)
        if any(_is_spoken_of(were.get(name, NOTHING), now.get(name, NOTHING), text) for name in changed[application]):
            at_issue.add(application)
    if work.front.platform.layout == "kustomize" and any(name.partition("/")[0] in at_issue for name in before.in_full):
        return False  # some have their names in full for the sake of others
    return is_coherent(wants_of(now, at_issue), work.front.platform.applications)


def _is_spoken_of(was: bytes, now: bytes, text: bytes) -> bool:
    """Say whether others in *text* may speak of what the line *now* claims otherwise than it *was*, or it of them."""
    spoken = spoken_of(now, was)
    return (
        spoken is None
        or any(text.count(word) > now.count(word) for word in spoken.words)
        or any(word not in text for word in spoken.wanted)
    )


def are_paths_free(compiled: Iterable[tuple[Unit, UnitResult]], there: Collection[str], before: Footprint) -> bool:
    """Say whether no path of what was *compiled* leads to another microservice of its environment that is *there*."""
    known = {name: paths for name, paths in before.paths.items() if name in there}
    now = known | {unit.name: [*result.paths] for unit, result in compiled}
    new = {unit.name for unit, result in compiled if not {*result.paths} <= {*known.get(unit.name, ())}}
    for environment in {stage_of(name) for name in new}:
        taken = list(chain.from_iterable(each for name, each in now.items() if stage_of(name) == environment))
        if len(set(taken)) < len(taken):
            return False
    return True
