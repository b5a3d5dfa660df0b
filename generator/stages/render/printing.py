"""What templates print values with."""

from generator.model import yaml_text
from generator.model.source import Json


class Printer:
    """Prints values, and remembers what it printed of the current unit: the same labels stand in every object."""

    literal = staticmethod(yaml_text.literal)

    def __init__(self) -> None:
        self._members: dict[tuple[int, int], tuple[Json, str]] = {}

    def forget(self) -> None:
        """Forget what was printed: values that are gone may not be taken for new ones."""
        self._members.clear()

    def block(self, text: str, indent: int) -> str:
        """Print *text* as a literal block with lines at *indent*, or as a literal where a block would change it."""
        return yaml_text.block(text, indent)

    def members(self, value: Json, indent: int) -> str:
        """Print the members of a mapping, or the items of a list, each on a line of its own at *indent*.

        The first line is not indented: the template has done that. An empty value prints as `{}` or `[]`.
        """
        key = (id(value), indent)
        known = self._members.get(key)
        if known is None:
            # The value is kept beside what it printed as, so that no other can get its identity.
            known = self._members[key] = (value, yaml_text.branch(value, indent))
        return known[1]

    def indent(self, text: str, width: int) -> str:
        """Return *text* with every line but the first *width* further in, as Jinja's filter of that name does."""
        return ("\n" + " " * width).join(text.split("\n"))
