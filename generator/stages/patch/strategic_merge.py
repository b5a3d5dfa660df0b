"""Strategic merge patches, as Kubernetes defines them and in the order that `kustomize build` gives to lists.

Source: kubernetes/community, contributors/devel/sig-api-machinery/strategic-merge-patch.md.

Nothing is changed in place. A part that a patch leaves as it is comes back as the very same value, which is
how a patch without effect is known.
"""

from collections.abc import Mapping
from typing import Final

from generator.model.diagnostics import did_you_mean, listed
from generator.model.manifest import ObjectRef
from generator.model.patch import MergeKeys
from generator.model.source import Json, same_json
from generator.stages.patch.element_order import identity, is_order_of, ordered
from generator.stages.patch.keyed_list import GONE, KeyedList
from generator.stages.patch.outcome import Outcome, Place, Refusal

_PATCH: Final = "$patch"
_RETAIN: Final = "$retainKeys"
_ORDER: Final = "$setElementOrder/"
_DELETE: Final = "$deleteFromPrimitiveList/"


def strategic_merge(ref: ObjectRef, body: Mapping[str, Json], patch: Json, merge_keys: MergeKeys) -> Outcome:
    """Merge *patch* into *body*, the object *ref*; places in refusals begin with `merge`."""
    merge = _Merge(ref, merge_keys)
    root = Place(("merge",), ())
    old = body if isinstance(body, dict) else dict(body)
    new = merge.value(old, patch, root)
    if new is GONE:
        merge.refuse(root, "a patch cannot remove the object", "change in the document what the object is made from")
        new = old
    return Outcome(new, new is not old, tuple(merge.refusals))


class _Merge:
    """One merge under way, and what it refuses."""

    def __init__(self, ref: ObjectRef, merge_keys: MergeKeys) -> None:
        self._ref = ref
        self._merge_keys = merge_keys
        self.refusals: list[Refusal] = []

    def refuse(self, at: Place, message: str, hint: str) -> None:
        self.refusals.append(Refusal(at.path, message, hint))

    def value(self, old: Json, patch: Json, at: Place) -> Json:
        """Return what becomes of *old*, None where there is none: *old* itself, something new, or `GONE`."""
        if patch is None:
            return GONE
        if old is not None and _shape(old) != _shape(patch):
            message = f"{at} is {_shape(old)}, for which the patch has {_shape(patch)}"
            self.refuse(at, message, "remove it with 'null' first, or use a JSON patch to replace it")
            return old
        if isinstance(patch, dict):
            return self.mapping({} if old is None else old, patch, at)
        if isinstance(patch, list):
            return self._sequence([] if old is None else old, patch, at)
        return old if same_json(old, patch) else patch

    def mapping(self, old: Json, patch: Json, at: Place) -> Json:
        """Return *old* with *patch* merged in, *old* itself where nothing changes, or `GONE`."""
        match patch.get(_PATCH, "merge"):
            case "merge":
                return self._members(old, patch, at)
            case "replace":
                new = self._members({}, patch, at)
                return old if same_json(old, new) else new
            case "delete":
                return GONE
            case _:
                message = f"'{_PATCH}' in {at} must be 'delete', 'merge' or 'replace'"
                self.refuse(at.directive(_PATCH), message, "")
                return old

    def _members(self, old: Json, patch: Json, at: Place) -> Json:
        dropped = self._not_retained(old, patch, at) if _RETAIN in patch else set()
        changed: dict[str, Json] = {}
        for key, value in patch.items():
            if key.startswith("$"):
                continue
            before = old.get(key)
            after = self.value(before, value, at.member(key))
            if after is GONE:
                dropped.add(key)
            elif after is not before:
                changed[key] = after
        for key in patch:
            if key.startswith("$"):
                self._obey(key, old, patch, changed, at)
        if not changed and dropped.isdisjoint(old):
            return old
        return {key: value for key, value in {**old, **changed}.items() if key not in dropped}

    def _not_retained(self, old: Json, patch: Json, at: Place) -> set[str]:
        """Return the keys of *old* that `$retainKeys` does not name."""
        retained = patch[_RETAIN]
        here = at.directive(_RETAIN)
        if not isinstance(retained, list) or not all(isinstance(each, str) for each in retained):
            self.refuse(here, f"'{_RETAIN}' in {at} must be a list of names", "")
            return set()
        missing = [key for key in patch if not key.startswith("$") and key not in retained]
        if missing:
            message = f"'{_RETAIN}' in {at} leaves out what the patch sets: {listed(missing)}"
            self.refuse(here, message, f"add {listed(missing)} to '{_RETAIN}'")
        return set(old) - set(retained)

    def _obey(self, key: str, old: Json, patch: Json, changed: dict[str, Json], at: Place) -> None:
        """Do to a member of *old*, as *changed* so far, what the directive *key* of *patch* says."""
        prefix, slash, name = key.partition("/")
        here = at.directive(key)
        match prefix + slash:
            case "$patch" | "$retainKeys":
                return
            case "$setElementOrder/":
                current = changed.get(name, old.get(name))
                after = self._ordered(current, old.get(name), patch, name, here)
            case "$deleteFromPrimitiveList/":
                current = changed.get(name, old.get(name))
                after = self._without(current, patch[key], name, here)
            case _:
                known = (_PATCH, _RETAIN, f"{_ORDER}{name}", f"{_DELETE}{name}")
                hint = did_you_mean(key, known) if name else did_you_mean(key, known[:2])
                self.refuse(here, f"unknown directive '{key}' in {at}", hint)
                return
        if after is not current:
            changed[name] = after

    def _ordered(self, current: Json, old: Json, patch: Json, name: str, at: Place) -> Json:
        directive = f"{_ORDER}{name}"
        order, items = patch[directive], patch.get(name)
        there = at.member(name)
        key = self._merge_key(there)
        if key is None and not self._merges_primitives(there):
            self.refuse(at, f"{there} is replaced as a whole, so '{directive}' has no meaning", "leave it out")
            return current
        if not isinstance(order, list) or any(identity(each, key) is None for each in order):
            what = "plain values" if key is None else f"objects with '{key}'"
            self.refuse(at, f"'{directive}' must be a list of {what}", "")
            return current
        if isinstance(items, list) and not is_order_of(order, items, key):
            message = f"'{directive}' must name every item that the patch sets, in the same order"
            self.refuse(at, message, f"bring '{directive}' and '{name}' into line")
            return current
        if not isinstance(current, list):
            return current
        return ordered(current, old if isinstance(old, list) else [], order, key)

    def _without(self, current: Json, values: Json, name: str, at: Place) -> Json:
        if not _is_plain_list(values) or not (current is None or _is_plain_list(current)):
            self.refuse(at, f"'{_DELETE}{name}' must be a list of plain values, for a list of plain values", "")
            return current
        if current is None or not any(_has(values, each) for each in current):
            return current
        return [each for each in current if not _has(values, each)]

    def _sequence(self, old: list[Json], patch: list[Json], at: Place) -> Json:
        key = self._merge_key(at)
        if key is not None:
            return KeyedList(key, at, self.mapping, self.refuse).merged(old, patch)
        for index, item in enumerate(patch):
            if isinstance(item, dict) and _PATCH in item:
                message = f"{at} is replaced as a whole, so '{_PATCH}' has no meaning in its items"
                self.refuse(at.item(index).directive(_PATCH), message, "leave it out")
                return old
        if self._merges_primitives(at):
            return _united(old, patch)
        return old if same_json(old, patch) else patch

    def _merge_key(self, at: Place) -> str | None:
        return self._merge_keys.merge_key(self._ref.api_version, self._ref.kind, at.names)

    def _merges_primitives(self, at: Place) -> bool:
        return self._merge_keys.merges_primitives(self._ref.api_version, self._ref.kind, at.names)


def _shape(value: Json) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else "a plain value"


def _is_plain_list(value: Json) -> bool:
    return isinstance(value, list) and all(_shape(each) == "a plain value" for each in value)


def _has(values: list[Json], value: Json) -> bool:
    return any(same_json(each, value) for each in values)


def _united(old: list[Json], patch: list[Json]) -> list[Json]:
    """Return the values of both, the patch's first as kustomize has them; *old* itself if it has them all."""
    if all(_has(old, each) for each in patch):
        return old
    united: list[Json] = []
    for each in (*patch, *old):
        if not _has(united, each):
            united.append(each)
    return united
