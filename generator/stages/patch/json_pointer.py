"""JSON pointers (RFC 6901), and changes at the place that one leads to."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from generator.model.diagnostics import did_you_mean, listed
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json

_BAD_ESCAPE: Final = lazy_pattern(r"~(?![01])")
_INDEX: Final = lazy_pattern(r"0|[1-9][0-9]{0,8}")
_NAMED_KEYS: Final = 12
"""So many keys fit into a sentence."""

_PLAIN: Final = "a plain value"


class PointerError(Exception):
    """A JSON patch does not fit the object.

    Attributes:
        member: The member of the operation to look at: `path`, `from`, `op` or `value`.
        message: One sentence, as a finding says it.
        hint: What to do about it; may be empty.
    """

    def __init__(self, member: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.member = member
        self.message = message
        self.hint = hint


class Pointer(Struct, frozen=True):
    """A way into an object.

    Attributes:
        text: As it is written: `/spec/ports/0/port`.
        member: The member of the operation that it is: `path` or `from`.
        steps: The keys and indices, unescaped; none for the whole object.
    """

    text: str
    member: str
    steps: tuple[str, ...]

    @classmethod
    def parse(cls, text: Json, member: str) -> "Pointer":
        """Read *text*.

        Raises:
            PointerError: When it is not a JSON pointer.
        """
        if not isinstance(text, str):
            raise PointerError(member, f"'{member}' must be a JSON pointer")
        if text and not text.startswith("/"):
            raise PointerError(member, f"'{text}' is not a JSON pointer", f"did you mean '/{text}'?")
        if _BAD_ESCAPE.search(text):
            raise PointerError(member, f"'{text}' is not a JSON pointer", "write '~' as '~0' and '/' as '~1'")
        steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])
        return cls(text, member, steps)

    def find(self, root: Json) -> Json:
        """Return the value that stands here.

        Raises:
            PointerError: When nothing does.
        """
        node = root
        for depth in range(len(self.steps)):
            node = node[self.locate(node, depth)]
        return node

    def locate(self, node: Json, depth: int, *, end: bool = False) -> str | int:
        """Return the key or index by which step *depth* leads on from *node*, *end* allows one past the end.

        Raises:
            PointerError: When it leads nowhere.
        """
        step = self.steps[depth]
        if isinstance(node, dict):
            if step not in node:
                raise self._lost(depth, _keys_of(node), did_you_mean(step, node))
            return step
        if not isinstance(node, list):
            raise self._lost(depth, _PLAIN)
        if end and step == "-":
            return len(node)
        if not _INDEX.fullmatch(step):
            hint = "count from 0, or append with '-'" if end else "count from 0"
            raise self._lost(depth, "a list", hint)
        index = int(step)
        if index >= len(node) + end:
            raise self._lost(depth, f"a list of {len(node)}", "count from 0")
        return index

    def edit(self, root: Json, change: Callable[[Json, int], Json]) -> Json:
        """Return *root* with *change* made to the container of this place, which it gets with the last depth.

        Raises:
            PointerError: When there is no such container, or *change* raises it.
        """
        return self._edit(root, 0, change)

    def _edit(self, node: Json, depth: int, change: Callable[[Json, int], Json]) -> Json:
        if depth == len(self.steps) - 1:
            return change(node, depth)
        key = self.locate(node, depth)
        after = self._edit(node[key], depth + 1, change)
        copy = node.copy()
        copy[key] = after
        return copy

    def _lost(self, depth: int, there: str, hint: str = "") -> PointerError:
        above = "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in self.steps[:depth])
        place = f"'{above}'" if above else "the root"
        message = f"'{self.text}' leads nowhere: {place} is {there}, without '{self.steps[depth]}'"
        return PointerError(self.member, message, hint)


def _keys_of(node: dict[str, Json]) -> str:
    if not node:
        return "empty"
    keys = listed(sorted(node)[:_NAMED_KEYS])
    more = len(node) - _NAMED_KEYS
    return f"an object with {keys}" + (f" and {more} more" if more > 0 else "")
