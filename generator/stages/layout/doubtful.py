"""Patches that a person wrote: is it certain what kustomize makes of them?

It is where a patch does what a compiled one does: adds what is not there, sets a plain value to another of its type,
removes what is there, and merges lists by a key that all versions of Kubernetes agree upon. See `sharing` for why.
"""

from collections.abc import Collection, Iterator

from generator.model.source import Json, same_json
from generator.stages.layout.sharing import ABSENT, SECOND, ListKey, begins_with_tab, identified, is_removable

_TEXTS = (("labels",), ("annotations",))
"""What has texts for members."""


def doubtful(start: Json, patch: Json, keys: ListKey, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the ways to the parts of *patch* whose effect on *start* is not certain.

    Args:
        start: What is patched, `ABSENT` for nothing.
        patch: A strategic merge patch.
        keys: Which lists merge item by item.
        names: Where this stands.
    """
    if _is_odd(patch, names):
        yield ".".join(names)
    elif isinstance(patch, dict) and (start is ABSENT or isinstance(start, dict)):
        for key, value in patch.items():
            before = start.get(key, ABSENT) if isinstance(start, dict) else ABSENT
            yield from _of_member(before, value, keys, (*names, key))
    elif isinstance(patch, list) and (start is ABSENT or isinstance(start, list)):
        yield from _of_items(start, patch, keys, names)
    elif start is not ABSENT and (type(start) is not type(patch) or begins_with_tab(patch)):
        yield ".".join(names)


def _of_member(start: Json, value: Json, keys: ListKey, names: tuple[str, ...]) -> Iterator[str]:
    if names[-1].startswith("$"):
        yield ".".join(names)
    elif value is None:
        if start is ABSENT or not is_removable(names):
            yield ".".join(names)
    else:
        yield from doubtful(start, value, keys, names)


def _of_items(start: Json, patch: list[Json], keys: ListKey, names: tuple[str, ...]) -> Iterator[str]:
    if start is ABSENT or same_json(start, patch):
        for each in patch:
            yield from doubtful(ABSENT, each, keys, names)
        return
    key = keys(names)
    old, new = (None, None) if key is None else (identified(start, key), identified(patch, key))
    if old is None or new is None or (key in SECOND and any(_is_vague(each, old) for each in new)):
        yield ".".join(names)
        return
    for name, item in new.items():
        yield from doubtful(old.get(name, ABSENT), item, keys, names)


def _is_vague(name: Json, old: Collection[Json]) -> bool:
    """Say whether an item might be another one of *old* with the same key: one of them says no second half."""
    alike = [each for each in old if each[0] == name[0]]
    return name not in old and any("None" in {name[1], each[1]} for each in alike)


def voids(node: Json, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the ways to what is null in an object, or is no text in metadata: kustomize changes some of that."""
    if _is_odd(node, names):
        yield ".".join(names)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from voids(value, (*names, str(key)))
    elif isinstance(node, list):
        for value in node:
            yield from voids(value, names)


def _is_odd(node: Json, names: tuple[str, ...]) -> bool:
    if "metadata" not in names:
        return node is None
    return node in ({}, []) or not isinstance(node, str if names[-2:-1] in _TEXTS else str | dict | list)
