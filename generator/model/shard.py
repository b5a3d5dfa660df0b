"""One part of a platform among several that are compiled apart, on machines that need not know each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.model.lazy_pattern import lazy_pattern
from generator.model.lock import sha256

if TYPE_CHECKING:  # a command knows its part long before it needs a platform
    from generator.model.unit import Unit

PART_NAME = ".platformc-part.json"
"""What a part says of itself, in its output folder."""

_SAID = lazy_pattern(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


class Shard(Struct, frozen=True):
    """Part *number* of *count*, counted from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def read_shard(text: str) -> Shard:
    """Return the shard that *text* says, as `2/4`.

    Raises:
        ValueError: When it says none.
    """
    found = _SAID.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError("expected one part of several, as 2/4")
    return Shard(int(found[1]), int(found[2]))


def units_of(shard: Shard, everything: "Sequence[Unit]", layout: str) -> "list[Unit]":
    """Return the units that belong to *shard*: each to one, and to the same one whatever else there is.

    In the kustomize layout an application stays together: what one microservice's objects are called in its base
    depends on those of the others.
    """
    return [each for each in everything if _number(_key(each, layout), shard.count) == shard.number]


def _number(key: str, count: int) -> int:
    return int(sha256(key.encode())[:8], 16) % count + 1


def _key(unit: "Unit", layout: str) -> str:
    if layout == "kustomize":
        return unit.application.slug
    named = (unit.application, unit.environment if unit.microservice is None else None, unit.microservice)
    return "/".join("" if each is None else each.slug for each in named)
