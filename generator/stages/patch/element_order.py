"""`$setElementOrder`: the order that a merged list is to have."""

from collections.abc import Sequence

from generator.model.source import Json


def identity(item: Json, key: str | None) -> Json:
    """Return what tells *item* apart, or None: the value of its *key*, or itself where there is none."""
    if key is not None:
        item = item.get(key) if isinstance(item, dict) else None
    return None if isinstance(item, dict | list) else item


def is_order_of(order: Sequence[Json], patch: Sequence[Json], key: str | None) -> bool:
    """Say whether *order* has everything that *patch* sets, in the same order, as Kubernetes demands."""
    rest = iter([identity(each, key) for each in order])
    wanted = [each for each in patch if not (isinstance(each, dict) and "$patch" in each)]
    return all(identity(each, key) in rest for each in wanted)


def ordered(merged: list[Json], old: Sequence[Json], order: Sequence[Json], key: str | None) -> list[Json]:
    """Return *merged* in the order of *order*; what *order* does not name keeps its place of *old*.

    Kubernetes' rule: what is named is sorted by *order*, the rest stays as it was, and the two are zipped
    together, a named item going first only if it stood before the other in *old*. Returns *merged* itself if
    that is its order already.
    """
    places = {identity(each, key): index for index, each in enumerate(order)}
    before = {identity(each, key): index for index, each in enumerate(old)}
    named = [each for each in merged if identity(each, key) in places]
    named.sort(key=lambda each: places[identity(each, key)])
    others = [each for each in merged if identity(each, key) not in places]
    result: list[Json] = []
    while named and others:
        left, right = before.get(identity(named[0], key)), before.get(identity(others[0], key))
        named_first = left is not None and right is not None and left < right
        result.append((named if named_first else others).pop(0))
    result += [*named, *others]
    return merged if all(one is two for one, two in zip(result, merged, strict=True)) else result
