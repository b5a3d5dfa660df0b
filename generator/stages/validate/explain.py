"""Why a document is not what the schema says, in words about the document. Values are never repeated."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a schema does not allow.

    The *rule* says no with its *demand* to the *instance*; *schema* is the rule's surroundings, *inner* are the reasons
    within a choice.
    """

    rule: str
    demand: Any
    schema: Mapping[str, Any]
    instance: Json
    path: Path
    inner: tuple["Problem", ...]


def _problem(error: ValidationError) -> Problem:
    return Problem(
        rule=str(error.validator),
        demand=error.validator_value,
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        instance=error.instance,
        path=tuple(error.absolute_path),
        inner=tuple(_problem(each) for each in error.context or ()),
    )


def explain(document: Document, schema: dict[str, Any]) -> list[Diagnostic]:
    """Return a finding for everything in *document* that *schema* does not allow."""
    return [
        finding
        for error in Draft7Validator(schema).iter_errors(document.data)
        for finding in _findings(_problem(error), document)
    ]


def _findings(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    if problem.rule in _EXPLAINED:
        yield from _EXPLAINED[problem.rule](problem, document)
    elif problem.rule in ("if", "oneOf", "anyOf", "not"):
        yield from _choice(problem, document)
    else:
        yield _wrong(problem, document)


def _at(document: Document, path: Path) -> str:
    return place_of(document.data, path)


def _unknown_keys(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    known = list(problem.schema.get("properties", {}))
    for key in problem.instance:
        if key not in known:
            message = f"unknown key '{key}' in {_at(document, problem.path)}"
            yield Diagnostic(
                "unknown-key", message, document.locate((*problem.path, key)), did_you_mean(str(key), known)
            )


def _missing_keys(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    for key in problem.demand:
        if key not in problem.instance:
            described = problem.schema.get("properties", {}).get(key, {})
            example = described.get("examples", [None])[0]
            hint = f"add '{key}'" + (f", as in {key}: {example}" if isinstance(example, (str, int)) else "")
            yield Diagnostic(
                "missing-key",
                f"{_at(document, problem.path)} has no '{key}'",
                document.locate(problem.path),
                hint,
            )


def _wrong_type(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    wanted = problem.demand if isinstance(problem.demand, list) else [problem.demand]
    words = " or ".join(_TYPES[each] for each in wanted if each != "null" or len(wanted) == 1)
    message = f"{_at(document, problem.path)} is {_kind(problem.instance)}, expected {words}"
    yield Diagnostic("wrong-type", message, document.locate(problem.path, value=True), _description(problem))


def _unknown_value(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    wanted = problem.demand if problem.rule == "enum" else [problem.demand]
    names = [str(each).lower() if isinstance(each, bool) else str(each) for each in wanted if each is not None]
    message = f"{_at(document, problem.path)} is not {'one of ' if len(names) > 1 else ''}{listed(names)}"
    hint = did_you_mean(problem.instance, names) if isinstance(problem.instance, str) else ""
    yield Diagnostic("unknown-value", message, document.locate(problem.path, value=True), hint or _description(problem))


def _bad_name(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    for each in problem.inner:
        key = each.instance
        message = f"'{key}' cannot be a name in {_at(document, problem.path)}"
        yield Diagnostic("bad-name", message, document.locate((*problem.path, key)), _description(problem))


def _choice(problem: Problem, document: Document) -> Iterator[Diagnostic]:
    if isinstance(problem.instance, bool):
        message = f"{_at(document, problem.path)} cannot be {str(problem.instance).lower()}"
        yield Diagnostic("wrong-type", message, document.locate(problem.path, value=True), _description(problem))
        return
    branch = problem
    if problem.rule == "if" and problem.inner:
        branch = problem.inner[0]
    for each in (problem, *problem.inner):
        if each.rule == "enum":
            yield from _unknown_value(each, document)
            return
    choices = (
        [list(each.get("required", ())) for each in branch.demand if isinstance(each, dict)]
        if isinstance(branch.demand, list)
        else []
    )
    forms = " or ".join(dict.fromkeys(listed(each).replace(", ", " with ") for each in choices if each))
    message = f"{_at(document, problem.path)} must have exactly one of its forms" + (f": {forms}" if forms else "")
    yield Diagnostic("wrong-shape", message, document.locate(problem.path), _description(problem))


def _wrong(problem: Problem, document: Document) -> Diagnostic:
    limits = {
        "minimum": f"is less than {problem.demand}",
        "maximum": f"is more than {problem.demand}",
        "minItems": "is empty",
        "minLength": "is empty",
        "minProperties": "is empty",
        "pattern": "is not written as it must be",
    }
    words = limits.get(problem.rule, "is not what it must be")
    code = "bad-format" if problem.rule == "pattern" else "out-of-range"
    message = f"{_at(document, problem.path)} {words}"
    return Diagnostic(code, message, document.locate(problem.path, value=True), _description(problem))


def _description(problem: Problem) -> str:
    """Return what the schema says of the node, and an example."""
    text = str(problem.schema.get("description", "")).rstrip(".")
    examples = problem.schema.get("examples", [])
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


_EXPLAINED: Mapping[str, Callable[[Problem, Document], Iterator[Diagnostic]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _unknown_value,
    "const": _unknown_value,
    "propertyNames": _bad_name,
}
