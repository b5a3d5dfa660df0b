"""How many pods there are: autoscalers and disruption budgets."""

from collections.abc import Mapping

from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.names import is_path_segment
from generator.stages.verify.objections import Objections, PlainFields, check_fields, check_one_of, span
from generator.stages.verify.quantities import check_quantity, parsed
from generator.stages.verify.selectors import check_selector
from generator.stages.verify.workloads import check_share

_FIELDS: PlainFields = {"minReplicas": span(1), "maxReplicas": span(1)}
_SOURCES: Mapping[str, str] = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
}
_TARGETS = ("Utilization", "Value", "AverageValue")
# The kinds of target that a kind of metric can have, by the field that each needs.
_VALUES: Mapping[str, tuple[str, ...]] = {
    "resource": ("averageUtilization", "averageValue"),
    "containerResource": ("averageUtilization", "averageValue"),
    "pods": ("averageValue",),
    "object": ("value", "averageValue"),
    "external": ("value", "averageValue"),
}
_TARGET: PlainFields = {"type": _TARGETS, "averageUtilization": span(1)}
_RULES: PlainFields = {
    "stabilizationWindowSeconds": span(0, 3600),
    "selectPolicy": ("Max", "Min", "Disabled"),
}
_POLICY: PlainFields = {"type": ("Pods", "Percent"), "value": span(1), "periodSeconds": span(1, 1800)}
_BUDGET: PlainFields = {"unhealthyPodEvictionPolicy": ("IfHealthyBudget", "AlwaysAllow")}


def check_autoscaler(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a HorizontalPodAutoscaler."""
    spec = manifest.body.get("spec") or {}
    check_fields(spec, _FIELDS, ("spec",), objections)
    least, most = spec.get("minReplicas") or 1, spec["maxReplicas"]
    if most < least:
        expected = f"expected at least the {least} of 'minReplicas'"
        objections.add("out-of-range", ("spec", "maxReplicas"), f"{most}", expected)
    for field in ("kind", "name"):
        word = spec["scaleTargetRef"][field]
        if not is_path_segment(word):
            objections.add("bad-name", ("spec", "scaleTargetRef", field), f"bad {field} '{word}'")
    for index, metric in enumerate(spec.get("metrics") or ()):
        _check_metric(metric, ("spec", "metrics", index), objections)
    for direction in ("scaleUp", "scaleDown"):
        rules = (spec.get("behavior") or {}).get(direction)
        if rules is not None:
            _check_rules(rules, ("spec", "behavior", direction), objections)


def _check_metric(metric: Mapping[str, Json], at: Path, objections: Objections) -> None:
    kind = metric["type"]
    if kind not in _SOURCES:
        objections.misplaced((*at, "type"), kind, tuple(_SOURCES))
        return
    name = check_one_of(metric, _SOURCES.values(), at, objections)
    if not name:
        return
    if name != _SOURCES[kind]:
        objections.add("conflicting-fields", (*at, name), f"'{name}' beside 'type: {kind}'")
        return
    target, where = metric[name]["target"], (*at, name, "target")
    check_fields(target, _TARGET, where, objections)
    if name != "object" or not (target.get("value") and target.get("averageValue")):
        check_one_of(target, _VALUES[name], where, objections)
    for field in ("value", "averageValue"):
        value = target.get(field)
        if value is not None and check_quantity("", value, (*where, field), objections):
            amount = parsed(value)
            if amount is not None and amount.value == 0:
                objections.add("bad-quantity", (*where, field), f"'{value}'", "expected more than zero")


def _check_rules(rules: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_fields(rules, _RULES, at, objections)
    if rules.get("policies") == []:
        objections.add(
            "missing-field", (*at, "policies"), "no policy", "expected at least one, or no 'policies' at all"
        )
    for index, policy in enumerate(rules.get("policies") or ()):
        check_fields(policy, _POLICY, (*at, "policies", index), objections)


def check_budget(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a PodDisruptionBudget."""
    spec = manifest.body.get("spec") or {}
    check_one_of(spec, ("minAvailable", "maxUnavailable"), ("spec",), objections)
    for field in ("minAvailable", "maxUnavailable"):
        check_share(spec.get(field), ("spec", field), objections)
    check_selector(spec.get("selector"), ("spec", "selector"), objections)
    check_fields(spec, _BUDGET, ("spec",), objections)
