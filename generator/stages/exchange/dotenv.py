r"""Dotenv files: what all readers of them take alike, and nothing else.

There is no standard. What shells, docker compose, python-dotenv and the dotenv of Node.js read differently is
refused here, with a place and a way to write it that is not:

- `$` and a backtick outside single quotes: some readers replace `$NAME`, some run what stands between backticks;
- a `#` that touches an unquoted value: some begin a comment there, some do not;
- a backslash at the end of single quotes, and in double quotes one before anything but `n`, `r`, `t`, `"`, `\`,
  `$` and a backtick;
- a name without `=`, and whatever follows a closing quote, but for a comment.

Both kinds of quotes may span lines. `export` before a name is passed over. Unquoted values are trimmed, and end
before white space and a `#`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.plaintext import Entry, Reading, repeated, unreadable
from generator.model.source import Position

_BLANK = lazy_pattern(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_NAME = lazy_pattern(r"[ \t]*(?:export[ \t]+)?(?P<key>[-.A-Za-z0-9_]+)[ \t]*=[ \t]*")
_FIRST = lazy_pattern(r"[ \t]*(?:export[ \t]+)?([^\s=]*)")
_UNQUOTED = lazy_pattern(r"[^\n]*?(?=[ \t]+#|[ \t]*(?:\n|\Z))")
_CONTROL = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$", "`": "`"}
_ESCAPE = lazy_pattern(r"\\(.)", re.DOTALL)
_SINGLE = lazy_pattern(r"'([^']*)'")
_DOUBLE = lazy_pattern(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_REPLACED = lazy_pattern(r"(?:[^\\$`]|\\.)*[$`]", re.DOTALL)
_WRITTEN = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "$": "\\$", "`": "\\`"}
_SAFE = lazy_pattern(r"[A-Za-z0-9_./:@%+,=-]+")


class _Refusal(Exception):  # noqa: N818  (it becomes a finding)
    """Why a value cannot be read, the *offset* of the character, and the end of the value (*after*)."""

    def __init__(self, message: str, offset: int, hint: str, after: int = 0) -> None:
        super().__init__(message)
        self.message, self.offset, self.hint, self.after = message, offset, hint, max(after, offset)


class _Value(NamedTuple):
    text: str
    end: int


def read_dotenv(name: str, text: str) -> Reading:
    """Read the dotenv file *name*. All findings are collected; none repeats a value."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    entries: dict[str, Entry] = {}
    findings: list[Diagnostic] = []
    offset = 0
    while offset < len(text):
        if blank := _BLANK.match(text, offset):
            offset = blank.end()
            continue
        try:
            key, at, value = _assignment(name, text, offset)
        except _Refusal as refusal:
            findings.append(unreadable(refusal.message, _position(name, text, refusal.offset), refusal.hint))
            offset = _next_line(text, refusal.after)
            continue
        if key in entries:
            findings.append(repeated(key, at, entries[key].at))
        entries.setdefault(key, Entry(key=key, value=value.text, at=at))
        offset = value.end
    return Reading(findings=tuple(findings)) if findings else Reading(entries=tuple(entries.values()))


def write_dotenv(values: Iterable[tuple[str, str]]) -> str:
    """Return a dotenv file that `read_dotenv` reads as *values* again.

    Raises:
        ValueError: For a value that no dotenv file can hold; its words are the key.
    """
    return "".join(f"{key}={_written(key, value)}\n" for key, value in values)


def _written(key: str, value: str) -> str:
    if _SAFE.fullmatch(value):
        return value
    if value.isprintable() and "'" not in value and not value.endswith("\\"):
        return f"'{value}'"
    if _CONTROL.search(value.translate({ord("\r"): None})):
        raise ValueError(key)
    return '"' + "".join(_WRITTEN.get(each, each) for each in value) + '"'


def _assignment(name: str, text: str, offset: int) -> tuple[str, Position, _Value]:
    found = _NAME.match(text, offset)
    if found is None:
        raise _no_assignment(text, offset)
    key, begin = found["key"], found.end()
    start = found.start("key")
    at = _position(name, text, start, len(key))
    quote = text[begin : begin + 1]
    if quote == '"':
        value = _closed(text, _double(text, begin, key), key)
    elif quote == "'":
        value = _closed(text, _single(text, begin, key), key)
    else:
        value = _unquoted(text, begin, key)
    control = _CONTROL.search(text, begin, value.end)
    if control:
        message = f"the value of '{key}' holds a control character"
        raise _Refusal(message, control.start(), "remove it", after=value.end - 1)
    return key, at, value


def _no_assignment(text: str, offset: int) -> _Refusal:
    """Return why there is no assignment at *offset*; a line may be the rest of a secret, so it is not quoted."""
    first = _FIRST.match(text, offset)
    start = first.start(1) if first else offset
    hint = "write NAME=VALUE; a value of several lines goes into double quotes"
    return _Refusal("the line is neither a comment nor NAME=VALUE", start, hint)


def _unquoted(text: str, begin: int, key: str) -> _Value:
    found = _UNQUOTED.match(text, begin)
    value = found[0] if found else ""
    quoted = f"put the value of '{key}' in single quotes"
    for index, character in enumerate(value):
        if character in "$`":
            raise _replaced(key, begin + index)
        if character == "#":
            message = f"the value of '{key}' holds a '#' that some readers take for the beginning of a comment"
            raise _Refusal(message, begin + index, quoted)
    return _Value(value, _next_line(text, begin + len(value)))


def _replaced(key: str, offset: int, after: int = 0) -> _Refusal:
    message = f"the value of '{key}' holds a '$' or '`', which some readers replace by something else"
    hint = f"put the value of '{key}' in single quotes, or '\\' before it in double quotes"
    return _Refusal(message, offset, hint, after)


def _single(text: str, begin: int, key: str) -> _Value:
    found = _SINGLE.match(text, begin)
    if found is None:
        raise _unclosed(text, begin, key)
    if found[1].endswith("\\"):
        message = f"the value of '{key}' ends in a backslash, which some readers take as part of the quote"
        hint = "use double quotes, with '\\\\' for a backslash"
        raise _Refusal(message, found.end() - 2, hint, after=found.end())
    return _Value(found[1], found.end())


def _double(text: str, begin: int, key: str) -> _Value:
    found = _DOUBLE.match(text, begin)
    if found is None:
        raise _unclosed(text, begin, key)
    replaced = _REPLACED.match(found[1])
    if replaced:
        raise _replaced(key, begin + replaced.end(), after=found.end())
    escape = next((each for each in _ESCAPE.finditer(found[1]) if each[1] not in _ESCAPES), None)
    if escape:
        message = f"the value of '{key}' holds a backslash before a character that needs none"
        hint = "write '\\\\' for a backslash, or use single quotes"
        raise _Refusal(message, begin + 1 + escape.start(), hint, after=found.end())
    return _Value(_ESCAPE.sub(lambda each: _ESCAPES[each[1]], found[1]), found.end())


def _unclosed(text: str, begin: int, key: str) -> _Refusal:
    """Return that there is no closing quote. What follows may be the rest of a secret, so it is not read at all."""
    message = f"the quote before the value of '{key}' is not closed"
    return _Refusal(message, begin, "add the closing quote", after=len(text))


def _closed(text: str, value: _Value, key: str) -> _Value:
    """Return *value*, and the next line as its end, where nothing but a comment follows the closing quote."""
    rest = _BLANK.match(text, value.end)
    if rest is None or text[value.end : value.end + 1] == "#":
        hint = f"put all of the value of '{key}' in one pair of quotes"
        raise _Refusal(f"something follows the closing quote of '{key}'", value.end, hint)
    return _Value(value.text, rest.end())


def _next_line(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def _position(name: str, text: str, offset: int, length: int = 1) -> Position:
    line = text.count("\n", 0, offset) + 1
    return Position(name, line, offset - text.rfind("\n", 0, offset), length)
