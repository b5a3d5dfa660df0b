"""Label selectors: their syntax, and what they match."""

from collections.abc import Mapping

from generator.model.source import Json, Path
from generator.stages.verify.names import check_labels, is_label_key, is_label_value
from generator.stages.verify.objections import Objections

_WITH_VALUES = ("In", "NotIn")
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


def check_selector(selector: Mapping[str, Json] | None, at: Path, objections: Objections) -> None:
    """Check a label selector, which stands at *at*."""
    if not selector:
        return
    check_labels(selector.get("matchLabels"), (*at, "matchLabels"), objections)
    for index, expression in enumerate(selector.get("matchExpressions") or ()):
        _check_expression(expression, (*at, "matchExpressions", index), objections)


def _check_expression(expression: Mapping[str, Json], at: Path, objections: Objections) -> None:
    operator, values = expression["operator"], expression.get("values")
    if operator not in _OPERATORS:
        objections.misplaced((*at, "operator"), operator, _OPERATORS)
    elif operator in _WITH_VALUES and not values:
        objections.add("bad-selector", at, f"no values for '{operator}'", "expected at least one")
    elif operator not in _WITH_VALUES and values:
        objections.add("bad-selector", (*at, "values"), f"values for '{operator}'", "expected none")
    if not is_label_key(expression["key"]):
        objections.add("bad-label", (*at, "key"), f"bad key '{expression['key']}'")
    for index, value in enumerate(values or ()):
        if not is_label_value(value):
            objections.add("bad-label", (*at, "values", index), f"bad value '{value}'")


def matches(selector: Mapping[str, Json], labels: Mapping[str, Json]) -> bool:
    """Say whether *selector* matches an object with *labels*; an empty one matches everything."""
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    return all(_holds(each, labels) for each in selector.get("matchExpressions") or ())


def _holds(expression: Mapping[str, Json], labels: Mapping[str, Json]) -> bool:
    key, operator = expression["key"], expression["operator"]
    if operator in {"Exists", "DoesNotExist"}:
        return (key in labels) is (operator == "Exists")
    among: bool = labels.get(key) in (expression.get("values") or ())
    return among if operator == "In" else not among


def check_owned(spec: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check that the selector in *spec*, which stands at *at*, matches the pods of its own template."""
    selector = spec.get("selector")
    if not selector or not (selector.get("matchLabels") or selector.get("matchExpressions")):
        objections.add("bad-selector", (*at, "selector"), "an empty selector", "expected labels of its own pods")
        return
    check_selector(selector, (*at, "selector"), objections)
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    if selector.get("matchLabels") != labels and not matches(selector, labels):
        missed = [f"'{key}'" for key, value in (selector.get("matchLabels") or {}).items() if labels.get(key) != value]
        expected = "the labels of its own template do not match it" + (f" in {', '.join(missed)}" if missed else "")
        objections.add("selector-mismatch", (*at, "selector"), "a selector", expected)
