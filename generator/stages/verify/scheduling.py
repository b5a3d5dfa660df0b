"""Where a pod may run: node selectors, tolerations, affinities, spread."""

from collections.abc import Mapping

from generator.model.source import Json, Path
from generator.stages.verify.names import check_labels, is_label_key, is_label_value, is_subdomain
from generator.stages.verify.objections import Objections, PlainFields, check_fields, span
from generator.stages.verify.selectors import check_selector

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_TOLERATION: PlainFields = {"operator": ("Exists", "Equal", "Lt", "Gt"), "effect": (*_EFFECTS, "")}
_SPREAD: PlainFields = {
    "maxSkew": span(1),
    "minDomains": span(1),
    "whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
    "nodeAffinityPolicy": ("Honor", "Ignore"),
    "nodeTaintsPolicy": ("Honor", "Ignore"),
}
_NODE_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
_WEIGHT: PlainFields = {"weight": span(1, 100)}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def check_scheduling(spec: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check where a pod may run; its *spec* stands at *at*."""
    check_labels(spec.get("nodeSelector"), (*at, "nodeSelector"), objections)
    for index, toleration in enumerate(spec.get("tolerations") or ()):
        _check_toleration(toleration, (*at, "tolerations", index), objections)
    if constraints := spec.get("topologySpreadConstraints"):
        _check_spread(constraints, (*at, "topologySpreadConstraints"), objections)
    if affinity := spec.get("affinity"):
        _check_affinity(affinity, (*at, "affinity"), objections)
    for index, secret in enumerate(spec.get("imagePullSecrets") or ()):
        name = secret.get("name") or ""
        if not is_subdomain(name):
            objections.add("bad-name", (*at, "imagePullSecrets", index), f"bad name '{name}'" if name else "no name")


def _check_toleration(toleration: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_fields(toleration, _TOLERATION, at, objections)
    key, operator, value = (
        toleration.get("key"),
        toleration.get("operator") or "Equal",
        toleration.get("value"),
    )
    if key and not is_label_key(key):
        objections.add("bad-label", (*at, "key"), f"bad key '{key}'")
    if not key and operator != "Exists":
        objections.add("missing-field", at, "no key", "only 'operator: Exists' goes without one")
    if operator == "Exists" and value:
        objections.add("conflicting-fields", (*at, "value"), "a value beside 'operator: Exists'", "expected none")
    if operator == "Equal" and value and not is_label_value(value):
        objections.add("bad-label", (*at, "value"), f"bad value '{value}'")
    if toleration.get("tolerationSeconds") is not None and toleration.get("effect") != "NoExecute":
        objections.add("conflicting-fields", (*at, "tolerationSeconds"), "a time", "only 'effect: NoExecute' takes one")


def _check_spread(constraints: list[Mapping[str, Json]], at: Path, objections: Objections) -> None:
    seen: set[tuple[str, str]] = set()
    for index, constraint in enumerate(constraints):
        where = (*at, index)
        check_fields(constraint, _SPREAD, where, objections)
        check_selector(constraint.get("labelSelector"), (*where, "labelSelector"), objections)
        key = constraint["topologyKey"]
        if not is_label_key(key):
            objections.add("bad-label", (*where, "topologyKey"), f"bad key '{key}'")
        sort = (key, constraint["whenUnsatisfiable"])
        if sort in seen:
            objections.taken(where, f"'{key}' with '{sort[1]}'")
        seen.add(sort)
        if constraint.get("minDomains") is not None and sort[1] != "DoNotSchedule":
            expected = "only 'whenUnsatisfiable: DoNotSchedule' takes it"
            objections.add("conflicting-fields", (*where, "minDomains"), "'minDomains'", expected)


def _check_affinity(affinity: Mapping[str, Json], at: Path, objections: Objections) -> None:
    node = affinity.get("nodeAffinity") or {}
    where = (*at, "nodeAffinity")
    if _REQUIRED in node:
        terms = (node[_REQUIRED] or {}).get("nodeSelectorTerms") or ()
        if not terms:
            objections.add("missing-field", (*where, _REQUIRED), "no term", "expected one in 'nodeSelectorTerms'")
        for index, term in enumerate(terms):
            _check_node_term(term, (*where, _REQUIRED, "nodeSelectorTerms", index), objections)
    for index, weighted in enumerate(node.get(_PREFERRED) or ()):
        check_fields(weighted, _WEIGHT, (*where, _PREFERRED, index), objections)
        _check_node_term(weighted["preference"], (*where, _PREFERRED, index, "preference"), objections)
    for name in ("podAffinity", "podAntiAffinity"):
        pods = affinity.get(name) or {}
        for index, term in enumerate(pods.get(_REQUIRED) or ()):
            _check_pod_term(term, (*at, name, _REQUIRED, index), objections)
        for index, weighted in enumerate(pods.get(_PREFERRED) or ()):
            check_fields(weighted, _WEIGHT, (*at, name, _PREFERRED, index), objections)
            _check_pod_term(weighted["podAffinityTerm"], (*at, name, _PREFERRED, index, "podAffinityTerm"), objections)


def _check_node_term(term: Mapping[str, Json], at: Path, objections: Objections) -> None:
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        where, values = (*at, "matchExpressions", index), expression.get("values") or ()
        operator = expression["operator"]
        if operator not in _NODE_OPERATORS:
            objections.misplaced((*where, "operator"), operator, _NODE_OPERATORS)
        elif operator in {"In", "NotIn"} and not values:
            objections.add("bad-selector", where, f"no values for '{operator}'", "expected at least one")
        elif operator in {"Exists", "DoesNotExist"} and values:
            objections.add("bad-selector", (*where, "values"), f"values for '{operator}'", "expected none")
        elif operator in {"Gt", "Lt"} and len(values) != 1:
            objections.add("bad-selector", where, f"{len(values)} values for '{operator}'", "expected one")
        if not is_label_key(expression["key"]):
            objections.add("bad-label", (*where, "key"), f"bad key '{expression['key']}'")


def _check_pod_term(term: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_selector(term.get("labelSelector"), (*at, "labelSelector"), objections)
    check_selector(term.get("namespaceSelector"), (*at, "namespaceSelector"), objections)
    if not is_label_key(term["topologyKey"]):
        objections.add("bad-label", (*at, "topologyKey"), f"bad key '{term['topologyKey']}'")
