"""Setting one value in the text of a document."""

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json, Path
from generator.stages.edit.places import Outline, outline
from generator.stages.edit.printing import flow, item, key, lines, scalar

_MERGE = "tag:yaml.org,2002:merge"
_ALIAS = lazy_pattern(r"\s*:\s*(\*[^\s,\[\]{}]+)")
"""What follows a key whose value is an alias."""


def with_value(text: str, path: Path, wanted: Json) -> str:
    """Return *text* with one value set; all else stays as it is: comments, quotes, spaces, the order of keys.

    What an anchor shares, or `<<` brings, is written out where it is to differ: nobody else's value changes.

    Args:
        text: A document of YAML.
        path: Where the value is to stand. The last step into a list may be the one behind its end.
        wanted: The whole document's data as it is to be, the value at *path* included.

    Raises:
        ValueError: When the text has no mapping or list to hold the value.
    """
    seen = outline(text)
    if seen.root is None:
        raise ValueError("an empty text")
    node, done = seen.root, 0
    while done < len(path):
        below = _member(node, path[done])
        if below is None or _is_alias(seen, node, path[done]) or not _holds(below, path[done + 1 :]):
            break
        node, done = below, done + 1
    if done == len(path):
        return _replaced(seen, node, _at(wanted, path))
    value = _at(wanted, path[: done + 1])
    if _member(node, path[done]) is not None:
        return _written_out(seen, node, path[done], value)
    return _added(seen, node, path[done], value)


def _at(data: Json, path: Path) -> Json:
    for step in path:
        data = data[step]
    return data


def _member(node: Node, step: str | int) -> Node | None:
    """Return what *node* itself holds at *step*, None where that comes from `<<`, or does not exist."""
    if isinstance(node, MappingNode):
        return next((value for name, value in node.value if name.tag != _MERGE and name.value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: Node = node.value[step]
        return found
    return None


def _holds(node: Node, steps: Path) -> bool:
    """Say whether *node* has members of the kind that *steps* lead to, where they lead any further."""
    if not steps:
        return True
    kind = SequenceNode if isinstance(steps[0], int) else MappingNode
    return isinstance(node, kind) and bool(node.value)


def _is_alias(seen: Outline, holder: Node, step: str | int) -> bool:
    """Say whether *holder* has an alias at *step*: its node then stands before, where the anchor is."""
    node = _member(holder, step)
    if node is None or not seen.is_shared(node):
        return False
    start, _ = seen.span(node)
    if isinstance(holder, MappingNode):
        name = next(name for name, _ in holder.value if name.value == step)
        return start < seen.span(name)[0]
    before = holder.value[: int(step)]
    return start < seen.span(holder)[0] or any(seen.span(each)[0] >= start for each in before)


def _replaced(seen: Outline, node: Node, value: Json) -> str:
    start, end = seen.span(node)
    style = node.style if isinstance(node, ScalarNode) and node.style in {"'", '"'} else None
    inside = seen.text[start:end]
    if isinstance(value, (dict, list)) or _in_braces(seen, start):
        new = flow(value) if style is None or not isinstance(value, str) else scalar(value, style)
    else:
        new = scalar(value, style)
    return seen.text[:start] + (new if inside else f" {new}") + seen.text[end:]


def _in_braces(seen: Outline, offset: int) -> bool:
    """Say whether what stands at *offset* is inside of `{}` or `[]`."""
    waiting = [seen.root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (MappingNode, SequenceNode)) or not node.value:
            continue
        start, end = seen.span(node)
        if start <= offset < end and node.flow_style:
            return True
        pairs = node.value if isinstance(node, SequenceNode) else [value for _, value in node.value]
        waiting += pairs
    return False


def _written_out(seen: Outline, holder: Node, step: str | int, value: Json) -> str:
    """Write *value* where *holder* has nothing, an empty mapping or an alias at *step*."""
    if not isinstance(holder, MappingNode):
        raise ValueError("an alias in a list")  # noqa: TRY004  (documented as one kind)
    name, below = next(each for each in holder.value if each[0].value == step)
    start, end = seen.span(below)
    if _is_alias(seen, holder, step):
        found = _ALIAS.match(seen.text, seen.span(name)[1])
        if found is None:
            raise ValueError("an alias that cannot be found")
        start, end = found.span(1)
    new = flow(value) if start < end else f" {flow(value)}"
    return seen.text[:start] + new + seen.text[end:]


def _added(seen: Outline, holder: Node, step: str | int, value: Json) -> str:
    if not isinstance(holder, (MappingNode, SequenceNode)):
        raise ValueError("no mapping to hold the value")  # noqa: TRY004  (documented as one kind)
    member = f"{key(str(step))}: {flow(value)}" if isinstance(holder, MappingNode) else flow(value)
    if holder.flow_style:
        return _added_in_braces(seen, holder, member)
    last = holder.value[-1][1] if isinstance(holder, MappingNode) else holder.value[-1]
    end = seen.line_end(seen.span(last)[1])
    newline = "\r\n" if "\r\n" in seen.text else "\n"
    indent = seen.indent(holder)
    if isinstance(holder, MappingNode):
        compact = any(isinstance(each, MappingNode) and each.flow_style for _, each in holder.value)
        new = lines(str(step), value, indent, newline, compact=compact)
    else:
        new = item(value, indent, newline)
    return seen.text[:end] + newline + new + seen.text[end:]


def _added_in_braces(seen: Outline, holder: Node, member: str) -> str:
    start, end = seen.span(holder)
    if not holder.value:
        new = "{ " + member + " }" if isinstance(holder, MappingNode) else "[" + member + "]"
        return seen.text[:start] + new + seen.text[end:]
    last = holder.value[-1]
    _, place = seen.span(last[1] if isinstance(holder, MappingNode) else last)
    return f"{seen.text[:place]}, {member}{seen.text[place:]}"
