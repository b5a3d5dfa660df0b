"""The lines that git leaves around what it could not merge."""

from collections.abc import Iterable

from generator.model.lazy_pattern import lazy_pattern

_MARK = lazy_pattern(r"(?:<{7,}|\|{7,}|>{7,})(?: |$)|={7,}$")
"""Seven characters at the beginning of a line (git-merge(1), "How conflicts are presented").

Or more: git makes them longer where conflicts are in each other, and where both sides renamed the file.
"""


def is_conflict_mark(line: str) -> bool:
    """Say whether *line* is one that git writes around the sides of a conflict."""
    return _MARK.match(line) is not None


def conflict_line(lines: Iterable[str]) -> int | None:
    """Return the number of the first of *lines* that marks a conflict, counted from 1; None where there is none."""
    return next((number for number, line in enumerate(lines, 1) if is_conflict_mark(line.rstrip("\r\n"))), None)
