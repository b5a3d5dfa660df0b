"""A person's change to one compiled object, and what has to be known of a list to merge into it."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from generator.model.source import Json, Path


class Patch(Struct, frozen=True, kw_only=True):
    """One item of a `patches` list: exactly one of *merge* and *operations* is given.

    Attributes:
        target: The kind of the object to change, or `Kind/name` where several of that kind exist.
        path: Where the item stands in the document; its members are `target` and `merge` or `json`.
        merge: A strategic merge patch.
        operations: A JSON patch (RFC 6902): each operation with its `op`, `path` and `value` or `from`.
    """

    target: str
    path: Path
    merge: Json | None = None
    operations: tuple[Mapping[str, Json], ...] | None = None


class MergeKeys(Protocol):
    """What the Kubernetes API says of its lists: `x-kubernetes-patch-merge-key` and `-strategy`.

    A path is the names of the properties from the object's root to the list, list levels skipped:
    `("spec", "template", "spec", "containers", "env")`.
    """

    def merge_key(self, api_version: str, kind: str, path: tuple[str, ...]) -> str | None:
        """Return the property that tells items of the list at *path* apart; None: it is replaced whole."""

    def merges_primitives(self, api_version: str, kind: str, path: tuple[str, ...]) -> bool:
        """Say whether the list at *path* holds plain values to which a patch adds, as to finalizers."""
