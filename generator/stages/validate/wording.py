"""The words of the schema's refusals, composed from the schema: a value of the document is never repeated."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_SHORTER = {"boolean": "a boolean"}
_KINDS = (
    (bool, "a boolean"),
    (dict, "a mapping"),
    (list, "a list"),
    (str, "a string"),
    (int, "a whole number"),
    (float, "a number"),
)
_LIMITS = {
    "minimum": "is less than {}",
    "maximum": "is more than {}",
    "minItems": "is empty",
    "minLength": "is empty",
    "minProperties": "is empty",
}
_FORMS = {
    "^/": "does not begin with '/'",
    "^[1-9][0-9]{0,3}(d|w|mo|y)$": "is not a time such as 90d, 12w, 6mo or 1y",
}
_GUID = "^[0-9a-fA-F]{8}-"
_NUMBER = lazy_pattern(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN = lazy_pattern(r"[\w/](?:[-\w./@+ ]|:(?=\S))*")
_MISREAD = lazy_pattern(r"(?i)[-+]?[0-9]+(\.[0-9]+)?|true|false|null|yes|no|on|off")
_NAMES = frozenset(
    {"Argo", "Azure", "Docker", "Event", "Flux", "Google", "Ingress", "Jinja", "Kubernetes", "Prometheus", "Runtime"}
    | {"Secret", "Service", "Vault"}
)
"""First words of descriptions that are names, and so begin with a capital everywhere."""

_WORTH_SHOWING = 72
"""The longest example that a hint shows, in characters."""


def kind_of(value: Json) -> str:
    """Return what *value* is, in words."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "empty")


def expected(types: str | list[str]) -> str:
    """Return what a schema's `type` asks for, as `a string, a number or a mapping`."""
    wanted = [types] if isinstance(types, str) else [each for each in types if each != "null"]
    if len(wanted) == 1:
        return _TYPES[wanted[0]]
    names = [_SHORTER.get(each, _TYPES[each]) for each in wanted if not (each == "integer" and "number" in wanted)]
    return " or ".join([", ".join(names[:-1]), names[-1]])


def refused(rule: str, demand: Json) -> str:
    """Return what is wrong with a value that breaks *rule*, which demands *demand*."""
    if rule == "pattern":
        text = str(demand)
        return "is not a GUID" if text.startswith(_GUID) else _FORMS.get(text, "is not written as it must be")
    return _LIMITS.get(rule, "is not what it must be").format(demand)


def retyped(types: str | list[str], value: Json) -> str:
    """Return how to write a *value* of the wrong type so that it has one of *types*, empty where that is unclear."""
    wanted = {types} if isinstance(types, str) else set(types)
    if "string" in wanted and isinstance(value, bool | int | float):
        return "put it in quotes"
    if wanted & {"integer", "number"} and isinstance(value, str) and _NUMBER.fullmatch(value):
        return "write the number without quotes"
    if "string" in wanted and isinstance(value, list):
        return "write its items as one text"
    if "boolean" in wanted and value in ("true", "false"):
        return "write it without quotes"
    return ""


def described(schema: Mapping[str, Any]) -> str:
    """Return what *schema* says of a node, and an example."""
    text = str(schema.get("description", "")).rstrip(".")
    is_word = text[1:2].islower() or text[1:2] == " "
    if is_word and re.split(r"\W", text, maxsplit=1)[0] not in _NAMES:
        text = text[:1].lower() + text[1:]
    example = example_of(schema)
    return f"{text}; for example {example}" if example and text else text


def example_of(schema: Mapping[str, Any]) -> str:
    """Return the first of the schema's examples that fits on a line, as YAML; empty where there is none."""
    shown = (_flow(each) for each in schema.get("examples", ()))
    return next((each for each in shown if each and len(each) <= _WORTH_SHOWING), "")


def alternatives(words: Iterable[str]) -> str:
    """Return *words* quoted, with `or` before the last."""
    names = [f"'{each}'" for each in words]
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _flow(value: Json) -> str:
    """Return *value* as YAML in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and not _MISREAD.fullmatch(value) else json.dumps(value)
    return str(value)
