"""Where a text holds what looks like a secret.

The literal anchors of the formats are looked for first, which costs next to nothing, and an expression is tried where
one of them stands and nowhere else, over a stretch of bounded length: the time grows with a text's length only.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from generator.model.secret_formats import FOLDED_FORMATS, FORMATS, Format, is_placeholder


class Sighting(NamedTuple):
    """What looks like a secret: the characters from *start* to *end* of a text, and the *name* of the format."""

    start: int
    end: int
    name: str


_LARGE = 10_000
"""Characters of a text of which it pays to look at each line once."""

SHORTEST = 10
"""Characters of the shortest text that can match."""

_BEFORE = 125
"""How many characters before its anchor a format looks at."""

_BEHIND = 2_000
"""How many characters a format looks at from its anchor on."""

REACH = _BEFORE + _BEHIND + 1
"""How many characters away from what makes it one a sighting may begin or end, at the most."""

_FOLDED = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def sightings(text: str) -> list[Sighting]:
    """Return all that looks like a secret in *text*, in order and without overlaps."""
    if len(text) < SHORTEST:
        return []
    found = sorted(_found(text))
    apart: list[Sighting] = []
    for each in found:
        if not apart or each.start >= apart[-1].end:
            apart.append(each)
    return apart


def holds_secret(text: str) -> bool:
    """Say whether anything in *text* looks like a secret."""
    return len(text) >= SHORTEST and next(_found(text), None) is not None


def _found(text: str) -> Iterator[Sighting]:
    # No anchor goes on in the next line, so they are looked for in the lines without their repetitions: of a large
    # document, a quarter is left.
    lines = text if len(text) < _LARGE else "\n".join(dict.fromkeys(text.split("\n")))
    for each in FORMATS:
        for anchor in each.anchors:
            if anchor in lines:
                yield from _around(each, anchor, text, text)
    lines, folded = _in_small_letters(lines), ""
    for each in FOLDED_FORMATS:
        for anchor in each.anchors:
            if anchor in lines:
                folded = folded or _in_small_letters(text)
                yield from _around(each, anchor, folded, text)


def _in_small_letters(text: str) -> str:
    """Return *text*, of which every character stays where it is."""
    folded = text.lower()
    return folded if len(folded) == len(text) else text.translate(_FOLDED)  # some letters are longer in lower case


def _around(kind: Format, anchor: str, searched: str, text: str) -> Iterator[Sighting]:
    at = searched.find(anchor)
    while at >= 0:
        past = at + len(anchor)
        found = _compiled(kind.expression).match(text, at, at + _BEHIND)
        if found is not None:
            start = _start(kind, text, at)
            if start is not None and _is_real(kind, found, text[start : found.end()]):
                yield Sighting(start, found.end(), kind.name)
                past = max(past, found.end())
        at = searched.find(anchor, past)


def _start(kind: Format, text: str, at: int) -> int | None:
    """Return where the secret begins whose anchor is *at*; None where what has to stand before it does not."""
    if not kind.before:
        return at
    found = _compiled(kind.before).search(text, max(0, at - _BEFORE), at)
    return None if found is None else found.start()


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _is_real(kind: Format, found: re.Match[str], whole: str) -> bool:
    value = found["value"] if "value" in found.re.groupindex else whole
    return (kind.holds is None or kind.holds(value)) and not is_placeholder(value)
