"""The schemas of Kubernetes as carried: each definition once for the versions that agree on it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.json import decode

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema (draft 2020-12) as plain data. Read-only."""

OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
REFERENCE = "#/$defs/"


class Index(Struct, frozen=True):
    """What the distribution carries.

    Attributes:
        versions: The minor versions of Kubernetes ("1.34"), oldest first.
        kinds: The built-in kinds that a namespace can hold, and Namespace, by apiVersion and kind.
        cluster: The kinds that belong to the whole cluster and are not carried, by apiVersion.
        custom: The file of every custom resource that is carried, by apiVersion and kind.
    """

    versions: tuple[str, ...]
    kinds: Mapping[str, Mapping[str, Mapping[str, str]]]
    cluster: Mapping[str, tuple[str, ...]]
    custom: Mapping[str, Mapping[str, str]]


class Definitions:
    """The definitions in `schemas/kubernetes`, each file read when something in it is needed."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Take *read*, which returns the bytes of a file by its path in `schemas/`."""
        self._read = read
        self._index: Index | None = None
        self._groups: dict[str, Mapping[str, list[dict[str, Any]]]] = {}
        self._references: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def index(self) -> Index:
        """What there is."""
        if self._index is None:
            found = decode(self._read("kubernetes/kinds.json"))
            self._index = Index(tuple(found["versions"]), found["kinds"], found["cluster"], found["custom"])
        return self._index

    def custom(self, name: str) -> Schema:
        """Return the schema in the file *name* of a custom resource that is carried."""
        schema: Schema = decode(self._read(f"kubernetes/{name}"))
        return schema

    def builtin(self, version: str, api_version: str, kind: str) -> str | None:
        """Return the name of the definition of a built-in kind, None if *version* does not have it."""
        entry = self.index.kinds.get(api_version, {}).get(kind)
        if entry is None or version not in self.index.versions:
            return None
        if not _minor(entry["since"]) <= _minor(version) <= _minor(entry["until"]):
            return None
        return entry["definition"]

    def definition(self, name: str, version: str) -> Schema:
        """Return the definition *name* as *version* has it."""
        schema: Schema = self._variant(name, version)["schema"]
        return schema

    def reached(self, schema: Schema, version: str) -> dict[str, str]:
        """Return the definitions that *schema* consists of, each with the first version that has it so.

        Two versions for which this is the same agree on every object.
        """
        found: dict[str, str] = {}
        waiting = [*_references(schema)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                variant = self._variant(name, version)
                found[name] = variant["since"]
                waiting += self._references_of(name, variant)
        return found

    def _references_of(self, name: str, variant: Mapping[str, Any]) -> tuple[str, ...]:
        key = (name, variant["since"])
        if key not in self._references:
            self._references[key] = tuple(_references(variant["schema"]))
        return self._references[key]

    def _variant(self, name: str, version: str) -> Mapping[str, Any]:
        group = _group(name)
        if group not in self._groups:
            self._groups[group] = decode(self._read(f"kubernetes/definitions/{group}.json"))
        minor = _minor(version)
        return [each for each in self._groups[group][name] if _minor(each["since"]) <= minor][-1]


def target(schema: Schema) -> str:
    """Return the name of the definition that *schema* refers to, empty where it is none."""
    reference: str = schema.get("$ref", "")
    return reference.removeprefix(REFERENCE)


def _group(name: str) -> str:
    """Return the file of a definition: its API group, or `apimachinery`."""
    parts = name.split(".", 4)
    return parts[3] if parts[2] == "api" else parts[2]


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def _references(schema: dict[str, Any] | list[Any]) -> Iterator[str]:
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(REFERENCE)
        for value in schema.values():
            if isinstance(value, dict | list):
                yield from _references(value)
    else:
        for item in schema:
            if isinstance(item, dict | list):
                yield from _references(item)
