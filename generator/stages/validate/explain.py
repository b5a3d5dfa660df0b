"""Why a document is not what the schema says, in words about the document. Values are never repeated."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from msgspec import Struct

from generator.model.diagnostics import Diagnostic, did_you_mean, listed
from generator.model.patterns import with_patterns_alike
from generator.model.source import Document, Json, Path
from generator.stages.validate.forms import forms_of, misfits
from generator.stages.validate.homes import Homes
from generator.stages.validate.places import place_of
from generator.stages.validate.wording import described, example_of, expected, kind_of, refused, retyped


class Problem(Struct, frozen=True):
    """One thing that a schema does not allow.

    The *rule* says no with its *demand* to the *instance*, which stands at *path*; *schema* is the rule's surroundings.
    """

    rule: str
    demand: Any
    schema: Mapping[str, Any]
    instance: Json
    path: Path


def explain(document: Document, schema: dict[str, Any]) -> list[Diagnostic]:
    """Return a finding for everything in *document* that *schema* does not allow."""
    problems: dict[Path, list[Problem]] = {}
    for error in with_patterns_alike(Draft7Validator)(schema).iter_errors(document.data):
        problem = _problem(error)
        problems.setdefault(problem.path, []).append(problem)
    if ("apiVersion",) in problems and ("kind",) in problems:
        return [_something_else(document)]
    explainer = _Explainer(document, Homes(schema))
    return [finding for path in problems for finding in explainer.findings(problems[path])]


def _something_else(document: Document) -> Diagnostic:
    """Return the one thing to say of a document that was meant for somebody else."""
    hint = "begin a platform document with `apiVersion: platformc.dev/v1` and `kind: Platform`"
    at = document.locate(("apiVersion",), value=True)
    return Diagnostic("unknown-value", "this is another kind of document than a platform's", at, hint)


def _problem(error: ValidationError) -> Problem:
    in_name = "propertyNames" in list(error.absolute_schema_path)[-2:-1]
    return Problem(
        rule="propertyNames" if in_name else str(error.validator),
        demand=error.validator_value,
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        instance=error.instance,
        path=tuple(error.absolute_path),
    )


class _Explainer:
    def __init__(self, document: Document, homes: Homes) -> None:
        self._document = document
        self._homes = homes

    def findings(self, problems: list[Problem]) -> Iterator[Diagnostic]:
        """Yield what to say of one node: of several complaints those that the others do not follow from."""
        by_rule: dict[str, list[Problem]] = {}
        for problem in problems:
            by_rule.setdefault(problem.rule, []).append(problem)
        if "type" in by_rule:
            yield self._wrong_type(by_rule["type"][0])
            return
        misspelt: set[str] = set()
        for problem in by_rule.pop("additionalProperties", ()):
            yield from self._unknown_keys(problem, misspelt)
        for problem in by_rule.pop("required", ()):
            yield from self._missing_keys(problem, misspelt)
        forms = by_rule.pop("oneOf", ())
        if not misspelt:
            yield from (each for problem in forms for each in self._misfits(problem))
        for rule, others in by_rule.items():
            explained: Callable[[Problem], Diagnostic] = {
                "enum": self._unknown_value,
                "const": self._unknown_value,
                "propertyNames": self._bad_name,
                "not": self._excluded,
            }.get(rule, self._refused)
            yield from map(explained, others)

    def _say(self, code: str, words: str, problem: Problem, hint: str = "") -> Diagnostic:
        """Return a finding about the value of a node: *words* follow the node's name."""
        message = f"{place_of(self._document.data, problem.path)} {words}"
        at = self._document.locate(problem.path, value=True)
        return Diagnostic(code, message, at, hint or described(problem.schema))

    def _unknown_keys(self, problem: Problem, misspelt: set[str]) -> Iterator[Diagnostic]:
        """Yield a finding for each key that does not belong; add the known ones that were meant to *misspelt*."""
        known = set(problem.schema.get("properties", {}))
        place = place_of(self._document.data, problem.path)
        for key in problem.instance:
            if key in known:
                continue
            hint = did_you_mean(key, known - problem.instance.keys())
            near = hint.removeprefix("did you mean '").removesuffix("'?")
            if near == hint:
                hint = self._homes.of(key, problem.schema) or did_you_mean(key, known)
            else:
                misspelt.add(near)
            at = self._document.locate((*problem.path, key))
            yield Diagnostic("unknown-key", f"unknown key '{key}' in {place}", at, hint)

    def _missing_keys(self, problem: Problem, misspelt: set[str]) -> Iterator[Diagnostic]:
        for key in problem.demand:
            if key in problem.instance or key in misspelt:
                continue
            example = example_of(self._homes.followed(problem.schema.get("properties", {}).get(key, {})))
            hint = f"add '{key}'" + (f", as in {key}: {example}" if example else "")
            message = f"{place_of(self._document.data, problem.path)} has no '{key}'"
            yield Diagnostic("missing-key", message, self._document.locate(problem.path), hint)

    def _wrong_type(self, problem: Problem) -> Diagnostic:
        pattern = problem.schema.get("pattern")
        quoted = pattern is None or re.search(pattern, str(problem.instance)) is not None
        hint = retyped(problem.demand, problem.instance) if quoted else ""
        example = example_of(problem.schema)
        if not hint and example.startswith(("{", "[")):
            key = next((f"{each}: " for each in problem.path[-1:] if isinstance(each, str)), "")
            hint = f"write it as in {key}{example}"
        words = f"is {kind_of(problem.instance)}, expected {expected(problem.demand)}"
        return self._say("wrong-type", words, problem, hint)

    def _unknown_value(self, problem: Problem) -> Diagnostic:
        wanted = problem.demand if problem.rule == "enum" else [problem.demand]
        if problem.rule == "const":
            constant = str(problem.demand).lower() if isinstance(problem.demand, bool) else str(problem.demand)
            return self._say("unknown-value", f"is not '{constant}'", problem, f"write {problem.path[-1]}: {constant}")
        names = [str(each) for each in wanted if each is not None]
        words = f"is not {'one of ' if len(names) > 1 else ''}{listed(names)}"
        near = did_you_mean(problem.instance, names) if isinstance(problem.instance, str) else ""
        return self._say("unknown-value", words, problem, near if near.startswith("did you mean") else "")

    def _bad_name(self, problem: Problem) -> Diagnostic:
        key = str(problem.instance)
        message = f"'{key}' cannot be a name in {place_of(self._document.data, problem.path)}"
        at = self._document.locate((*problem.path, key))
        return Diagnostic("bad-name", message, at, described(problem.schema))

    def _excluded(self, problem: Problem) -> Diagnostic:
        value = f"be {str(problem.instance).lower()}" if isinstance(problem.instance, bool) else "have this value"
        return self._say("wrong-type", f"cannot {value}", problem)

    def _misfits(self, problem: Problem) -> Iterator[Diagnostic]:
        place = place_of(self._document.data, problem.path)
        for words, key, hint in misfits(problem.instance, forms_of(problem.demand)):
            at = self._document.locate((*problem.path, key) if key else problem.path)
            yield Diagnostic("wrong-shape", f"{place} {words}", at, hint)

    def _refused(self, problem: Problem) -> Diagnostic:
        code = "bad-format" if problem.rule == "pattern" else "out-of-range"
        return self._say(code, refused(problem.rule, problem.demand), problem)
