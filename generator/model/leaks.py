"""Where a text that everybody can read holds what looks like a secret, and how a person says that it is none."""

import re
from collections.abc import Iterator, Sequence

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.sightings import sightings
from generator.model.source import Position

MARKER = "platformc: allow-secret"
"""In a comment on the same line, or on a line of its own above, it says that what follows is no secret."""

_COMMENT = lazy_pattern(r"\s*(?:#|//|/\*|--|;|%|<!--|\{#)")
_COMMENTED = lazy_pattern("^#(?! changed: )", re.MULTILINE)  # but for the record of changes
_NEWLINE = lazy_pattern(r"\r\n|\n|\r")


def leaks(name: str, text: str, subject: str, hint: str) -> Iterator[Diagnostic]:
    """Yield `secret-looking-value` for all of *text* that has the format of a secret. No value is repeated.

    Args:
        name: The file, as findings call it.
        text: All of it.
        subject: What it is, in messages: 'this manifest'.
        hint: What to do.
    """
    found = sightings(text)
    if not found:
        return
    starts = [0, *(each.end() for each in _NEWLINE.finditer(text))]
    lines = lines_of(text)
    number = 0
    for each in found:
        while number + 1 < len(starts) and starts[number + 1] <= each.start:
            number += 1
        if is_excused(lines, number):
            continue
        column = each.start - starts[number] + 1
        at = Position(name, number + 1, column)
        message = f"{subject} holds what looks like {each.name}, and everybody who can read it can read that"
        yield Diagnostic("secret-looking-value", message, at, hint)


def is_excused(lines: Sequence[str], number: int) -> bool:
    """Say whether a person wrote `MARKER` at the line of a zero-based *number*, or alone above it."""
    if MARKER in lines[number]:
        return True
    return number > 0 and MARKER in lines[number - 1] and _COMMENT.match(lines[number - 1]) is not None


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as editors count them."""
    return _NEWLINE.split(text)


def comments_of(text: str) -> str:
    """Return the comments that a person wrote into a sealed file and SOPS leaves in the clear, in their lines."""
    if "#" not in text or _COMMENTED.search(text) is None:
        return ""
    return "\n".join(each if each.startswith("#") else "" for each in text.split("\n"))
