"""Where things stand in the files that a person wrote.

Plain data travels through the stages; positions stay beside it, and are read only when somebody asks for one.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

Json: TypeAlias = Any
"""What YAML and JSON have in common: None, bool, int, float, str, and lists and string-keyed dicts of them."""

Path: TypeAlias = tuple[str | int, ...]
"""The way from the root of a document to one of its nodes: keys and zero-based indices."""


class Position(Struct, frozen=True, order=True):
    """A place in a text: *line* and *column* count from 1; *length* characters deserve a caret."""

    file: str
    line: int = 1
    column: int = 1
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Spot(Struct, frozen=True):
    """Where one node stands: its *value*, and its *key* where it is a member of a mapping."""

    value: Position
    key: Position | None = None


Spots: TypeAlias = Mapping[Path, Spot]
"""The positions of every node of one file, by their path in that file."""


class Splice(Struct, frozen=True):
    """A subtree of a document that came from another file: the node at *path* is the node *inner* of *file*."""

    path: Path
    file: str
    inner: Path = ()


class Document(Struct):
    """A document as plain data, and the way back from each node to the line that a person wrote.

    Attributes:
        name: The file that the document begins in, as findings name it.
        data: The whole document, included files in their places.
        texts: The text of every file that took part, by name.
        splices: Which subtrees came from which file, by their path.
        read_spots: Reads the positions of one file from its name and text. Called at most once for each file.
        said_in: By file, its own data, without what it includes.
    """

    name: str
    data: Json
    texts: Mapping[str, str]
    read_spots: Callable[[str, str], Spots]
    splices: Mapping[Path, Splice] = field(default_factory=dict)
    said_in: Mapping[str, Json] = field(default_factory=dict)
    _spots: dict[str, Spots] = field(default_factory=dict)

    def locate(self, path: Path, *, value: bool = False) -> Position:
        """Return where *path* stands, or its nearest ancestor that does: the key, or with *value* the value."""
        file, inner = self.origin(path)
        spots = self.spots_of(file)
        while inner and inner not in spots:
            inner = inner[:-1]
        spot = spots.get(inner)
        if spot is None:
            return Position(file)
        return spot.value if value or spot.key is None else spot.key

    def has(self, path: Path) -> bool:
        """Say whether a node stands at *path*."""
        node: Json = self.data
        try:
            for step in path:
                node = node[step]
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def first_of(self, layers: tuple[Path, ...], below: Path) -> Path:
        """Return the path of *below* in the first of *layers* that has it, or has the most of it."""
        for length in range(len(below), 0, -1):
            for layer in layers:
                path = (*layer, *below[:length])
                if self.has(path):
                    return path
        return layers[0] if layers else ()

    def file_of(self, path: Path) -> str:
        """Return the name of the file in which *path* stands."""
        return self.origin(path)[0]

    def origin(self, path: Path) -> tuple[str, Path]:
        """Return the name of the file in which *path* stands, and its path in there."""
        if self.splices:
            for length in range(len(path), 0, -1):
                splice = self.splices.get(path[:length])
                if splice is not None:
                    return splice.file, (*splice.inner, *path[length:])
        return self.name, path

    def spots_of(self, file: str) -> Spots:
        """Return where every node of one file stands, by its path in that file."""
        if file not in self._spots:
            self._spots[file] = self.read_spots(file, self.texts.get(file, ""))
        return self._spots[file]


def same_json(one: Json, other: Json) -> bool:
    """Say whether two values are the same JSON: unlike in Python, true is not 1."""
    if one is other:
        return True
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same_json(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, list):
        return (
            isinstance(other, list)
            and len(one) == len(other)
            and all(same_json(value, other[index]) for index, value in enumerate(one))
        )
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
