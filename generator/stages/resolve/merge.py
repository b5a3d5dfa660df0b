"""Laying one description over another, by the rules that the schema declares in `x-merge`.

Maps merge deeply and lists are replaced, unless a node says `x-merge: replace` (the stronger value stands alone) or
`x-merge: {by: KEY}` (lists merge item by item) or `x-merge: one` (a map of one key, whose value merges with that of the
same key and takes the place of any other's). `null` removes, and so does `$patch: delete` in a keyed list.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from generator.model.source import Json, Path

Unmatched = Callable[[Path, str, Iterable[str]], None]
"""Is told the path of a removal that removes nothing, the name that it would have removed, and those that there are."""


class MergeRules:
    """The merge rules of one JSON Schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._definitions: dict[str, Any] = schema.get("definitions", {})

    def definition(self, name: str) -> dict[str, Any]:
        """Return the schema of one definition."""
        node: dict[str, Any] = self._definitions[name]
        return node

    def merge(self, weak: Json, strong: Json, node: dict[str, Any], path: Path, unmatched: Unmatched) -> Json:
        """Return *strong*, which stands at *path* in the document, laid over *weak*. Neither is changed."""
        node = self._followed(node)
        rule = node.get("x-merge")
        if isinstance(strong, dict) and rule != "replace":
            weak = weak if isinstance(weak, dict) and (rule != "one" or weak.keys() & strong.keys()) else {}
            return self._merge_maps(weak, strong, node, path, unmatched)
        if isinstance(strong, list) and isinstance(rule, dict):
            return self._merge_lists(weak if isinstance(weak, list) else [], strong, node, path, unmatched)
        return strong

    def _merge_maps(
        self,
        weak: dict[str, Json],
        strong: dict[str, Json],
        node: dict[str, Any],
        path: Path,
        unmatched: Unmatched,
    ) -> dict[str, Json]:
        merged = dict(weak)
        properties = node.get("properties", {})
        others = node.get("additionalProperties")
        for key, value in strong.items():
            below = (*path, key)
            if value is None:
                if merged.pop(key, None) is None:
                    unmatched(below, key, merged)
                continue
            child = properties.get(key, others if isinstance(others, dict) else {})
            merged[key] = self.merge(merged.get(key), value, child, below, unmatched)
        return merged

    def _merge_lists(
        self, weak: list[Json], strong: list[Json], node: dict[str, Any], path: Path, unmatched: Unmatched
    ) -> list[Json]:
        by = node["x-merge"]["by"]
        merged = {key_of(item, by): item for item in weak}
        for index, item in enumerate(strong):
            key = key_of(item, by)
            below = (*path, index)
            if isinstance(item, dict) and item.get("$patch") == "delete":
                if merged.pop(key, None) is None:
                    unmatched(below, key, merged)
                continue
            merged[key] = self.merge(merged.get(key), item, node["items"], below, unmatched)
        return list(merged.values())

    def _followed(self, node: dict[str, Any]) -> dict[str, Any]:
        reference = node.get("$ref")
        return self._definitions[reference.rpartition("/")[2]] if reference else node


def key_of(item: Json, by: str) -> str:
    """Return what a keyed list knows *item* by: its member *by*, a patch's target, or the name of a file."""
    if isinstance(item, str):
        return _file_name(item)
    return str(item.get(by) or item.get("target") or _file_name(item.get("source", "")))


@lru_cache(maxsize=65536)  # asked for once a layer and environment
def _file_name(path: str) -> str:
    return PurePosixPath(path).name
