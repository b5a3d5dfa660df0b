"""Findings: what is wrong with a person's input, where, and what to do about it."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Position


class Severity(StrEnum):
    """How much a finding matters: an *error* stops the compiler, a *warning* is said and passed by."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(Struct, frozen=True):
    """One finding.

    Attributes:
        code: Kebab-case and stable; it names the pattern, not the cure, and has a page in the documentation.
        message: One sentence in lower case, without a full stop, a newline or any value that could be a secret.
        at: Where to look.
        hint: What to do, as an imperative or a question; may be empty.
    """

    code: str
    message: str
    at: Position
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        """Keep what a person wrote from breaking a line, and from speaking to a terminal."""
        force_setattr(self, "message", _shortened(printable(self.message)))
        force_setattr(self, "hint", _shortened(printable(self.hint)))

    def __str__(self) -> str:
        return f"{printable(str(self.at))}: {self.severity}: {self.message} [{self.code}]"

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The total order in which findings are said: by position, then by code."""
        return (self.at.file, self.at.line, self.at.column, self.code, self.message)


class CompileError(Exception):
    """A stage found errors; nothing was written.

    Attributes:
        diagnostics: Every finding of that stage and the warnings of those before it, sorted.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = in_order(diagnostics)
        super().__init__(f"{len(self.diagnostics)} findings")

    def __reduce__(self) -> tuple[type["CompileError"], tuple[tuple[Diagnostic, ...]]]:
        """Travel between processes with the findings, which an exception would not do by itself."""
        return (type(self), (self.diagnostics,))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return *diagnostics* sorted and without repetitions."""
    return tuple(sorted(set(diagnostics), key=lambda each: each.order))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Say whether any of *diagnostics* stops the compiler."""
    return any(each.severity is Severity.ERROR for each in diagnostics)


_ENDLESS = lazy_pattern(r"\S{300,}")


def printable(text: str) -> str:
    """Return *text* as one line of characters that can be seen, others as Python escapes them."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _shortened(text: str) -> str:
    return _ENDLESS.sub(lambda word: f"{word[0][:100]}…{word[0][-20:]}", text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the name nearest to *word*, or with all of the few that exist, or an empty one."""
    names = sorted(set(known))
    near = nearest(word, names)
    if near is not None:
        return f"did you mean '{near}'?"
    return f"choose from {listed(names)}" if 0 < len(names) <= 12 else ""  # noqa: PLR2004  (a line's worth)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the name among *known* that is nearest to *word*, None where none is near."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in sorted(set(known))}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def listed(names: Sequence[str]) -> str:
    """Return *names* quoted and separated by commas."""
    return ", ".join(f"'{name}'" for name in names)
