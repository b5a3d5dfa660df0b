"""What several objects have in common, and what is left to say of each: a strategic merge patch.

What most environments have alike is in the base, and a patch sets or removes it for the others; what few have, or all
have differently, is in no base, and their patches add it. So no patch repeats what it changes.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from generator.model.source import Json, same_json

ABSENT: Final = object()
"""Nothing: not even null."""

ListKey: TypeAlias = Callable[[tuple[str, ...]], str | None]
"""The field that tells the items of a list apart, by the names of the properties that lead to the list."""

SECOND: Final = {"containerPort": "protocol", "port": "protocol"}
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
        every = dict.fromkeys(key for each in values for key in each)
        found = {key: _member(key, values, keys, (*names, key)) for key in every}
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


def _member(key: str, values: Sequence[dict[str, Json]], keys: ListKey, names: tuple[str, ...]) -> Json:
    """Return what most of *values* have as *key*, `ABSENT` where too few have it."""
    having = [each[key] for each in values if key in each]
    if len(having) < len(values) and (len(having) * 2 <= len(values) or not is_removable(names)):
        return ABSENT
    return shared(having, keys, names)


def is_removable(names: tuple[str, ...]) -> bool:
    """Say whether null in a patch removes it: for kustomize a label that is null is one that says `null`."""
    return "metadata" not in names and not names[-1].startswith("$")


def _most_common(values: Sequence[Json]) -> Json:
    """Return the plain value that more than half of *values* are, `ABSENT` for none."""
    if any(isinstance(each, dict | list | None) for each in values):
        return ABSENT
    if len({type(each) for each in values}) > 1:
        return ABSENT  # kustomize would print a number in the quotes of the string that it replaces
    if any(begins_with_tab(each) for each in values):
        return ABSENT
    ((value, count),) = Counter(values).most_common(1)
    return value if count * 2 > len(values) else ABSENT


def begins_with_tab(value: Json) -> bool:
    """Say whether kustomize may print *value* such that it cannot read that: in the style of what it replaces, a block.

    go-yaml says how deep a block is that begins with a space or a line break, and not where it begins with a tab.
    """
    return isinstance(value, str) and value.startswith("\t")


def _shared_items(values: Sequence[list[Json]], key: str, keys: ListKey, names: tuple[str, ...]) -> Json:
    by_id = [identified(each, key) for each in values]
    if any(each is None for each in by_id):
        return ABSENT
    items: list[dict[Json, Json]] = [each for each in by_id if each is not None]
    common = [name for name in items[0] if all(name in each for each in items)]
    in_order = all([name for name in each if name in common] == common for each in items)
    alike = all(len(each) == len(common) for each in items)
    if not common or not in_order or (key in SECOND and not alike):
        return ABSENT
    return [shared([each[name] for each in items], keys, names) for name in common]


def _members(base: dict[str, Json], target: dict[str, Json], keys: ListKey, names: tuple[str, ...]) -> Json:
    patch: dict[str, Json] = {}
    for key in (each for each in base if each not in target):
        if not is_removable((*names, key)):
            raise InexpressibleError
        patch[key] = None
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
    old, new = identified(base, key), identified(target, key)
    if old is None or new is None or old.keys() - new.keys():
        raise InexpressibleError
    said = []
    last = 0
    for index, (name, item) in enumerate(new.items(), start=1):
        found = item if name not in old else difference(old[name], item, keys, names)
        if found is not ABSENT:
            last = index
        second = SECOND.get(key)
        known = {part: item[part] for part in (key, second) if part in item} if name in old else {}
        said.append({**known, **({} if found is ABSENT else found)})
    if key in SECOND:
        return [each for each in said if each.keys() - {key, SECOND[key]}]
    return said[:last]


def identified(items: list[Json], key: str) -> dict[Json, Json] | None:
    """Return *items* by what tells them apart, a key and its second half; None where something does not."""
    if not all(isinstance(each, dict) and isinstance(each.get(key), str | int) for each in items):
        return None
    second = SECOND.get(key, "")
    found = {(each[key], str(each.get(second))): each for each in items}
    return found if len(found) == len(items) else None
