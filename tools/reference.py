"""Write the reference from the schema and the commands themselves: `python tools/reference.py [FOLDER]`.

FOLDER is `docs/reference` unless another is named. The same sources give the same bytes.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import yaml

from generator.cli.main import PROGRAM, cli

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 80
Schema = dict[str, Any]

DOCUMENT_HEAD = """\
# The platform document

Written by `make docs` from `schemas/platform.schema.json`, which `platformc schema` prints for editors.
Keys in bold are required. A path reads from the section's own node: `items[].key` is a key of every item of
a list, `map.*` any key of a map. The last column says what an override does to a map or a list: where it is
empty, maps merge key by key; `by name` merges the items of a list that have the same name; `whole` replaces
what a weaker layer said; under `one` there is one key, and another takes its place. `null` removes it.
"""

TABLE_HEAD = ("| key | what | type | default | merges |", "| --- | --- | --- | --- | --- |")

COMMANDS_HEAD = """\
# The commands

Written by `make docs` from the commands' own help.
"""


@dataclass(slots=True)
class Document:
    """The document's schema on its way to Markdown: definitions become sections, in the order of mention."""

    definitions: dict[str, Schema]
    mentioned: list[str] = field(default_factory=list)

    def page(self, schema: Schema) -> str:
        """Return the page: a section for the root, and one for each definition that is reached from it."""
        sections = [DOCUMENT_HEAD, self.section(schema)]
        # The list grows meanwhile: sections mention more.
        sections.extend(self.section(self.definitions[name]) for name in self.mentioned)
        return "\n".join(sections)

    def section(self, schema: Schema) -> str:
        """Return one node's heading, its keys and its examples."""
        lines = [f"## {schema['title']}", "", schema["description"], ""]
        rows = [*self.rows(schema, ""), *self.members(schema)]
        if rows:
            lines += [*TABLE_HEAD, *rows, ""]
        return "\n".join([*lines, "```yaml", "\n---\n".join(map(_printed, schema["examples"])), "```", ""])

    def rows(self, schema: Schema, prefix: str) -> Iterator[str]:
        """Yield a table row for each key below *schema*, those of nested nodes after their own."""
        required = set(schema.get("required", ()))
        for key, node in schema.get("properties", {}).items():
            path = f"{prefix}{key}"
            yield self.row(path, node, required=key in required)
            yield from self.below(node, path)

    def members(self, schema: Schema) -> Iterator[str]:
        """Yield the row of what a section's own node has under any other key."""
        inner = schema.get("additionalProperties")
        if isinstance(inner, dict):
            yield self.row("*", inner, required=False)

    def below(self, node: Schema, path: str) -> Iterator[str]:
        """Yield the rows of what a node holds: keys, items, or the values of a map."""
        if "$ref" in node:
            return
        yield from self.rows(node, f"{path}.")
        for step, inner in (("[]", node.get("items")), (".*", node.get("additionalProperties"))):
            if isinstance(inner, dict) and "$ref" not in inner:
                yield from self.below(inner, f"{path}{step}")

    def row(self, path: str, node: Schema, *, required: bool) -> str:
        """Return one key's row."""
        seen = self.definitions[self.mention(node)] if "$ref" in node else node
        name = f"**`{path}`**" if required else f"`{path}`"
        default = f"`{json.dumps(seen['default'], ensure_ascii=False)}`" if "default" in seen else ""
        what: str = node.get("description") or seen["description"]
        cells = (name, what, self.kind(node), default, _merging(node, seen))
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    def kind(self, node: Schema) -> str:
        """Return what a node may be, in words, with a link where it has a section."""
        if "$ref" in node:
            title = self.definitions[self.mention(node)]["title"]
            return f"[{title}](#{re.sub(r'[^a-z0-9 -]', '', title.lower()).replace(' ', '-')})"
        if "const" in node:
            return f"`{json.dumps(node['const'])}`"
        if "enum" in node:
            return ", ".join(f"`{each}`" for each in node["enum"] if each is not None)
        if "anyOf" in node and "type" not in node:
            return " or ".join(self.kind(each) for each in node["anyOf"])
        types = node.get("type", "any")
        names = [types] if isinstance(types, str) else [each for each in types if each != "null"]
        return " or ".join(self.whole(each, node) for each in names)

    def whole(self, name: str, node: Schema) -> str:
        """Return the name of a type together with what it is made of."""
        part = node.get({"array": "items", "object": "additionalProperties"}.get(name, ""))
        of = f" of {self.kind(part)}" if isinstance(part, dict) and part else ""
        return {"array": "list", "object": "map"}.get(name, name) + of

    def mention(self, node: Schema) -> str:
        """Return the definition that a reference names, and see to it that it gets its section."""
        name: str = node["$ref"].rpartition("/")[2]
        if name not in self.mentioned:
            self.mentioned.append(name)
        return name


def _printed(example: object) -> str:
    text = yaml.safe_dump(example, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text.removesuffix("...\n").rstrip("\n")


def _merging(node: Schema, seen: Schema) -> str:
    """Return how a stronger layer's map or list meets a weaker one's; *seen* is what *node* refers to, or itself."""
    rule = node.get("x-merge", seen.get("x-merge"))
    if isinstance(rule, dict):
        return f"by {rule['by']}"
    if rule == "one":
        return "one"
    types = seen.get("type", ())
    is_list = "array" in types if isinstance(types, list) else types == "array"
    return "whole" if is_list or rule == "replace" else ""


def commands() -> str:
    """Return the page of the commands: their help as a terminal of 80 columns shows it."""
    top = cli.make_context(PROGRAM, [], resilient_parsing=True, terminal_width=WIDTH)
    return "\n".join([COMMANDS_HEAD, *_helps(cli, top, PROGRAM)])


def _helps(command: click.Command, context: click.Context, name: str) -> Iterator[str]:
    """Yield the help of a command, then that of every command below it."""
    yield _help(context, name)
    if not isinstance(command, click.Group):
        return
    for below in command.list_commands(context):
        found = command.get_command(context, below)
        if found is not None and not found.hidden:
            inner = found.make_context(below, [], context, resilient_parsing=True, terminal_width=WIDTH)
            yield from _helps(found, inner, f"{name} {below}")


def _help(context: click.Context, name: str) -> str:
    text = "\n".join(line.rstrip() for line in context.get_help().splitlines())
    return f"## {name}\n\n```text\n{text}\n```\n"


def main(folder: Path) -> None:
    """Write both pages into *folder*."""
    schema = json.loads((ROOT / "schemas" / "platform.schema.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"document.md": Document(schema["definitions"]).page(schema), "commands.md": commands()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "reference")
