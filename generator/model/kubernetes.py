"""What an API server of each version takes: kinds, their schemas, and how a patch merges their lists."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from msgspec import Struct

from generator.model.carried_kinds import CarriedKinds
from generator.model.custom_resources import CustomKind, kinds_of
from generator.model.kubernetes_definitions import REFERENCE, Definitions, Schema, target
from generator.model.source import Json

_Key = tuple[str, str, str]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class KubernetesSchemas:
    """The closed schemas of every kind that a namespace can hold, by version, read and built when asked for.

    Versions are minor ones, `1.34`. Custom resources are the same in all of them.
    """

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Take *read*, which returns the bytes of a file by its path in `schemas/`."""
        self._read = read
        self._definitions = Definitions(read)
        self._carried = CarriedKinds(read)
        self._crds: dict[tuple[str, str], CustomKind] = {}
        self._roots: dict[_Key, Schema] = {}
        self._checks: dict[_Key, Callable[[Any], bool]] = {}
        self._built: dict[tuple[str, str, frozenset[tuple[str, str]]], Callable[[Any], bool]] = {}

    def with_crds(self, crds: Iterable[Mapping[str, Json]]) -> "KubernetesSchemas":
        """Return schemas that also know the kinds of these CustomResourceDefinitions.

        A definition replaces one of the same kind that was known before.

        Raises:
            ValueError: When one is not an apiextensions.k8s.io/v1 CustomResourceDefinition with a schema.
        """
        copy = KubernetesSchemas(self._read)
        copy._definitions = self._definitions
        copy._carried = self._carried
        found = chain.from_iterable(kinds_of(crd) for crd in crds)
        copy._crds = self._crds | {(each.api_version, each.kind): each for each in found}
        return copy

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are known, oldest first."""
        return self._definitions.index.versions

    def knows(self, version: str, api_version: str, kind: str) -> bool:
        """Say whether *version* has this kind."""
        if version not in self.versions():
            return False
        if (api_version, kind) in self._crds or kind in self._carried.listed.get(api_version, ()):
            return True
        return self._root((version, api_version, kind)) is not None

    def kinds(self, version: str) -> tuple[tuple[str, str], ...]:
        """Return apiVersion and kind of all that *version* has, sorted."""
        index = self._definitions.index
        known = (*index.kinds.items(), *index.custom.items(), *self._carried.listed.items())
        named = {(each, kind) for each, kinds in known for kind in kinds}
        return tuple(sorted(each for each in named | self._crds.keys() if self.knows(version, *each)))

    def cluster_kinds(self) -> Mapping[str, tuple[str, ...]]:
        """Return the built-in kinds that belong to the whole cluster and are not carried, by apiVersion."""
        return self._definitions.index.cluster

    def is_namespaced(self, api_version: str, kind: str) -> bool:
        """Say whether a namespace holds the objects of this kind; so it is for one that is not known."""
        if (api_version, kind) in self._crds:
            return self._crds[api_version, kind].namespaced
        return (api_version, kind) != ("v1", "Namespace") and kind not in self.cluster_kinds().get(api_version, ())

    def schema(self, version: str, api_version: str, kind: str) -> Schema:
        """Return the JSON Schema (draft 2020-12) of a kind, with the definitions that it needs.

        Raises:
            KeyError: When *version* has no such kind.
        """
        root = self._root((version, api_version, kind))
        if root is None:
            raise KeyError((version, api_version, kind))
        return self._bundle(root, self._definitions.reached(root, version), version)

    def is_accepted(self, version: str, api_version: str, kind: str, body: Mapping[str, Json]) -> bool:
        """Say whether *body* fits its schema; never so for a kind that *version* does not have."""
        key = (version, api_version, kind)
        check = self._checks.get(key)
        if check is None:
            check = self._checks[key] = self._check(key)
        return check(body)

    def field(self, version: str, api_version: str, kind: str, path: tuple[str, ...]) -> Schema | None:
        """Return the schema of the field at *path*, None where no such field is.

        *path* holds property names from the object's root; the levels of lists are skipped.
        """
        node = self._root((version, api_version, kind))
        for name in path:
            if node is None:
                return None
            inner = self._inner(node, version)
            following = inner.get("properties", {}).get(name, inner.get("additionalProperties"))
            node = following if isinstance(following, dict) else None
        return node

    def fields(self, version: str, api_version: str, kind: str, path: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of the fields below *path*, sorted; see `field`."""
        node = self.field(version, api_version, kind, path)
        return () if node is None else tuple(sorted(self._inner(node, version).get("properties", ())))

    def merge_key(self, version: str, api_version: str, kind: str, path: tuple[str, ...]) -> str | None:
        """Return the field by which a strategic merge patch joins items of the list at *path*; see `field`.

        None means that a patch replaces the list as a whole, unless `merges_values` says otherwise.
        """
        node = self.field(version, api_version, kind, path) or {}
        return node.get("x-kubernetes-patch-merge-key") if _merges(node) else None

    def merges_values(self, version: str, api_version: str, kind: str, path: tuple[str, ...]) -> bool:
        """Say whether a strategic merge patch adds its values to the list at *path*, as to finalizers."""
        node = self.field(version, api_version, kind, path) or {}
        return _merges(node) and "items" in node and "x-kubernetes-patch-merge-key" not in node

    def _root(self, key: _Key) -> Schema | None:
        if key not in self._roots:
            found = self._find(*key)
            if found is None:
                return None
            self._roots[key] = found
        return self._roots[key]

    def _find(self, version: str, api_version: str, kind: str) -> Schema | None:
        if version not in self.versions():
            return None
        if (api_version, kind) in self._crds:
            return self._crds[api_version, kind].schema()
        builtin = self._definitions.builtin(version, api_version, kind)
        if builtin is not None:
            return {"$ref": REFERENCE + builtin}
        file = self._definitions.index.custom.get(api_version, {}).get(kind)
        if file is None:
            carried = self._carried.find(api_version, kind)
            return None if carried is None else carried.schema()
        return CustomKind(api_version, kind, namespaced=True, openapi=self._definitions.custom(file)).schema()

    def _inner(self, node: Schema, version: str) -> Schema:
        """Return the schema of what *node* refers to, or of the items of its list."""
        while "items" in node or "$ref" in node:
            node = node["items"] if "items" in node else self._definitions.definition(target(node), version)
        return node

    def _check(self, key: _Key) -> Callable[[Any], bool]:
        """Return what says whether an object fits: one for all the versions that agree."""
        version, api_version, kind = key
        root = self._root(key)
        if root is None:
            return _never
        names = self._definitions.reached(root, version)
        shared = (api_version, kind, frozenset(names.items()))
        if shared not in self._built:
            import jsonschema_rs

            schema = self._bundle(root, names, version)
            self._built[shared] = jsonschema_rs.Draft202012Validator(schema, validate_formats=False).is_valid
        return self._built[shared]

    def _bundle(self, root: Schema, names: Iterable[str], version: str) -> Schema:
        definitions = {name: self._definitions.definition(name, version) for name in sorted(names)}
        return {"$schema": _DIALECT, **root, "$defs": definitions}


def _merges(node: Schema) -> bool:
    return "merge" in node.get("x-kubernetes-patch-strategy", "").split(",")


def _never(_body: object) -> bool:
    return False


class VersionKeys(Struct, frozen=True):
    """How lists merge in one version of Kubernetes; these are `MergeKeys`."""

    schemas: KubernetesSchemas
    version: str

    def merge_key(self, api_version: str, kind: str, path: tuple[str, ...]) -> str | None:
        """See `MergeKeys.merge_key`."""
        return self.schemas.merge_key(self.version, api_version, kind, path)

    def merges_primitives(self, api_version: str, kind: str, path: tuple[str, ...]) -> bool:
        """See `MergeKeys.merges_primitives`."""
        return self.schemas.merges_values(self.version, api_version, kind, path)
