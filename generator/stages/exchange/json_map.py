"""JSON files of secrets: one flat map of strings."""

import json

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.plaintext import Entry, Reading, repeated, unreadable
from generator.model.source import Position

_SPACE = lazy_pattern(r"[ \t\r\n]*")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_KINDS = {dict: "a map", list: "a list", bool: "a boolean", type(None): "null", int: "a number", float: "a number"}
_FLAT = 'write a flat map of strings, as {"NAME": "value"}'


class _SyntaxError(Exception):
    """The text is no JSON from this offset on."""

    def __init__(self, offset: int) -> None:
        self.offset = offset


def read_json(name: str, text: str) -> Reading:
    """Read the JSON file *name*. No finding repeats a value."""
    text = text.removeprefix("\ufeff")
    try:
        json.loads(text)
        members = _members(text)
    except json.JSONDecodeError as error:
        return Reading(findings=(_invalid(name, text, error.pos),))
    except _SyntaxError as error:
        return Reading(findings=(unreadable("the file is not a map", _position(name, text, error.offset), _FLAT),))
    except RecursionError:
        return Reading(findings=(unreadable("the file is nested too deeply", Position(name), _FLAT),))
    entries: dict[str, Entry] = {}
    findings: list[Diagnostic] = []
    for key, value, offset in members:
        at = _position(name, text, offset, len(key) + 2)
        if not isinstance(value, str):
            message = f"the value of '{key}' is {_KINDS[type(value)]}, expected a string"
            findings.append(unreadable(message, at, "put it in double quotes" if type(value) is int else _FLAT))
        elif _SURROGATE.search(key + value):
            findings.append(unreadable(f"the value of '{key}' is no text", at, "write it as UTF-8"))
        elif key in entries:
            findings.append(repeated(key, at, entries[key].at))
        else:
            entries[key] = Entry(key=key, value=value, at=at)
    return Reading(findings=tuple(findings)) if findings else Reading(entries=tuple(entries.values()))


def _invalid(name: str, text: str, offset: int) -> Diagnostic:
    return unreadable("the file is not JSON from here on", _position(name, text, offset), _FLAT)


def _members(text: str) -> list[tuple[str, object, int]]:
    """Return key, value and offset of each member of a text that is known to be JSON."""
    decoder = json.JSONDecoder()
    index = _after_space(text, 0)
    if text[index] != "{":
        raise _SyntaxError(index)
    members: list[tuple[str, object, int]] = []
    index = _after_space(text, index + 1)
    while text[index] != "}":
        start = index
        key, index = decoder.raw_decode(text, index)
        value, index = decoder.raw_decode(text, _after_space(text, _after_space(text, index) + 1))
        members.append((key, value, start))
        index = _after_space(text, index)
        index = _after_space(text, index + 1) if text[index] == "," else index
    return members


def _after_space(text: str, index: int) -> int:
    found = _SPACE.match(text, index)
    return found.end() if found else index


def _position(name: str, text: str, offset: int, length: int = 1) -> Position:
    return Position(name, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), length)
