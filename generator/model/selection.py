"""Which part of a platform to compile."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.model.diagnostics import did_you_mean
from generator.model.shard import Shard

if TYPE_CHECKING:  # a command knows its selection long before it needs a platform
    from generator.model.unit import Unit


class Selection(Struct, frozen=True):
    """*environments* by name, *microservices* as `APPLICATION/MICROSERVICE` or `MICROSERVICE`. Empty means all.

    A *shard* is a part that has nothing to do with names.
    """

    environments: tuple[str, ...] = ()
    microservices: tuple[str, ...] = ()
    shard: Shard | None = None


class SelectionError(ValueError):
    """A name in a selection means nothing; the words say which, and what there is."""


WHOLE = Selection()
"""Everything."""


def selected(everything: "Sequence[Unit]", selection: Selection) -> "Sequence[Unit]":
    """Return the units that *selection* means: with environments, also the applications that they are in.

    Raises:
        SelectionError: For a name that means nothing.
    """
    _refuse_unknown(everything, selection)
    return [each for each in everything if _in_environments(each, selection) and _in_microservices(each, selection)]


def _in_environments(unit: "Unit", selection: Selection) -> bool:
    return not selection.environments or unit.environment is None or unit.environment.name in selection.environments


def _in_microservices(unit: "Unit", selection: Selection) -> bool:
    if not selection.microservices:
        return True
    return bool(_names_of(unit) & set(selection.microservices))


def _names_of(unit: "Unit") -> set[str]:
    if unit.microservice is None:
        return set()
    return {unit.microservice.name, f"{unit.application.name}/{unit.microservice.name}"}


def _refuse_unknown(everything: "Sequence[Unit]", selection: Selection) -> None:
    environments = {each.environment.name for each in everything if each.environment is not None}
    microservices = {name for each in everything for name in _names_of(each)}
    for kind, names, known in (
        ("environment", selection.environments, environments),
        ("microservice", selection.microservices, microservices),
    ):
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                raise SelectionError(f"there is no {kind} '{name}'" + (f"; {hint}" if hint else ""))
