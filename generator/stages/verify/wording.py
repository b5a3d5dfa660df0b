"""The words for what a schema refuses, composed from the schema alone: the value itself is never repeated."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.model.diagnostics import did_you_mean, listed
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json, Path

_PLAIN = lazy_pattern(r"[A-Za-z0-9_-]+")
_NUMBER = lazy_pattern(r"[-+]?[0-9]+(\.[0-9]+)?")
_EXPECTED = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}
_LIMITS = {
    "maxItems": "must not have more than {} items",
    "maxLength": "must not be longer than {} characters",
    "maxProperties": "must not have more than {} entries",
    "maximum": "must be {} or less",
    "exclusiveMaximum": "must be less than {}",
    "minItems": "must have {} items or more",
    "minLength": "must be {} characters or longer",
    "minProperties": "must have {} entries or more",
    "minimum": "must be {} or more",
    "exclusiveMinimum": "must be more than {}",
    "multipleOf": "must be a multiple of {}",
    "pattern": "must match the regular expression {}",
}


def dotted(path: Path) -> str:
    """Return *path* as kubectl writes it: `spec.containers[0].image`, `metadata.labels[example.com/tier]`."""
    parts = (f".{step}" if isinstance(step, str) and _PLAIN.fullmatch(step) else f"[{step}]" for step in path)
    return "".join(parts).removeprefix(".")


def missing(name: str, schema: Mapping[str, Any]) -> str:
    """Return the hint for a field that must be there and is not."""
    types = _types(schema.get("type", ()))
    return f"add '{name}', {_either(types)}" if types else f"add '{name}'"


def untyped(expected: str | list[str], value: Json) -> tuple[str, str]:
    """Return words and hint for a *value* of another type than *expected*."""
    types = _types(expected)
    return f"must be {_either(types)}, {_actual(value)}", _type_hint(set(types), value)


def unworded(expected: list[Json], value: Json) -> tuple[str, str]:
    """Return words and hint for a *value* that is none of the words *expected*."""
    words = [str(each) for each in expected if each not in (None, "")]
    near = did_you_mean(value, words) if isinstance(value, str) else ""
    choice = listed(words) if len(words) == 1 else f"one of {listed(words)}"
    return f"must be {choice}", near if near.startswith("did you mean") else ""


def outside(keyword: str, limit: Json) -> str:
    """Return the words for a value that breaks *keyword* of its schema."""
    if keyword in _LIMITS:
        return _LIMITS[keyword].format(limit)
    if keyword in {"anyOf", "oneOf"}:
        alternatives = [each["required"] for each in limit if set(each) == {"required"}]
        if len(alternatives) == len(limit):
            number = "one" if keyword == "oneOf" else "at least one"
            return f"must have {number} of {listed([' and '.join(each) for each in alternatives])}"
        return "must take one of the forms that its schema allows"
    return f"must satisfy '{keyword}' of its schema"


def _types(expected: str | Iterable[str]) -> list[str]:
    types = [expected] if isinstance(expected, str) else [*expected]
    return [each for each in types if each != "null"] or types


def _either(types: Iterable[str]) -> str:
    return " or ".join(_EXPECTED[each] for each in types)


def _actual(value: Json) -> str:
    names = {bool: "a boolean", int: "a whole number", float: "a number", str: "a string"}
    if value is None:
        return "and has no value"
    return f"not {names.get(type(value), 'a list' if isinstance(value, list) else 'a mapping')}"


def _type_hint(types: set[str], value: Json) -> str:
    if value is None:
        return "give it a value"
    if isinstance(value, bool | int | float) and "string" in types:
        return "put the value in quotes"
    if isinstance(value, str):
        if types & {"integer", "number"} and _NUMBER.fullmatch(value):
            return "write the number without quotes"
        if "boolean" in types and value in {"true", "false"}:
            return "write true or false without quotes"
    if "array" in types:
        return "write a list: each item begins with '- '"
    return ""
