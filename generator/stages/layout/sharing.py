"""What several objects have in common, and what is left to say of each: a strategic merge patch.

What an environment alone has, its patch adds; what most have alike is in the base, and a patch sets it for the others;
what all have differently is in no base. So no patch removes anything, and none repeats what it changes.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from generator.model.source import Json, same_json

ABSENT: Final = object()
"""Nothing: not even null."""

ListKey: TypeAlias = Callable[[tuple[str, ...]], str | None]
"""The field that tells the items of a list apart, by the names of the properties that lead to the list."""

_SECOND: Final = {"containerPort": "protocol", "port": "protocol"}
"""The second half of some keys. Kustomize keeps the order of such lists; others begin with what a patch mentions."""


class InexpressibleError(Exception):
    """No patch of this kind says the difference."""


def shared(values: Sequence[Json], keys: ListKey, names: tuple[str, ...] = ()) -> Json:
    """Return what a base says for all *values*, `ABSENT` for nothing.

    Args:
        values: The same part of each object; at least one.
        keys: Which lists are shared item by item. The others are shared as a whole or not at all.
        names: Where the part stands.
    """
    first = values[0]
    if all(same_json(first, each) for each in values[1:]):
        return first
    if all(isinstance(each, dict) for each in values):
        common = (key for key in first if all(key in each for each in values))
        found = {key: shared([each[key] for each in values], keys, (*names, key)) for key in common}
        return {key: value for key, value in found.items() if value is not ABSENT} or ABSENT
    if all(isinstance(each, list) for each in values):
        key = keys(names)
        return ABSENT if key is None else _shared_items(values, key, keys, names)
    return _most_common(values)


def difference(base: Json, target: Json, keys: ListKey, names: tuple[str, ...] = ()) -> Json:
    """Return the patch that makes *target* of *base*, which `shared` found; `ABSENT` where they are the same.

    Raises:
        InexpressibleError: When none does.
    """
    if same_json(base, target):
        return ABSENT
    if isinstance(base, dict) and isinstance(target, dict):
        return _members(base, target, keys, names)
    if isinstance(base, list) and isinstance(target, list):
        key = keys(names)
        if key is None:
            raise InexpressibleError
        return _items(base, target, key, keys, names)
    if isinstance(base, dict | list) or isinstance(target, dict | list | None):
        raise InexpressibleError
    return target


def _most_common(values: Sequence[Json]) -> Json:
    """Return the plain value that more than half of *values* are, `ABSENT` for none."""
    if any(isinstance(each, dict | list | None) for each in values):
        return ABSENT
    ((_, value), count), *_ = Counter((type(each), each) for each in values).most_common(1)
    return value if count * 2 > len(values) else ABSENT


def _shared_items(values: Sequence[list[Json]], key: str, keys: ListKey, names: tuple[str, ...]) -> Json:
    by_id = [_identified(each, key) for each in values]
    if any(each is None for each in by_id):
        return ABSENT
    items: list[dict[Json, Json]] = [each for each in by_id if each is not None]
    common = [name for name in items[0] if all(name in each for each in items)]
    in_order = all([name for name in each if name in common] == common for each in items)
    alike = all(len(each) == len(common) for each in items)
    if not common or not in_order or (key in _SECOND and not alike):
        return ABSENT
    return [shared([each[name] for each in items], keys, names) for name in common]


def _members(base: dict[str, Json], target: dict[str, Json], keys: ListKey, names: tuple[str, ...]) -> Json:
    patch = {}
    if base.keys() - target.keys():
        raise InexpressibleError
    for key, value in target.items():
        said = value if key not in base else difference(base[key], value, keys, (*names, key))
        if said is ABSENT:
            continue
        if key.startswith("$"):
            raise InexpressibleError
        patch[key] = said
    return patch


def _items(base: list[Json], target: list[Json], key: str, keys: ListKey, names: tuple[str, ...]) -> Json:
    """Return the items that a patch mentions: all from the first on, up to the last with a difference."""
    old, new = _identified(base, key), _identified(target, key)
    if old is None or new is None or old.keys() - new.keys():
        raise InexpressibleError
    said = []
    last = 0
    for index, (name, item) in enumerate(new.items(), start=1):
        found = item if name not in old else difference(old[name], item, keys, names)
        if found is not ABSENT:
            last = index
        second = _SECOND.get(key)
        known = {part: item[part] for part in (key, second) if part in item} if name in old else {}
        said.append({**known, **({} if found is ABSENT else found)})
    if key in _SECOND:
        return [each for each in said if each.keys() - {key, _SECOND[key]}]
    return said[:last]


def _identified(items: list[Json], key: str) -> dict[Json, Json] | None:
    """Return *items* by what tells them apart, None where something does not."""
    if not all(isinstance(each, dict) and isinstance(each.get(key), str | int) for each in items):
        return None
    second = _SECOND.get(key, "")
    found = {(each[key], str(each.get(second))): each for each in items}
    return found if len(found) == len(items) else None
