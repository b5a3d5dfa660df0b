"""Lists whose items have names: a strategic merge finds the item that a patch means, and merges into that."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from generator.model.source import Json, same_json
from generator.stages.patch.outcome import Place

GONE: Final = object()
"""What a merge returns for a value that the patch removes. Not None: null is a value of its own."""

# The second half of the merge key of some lists (`x-kubernetes-list-map-keys` in the Kubernetes API): two
# ports of one number differ by their protocol. `x-kubernetes-patch-merge-key` names the first half only.
SECOND_KEYS: Final = {
    "containerPort": "protocol",
    "port": "protocol",
    "topologyKey": "whenUnsatisfiable",
}


class _Entry(Struct, eq=False):
    """One item of the list under way; *added* by the patch, or there before."""

    value: Json
    added: bool = False


class KeyedList(Struct, frozen=True):
    """A list whose items are told apart by *key*.

    Attributes:
        key: The merge key.
        at: The list's place.
        merge_item: Merges an item of the patch into one of the object; returns that one if nothing changes.
        refuse: Takes the place, the sentence and the hint of what does not fit.
    """

    key: str
    at: Place
    merge_item: Callable[[Json, Json, Place], Json]
    refuse: Callable[[Place, str, str], None]

    def merged(self, old: list[Json], patch: list[Json]) -> Json:
        """Return *old* with *patch* merged in, *old* itself where nothing changes, or `GONE`.

        The order is that of `kustomize build`: what the patch mentions comes first, in the patch's order, the
        rest behind it; where a second key is in use, what was there keeps its place behind what is new.
        """
        directives = {item["$patch"] for item in patch if _is_directive(item)}
        if "delete" in directives:
            return GONE
        entries = [] if "replace" in directives else [_Entry(item) for item in old]
        mentioned: list[_Entry] = []
        for index, item in enumerate(patch):
            if not _is_directive(item) and self._fits(item, self.at.item(index)):
                self._merge(entries, mentioned, item, self.at.item(index))
        if len(entries) == len(old) and all(entry.value is item for entry, item in zip(entries, old, strict=True)):
            return old
        result = [entry.value for entry in self._in_order(entries, mentioned, patch)]
        return old if "replace" in directives and same_json(old, result) else result

    def _fits(self, item: Json, at: Place) -> bool:
        if not isinstance(item, dict):
            self.refuse(at, f"every item of {at} must be an object with '{self.key}'", "")
            return False
        directive = item.get("$patch", "merge")
        if directive not in ("merge", "delete", "replace"):
            self.refuse(at.directive("$patch"), f"'$patch' in {at} must be 'delete', 'merge' or 'replace'", "")
            return False
        if isinstance(item.get(self.key), dict | list | None):
            self.refuse(
                at,
                f"an item of {at} lacks '{self.key}', by which its items are told apart",
                f"add '{self.key}', or an item that is only '$patch: replace' to replace the whole list",
            )
            return False
        if directive == "replace":
            self.refuse(
                at.directive("$patch"),
                f"'$patch: replace' in an item of {at} that has a '{self.key}' is not what it seems",
                "put it into an item of its own to replace the whole list: here, kubectl would empty it",
            )
            return False
        return True

    def _merge(self, entries: list[_Entry], mentioned: list[_Entry], item: Json, at: Place) -> None:
        found = [entry for entry in entries if self._matches(entry.value, item)]
        if item.get("$patch") == "delete":
            for entry in found:
                entries.remove(entry)
        elif len(found) > 1:
            second = SECOND_KEYS.get(self.key)
            self.refuse(
                at,
                f"an item of {at} matches several by its '{self.key}'",
                f"add '{second}'" if second else "use a JSON patch, which counts items",
            )
        elif found:
            found[0].value = self.merge_item(found[0].value, item, at)
            mentioned.append(found[0])
        else:
            added = _Entry(self.merge_item({}, item, at), added=True)
            entries.append(added)
            mentioned.append(added)

    def _matches(self, value: Json, item: Json) -> bool:
        if not isinstance(value, dict) or value.get(self.key) != item[self.key]:
            return False
        second = SECOND_KEYS.get(self.key)
        return second not in value or second not in item or value[second] == item[second]

    def _in_order(self, entries: list[_Entry], mentioned: list[_Entry], patch: list[Json]) -> list[_Entry]:
        second = SECOND_KEYS.get(self.key)
        items = [*(entry.value for entry in entries), *patch]
        if second and any(isinstance(item, dict) and second in item for item in items):
            mentioned = [entry for entry in mentioned if entry.added]
        unique = dict.fromkeys(entry for entry in mentioned if entry in entries)
        return [*unique, *(entry for entry in entries if entry not in unique)]


def _is_directive(item: Json) -> bool:
    """Say whether *item* is about the list as a whole."""
    return isinstance(item, dict) and len(item) == 1 and item.get("$patch") in ("replace", "delete", "merge")
