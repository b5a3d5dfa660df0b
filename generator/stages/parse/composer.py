"""From the events of PyYAML's C parser to nodes with places; what no platform document may hold is a finding."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from msgspec.structs import replace

from generator.model.diagnostics import Diagnostic
from generator.model.source import Json
from generator.model.yaml_text import LONGEST_KEY, literal
from generator.stages.parse.nodes import Mapping, Node, Place, Scalar, Sequence, position_of
from generator.stages.parse.quick import MOST_REPEATED
from generator.stages.parse.scalars import Ambiguous, plain_value
from generator.stages.parse.syntax import syntax_finding
from generator.stages.parse.text import lines_of

DEEPEST = 100
"""How many collections may stand in each other. Readers written in C or Rust crash where nobody counts."""

_CORE = "tag:yaml.org,2002:"


class _StoppedError(Exception):
    """Nothing that follows in the file can be trusted; the finding is made."""


class Composer:
    """Reads one file; `findings` grows meanwhile.

    Attributes:
        name: The file's name.
        lines: Its lines.
        findings: What is wrong with it so far.
    """

    def __init__(self, name: str, text: str) -> None:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]  # where it lives, whatever the stubs say

        self.name = name
        self.lines = lines_of(text)
        self.findings: list[Diagnostic] = []
        safe, self._restored = _without_odd_breaks(text)
        self._parser: Any = CParser(safe)
        self._anchors: dict[str, Node | None] = {}
        self._repeated = 0

    def documents(self) -> Iterator[Node]:
        """Yield the root of each document of the file. An error of syntax ends them; it is in `findings`."""
        from yaml.events import DocumentStartEvent, StreamEndEvent

        try:
            while not isinstance(event := self._event(), StreamEndEvent):
                if isinstance(event, DocumentStartEvent):
                    self._anchors.clear()
                    yield self._settled(self._node(self._event(), 0))
        except _StoppedError:
            return

    def found(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Add a finding."""
        self.findings.append(Diagnostic(code, message, position_of(place, self.name, self.lines), hint))

    def _event(self) -> Any:
        from yaml.error import MarkedYAMLError

        try:
            return self._parser.get_event()
        except MarkedYAMLError as error:
            self.findings.append(syntax_finding(self.name, self.lines, error))
            raise _StoppedError from error

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event).__name__
        place = _place(event)
        if kind == "AliasEvent":
            return self._alias(event, place)
        if depth > DEEPEST:
            self.found("too-deep", f"more than {DEEPEST} lists and mappings stand in each other", place)
            raise _StoppedError
        if event.anchor is not None:
            if event.anchor in self._anchors:
                self.found("yaml-syntax", f"the anchor '&{event.anchor}' is set twice", place, "choose another name")
            self._anchors[event.anchor] = None
        node = self._anchored(kind, event, place, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _anchored(self, kind: str, event: Any, place: Place, depth: int) -> Node:
        if kind == "ScalarEvent":
            return self._scalar(event, place)
        place = replace(place, end_line=place.line, end_column=place.column + 1)
        if kind == "SequenceStartEvent":
            self._check_tag(event, place, "seq")
            return self._sequence(place, depth)
        self._check_tag(event, place, "map")
        return self._mapping(place, depth)

    def _alias(self, event: Any, place: Place) -> Node:
        name = event.anchor
        if name not in self._anchors:
            message = "no anchor of that name stands before this alias"
            self.found("yaml-syntax", message, place, "quote it if it is text")
            return Scalar(place, None)
        node = self._anchors[name]
        if node is None:
            self.found("alias-bomb", f"the alias '*{name}' stands in what it repeats", place, "write it out")
            raise _StoppedError
        self._repeated += node.size
        if self._repeated > MOST_REPEATED:
            self.found("alias-bomb", f"the aliases repeat more than {MOST_REPEATED:,} nodes", place, "write less")
            raise _StoppedError
        return replace(node, place=place)

    def _scalar(self, event: Any, place: Place) -> Scalar:
        spelling = event.value.translate(self._restored) if self._restored else event.value
        if event.tag is not None:
            self._check_tag(event, place, "str")
            return Scalar(place, spelling)
        if not event.implicit[0]:
            return Scalar(place, spelling)
        value = plain_value(spelling)
        if isinstance(value, Ambiguous):
            return Scalar(place, value if spelling == "<<" else self._refused(value, spelling, place))
        return Scalar(place, value)

    def _refused(self, ambiguous: Ambiguous, spelling: str, place: Place) -> Json:
        self.found("ambiguous-scalar", ambiguous.what, place, ambiguous.hint)
        return spelling

    def _check_tag(self, event: Any, place: Place, allowed: str) -> None:
        if event.tag is not None and event.tag != _CORE + allowed:
            tag = shown(event.tag.replace(_CORE, "!!"))
            self.found("unsupported-tag", f"the tag '{tag}' has no meaning here", place, "remove it, or quote the text")

    def _sequence(self, place: Place, depth: int) -> Sequence:
        node = Sequence(place)
        while type(event := self._event()).__name__ != "SequenceEndEvent":
            item = self._settled(self._node(event, depth + 1))
            node.items.append(item)
            node.size += item.size
        return node

    def _mapping(self, place: Place, depth: int) -> Mapping:
        node = Mapping(place)
        while type(event := self._event()).__name__ != "MappingEndEvent":
            key = self._key(self._node(event, depth + 1))
            value = self._settled(self._node(self._event(), depth + 1))
            node.size += 1 + value.size
            if key is not None:
                self._add(node, key, value)
        return node

    def _settled(self, node: Node) -> Node:
        """Return a node that is not a key: there, `<<` means nothing that readers agree on."""
        if isinstance(node, Scalar) and isinstance(node.value, Ambiguous):
            return Scalar(node.place, self._refused(node.value, "<<", node.place))
        return node

    def _key(self, node: Node) -> Scalar | None:
        if not isinstance(node, Scalar):
            kind = "a list" if isinstance(node, Sequence) else "a mapping"
            self.found("non-string-key", f"a key is {kind}, expected text", node.place, "quote it if it is text")
            return None
        if isinstance(node.value, Ambiguous):
            return Scalar(node.place, "<<", merges=True)
        if not isinstance(node.value, str):
            self._not_text(node)
            return None
        if len(node.value) > LONGEST_KEY // 2 and len(literal(node.value)) > LONGEST_KEY:
            self.found("yaml-syntax", f"a key is longer than {LONGEST_KEY:,} characters", node.place)
        return node

    def _not_text(self, node: Scalar) -> None:
        if node.value is None:
            self.found("non-string-key", "a key is null, expected text", node.place, "write the key, or quote it")
            return
        key = literal(node.value)
        kind = "a boolean" if isinstance(node.value, bool) else "a number"
        self.found("non-string-key", f"the key '{key}' is {kind}, expected text", node.place, f'quote it: "{key}"')

    def _add(self, node: Mapping, key: Scalar, value: Node) -> None:
        first = node.members.get(key.value)
        if first is not None:
            line = first[0].place.line + 1
            hint = f"the first is on line {line}: keep one of them"
            self.found("duplicate-key", f"the key '{shown(key.value)}' is there twice", key.place, hint)
            return
        node.members[key.value] = (key, value)
        if key.merges:
            self._merge(node, value)

    def _merge(self, node: Mapping, value: Node) -> None:
        sources = value.items if isinstance(value, Sequence) else [value]
        for source in sources:
            if isinstance(source, Mapping):
                node.merged.append(source)
            else:
                self.found("yaml-syntax", "'<<' merges mappings, and this is none", source.place, "quote a key '<<'")


def shown(word: str) -> str:
    """Return a name as a message can hold it: on one line, and not too long."""
    word = word if word.isprintable() else literal(word)[1:-1]
    return word if len(word) <= 60 else word[:59] + "…"  # noqa: PLR2004  (what still reads as a name)


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    return Place(start.line, start.column, end.line, end.column)


def _without_odd_breaks(text: str) -> tuple[str, dict[int, str]]:
    """Return *text* without U+0085, U+2028 and U+2029, and how to bring them back into its scalars.

    They end a line in YAML 1.1, and so for the parser, but not in YAML 1.2. Characters for private use that *text*
    does not hold stand in for them, so that every place stays what it is.
    """
    odd = [character for character in "\x85\u2028\u2029" if character in text]
    if not odd:
        return text, {}
    private = (chr(point) for point in chain(range(0xE000, 0xF900), range(0xF0000, 0xFFFFE)))
    free = (character for character in private if character not in text)
    stand_ins = {ord(character): next(free, character) for character in odd}
    return text.translate(stand_ins), {ord(new): chr(old) for old, new in stand_ins.items()}
