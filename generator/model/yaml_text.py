"""Printing YAML that every reader takes alike: YAML 1.1 and 1.2, kubectl, kustomize, Flux and Argo CD.

A string is quoted, or a literal block, so nothing in it becomes a number, a boolean or structure; but for plain words
in whole objects, which no reader takes for anything else.
JSON is nearly that already. The exceptions, each found by a reader that stumbled:

- YAML takes U+0085, U+2028 and U+2029 for line breaks and refuses U+007F to U+009F, U+FEFF, U+FFFE and
  U+FFFF as they stand, so these are escaped; it does not join surrogate pairs, so nothing above them is.
- YAML 1.1 reads `1e+16` as a string, so a float keeps its point.
- The colon of a key on one line must stand within 1,024 characters of the key's beginning.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json

LONGEST_KEY = 1000
"""Characters of a key, as printed: further on, readers no longer look for its colon."""

_ESCAPED = lazy_pattern("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
# Unprintable, or a line break to some reader; not as "all but", which takes ten times to compile.
_NOT_IN_A_BLOCK = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_INDENTED_BY_TAB = lazy_pattern("^ *\t", re.MULTILINE)
_INDENTED_START = lazy_pattern("\n* ")
_BEFORE_LINE = lazy_pattern("\n(?=[^\n])")
_PLAIN_KEY = lazy_pattern("[A-Za-z][A-Za-z0-9_./-]{0,127}")
_PLAIN_VALUE = lazy_pattern(r"(?:(?:\.\./)*|/)[A-Za-z][A-Za-z0-9_./-]*")
_LONGEST_KEPT = 256
_MOST_KEPT = 65_536
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"})


class _Literals(dict[str, str]):
    """Strings and their literals. The same few recur in every object, so the short ones are kept."""

    def __missing__(self, text: str) -> str:
        if _SURROGATE.search(text):
            raise ValueError("a lone surrogate, which no file can hold")
        printed = _ESCAPED.sub(_escape, encode_basestring(text))
        if len(text) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[text] = printed
        return printed


_LITERALS = _Literals()
_KEYS: dict[str, str] = {}
_BRANCHES = frozenset({dict, list, tuple})


def literal(value: Json) -> str:
    """Print *value* on one line, as a JSON literal that YAML 1.1 and 1.2 read alike.

    Raises:
        ValueError: When no YAML can say *value*: a number that is not finite, a lone surrogate in a string,
            a key that is not a string or is longer than `LONGEST_KEY`.
        TypeError: When *value* is not JSON.
    """
    if type(value) is str:
        return _LITERALS[value]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    return _other_literal(value)


def block(text: str, indent: int) -> str:
    """Print *text* as the value of a key: a literal block where that is exactly reversible, else a `literal`.

    A block is the header (`|`, `|-`, `|2`…), and below it the lines, *indent* spaces in; empty lines stay
    empty. The last line has no newline: the caller ends it, as behind every other value, whether more follows
    or not. Whether *text* itself ends in a newline is in the header. Texts of one line, and those that a
    block would change, are printed as literals.

    Args:
        text: Any text.
        indent: Where its lines stand. It must be two more than where the key or the dash of the block stands.

    Raises:
        ValueError: When *text* holds a lone surrogate.
    """
    if "\n" not in text[:-1] or _changes_in_a_block(text) or not text.strip("\n"):
        return literal(text)
    body = text.removesuffix("\n")
    indicator = "2" if _INDENTED_START.match(body) else ""
    chomping = "-" if len(body) == len(text) else ""
    return f"|{indicator}{chomping}" + _BEFORE_LINE.sub("\n" + " " * indent, "\n" + body)


def _changes_in_a_block(text: str) -> bool:
    """Say whether some reader would not read *text* in a block as it is. One expression for all takes five times."""
    return (
        # Several newlines at the end: whether they count depends on what follows. Or white space at the end of a line.
        text.endswith(("\n\n", " ", "\t"))
        or " \n" in text
        or "\t\n" in text
        or _NOT_IN_A_BLOCK.search(text) is not None
        or ("\t" in text and _INDENTED_BY_TAB.search(text) is not None)
    )


def emit(value: Json) -> str:
    """Print a whole object, block style, ending in a newline.

    Keys keep their order, lists stand two spaces in from a key. A string that every reader takes for one without quotes
    has none, others are printed as `block` or `literal`.

    Raises:
        ValueError: See `literal`.
        TypeError: See `literal`.
    """
    if _is_branch(value):
        return "\n".join(_lines(value, 0)) + "\n"
    return literal(value) + "\n"


def branch(value: Json, indent: int) -> str:
    """Print the members of a mapping or the items of a list, each on a line of its own, *indent* spaces in.

    The first line is not indented and the last has no newline: where it goes brings both. Strings are
    literals. An empty value prints as `{}` or `[]`.

    Raises:
        ValueError: See `literal`.
        TypeError: See `literal`.
    """
    if not value:
        return literal(value)
    separator = "\n" + " " * indent
    if isinstance(value, Mapping):
        return separator.join([_key(key) + ":" + _twig(each, indent + 2) for key, each in value.items()])
    return separator.join(
        ["- " + (branch(each, indent + 2) if type(each) in _BRANCHES else literal(each)) for each in value]
    )


def _twig(value: Json, indent: int) -> str:
    if type(value) is str:
        return " " + _LITERALS[value]
    if value and type(value) in _BRANCHES:
        return "\n" + " " * indent + branch(value, indent)
    return " " + literal(value)


def _key(key: Any) -> str:
    """Print a key, plain where that is safe in every dialect; the same few recur."""
    printed = _KEYS.get(key)
    if printed is None:
        printed = key if isinstance(key, str) and is_plain_key(key) else _quoted_key(key)
        if len(_KEYS) < _MOST_KEPT:
            _KEYS[key] = printed
    return printed


def is_plain_key(key: str) -> bool:
    """Say whether *key* needs no quotes in any dialect."""
    return _PLAIN_KEY.fullmatch(key) is not None and key.casefold() not in _WORDS


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _other_literal(value: Json) -> str:
    if isinstance(value, str):
        return _LITERALS[str.__str__(value)]
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Mapping):
        members = (f"{_quoted_key(key)}: {literal(each)}" for key, each in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return "[" + ", ".join([literal(each) for each in value]) + "]"
    raise TypeError(f"not JSON: {type(value).__name__}")


def _float(value: float) -> str:
    text = float.__repr__(value)
    if text in {"inf", "-inf", "nan"}:
        raise ValueError("a number that is not finite, which JSON cannot say")
    if "e" in text and "." not in text:
        return text.replace("e", ".0e")
    return text


def _quoted_key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a key that is not a string: {type(key).__name__}")  # noqa: TRY004  (documented as one kind)
    text = literal(key)
    if len(text) > LONGEST_KEY:
        raise ValueError("a key that is too long to be read back")
    return text


def _is_branch(value: Json) -> bool:
    """Say whether *value* has lines of its own: it is a list or a mapping, and not empty."""
    return bool(value) and isinstance(value, (Mapping, list, tuple))


def _lines(value: Json, indent: int) -> Iterator[str]:
    """Print the lines of a branch, of which the first is *indent* spaces in."""
    pad = " " * indent
    if not isinstance(value, Mapping):
        for each in value:
            yield from _item_lines(each, indent)
        return
    for key, each in value.items():
        printed = _key(key)
        if _is_branch(each):
            yield f"{pad}{printed}:"
            yield from _lines(each, indent + 2)
        else:
            yield f"{pad}{printed}: {_leaf(each, indent + 2)}"


def _item_lines(item: Json, indent: int) -> Iterator[str]:
    """Print one item of a list; a branch begins on the line of its dash."""
    pad = " " * indent
    if not _is_branch(item):
        yield f"{pad}- {_leaf(item, indent + 2)}"
        return
    lines = _lines(item, indent + 2)
    yield f"{pad}- {next(lines)[indent + 2 :]}"
    yield from lines


def _leaf(value: Json, indent: int) -> str:
    if not isinstance(value, str):
        return literal(value)
    if _PLAIN_VALUE.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return block(value, indent)
