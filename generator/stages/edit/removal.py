"""Removing one member of a mapping, or one item of a list, from the text of a document."""

from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from generator.model.source import Path
from generator.stages.edit.places import Outline, Span, outline


def without(text: str, path: Path) -> str:
    """Return *text* without what stands at *path*; all else stays as it is: comments, quotes, spaces.

    What stands in lines of its own goes with them, and with the comment at their end.

    Args:
        text: A document of YAML.
        path: A member of a mapping or an item of a list, which has others besides unless it is in lines of its own.

    Raises:
        ValueError: When it cannot be taken out of the text by itself.
    """
    seen = outline(text)
    node = seen.root
    for step in path[:-1]:
        node = None if node is None else _below(node, step)
        if node is None or seen.is_shared(node):
            raise ValueError("it is shared, or not there")
    if not isinstance(node, MappingNode | SequenceNode):
        raise ValueError("no mapping and no list holds it")  # noqa: TRY004  (documented as one kind)
    index = _index(node, path[-1])
    start, end = (_between if node.flow_style else _lines)(seen, node, index)
    return text[:start] + text[end:]


def _below(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for name, value in node.value if name.value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: Node = node.value[step]
        return found
    return None


def _index(node: CollectionNode, step: str | int) -> int:
    if isinstance(step, int):
        return step
    return next((index for index, (name, _) in enumerate(node.value) if name.value == step), len(node.value))


def _member(seen: Outline, node: CollectionNode, index: int) -> Span:
    """Return where a member begins, with its key, and where it ends."""
    if index >= len(node.value):
        raise ValueError("it is not there")
    first, last = node.value[index] if isinstance(node, MappingNode) else (node.value[index],) * 2
    start, end = seen.span(first)[0], seen.span(last)[1]
    if end < start:
        raise ValueError("it is an alias")
    return start, end


def _between(seen: Outline, node: CollectionNode, index: int) -> Span:
    """Return a member of a collection in braces, with the comma that goes with it."""
    start, end = _member(seen, node, index)
    if index + 1 < len(node.value):
        return start, _member(seen, node, index + 1)[0]
    if not index:
        raise ValueError("it is alone in its braces")
    return _member(seen, node, index - 1)[1], end


def _lines(seen: Outline, node: CollectionNode, index: int) -> Span:
    """Return the lines of a member of a block collection."""
    start, end = _member(seen, node, index)
    if isinstance(node, SequenceNode):
        start = seen.text.rindex("-", 0, start)
    begin = max(seen.text.rfind(each, 0, start) for each in "\r\n") + 1
    if seen.text[begin:start].strip():
        raise ValueError("something else begins its line")
    end = seen.line_end(end)
    return begin, end + (2 if seen.text[end : end + 2] == "\r\n" else 1)
