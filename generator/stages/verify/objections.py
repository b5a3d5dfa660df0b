"""Where the rules say what is wrong with one object.

A rule is called for every object of a platform, and almost always has nothing to say. So it hands over a path
only once something is wrong, and the position behind that path is looked up only then.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from generator.model.diagnostics import Diagnostic, Severity, did_you_mean, listed
from generator.model.manifest import Manifest
from generator.model.source import Json, Path, Position

Locate: TypeAlias = Callable[[Manifest, Path], Position]
"""Finds where a person wrote what stands at a path in the body of a manifest."""


PlainFields: TypeAlias = Mapping[str, range | tuple[str, ...]]
"""What single fields of a node take: a span of numbers, or one of a few words."""

_MANY = 2**31 - 1


def span(low: int, high: int = _MANY) -> range:
    """Return the whole numbers from *low* to *high*, both included."""
    return range(low, high + 1)


def spelled(numbers: range) -> str:
    """Return *numbers* in words."""
    if numbers.stop > _MANY:
        return f"a number of at least {numbers.start}"
    return f"a number from {numbers.start} to {numbers.stop - 1}"


class Objections(Struct):
    """The findings in one manifest, in the order in which they were made."""

    manifest: Manifest
    locate: Locate
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, path: Path, what: str, expected: str = "", hint: str = "") -> None:
        """Add an error.

        Args:
            code: Names the pattern, in kebab-case.
            path: The node of the body that is wrong.
            what: What stands there, or what is missing; names and keys, never a value that could be secret.
            expected: What should stand there.
            hint: An imperative or a question.
        """
        self._add(code, path, f"{what}{self._place(path, expected)}", hint, Severity.ERROR)

    def warn(self, code: str, path: Path, what: str, expected: str = "", hint: str = "") -> None:
        """Add a warning: the API server takes it, but hardly as it was meant. See `add`."""
        self._add(code, path, f"{what}{self._place(path, expected)}", hint, Severity.WARNING)

    def misplaced(self, path: Path, value: Json, allowed: range | tuple[str, ...]) -> None:
        """Add an error for a *value* at *path* that is not among *allowed*."""
        if isinstance(allowed, range):
            self.add("out-of-range", path, f"{value}", f"expected {spelled(allowed)}")
        else:
            hint = did_you_mean(f"{value}", allowed)
            self.add("bad-choice", path, f"'{value}'", f"expected one of {listed(allowed)}", hint)

    def taken(self, path: Path, what: str, owner: str = "") -> None:
        """Add an error for the name at *path*, which *owner* has already."""
        self.add("name-taken", path, what, f"already taken by {owner}" if owner else "named twice")

    def _add(self, code: str, path: Path, message: str, hint: str, severity: Severity) -> None:
        self.found.append(Diagnostic(code, message, self.locate(self.manifest, path), hint, severity))

    def _place(self, path: Path, expected: str) -> str:
        place = f"{dotted(path)} of {self.manifest.ref}" if path else f"{self.manifest.ref}"
        return f" in {place}: {expected}" if expected else f" in {place}"


def dotted(path: Path) -> str:
    """Return *path* as Kubernetes writes it: `spec.ports[0].name`, `metadata.labels['example.com/name']`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"['{step}']"
    return text


def check_fields(node: Mapping[str, Json], fields: PlainFields, at: Path, objections: Objections) -> None:
    """Hold the plain fields of *node*, which stands at *at*, against what they take."""
    for name, value in node.items():
        allowed = fields.get(name)
        if allowed is None or value is None:
            continue
        # A schema takes 1.0 for a whole number; a range would look for it one by one.
        if (int(value) if isinstance(value, float) else value) not in allowed:
            objections.misplaced((*at, name), value, allowed)


def check_one_of(node: Mapping[str, Json], names: Iterable[str], at: Path, objections: Objections) -> str:
    """Return the one of *names* that *node* has, or an empty name after an objection."""
    found = ""
    for name in names:
        if node.get(name) is not None:
            if found:
                break
            found = name
    else:
        if found:
            return found
    present = [name for name in names if node.get(name) is not None]
    what = f"{listed(present)} together" if present else "none of the fields that it needs"
    objections.add("one-of", at, what, f"expected exactly one of {listed(list(names))}")
    return ""


def check_distinct(values: list[str], at: Path, last: str, objections: Objections) -> None:
    """Refuse two items of the list at *at* with one value in their field *last*, unless it is empty."""
    if len(set(values)) == len(values):
        return
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value and value in seen:
            objections.taken((*at, index, last), f"'{value}'")
        seen.add(value)
