"""What a plain scalar means, and which ones mean different things to different readers.

YAML 1.1 (https://yaml.org/type/) and the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema) give
plain scalars different types, and readers add habits of their own. Only what all of them read alike, and what prints
again as it was written, has a value here; the rest is refused, with its kind in words.
"""

from msgspec import Struct

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json


class Ambiguous(Struct, frozen=True):
    """A plain scalar that readers disagree on, or that does not keep its spelling.

    Attributes:
        what: One sentence that says what it is, without its value, unless that is one of a few known words.
        hint: What to write instead.
    """

    what: str
    hint: str


_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TRUE_IN_1_1 = frozenset({"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"})
_FALSE_IN_1_1 = frozenset({"n", "N", "no", "No", "NO", "off", "Off", "OFF"})
_INTEGER = lazy_pattern("-?[1-9][0-9]*|0")
_FLOAT = lazy_pattern(r"-?(?:[1-9][0-9]*|0)\.[0-9]+")
_LARGEST = 2**63
_DATE = lazy_pattern(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?"
)
# What all of the following match, and hardly anything else: ids begin with digits, too.
_NUMERIC = lazy_pattern(r"[-+]?[0-9A-Za-z.:]+(?:[eE][-+][0-9]+)?")
# The first that matches names the kind. Underscores are gone by then.
_KINDS = (
    (lazy_pattern(r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?"), "a time of day"),
    (lazy_pattern(r"[-+]?0[bB][01]+"), "a binary number"),
    (lazy_pattern(r"[-+]?0[oO][0-7]+"), "an octal number"),
    (lazy_pattern(r"[-+]?0[xX][0-9a-fA-F]+"), "a hexadecimal number"),
    (lazy_pattern(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "infinity or no number"),
    (lazy_pattern(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+"), "a number with an exponent"),
    (lazy_pattern(r"[-+]?0[0-9]+(?:\.[0-9]*)?"), "a number with a leading zero"),
    (lazy_pattern(r"\+[0-9.]+|-0"), "a number with a sign that it does not need"),
    (lazy_pattern(r"[-+]?\.[0-9]+"), "a number that begins with its point"),
    (lazy_pattern(r"[-+]?[0-9]+\."), "a number that ends in its point"),
    (lazy_pattern(r"[-+]?[0-9]+\.[0-9]*0"), "a number with a trailing zero"),
    (lazy_pattern(r"[-+]?[0-9]+(?:\.[0-9]+)?"), "a number with more digits than a reader keeps"),
)
_TEXTS = frozenset({"a date", "a time of day"})
_INITIALS = frozenset("0123456789+-._")


def plain_value(spelling: str) -> Json | Ambiguous:
    """Return what the plain scalar *spelling* means: null, a boolean, a number, or itself."""
    if spelling in _WORDS:
        return _WORDS[spelling]
    if spelling[0] in _INITIALS:
        if _INTEGER.fullmatch(spelling) and len(spelling) <= 20 and -_LARGEST <= int(spelling) < _LARGEST:  # noqa: PLR2004  (a sign, and the digits of 64 bits)
            return int(spelling)
        if _FLOAT.fullmatch(spelling) and repr(number := float(spelling)) == spelling:
            return number
    return ambiguity(spelling) or spelling


def ambiguity(spelling: str) -> Ambiguous | None:
    """Return what is wrong with *spelling* as a plain scalar; as a quoted one, it is right."""
    if spelling in _TRUE_IN_1_1 or spelling in _FALSE_IN_1_1:
        boolean = "true" if spelling in _TRUE_IN_1_1 else "false"
        return Ambiguous(
            f"'{spelling}' is a boolean in YAML 1.1 and a string in YAML 1.2",
            f'write "{spelling}" for the text, or {boolean} for the boolean',
        )
    if spelling in {"=", "<<"}:
        return Ambiguous(f"'{spelling}' has a meaning of its own in YAML 1.1", f'quote it: "{spelling}"')
    if spelling[0] not in _INITIALS:
        return None
    kind = _kind(spelling)
    if not kind:
        return None
    hint = "quote it" if kind in _TEXTS else "quote it if it is text; write a number with plain digits"
    return Ambiguous(f"{kind} is not read alike everywhere, or not kept as it is written", hint)


def _kind(spelling: str) -> str:
    if _DATE.fullmatch(spelling):
        return "a date"
    digits = spelling.replace("_", "")
    if not _NUMERIC.fullmatch(digits):
        return ""
    kind = next((words for pattern, words in _KINDS if pattern.fullmatch(digits)), "")
    return "a number with underscores" if kind and digits != spelling else kind
