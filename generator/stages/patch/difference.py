"""The patch that makes one object of another: a strategic merge where that can say it, else RFC 6902 operations."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from typing import Final, TypeAlias

from msgspec import Struct

from generator.model.manifest import ObjectRef
from generator.model.patch import MergeKeys
from generator.model.source import Json, same_json
from generator.stages.patch.json_patch import json_patch
from generator.stages.patch.keyed_list import SECOND_KEYS
from generator.stages.patch.strategic_merge import strategic_merge

_Identity: TypeAlias = tuple[Json, Json]
_SAME: Final = object()


class InexpressibleError(ValueError):
    """No strategic merge patch says the difference."""


def patch_between(
    ref: ObjectRef, before: Mapping[str, Json], after: Mapping[str, Json], merge_keys: MergeKeys
) -> dict[str, Json]:
    """Return what a patch says that makes *after* of *before*, versions of the object *ref*: its `merge` or its `json`.

    It was applied, and gave *after*.

    Raises:
        ValueError: When no patch gives *after*.
    """
    try:
        merge = _Strategic(ref, merge_keys).value(before, after, ())
    except InexpressibleError:
        merge = _SAME
    if merge is not _SAME:
        merged = strategic_merge(ref, before, merge, merge_keys)
        if not merged.refusals and same_json(merged.body, after):
            return {"merge": merge}
    operations = list(_operations(before, after, ""))
    outcome = json_patch(before, operations)
    if outcome.refusals or not same_json(outcome.body, after):
        raise ValueError(f"no patch makes of '{ref}' what it is to be")
    return {"json": operations}


class _Strategic(Struct, frozen=True):
    """The lists of one object merge by *merge_keys*."""

    ref: ObjectRef
    merge_keys: MergeKeys

    def value(self, old: Json, new: Json, names: tuple[str, ...]) -> Json:
        """Return what a patch says of the node at *names*, `_SAME` for nothing."""
        if same_json(old, new):
            return _SAME
        if isinstance(old, dict) and isinstance(new, dict):
            return self._members(old, new, names)
        if isinstance(old, list) and isinstance(new, list):
            return self._sequence(old, new, names)
        if isinstance(old, dict | list | None) or isinstance(new, dict | list | None):
            raise InexpressibleError
        return new

    def _members(self, old: dict[str, Json], new: dict[str, Json], names: tuple[str, ...]) -> Json:
        said: dict[str, Json] = {key: None for key in old if key not in new}
        for key, value in new.items():
            found = self.value(old[key], value, (*names, key)) if key in old else value
            if found is not _SAME:
                said[key] = found
        return said

    def _sequence(self, old: list[Json], new: list[Json], names: tuple[str, ...]) -> Json:
        key = self.merge_keys.merge_key(self.ref.api_version, self.ref.kind, names)
        if key is not None:
            return self._items(_identified(old, key), _identified(new, key), key, names)
        if not self.merge_keys.merges_primitives(self.ref.api_version, self.ref.kind, names):
            return new
        return [each for each in new if not any(same_json(each, one) for one in old)]

    def _items(
        self, old: dict[_Identity, Json], new: dict[_Identity, Json], key: str, names: tuple[str, ...]
    ) -> list[Json]:
        """Return what a patch says of a keyed list: the items that differ, and those before them as order demands."""
        said = {
            each: found
            for each, item in new.items()
            for found in [self.value(old[each], item, names) if each in old else item]
            if found is not _SAME
        }
        gone = [{**_key_members(old[each], key), "$patch": "delete"} for each in old if each not in new]
        told = _told(list(old), list(new), said.keys(), in_place=_is_in_place(key, old, new))
        mentioned = ({**_key_members(new[each], key), **said.get(each, {})} for each in told)
        return [*mentioned, *gone]


def _told(
    old: Sequence[_Identity], new: Sequence[_Identity], differing: Collection[_Identity], *, in_place: bool
) -> list[_Identity]:
    """Return the fewest items that a patch has to mention so that those of *new* come out in their order."""
    for leading in range(len(new) + 1):
        told = [each for index, each in enumerate(new) if index < leading or each in differing]
        first = [each for each in told if not in_place or each not in old]
        if [*first, *(each for each in old if each in new and each not in first)] == list(new):
            return told
    raise InexpressibleError


def _is_in_place(key: str, *lists: Mapping[_Identity, Json]) -> bool:
    """Say whether what a patch mentions keeps its place: so it is where a second key is in use."""
    second = SECOND_KEYS.get(key)
    return second is not None and any(second in item for items in lists for item in items.values())


def _key_members(item: Mapping[str, Json], key: str) -> dict[str, Json]:
    second = SECOND_KEYS.get(key)
    return {name: item[name] for name in (key, second) if name is not None and name in item}


def _identified(items: list[Json], key: str) -> dict[_Identity, Json]:
    """Return *items* by what tells them apart."""
    if not all(isinstance(each, dict) and isinstance(each.get(key), str | int) for each in items):
        raise InexpressibleError
    second = SECOND_KEYS.get(key, "")
    found = {(each[key], str(each.get(second))): each for each in items}
    if len(found) < len(items):
        raise InexpressibleError
    return found


def _operations(old: Json, new: Json, pointer: str) -> Iterator[dict[str, Json]]:
    """Yield the operations that make *new* of *old*, which stands at *pointer*, in the order in which they apply."""
    if same_json(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key in new:
                yield from _operations(value, new[key], f"{pointer}/{_escaped(key)}")
            else:
                yield {"op": "remove", "path": f"{pointer}/{_escaped(key)}"}
        for key in (each for each in new if each not in old):
            yield {"op": "add", "path": f"{pointer}/{_escaped(key)}", "value": new[key]}
    elif isinstance(old, list) and isinstance(new, list):
        yield from _item_operations(old, new, pointer)
    else:
        yield {"op": "replace", "path": pointer, "value": new}


def _item_operations(old: list[Json], new: list[Json], pointer: str) -> Iterator[dict[str, Json]]:
    """Yield those of a list: what it begins and ends with alike is left alone."""
    shortest = min(len(old), len(new))
    begin = next(each for each in count() if each == shortest or not same_json(old[each], new[each]))
    most = shortest - begin
    end = next(each for each in count() if each == most or not same_json(old[-1 - each], new[-1 - each]))
    both = range(begin, shortest - end)
    for index in both:
        yield from _operations(old[index], new[index], f"{pointer}/{index}")
    for index in reversed(range(both.stop, len(old) - end)):
        yield {"op": "remove", "path": f"{pointer}/{index}"}
    for index in range(both.stop, len(new) - end):
        yield {"op": "add", "path": f"{pointer}/{index}", "value": new[index]}


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
