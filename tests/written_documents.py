"""One document, written in the ways in which people write them."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

STYLES = ("json", "block", "indented", "windows", "files", "list", "line", "aliases")


class _Indented(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002  (of the library)
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  (of the library)
        return True


class _Shared(_Indented):
    def ignore_aliases(self, data: object) -> bool:
        return yaml.SafeDumper.ignore_aliases(self, data)


class _Block(_Indented):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002  (of the library)
        yaml.SafeDumper.increase_indent(self, flow, indentless)


def written(document: Mapping[str, Any], style: str, notes: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files that say what *document* does, in one of `STYLES`, by their paths.

    Args:
        document: A platform document.
        style: How: as JSON, or that in one line; with lists as far left as their keys, or indented; with the line
            breaks of Windows; with a file for each microservice, or one for the first half of them; with aliases for
            what was said before.
        notes: Comments, by the names of the microservices above which they stand; JSON has none.
    """
    if style == "json":
        return {"platform.yaml": json.dumps(document, indent=1).encode()}
    if style == "line":
        return {"platform.yaml": json.dumps(document).encode()}
    if style == "aliases":
        return {"platform.yaml": _dumped(shared(document), notes, _Shared).encode()}
    if style in {"files", "list"}:
        return _in_files(document, notes, in_one=style == "list")
    text = _dumped(document, notes, _Block if style == "block" else _Indented)
    return {"platform.yaml": (text.replace("\n", "\r\n") if style == "windows" else text).encode()}


def shared(tree: Any) -> Any:
    """Return *tree* such that what is equal in it is the same object."""
    known: dict[str, Any] = {}

    def one(node: Any) -> Any:
        if not isinstance(node, (dict, list)):
            return node
        copy = (
            {key: one(each) for key, each in node.items()} if isinstance(node, dict) else [one(each) for each in node]
        )
        return known.setdefault(json.dumps(copy), copy)

    return one(tree)


def _in_files(document: Mapping[str, Any], notes: Mapping[str, str], *, in_one: bool) -> dict[str, bytes]:
    application = document["applications"][-1]
    listed = application["microservices"]
    apart = listed[: len(listed) // 2] if in_one else [each for each in listed if "include" not in each]
    found: dict[str, bytes] = {}
    if in_one:
        found["some.yaml"] = _dumped(apart, notes, _Block).encode()
        kept = [{"include": "some.yaml"}, *listed[len(apart) :]]
    else:
        names = {id(each): f"part-{each['name']}.yaml" for each in apart}
        found |= {names[id(each)]: _dumped(each, notes, _Indented).encode() for each in apart}
        kept = [{"include": names.get(id(each)) or each["include"]} for each in listed]
    whole = {**document, "applications": [*document["applications"][:-1], {**application, "microservices": kept}]}
    return found | {"platform.yaml": _dumped(whole, notes, _Indented).encode()}


def _dumped(data: Any, notes: Mapping[str, str], dumper: type[yaml.SafeDumper]) -> str:
    text = yaml.dump(data, Dumper=dumper, sort_keys=False, width=60)
    lines = []
    for line in text.split("\n"):
        name = line.strip().removeprefix("- ").removeprefix("name: ")
        if name in notes and line.strip().removeprefix("- ").startswith("name:"):
            lines += ["", f"# {notes[name]}"]
        lines.append(line)
    return "\n".join(lines)
