"""Where the nodes of a YAML text begin and end, exactly: without the blank lines and comments that follow them."""

import re
from typing import Any, TypeAlias

from msgspec import Struct
from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from generator.model.lazy_pattern import lazy_pattern

Span: TypeAlias = tuple[int, int]
"""The offsets of the first character of a node, and of the first one behind it."""

_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n?|\n|\Z)")
# The parser ends a line at these, and YAML 1.2 does not; a character for private use keeps every place as it is.
_ODD_BREAKS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", "\ue000"))


class Outline(Struct, frozen=True):
    """The nodes of one text.

    Attributes:
        text: The text.
        root: Its root, None for an empty one.
        starts: The offset of every line.
        aliases: How many times each node appears, by its identity: more than once, and it is shared.
    """

    text: str
    root: Node | None
    starts: tuple[int, ...]
    aliases: dict[int, int]

    def span(self, node: Node) -> Span:
        """Return where *node* stands."""
        start = self._offset(node.start_mark)
        if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
            end = self._offset(node.end_mark)
            return start, start + len(self.text[start:end].rstrip()) if end > start else end
        last = node.value[-1]
        return start, self.span(last[1] if isinstance(node, MappingNode) else last)[1]

    def indent(self, node: CollectionNode) -> int:
        """Return the column in which the members of a block collection begin: their keys, or their dashes."""
        first = node.value[0]
        if isinstance(node, MappingNode):
            return int(first[0].start_mark.column)
        offset = self.text.rindex("-", 0, self._offset(first.start_mark))
        return offset - max(self.text.rfind(each, 0, offset) for each in "\r\n") - 1

    def line_end(self, offset: int) -> int:
        """Return the offset of the end of the line of *offset*, before its break."""
        found = re.compile(r"[\r\n]|\Z").search(self.text, offset)
        return found.start() if found else len(self.text)

    def is_shared(self, node: Node) -> bool:
        """Say whether *node* has an anchor that is used elsewhere."""
        return self.aliases.get(id(node), 0) > 1

    def _offset(self, mark: Any) -> int:
        line: int = mark.line
        column: int = mark.column
        return self.starts[line] + column


def outline(text: str) -> Outline:
    """Return the nodes of *text*, which is YAML of one document."""
    from yaml import CSafeLoader

    loader = CSafeLoader(text.translate(_ODD_BREAKS))
    try:
        root = loader.get_single_node()
    finally:
        loader.dispose()
    starts, offset = [], 0
    for line in _LINE.findall(text):
        starts.append(offset)
        offset += len(line)
    counts: dict[int, int] = {}
    _count(root, counts)
    return Outline(text, root, (*starts, offset), counts)


def _count(node: Node | None, counts: dict[int, int]) -> None:
    if node is None:
        return
    counts[id(node)] = counts.get(id(node), 0) + 1
    if counts[id(node)] > 1:
        return
    if isinstance(node, MappingNode):
        for key, value in node.value:
            _count(key, counts)
            _count(value, counts)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _count(item, counts)
