"""A text of a document with names in the place of some of its pieces, in which everything stands where it did."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from generator.model.pieces import Cut
from generator.model.source import Position, Spot, Spots


class Excerpt(Struct, frozen=True):
    """A text that was *cut*, with *names* in the place of pieces; where there is none, the piece stays."""

    cut: Cut
    names: Sequence[str | None]

    def text(self) -> bytes:
        """Return what is read of it."""
        return self.cut.abridged(self.names)

    def in_whole(self, spots: Spots) -> Spots:
        """Return where in the whole text stands what has *spots* in this one."""
        here, there = self.cut.beginnings_abridged(self.names), self.cut.beginnings()

        def moved(at: Position) -> Position:
            part = max(0, bisect_right(here, at.line) - 1)
            return Position(at.file, there[part] + at.line - here[part], at.column, at.length)

        return {
            path: Spot(moved(spot.value), None if spot.key is None else moved(spot.key)) for path, spot in spots.items()
        }
