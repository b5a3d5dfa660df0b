"""What is laid out together: the environments of one microservice, which share a base."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from generator.model.unit import Unit


class Group(Struct, frozen=True):
    """Units that are laid out together: those of one microservice in all its environments, or one other unit.

    Attributes:
        units: The units.
        in_full: Kinds and short names of objects whose names stay as they are, though kustomize could name them.
    """

    units: tuple[Unit, ...]
    in_full: frozenset[tuple[str, str]] = frozenset()

    @property
    def name(self) -> str:
        """Its name in messages: `shop/Catalog`."""
        unit = self.units[0]
        named = (unit.application, unit.microservice)
        return "/".join(each.name for each in named if each is not None)


def groups(everything: Iterable[Unit], chosen: Sequence[Unit]) -> list[Group]:
    """Return the groups of *chosen*: what a microservice's environments share depends on all of them."""
    wanted = {_key(each) for each in chosen}
    found: dict[tuple[str, ...], list[Unit]] = {}
    for each in everything:
        if _key(each) in wanted:
            found.setdefault(_key(each), []).append(each)
    return [Group(tuple(each)) for each in found.values()]


def _key(unit: Unit) -> tuple[str, ...]:
    if unit.microservice is not None:
        return (unit.application.slug, "", unit.microservice.slug)
    return (unit.application.slug, "" if unit.environment is None else unit.environment.slug)
