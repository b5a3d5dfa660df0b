"""The nodes of a YAML document with their places, and the data and the positions that they stand for."""

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct, field

from generator.model.source import Json, Path, Position, Spot


class Place(Struct, frozen=True):
    """Where a node stands: a zero-based *line* and *column*, and where a scalar that shows a caret's worth ends."""

    line: int
    column: int
    end_line: int
    end_column: int


class Scalar(Struct):
    """A node without children; *merges* says that it is `<<` without quotes."""

    place: Place
    value: Json
    merges: bool = False
    size: int = 1


class Sequence(Struct):
    """A list. *size* counts its nodes, those that aliases repeat included."""

    place: Place
    items: list["Node"] = field(default_factory=list)
    size: int = 1


class Mapping(Struct):
    """A mapping: its keys and their values, and the mappings that `<<` merges into it, the strongest first."""

    place: Place
    members: dict[str, tuple[Scalar, "Node"]] = field(default_factory=dict)
    merged: list["Mapping"] = field(default_factory=list)
    size: int = 1

    def merged_members(self) -> dict[str, tuple[Scalar, "Node"]]:
        """Return what the mapping holds after merging: its own keys win, then those of the first merged mapping."""
        if not self.merged:
            return self.members
        members: dict[str, tuple[Scalar, Node]] = {}
        for source in reversed(self.merged):
            members.update(source.merged_members())
        members.update((key, member) for key, member in self.members.items() if not member[0].merges)
        return members


Node: TypeAlias = Scalar | Sequence | Mapping


def plain_data(node: Node, *, merge: bool = True) -> Json:
    """Return the data of *node*, sharing nothing; without *merge*, `<<` is a key like any other."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain_data(item, merge=merge) for item in node.items]
    members = node.merged_members() if merge else node.members
    return {key: plain_data(value, merge=merge) for key, (_, value) in members.items()}


def walk_spots(node: Node, name: str, lines: list[str]) -> Iterator[tuple[Path, Spot]]:
    """Yield the place of every node below and at *node*, by its path in the merged data.

    Args:
        node: Where to begin: the empty path.
        name: The file's name.
        lines: The file's lines.
    """

    def walk(node: Node, path: Path, key: Position | None) -> Iterator[tuple[Path, Spot]]:
        yield path, Spot(position_of(node.place, name, lines), key)
        if isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                yield from walk(item, (*path, index), None)
        elif isinstance(node, Mapping):
            for word, (said, value) in node.merged_members().items():
                yield from walk(value, (*path, word), position_of(said.place, name, lines))

    return walk(node, (), None)


def position_of(place: Place, name: str, lines: list[str]) -> Position:
    """Return *place* for people; its length is that of its first line."""
    if place.end_line > place.line:
        length = len(lines[place.line].rstrip()) - place.column
    else:
        length = place.end_column - place.column
    return Position(name, place.line + 1, place.column + 1, max(length, 1))
