"""The line of a file that a finding points at, as a terminal shows it, with a run of carets below.

A line may be longer than any terminal, hold tabs, wide characters or control characters, or a value
that nobody should read over a shoulder or in a log.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from unicodedata import category, east_asian_width

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern

COLUMNS = 80
"""The width that nothing but a header line or a hint exceeds."""

GUARDED = frozenset({"plain-secret", "secret-looking-value", "plaintext-value", "not-sealed", "not-a-mapping"})
"""The codes that point at a value which should not have been there, or at a file that is none of ours."""

_SENSITIVE = lazy_pattern(
    r"(?i)passw(or)?d|passphrase|pwd|secret|token|credential|(api|access|account|private|signing)[_-]?key"
    r"|connection[_-]?string|stringData|\bauths?\b|BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]*:[^@\s]+@"
)
"""Lines that could hold a secret, whatever their finding says: any mistake can stand beside a password."""

_KEY = lazy_pattern(r"""\s*(?:-\s+)*(?:"[^"]*"|'[^']*'|[\w.$/-]+)\s*:(?=\s|$)""")
"""The first key of a line, which may be shown of a line that may not."""

_UPKEEP = r"( *, *rotateEvery: *\d+(d|w|mo|y)| *, *owner: *[a-zA-Z][-a-z]{0,30})*"
_HARMLESS = lazy_pattern(rf"\s*(\{{\s*secret:\s*(true|false){_UPKEEP}\s*\}}\s*)?,?\s*|\s*(true|false|null)\s*")

_DECLARED = lazy_pattern(rf"^\s*- *\{{ *name: *[-._a-zA-Z0-9]+ *, *secret: *true{_UPKEEP} *\}} *$")
"""A file that is declared as sealed: the line says a name, and that there is nothing to see."""

_BLOCK = 200
"""How many lines above may say what a line is."""

_NEWLINE = lazy_pattern(r"\r\n|\n|\r")
_TAB = 4
_ELLIPSIS = "…"


class Excerpt(NamedTuple):
    """What to print of a line: *text* of at most a given width, and *carets* to print below it."""

    text: str
    carets: str


def lines_of(source: str) -> list[str]:
    """Return the lines of a file as editors count them: by line feeds and carriage returns alone."""
    return _NEWLINE.split(source.removeprefix("\ufeff"))


def excerpt(diagnostic: Diagnostic, lines: Sequence[str], width: int) -> Excerpt | None:
    """Return which of a file's *lines* a *diagnostic* points at, in at most *width* columns.

    None when there is no such line, or when the file is one that holds sealed values: a person may have
    forgotten to seal them.
    """
    at = diagnostic.at
    if "secrets" in PurePosixPath(at.file).parts[:-1]:
        return None
    if at.line > len(lines) or not lines[at.line - 1].strip():
        return None
    line = lines[at.line - 1]
    start, length = at.column - 1, max(at.length, 1)
    if diagnostic.code in GUARDED or _is_sensitive(lines[: at.line]):
        shown = _masked(line)
        if shown != line and start >= len(shown) - 1:
            start, length = len(shown) - 1, 1
        line = shown
    start = min(start, len(line))
    return _window(line, start, min(start + length, max(len(line), start + 1)), width)


def _is_sensitive(lines: Sequence[str]) -> bool:
    """Say whether the last of *lines* could hold a secret, by itself, by the line that it hangs below, or within a key.

    So a value of several lines is one, and the `value` of what is called a password.
    """
    line = lines[-1]
    if _SENSITIVE.search(line):
        return not _DECLARED.search(line)
    indent = _indent(line)
    for above in filter(str.strip, reversed(lines[-_BLOCK:-1])):
        if _indent(above) < indent:
            return _SENSITIVE.search(above) is not None
        if "PRIVATE KEY-----" in above:
            return True
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _masked(line: str) -> str:
    """Return *line* with all that follows its first key replaced, or all of it where it has none."""
    key = _KEY.match(line)
    end = key.end() if key else len(line) - len(line.lstrip())
    if _HARMLESS.fullmatch(line, end):
        return line
    return f"{line[:end]}{' ' if key else ''}{_ELLIPSIS}"


def _cell(character: str) -> tuple[str, int]:
    """Return how a terminal is to show one character, and the columns that it takes."""
    if character == "\t":
        return " " * _TAB, _TAB
    kind = category(character)
    if kind in {"Mn", "Me"}:
        return character, 0
    if kind in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return "\N{REPLACEMENT CHARACTER}", 1
    return character, 2 if east_asian_width(character) in "WF" else 1


def _window(line: str, start: int, end: int, width: int) -> Excerpt:
    """Return the part of *line* around characters *start* to *end* that fits *width* columns."""
    reach = 2 * width
    first = max(0, start - reach)
    cells = [_cell(character) for character in line[first : start + reach]]
    start, end = start - first, min(end - first, start - first + reach)
    left = 0
    if first or sum(columns for _, columns in cells) > width:
        left = _left_edge(cells, start, end, width)
    head = _ELLIPSIS if first or left else ""
    text, carets, used = head, " " * len(head), len(head)
    for index in range(left, len(cells)):
        shown, columns = cells[index]
        rest = index + 1 < len(cells) or first + len(cells) < len(line)
        if used + columns > width - (1 if rest else 0):
            text, carets = text + _ELLIPSIS, carets + ("^" if start <= index < end else "")
            break
        text, used = text + shown, used + columns
        carets += ("^" if start <= index < end else " ") * columns
    carets = carets.rstrip()
    return Excerpt(text.rstrip(), carets if "^" in carets else " " * used + "^")


def _left_edge(cells: list[tuple[str, int]], start: int, end: int, width: int) -> int:
    """Return the first cell to show: the line's beginning where that fits, else a third of *width* ahead."""
    if sum(columns for _, columns in cells[:end]) < width - 1:
        return 0
    left, room = start, width // 3
    while left > 0 and cells[left - 1][1] <= room:
        room -= cells[left - 1][1]
        left -= 1
    return left
