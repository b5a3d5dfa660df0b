"""A text of a document in pieces: the lines of each microservice by themselves, and what is left without them.

Where a piece begins and ends is told by indentation alone, or by a reader of JSON, which is quick, and no more than a
guess: a line of a quoted text may look like the beginning of an item. Who relies on it holds the outline, the text with
a name in the place of each piece, against the document that was read (`abridgement.py`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import accumulate, islice
from json import JSONDecoder
from typing import NamedTuple

from msgspec import Struct
from msgspec.json import encode

from generator.model.lazy_pattern import lazy_pattern
from generator.model.leaks import MARKER
from generator.model.lock import sha256

_EXCUSE = MARKER.encode()

_MARK = b"\xef\xbb\xbf"
"""The byte-order mark that editors write at the beginning of a text."""

_HEADING = lazy_pattern(rb"\n( *+(?:- ++)*)microservices: *+(?:#[^\n]*+)?(?=\n)")
"""Where a list of microservices begins on the next line."""

_FIRST = lazy_pattern(rb"(?:\n *+(?:#[^\n]*+)?(?=\n))*\n( *+)(?=-[ \n])")
"""What stands before the first item of a list: blank lines, comments, spaces."""

_INCLUDE = lazy_pattern(rb"-\s+(?:\{\s*)?([\"']?)include\1\s*:")
_INCLUDE_IN_JSON = lazy_pattern(rb'\{\s*"include"')

_JSON = lazy_pattern(rb"\s*[\[{]")
_LIST_IN_JSON = lazy_pattern(rb"\A\s*\[")
_HEADING_IN_JSON = lazy_pattern(rb'(?<!\\)"microservices"\s*:\s*\[')
_BLANK = lazy_pattern(r"\s*")
_TAIL = lazy_pattern(rb" *,? *\n")
"""What may stand behind an item of a list in JSON, up to the end of its line."""


class Form(StrEnum):
    """Where in a text the microservices stand: in lists under `microservices`, in its only list, or it is one."""

    KEYS = "keys"
    LIST = "list"
    WHOLE = "whole"


class Piece(NamedTuple):
    """The lines from byte *start* to *end* of a text; *stem* and *tail* is what stands around the item in them."""

    start: int
    end: int
    stem: bytes
    tail: bytes = b"\n"


class Cut(Struct, frozen=True):
    """A text, behind a newline and with newlines as its only line breaks, and its *pieces* in order."""

    text: bytes
    pieces: list[Piece]

    def digests(self) -> list[str]:
        """Return the digest of each piece, with the comment on the line above: that may excuse what stands in it."""
        return [sha256(self._comment_above(each.start) + self.text[each.start : each.end]) for each in self.pieces]

    def rest(self) -> str:
        """Return the digest of what is left without the pieces, and of where they were.

        A comment at the end of a piece belongs to what follows it, too: it may excuse what stands there.
        """
        between = list(islice(self._parts(), 0, None, 2))
        above = [self._comment_above(each.end) for each, after in zip(self.pieces, between[1:], strict=True) if after]
        return sha256(b"\0".join(between + above))

    def abridged(self, names: Sequence[str | None]) -> bytes:
        """Return the text with *names* in the place of pieces; where there is none, the piece stays."""
        parts = list(self._parts())
        for index, name in enumerate(names):
            if name is not None:
                parts[2 * index + 1] = _stub(self.pieces[index], name)
        return b"".join(parts)[1:]

    def beginnings(self) -> list[int]:
        """Return the lines in which its parts begin: what stands before the first piece, that piece, and so on."""
        return _beginnings(self._parts())

    def beginnings_abridged(self, names: Sequence[str | None]) -> list[int]:
        """Return where these parts begin in the text with *names*; see `abridged`."""
        parts = list(self._parts())
        parts[1::2] = [each if name is None else b"\n" for each, name in zip(parts[1::2], names, strict=True)]
        return _beginnings(parts)

    def excuses(self) -> str:
        """Return the digest of the lines outside of pieces with a comment that excuses something, and what follows."""
        found: list[tuple[bytes, bytes]] = []
        for start, end in self.ends():
            lines = self.text[start - len(self._comment_above(start)) : end].split(b"\n")
            found += (pair for pair in zip(lines, [*lines[1:], b""], strict=True) if _EXCUSE in pair[0])
        return sha256(repr(found).encode()) if found else ""

    def ends(self) -> list[tuple[int, int]]:
        """Return where each part begins and ends that is no piece, and not empty."""
        starts, ends = [0, *(each.end for each in self.pieces)], [*(each.start for each in self.pieces), len(self.text)]
        return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]

    def _comment_above(self, start: int) -> bytes:
        line = self.text[self.text.rfind(b"\n", 0, start - 1) + 1 : start]
        return line if line.lstrip().startswith(b"#") else b""

    def _parts(self) -> Iterator[bytes]:
        at = 0
        for start, end, *_ in self.pieces:
            yield self.text[at:start]
            yield self.text[start:end]
            at = end
        yield self.text[at:]


class Pieces(Struct, frozen=True, array_like=True):
    """What is known of a text that was cut.

    Attributes:
        form: How it was cut.
        rest: The digest of what is left without the pieces.
        excuses: The digest of what is excused there, empty for nothing: anybody may be excused by it.
        digests: The digest of each piece.
        owners: Whose each piece is.
    """

    form: Form
    rest: str
    excuses: str
    digests: list[str]
    owners: list[str]


def cut(content: bytes, form: Form) -> Cut:
    """Return the text *content* in pieces: none where readers may differ about its lines.

    Items that say that they include files are no pieces.
    """
    text = b"\n" + content.removeprefix(_MARK).replace(b"\r\n", b"\n")
    if not text.endswith(b"\n"):
        text += b"\n"
    if b"\r" in text or text.startswith(b"\n" + _MARK):
        return Cut(text, [])
    if form is Form.WHOLE:
        return Cut(text, [Piece(1, len(text), b"")])
    if _JSON.match(text):
        return Cut(text, list(_items_in_json(text, _LIST_IN_JSON if form is Form.LIST else _HEADING_IN_JSON)))
    items = _items(text, 0, 0)[0] if form is Form.LIST else _items_under_keys(text)
    return Cut(text, [each for each in items if not _INCLUDE.match(text, each.start + len(each.stem) - 2)])


def _items_under_keys(text: bytes) -> Iterable[Piece]:
    at = 0
    while heading := _HEADING.search(text, at):
        items, end = _items(text, heading.end(), len(heading[1]))
        yield from items
        at = end - 1 if items else end  # from the line break on


def _items(text: bytes, at: int, least: int) -> tuple[list[Piece], int]:
    """Return the items of the list that begins behind *at*, no less indented than *least*, and where it ends."""
    first = _FIRST.match(text, at)
    if first is None or len(first[1]) < least:
        return [], at
    indent = len(first[1])
    starts: list[int] = []
    end = len(text)
    for line in _shallow(indent).finditer(text, first.start(1) - 1):
        if line.end() - line.start() != indent + 1 or text[line.end() : line.end() + 2] not in {b"- ", b"-\n"}:
            end = line.start() + 1
            break
        starts.append(line.start() + 1)
    stem = b" " * indent + b"- "
    return [Piece(*ends, stem) for ends in zip(starts, [*starts[1:], end], strict=True)], end


def _items_in_json(text: bytes, heading: "re.Pattern[bytes]") -> Iterator[Piece]:
    """Yield the items, each on lines of its own, of the lists that begin with *heading*."""
    words = text.decode("latin-1")  # a character for each byte
    at = 0
    while found := heading.search(text, at):
        at = found.end()
        for start, end in _objects_in_json(words, at):
            at = end
            line, behind = text.rfind(b"\n", 0, start) + 1, _TAIL.match(text, end)
            if behind and not text[line:start].strip(b" ") and not _INCLUDE_IN_JSON.match(text, start):
                yield Piece(line, behind.end(), text[line:start], behind[0])


def _objects_in_json(words: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield where the objects of a list begin and end, from behind its bracket on."""
    read = JSONDecoder().raw_decode
    while words.startswith("{", at := _end_of_blank(words, at)):
        try:
            _, end = read(words, at)
        except (RecursionError, ValueError):
            return
        yield at, end
        at = _end_of_blank(words, end)
        if not words.startswith(",", at):
            return
        at += 1


def _end_of_blank(words: str, at: int) -> int:
    blank = _BLANK.match(words, at)
    return blank.end() if blank else at


@cache
def _shallow(indent: int) -> re.Pattern[bytes]:
    """Return what matches before a line that is no deeper than *indent*, and neither blank nor a comment."""
    return re.compile(rb"\n {0,%d}+(?=[^ \n#])" % indent)


def _beginnings(parts: Iterable[bytes]) -> list[int]:
    lines = list(accumulate((each.count(b"\n") for each in parts), initial=0))
    return [max(1, line) for line in lines[:-1]]  # the text stands behind a newline


def _stub(piece: Piece, name: str) -> bytes:
    return b'%b{ "name": %b }%b' % (piece.stem, encode(name), piece.tail)
