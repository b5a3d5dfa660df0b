"""An earlier compilation of the same document, to build on."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from generator.model.footprint import Footprint


class Past(Struct, frozen=True, kw_only=True):
    """What the last compilation came to: it found no errors, and its files are in place as it left them.

    Attributes:
        footprint: What it left behind.
        objects: How many objects it compiled.
        files: How many files those are in.
        written: All files that it compiled into the output folder, from there.
        files_changed: What it read and is another now.
        patterns_changed: What patterns match other files now.
        read_claims: Returns what the objects of microservices claimed, as `footprint` knows it; None where that is
            gone.
    """

    footprint: Footprint
    objects: int
    files: int
    written: tuple[str, ...]
    files_changed: Mapping[str, object]
    patterns_changed: Mapping[str, object]
    read_claims: Callable[[], bytes | None]

    def again(self) -> set[str]:
        """Return the units to be compiled in any case.

        Something was found in them, what others hold has a part in their names, they look at what others read, or a
        file that was read for them is another now.
        """
        found = {*self.footprint.again, *self.footprint.in_full}
        for known in (self.footprint.read_by, self.footprint.read_around):
            for name, notes in known.items():
                if notes.beyond or notes.is_about(self.files_changed, self.patterns_changed):
                    found.add(name)
        return found
