"""Trim CustomResourceDefinitions of other projects: `python tools/carried_definitions.py PROJECT FILE...`.

Writes each CustomResourceDefinition in the FILEs to `schemas/definitions/PROJECT/<plural>.json` and the list of all
kinds that are carried to `schemas/definitions/kinds.json`. What is written is still a CustomResourceDefinition that an
API server installs: only descriptions, versions that are not served, printed columns and what stands below `status`
are gone. The same files give the same bytes. Without a FILE the list alone is written again.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).resolve().parent.parent / "schemas" / "definitions"
WIDTH = 240
"""What is longer than this many characters, as JSON on one line, gets a line for each of its members."""

STATUS = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
APPROVED = "api-approved.kubernetes.io"
DROPPED = frozenset({"description", "example", "externalDocs", "title"})
KEPT_OF_VERSION = ("name", "served", "storage", "subresources")
KEPT_OF_SPEC = ("group", "names", "scope")


def trimmed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return *schema*, an OpenAPI schema, without what is only there to be read."""
    kept = {key: value for key, value in schema.items() if key not in DROPPED}
    if "properties" in kept:
        kept["properties"] = {name: trimmed(each) for name, each in kept["properties"].items()}
    for inner in ("items", "additionalProperties", "not"):
        if isinstance(kept.get(inner), dict):
            kept[inner] = trimmed(kept[inner])
    for junctor in ("allOf", "anyOf", "oneOf"):
        if junctor in kept:
            kept[junctor] = [trimmed(each) for each in kept[junctor]]
    return kept


def carried(crd: dict[str, Any]) -> dict[str, Any]:
    """Return the CustomResourceDefinition *crd* as the package carries it."""
    spec = crd["spec"]
    if spec["scope"] != "Namespaced":
        raise SystemExit(
            f"{crd['metadata']['name']} belongs to the whole cluster, and a platform consists of namespaces"
        )
    versions = []
    for version in spec["versions"]:
        if not version["served"]:
            continue
        schema = trimmed(version["schema"]["openAPIV3Schema"])
        fields = schema["properties"]
        schema["properties"] = {name: fields[name] for name in fields if name != "status"} | {"status": STATUS}
        kept = {key: version[key] for key in KEPT_OF_VERSION if key in version}
        versions.append({**kept, "schema": {"openAPIV3Schema": schema}})
    if not any(version["storage"] for version in versions):
        versions[-1]["storage"] = True
    return {
        "apiVersion": crd["apiVersion"],
        "kind": crd["kind"],
        "metadata": {"name": crd["metadata"]["name"]} | approval(crd),
        "spec": {key: spec[key] for key in KEPT_OF_SPEC} | {"versions": versions},
    }


def approval(crd: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the annotation that an API server demands of definitions in the groups of Kubernetes itself."""
    approved = (crd["metadata"].get("annotations") or {}).get(APPROVED)
    return {"annotations": {APPROVED: approved}} if approved else {}


def laid_out(value: Any) -> str:
    """Return *value* as sorted JSON, short members on one line each: so a difference between versions can be read."""
    line = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    if len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    if isinstance(value, list):
        return "[\n" + ",\n".join(laid_out(each) for each in value) + "\n]"
    members = (f"{json.dumps(key)}:{laid_out(each)}" for key, each in sorted(value.items()))
    return "{\n" + ",\n".join(members) + "\n}"


def listed(folder: Path) -> dict[str, dict[str, str]]:
    """Return the file of every kind that *folder* carries, by apiVersion and kind."""
    kinds: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/*.json")):
        spec = json.loads(path.read_bytes())["spec"]
        for version in spec["versions"]:
            of_version = kinds.setdefault(f"{spec['group']}/{version['name']}", {})
            of_version[spec["names"]["kind"]] = path.relative_to(folder).as_posix()
    return kinds


def main() -> None:
    """Write the definitions in every file, and the list of all that there are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", help="the folder in schemas/definitions, as in external-secrets")
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="definitions as their project publishes them"
    )
    parser.add_argument("--output", type=Path, default=TARGET, help="the folder to write to")
    arguments = parser.parse_args()
    folder: Path = arguments.output / arguments.project
    folder.mkdir(parents=True, exist_ok=True)
    for file in arguments.files:
        for crd in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            if crd and crd["kind"] == "CustomResourceDefinition":
                text = laid_out(carried(crd)) + "\n"
                path = folder / f"{crd['spec']['names']['plural']}.json"
                path.write_text(text, encoding="utf-8", newline="\n")
                print(f"{len(text) / 1000:.0f} kB in {path}")
    kinds = arguments.output / "kinds.json"
    kinds.write_text(laid_out(listed(arguments.output)) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
