"""Whether the objects of a namespace find each other, and whether kustomize would write names anew that are to stay.

Told from what is claimed of them (`claims.py`), without the objects. Where something is wrong, who says so needs these.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from generator.claims import Names, read_claims
from generator.model.manifest import Manifest
from generator.model.platform import Application
from generator.model.source import Path, Position
from generator.stages.verify.references import Summary, reference_findings

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
