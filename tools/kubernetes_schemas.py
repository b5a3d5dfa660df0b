"""Write the Kubernetes schemas that the compiler carries: `python tools/kubernetes_schemas.py`.

Reads the schemas in the package kubernetes-validate and writes those of every kind that a namespace can
hold, and of Namespace, to `schemas/kubernetes/`: without descriptions, each definition once for all the
versions that agree on it. The same package gives the same bytes.
"""

import argparse
import importlib.util
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MINORS = tuple(range(30, 38))
"""The minor versions of Kubernetes 1 that are carried, oldest first."""

TARGET = Path(__file__).resolve().parent.parent / "schemas" / "kubernetes"
TABLES = tomllib.loads(Path(__file__).with_name("kubernetes_tables.toml").read_text(encoding="utf-8"))
WORDS: dict[str, dict[str, list[str]]] = TABLES["words"]
PREFIX = "#/$defs/"
DROPPED = frozenset(
    {
        "default",
        "description",
        "x-kubernetes-map-type",
        "x-kubernetes-unions",
        "x-kubernetes-validations",
    }
)
INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
REPLACED: dict[str, dict[str, Any]] = {
    # Both are `oneOf` in the source, which refuses null where every other optional field takes it.
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": ["string", "number", "null"]},
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["string", "integer", "null"]},
}
ANYTHING = {"type": ["object", "null"]}

Schema = dict[str, Any]
Definitions = dict[str, Schema]


def published(minor: int) -> Definitions:
    """Return the definitions of Kubernetes 1.*minor* as published, by their full name."""
    found = importlib.util.find_spec("kubernetes_validate")
    if found is None or found.origin is None:
        raise SystemExit("install kubernetes-validate first: it is among the development dependencies")
    folder = Path(found.origin).parent / "kubernetes-json-schema" / f"v1.{minor}.0-local-strict"
    definitions: Definitions = json.loads((folder / "_definitions.json").read_bytes())["$defs"]
    return definitions


def trimmed(schema: Any) -> Any:
    """Return *schema* without what no validator reads, its 32-bit numbers bounded."""
    if isinstance(schema, list):
        return [trimmed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: trimmed(value) for key, value in schema.items() if key not in DROPPED and key != "properties"}
    fields = schema.get("properties", {})
    if fields:
        kept["properties"] = {name: trimmed(value) for name, value in fields.items()}
        kept.setdefault("additionalProperties", False)
    if "required" in kept:  # the API server fills in defaults before it asks what is missing
        kept["required"] = sorted(name for name in kept["required"] if "default" not in fields.get(name, {}))
    return INT32 | kept if kept.get("format") == "int32" else kept


def without_null(schema: Schema, definitions: Definitions) -> Schema:
    """Return the reference *schema* so that it refuses null."""
    types = definitions[schema["$ref"].removeprefix(PREFIX)].get("type")
    if not isinstance(types, list):
        return schema
    left = [each for each in types if each != "null"]
    return {**schema, "type": left[0] if len(left) == 1 else left}


def tighten(name: str, schema: Schema, definitions: Definitions) -> None:
    """Demand in *schema* what the API server demands though the published schema does not say it.

    An object whose spec has required fields needs that spec; what is required is not null, nor is an item of
    a list that must have fields; and a field with a fixed set of words takes no other.
    """
    fields = schema.get("properties", {})
    spec = fields.get("spec", {}).get("$ref", "").removeprefix(PREFIX)
    if definitions.get(spec, {}).get("required"):
        schema["required"] = sorted({*schema.get("required", ()), "spec"})
    for field in schema.get("required", ()):
        if "$ref" in fields[field]:
            fields[field] = without_null(fields[field], definitions)
    for value in fields.values():
        item = value.get("items", {})
        if definitions.get(item.get("$ref", "").removeprefix(PREFIX), {}).get("required"):
            value["items"] = without_null(item, definitions)
    for field, words in WORDS.get(name, {}).items():
        if field in fields:
            value = fields[field].get("items", fields[field])
            value["enum"] = [*words, None] if "null" in value["type"] else [*words]


def identity(schema: Schema) -> tuple[str, str] | None:
    """Return apiVersion and kind where *schema* is that of exactly one kind."""
    known = schema.get("x-kubernetes-group-version-kind", ())
    if len(known) != 1:
        return None
    group, version, kind = (known[0][part] for part in ("group", "version", "kind"))
    return (f"{group}/{version}" if group else version), kind


def references(schema: Any) -> Iterator[str]:
    """Yield the name of every definition that *schema* refers to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(PREFIX)
        for value in schema.values():
            yield from references(value)


def reached(roots: list[str], definitions: Definitions) -> Definitions:
    """Return the definitions that *roots* consist of, by name."""
    found: Definitions = {}
    waiting = [*roots]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = definitions[name]
            waiting += references(definitions[name])
    return found


class Collection:
    """The kinds and definitions of all versions, each written once for as long as it stays the same."""

    def __init__(self) -> None:
        self.definitions: dict[str, list[dict[str, Any]]] = {}
        self.kinds: dict[str, dict[str, dict[str, str]]] = {}
        self.cluster: dict[str, set[str]] = {}

    def add(self, minor: int) -> None:
        """Add one version; versions come in order."""
        definitions = {name: REPLACED.get(name) or trimmed(schema) for name, schema in published(minor).items()}
        for name, schema in definitions.items():
            tighten(name, schema, definitions)
        roots = []
        for name, schema in definitions.items():
            known = identity(schema)
            if known is not None and self.holds(*known):
                self._add_kind(*known, name, minor)
                roots.append(name)
                if "status" in schema["properties"]:
                    schema["properties"]["status"] = ANYTHING
        for name, schema in reached(roots, definitions).items():
            variants = self.definitions.setdefault(name, [])
            if not variants or variants[-1]["schema"] != schema:
                variants.append({"since": f"1.{minor}", "schema": schema})

    def holds(self, api_version: str, kind: str) -> bool:
        """Say whether a namespace can hold an object of this kind, and remember what the cluster holds."""
        if f"{api_version}/{kind}" in TABLES["not_stored"] or kind.endswith("List"):
            return False
        if kind in TABLES["cluster_scoped"]:
            self.cluster.setdefault(api_version, set()).add(kind)
            return False
        return True

    def _add_kind(self, api_version: str, kind: str, name: str, minor: int) -> None:
        entry = self.kinds.setdefault(api_version, {}).setdefault(kind, {"definition": name, "since": f"1.{minor}"})
        entry["until"] = f"1.{minor}"


def group_of(name: str) -> str:
    """Return the file that a definition stands in: its API group, or `apimachinery`."""
    parts = name.split(".")
    return parts[3] if name.startswith("io.k8s.api.") else parts[2]


def line(value: Any) -> str:
    """Return *value* as JSON on one line."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def block(entries: Mapping[str, str]) -> str:
    """Return a JSON object, sorted, one member a line: so a difference between versions can be read."""
    members = ",\n".join(f"{line(key)}:{value}" for key, value in sorted(entries.items()))
    return f"{{\n{members}\n}}\n"


def files(collection: Collection) -> dict[str, str]:
    """Return the text of every file, by its name in the target folder."""
    groups: dict[str, dict[str, str]] = {}
    for name, variants in collection.definitions.items():
        lines = ",\n".join(line(each) for each in variants)
        groups.setdefault(group_of(name), {})[name] = f"[{lines}]"
    kinds = {
        "versions": line([f"1.{minor}" for minor in MINORS]),
        "kinds": block({name: line(kinds) for name, kinds in collection.kinds.items()}).rstrip(),
        "cluster": line({name: sorted(kinds) for name, kinds in collection.cluster.items()}),
        "custom": line({"gateway.networking.k8s.io/v1": {"HTTPRoute": "httproute.json"}}),
    }
    return {"kinds.json": block(kinds)} | {f"definitions/{group}.json": block(each) for group, each in groups.items()}


def route(source: Path) -> str:
    """Return the schema of HTTPRoute v1 in *source*, a JSON Schema, as the compiler carries it."""
    schema = trimmed(json.loads(source.read_bytes()))
    schema["properties"] = {"spec": schema["properties"]["spec"], "status": ANYTHING}
    return block({key: line(value) for key, value in schema.items()})


def main() -> None:
    """Write every file; remove those that are no longer written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=TARGET, help="the folder to write to")
    parser.add_argument("--httproute", type=Path, help="also trim this JSON Schema of HTTPRoute v1")
    arguments = parser.parse_args()
    collection = Collection()
    for minor in MINORS:
        collection.add(minor)
    unknown = sorted(name for name in WORDS if name not in collection.definitions)
    if unknown:
        raise SystemExit(f"no version defines {unknown}: mend WORDS")
    texts = files(collection)
    if arguments.httproute:
        texts["httproute.json"] = route(arguments.httproute)
    folder = arguments.output / "definitions"
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.json"):
        stale.unlink()
    for name, text in texts.items():
        (arguments.output / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(texts)} files, {sum(map(len, texts.values())) / 1000:.0f} kB in {arguments.output}")


if __name__ == "__main__":
    main()
