"""Warnings, kept such that they can be said again after an edit elsewhere, where they stand by then.

A text is a row of parts: what stands before its first piece, that piece, what stands between the first two, and so on
(`model/pieces.py`). What is in a piece is found again by whose it is, and by its line from there; what stands elsewhere
in the document by its path, in which items go by their names; what stands in another file, where it was.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.source import Document, Json, Path, Position, Spot

Beginnings: TypeAlias = Mapping[str, Sequence[int]]
"""By file, the lines in which its parts begin, in order; a file that is not among them is not divided."""


_KEY, _VALUE = "key", "value"


class Remark(Struct, frozen=True, array_like=True):
    """A warning about *file*; what follows *length* is what a finding says.

    Attributes:
        owner: In whose piece it stands, empty for none: *line* counts from 0 there.
        place: The path where it stands outside of pieces, empty for none; *line* and *column* are then nothing.
        end: Whether it stands at the `key` there or at the `value`.
    """

    file: str
    owner: str
    place: tuple[str | int, ...]
    end: str
    line: int
    column: int
    length: int
    code: str
    message: str
    hint: str


class Remarks(Struct, kw_only=True):
    """What a compilation warned of.

    Attributes:
        of_descriptions: By unit of a microservice, what its description alone gave rise to.
        of_objects: By unit, what its objects gave rise to.
        around: What else was found before anything was rendered.
    """

    of_descriptions: dict[str, list[Remark]] = field(default_factory=dict)
    of_objects: dict[str, list[Remark]] = field(default_factory=dict)
    around: list[Remark] = field(default_factory=list)


class Places(Struct):
    """Where things stand in a document, of which less may have been read than there is.

    Attributes:
        document: What was read.
        here: Where the parts of each text begin in that.
        there: Where the same parts begin in the text.
        owners: Whose the pieces of each text are, in order.
    """

    document: Document
    here: Beginnings
    there: Beginnings
    owners: Mapping[str, Sequence[str]]
    _known: dict[str, dict[Position, list[tuple[Path, str]]]] = field(default_factory=dict)

    def remark_on(self, finding: Diagnostic, within: Path = ()) -> Remark | None:
        """Return what is kept of *finding*, which is about what stands *within* that path, or about what it follows.

        None where it could not be found again.
        """
        at = finding.at
        said = (finding.code, finding.message, finding.hint)
        if at.file not in self.document.texts:
            return Remark(at.file, "", (), "", at.line, at.column, at.length, *said)
        lines = self.here.get(at.file, (1,))
        part = max(0, bisect_right(lines, at.line) - 1)
        if part % 2:
            owner = self.owners[at.file][part // 2]
            return Remark(at.file, owner, (), "", at.line - lines[part], at.column, at.length, *said)
        spot = self._spot_of(at, within)
        return spot and Remark(at.file, "", *spot, 0, 0, 0, *said)

    def remarks_on(self, findings: Iterable[Diagnostic], within: Path = ()) -> list[Remark]:
        """Return what is kept of each of *findings*; see `remark_on`.

        Raises:
            LookupError: When one could not be found again.
        """
        remarks = [self.remark_on(each, within) for each in findings]
        found = [each for each in remarks if each is not None]
        if len(found) < len(remarks):
            raise LookupError("a finding about what is no node of the document")
        return found

    def said_again(self, remark: Remark) -> Diagnostic:
        """Return the warning that *remark* is about, where it stands by now.

        Raises:
            LookupError: When what it is about is not there any more.
        """
        return Diagnostic(remark.code, remark.message, self._position(remark), remark.hint, Severity.WARNING)

    def _position(self, remark: Remark) -> Position:
        file = remark.file
        if remark.owner:
            part = 2 * self._index(remark) + 1
            return Position(file, self.there[file][part] + remark.line, remark.column, remark.length)
        if not remark.place:
            return Position(file, remark.line, remark.column, remark.length)
        spot = self.document.spots_of(file)[_path(remark.place, self.document.said_in[file])]
        at = spot.key if remark.end == _KEY else spot.value
        if at is None:
            raise LookupError("nothing but an item, which has no key")
        lines = self.here.get(file)
        if lines is None:
            return at
        part = max(0, bisect_right(lines, at.line) - 1)
        return Position(file, at.line - lines[part] + self.there[file][part], at.column, at.length)

    def _index(self, remark: Remark) -> int:
        try:
            return list(self.owners[remark.file]).index(remark.owner)
        except ValueError:
            raise LookupError("a microservice that is not there any more") from None

    def _spot_of(self, at: Position, within: Path) -> tuple[tuple[str | int, ...], str] | None:
        """Return where the node stands that is *at* some place; None where none, or more than one, may be meant."""
        if at.file not in self._known:
            known: dict[Position, list[tuple[Path, str]]] = defaultdict(list)
            for path, spot in self.document.spots_of(at.file).items():
                for each, end in _ends(spot):
                    known[each].append((path, end))
            self._known[at.file] = known
        found = self._known[at.file].get(at, [])
        own = [each for each in found if within and each[0][: len(within)] == within]
        deepest = max(own or found, key=lambda each: len(each[0]), default=None)
        if deepest is None or any(deepest[0][: len(path)] != path for path, _ in own or found):
            return None
        return tuple(_named(deepest[0], self.document.said_in[at.file])), deepest[1]


def _ends(spot: Spot) -> Iterable[tuple[Position, str]]:
    yield spot.value, _VALUE
    if spot.key is not None:
        yield spot.key, _KEY


def _names(items: Iterable[Json]) -> list[Json]:
    """Return the name of each item, None where it has none."""
    return [each.get("name") if isinstance(each, dict) else None for each in items]


def _named(path: Path, data: Json) -> Iterable[str | int]:
    """Yield the steps of *path* in *data*, names in the place of numbers where items have some."""
    for step in path:
        if isinstance(step, int):
            named = _names(data)
            name = named[step]
            yield name if isinstance(name, str) and named.count(name) == 1 else step
        else:
            yield step
        data = data[step]


def _path(place: Sequence[str | int], data: Json) -> Path:
    """Return the path that `_named` made *place* of, in the *data* of by now.

    Raises:
        LookupError: When nothing is there.
    """
    path: list[str | int] = []
    for step in place:
        if isinstance(data, list) and isinstance(step, str):
            named = _names(data)
            if named.count(step) != 1:
                raise LookupError(f"no item '{step}'")
            path.append(named.index(step))
        else:
            path.append(step)
        try:
            data = data[path[-1]]
        except TypeError:
            raise LookupError("something else") from None
    return tuple(path)
