"""Values as a person would write them: bare words where every reader agrees on them, quotes elsewhere."""

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json
from generator.model.yaml_text import block, is_plain_key, literal

# Begins with a letter or a slash, and holds nothing that YAML could take for more than a word.
_BARE = lazy_pattern(r"[A-Za-z/][-A-Za-z0-9_./]*(?::[-A-Za-z0-9_./]+)*")
_WIDEST = 120
"""Columns of a line; what has members and is wider takes several."""

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"})


def scalar(value: Json, style: str | None = None) -> str:
    """Return *value*, which has no members, on one line; in the quotes of *style* (`'` or `"`), if it is a string."""
    if not isinstance(value, str):
        return literal(value)
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _BARE.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return literal(value)


def flow(value: Json) -> str:
    """Return *value* on one line, spaced as the samples are: `{ image: shop:1.0.0 }`."""
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f"{key(name)}: {flow(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list) and value:
        return "[" + ", ".join(flow(each) for each in value) + "]"
    # In braces a bare word could end too early, or not at all.
    return scalar(value) if isinstance(value, str) and ":" not in value else literal(value)


def lines(name: str, value: Json, indent: int, newline: str, *, compact: bool) -> str:
    """Return the member *name* of a block mapping as whole lines, *indent* spaces in, without the last line break.

    Args:
        name: The key.
        value: Its value.
        indent: The column of the key.
        newline: What ends a line.
        compact: Mappings and lists stand on one line, where it holds them.
    """
    head = " " * indent + key(name) + ":"
    if isinstance(value, str) and "\n" in value and newline == "\n":
        return f"{head} {block(value, indent + 2)}"
    if not isinstance(value, (dict, list)) or not value:
        return f"{head} {scalar(value) if not isinstance(value, (dict, list)) else literal(value)}"
    line = f"{head} {flow(value)}"
    if len(line) <= _WIDEST and (compact or (isinstance(value, list) and not isinstance(value[0], dict))):
        return line
    if isinstance(value, list):
        return newline.join((head, *(item(each, indent + 2, newline) for each in value)))
    inner = (lines(each, below, indent + 2, newline, compact=compact) for each, below in value.items())
    return newline.join((head, *inner))


def item(value: Json, indent: int, newline: str) -> str:
    """Return an item of a block list as whole lines, its dash *indent* spaces in, without the last line break."""
    line = " " * indent + "- " + flow(value)
    if len(line) <= _WIDEST or not isinstance(value, dict) or not value:
        return line
    inner = newline.join(lines(each, below, indent + 2, newline, compact=True) for each, below in value.items())
    return " " * indent + "- " + inner[indent + 2 :]


def key(name: str) -> str:
    """Return a key."""
    return name if is_plain_key(name) else literal(name)
