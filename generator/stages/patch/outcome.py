"""What became of one patch: the changed object, or the reasons why it cannot be applied."""

from collections.abc import Mapping

from msgspec import Struct

from generator.model.source import Json, Path


class Refusal(Struct, frozen=True):
    """Why a patch does not fit the object.

    Attributes:
        below: The place in the patch, from the item of the `patches` list downwards.
        message: One sentence, as a finding says it.
        hint: What to do about it; may be empty.
    """

    below: Path
    message: str
    hint: str = ""


class Outcome(Struct, frozen=True):
    """The object after a patch. Where there are *refusals*, *body* is not to be used."""

    body: Mapping[str, Json]
    changed: bool
    refusals: tuple[Refusal, ...] = ()


class Place(Struct, frozen=True):
    """A place in a merge patch, and in the object that it is merged into.

    Attributes:
        path: From the item of the `patches` list downwards, list indices included.
        names: The names of the properties from the object's root, list levels skipped.
    """

    path: Path
    names: tuple[str, ...]

    def member(self, name: str) -> "Place":
        """Return the place of the property *name*."""
        return Place((*self.path, name), (*self.names, name))

    def directive(self, name: str) -> "Place":
        """Return the place of the directive *name*, which is in the patch but not in the object."""
        return Place((*self.path, name), self.names)

    def item(self, index: int) -> "Place":
        """Return the place of an item of the list that stands here."""
        return Place((*self.path, index), self.names)

    def __str__(self) -> str:
        return f"'{'.'.join(self.names)}'" if self.names else "the object"
