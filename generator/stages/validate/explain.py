"""Why a document is not what the schema says, in words about the document. Values are never repeated."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from generator.model.diagnostics import Diagnostic, did_you_mean, listed
from generator.model.source import Document, Json, Path
from generator.stages.validate.places import place_of

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def explain(document: Document, schema: dict[str, Any]) -> list[Diagnostic]:
    """Return a finding for everything in *document* that *schema* does not allow."""
    return [
        finding
        for error in Draft7Validator(schema).iter_errors(document.data)
        for finding in _findings(error, document)
    ]


def _findings(error: ValidationError, document: Document) -> Iterator[Diagnostic]:
    path: Path = tuple(error.absolute_path)
    if error.validator in _EXPLAINED:
        yield from _EXPLAINED[str(error.validator)](error, path, document)
    elif error.validator in ("if", "oneOf", "anyOf", "not"):
        yield from _choice(error, path, document)
    else:
        yield _wrong(error, path, document)


def _at(document: Document, path: Path) -> str:
    return place_of(document.data, path)


def _unknown_keys(error: ValidationError, path: Path, document: Document) -> Iterator[Diagnostic]:
    known = list(error.schema.get("properties", {}))
    for key in error.instance:
        if key not in known:
            message = f"unknown key '{key}' in {_at(document, path)}"
            yield Diagnostic("unknown-key", message, document.locate((*path, key)), did_you_mean(str(key), known))


def _missing_keys(error: ValidationError, path: Path, document: Document) -> Iterator[Diagnostic]:
    for key in error.validator_value:
        if key not in error.instance:
            described = error.schema.get("properties", {}).get(key, {})
            example = described.get("examples", [None])[0]
            hint = f"add '{key}'" + (f", as in {key}: {example}" if isinstance(example, (str, int)) else "")
            yield Diagnostic("missing-key", f"{_at(document, path)} has no '{key}'", document.locate(path), hint)


def _wrong_type(error: ValidationError, path: Path, document: Document) -> Iterator[Diagnostic]:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    words = " or ".join(_TYPES[each] for each in wanted if each != "null" or len(wanted) == 1)
    message = f"{_at(document, path)} is {_kind(error.instance)}, expected {words}"
    yield Diagnostic("wrong-type", message, document.locate(path, value=True), _description(error))


def _unknown_value(error: ValidationError, path: Path, document: Document) -> Iterator[Diagnostic]:
    wanted = error.validator_value if error.validator == "enum" else [error.validator_value]
    names = [str(each).lower() if isinstance(each, bool) else str(each) for each in wanted if each is not None]
    message = f"{_at(document, path)} is not {'one of ' if len(names) > 1 else ''}{listed(names)}"
    hint = did_you_mean(error.instance, names) if isinstance(error.instance, str) else ""
    yield Diagnostic("unknown-value", message, document.locate(path, value=True), hint or _description(error))


def _bad_name(error: ValidationError, path: Path, document: Document) -> Iterator[Diagnostic]:
    for problem in error.context or ():
        key = problem.instance
        message = f"'{key}' cannot be a name in {_at(document, path)}"
        yield Diagnostic("bad-name", message, document.locate((*path, key)), _description(error))


def _choice(error: ValidationError, path: Path, document: Document) -> Iterator[Diagnostic]:
    if isinstance(error.instance, bool):
        message = f"{_at(document, path)} cannot be {str(error.instance).lower()}"
        yield Diagnostic("wrong-type", message, document.locate(path, value=True), _description(error))
        return
    branch = error
    if error.validator == "if" and error.context:
        branch = error.context[0]
    for each in (error, *(error.context or ())):
        if each.validator == "enum":
            yield from _unknown_value(each, path, document)
            return
    choices = [list(each.get("required", ())) for each in branch.validator_value if isinstance(each, dict)] if isinstance(branch.validator_value, list) else []
    forms = " or ".join(dict.fromkeys(listed(each).replace(", ", " with ") for each in choices if each))
    message = f"{_at(document, path)} must have exactly one of its forms" + (f": {forms}" if forms else "")
    yield Diagnostic("wrong-shape", message, document.locate(path), _description(error))


def _wrong(error: ValidationError, path: Path, document: Document) -> Diagnostic:
    limits = {
        "minimum": f"is less than {error.validator_value}",
        "maximum": f"is more than {error.validator_value}",
        "minItems": "is empty",
        "minLength": "is empty",
        "minProperties": "is empty",
        "pattern": "is not written as it must be",
    }
    words = limits.get(str(error.validator), "is not what it must be")
    code = "bad-format" if error.validator == "pattern" else "out-of-range"
    message = f"{_at(document, path)} {words}"
    return Diagnostic(code, message, document.locate(path, value=True), _description(error))


def _description(error: ValidationError) -> str:
    """Return what the schema says of the node, and an example."""
    text = str(error.schema.get("description", "")).rstrip(".") if isinstance(error.schema, dict) else ""
    examples = error.schema.get("examples", []) if isinstance(error.schema, dict) else []
    plain = [str(each) for each in examples if isinstance(each, (str, int)) and not isinstance(each, bool)]
    text = text[:1].lower() + text[1:]
    return f"{text}; for example {plain[0]}" if plain and text else text


def _kind(value: Json) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "a boolean"
    for kind, words in ((dict, "a mapping"), (list, "a list"), (str, "a string"), (int, "a whole number")):
        if isinstance(value, kind):
            return words
    return "a number"


_EXPLAINED = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _unknown_value,
    "const": _unknown_value,
    "propertyNames": _bad_name,
}
