"""The pod that a workload describes."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.containers import check_container, check_init_container
from generator.stages.verify.names import (
    LABEL_EXPECTED,
    SUBDOMAIN_EXPECTED,
    check_annotations,
    check_labels,
    is_label,
    is_subdomain,
)
from generator.stages.verify.objections import Objections, PlainFields, check_fields, span
from generator.stages.verify.pod_security import check_pod_security
from generator.stages.verify.privileges import check_privileges
from generator.stages.verify.scheduling import check_scheduling
from generator.stages.verify.volumes import check_volumes

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
_POLICIES = ("Always", "OnFailure", "Never")
_FIELDS: PlainFields = {
    "restartPolicy": _POLICIES,
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "preemptionPolicy": ("PreemptLowerPriority", "Never"),
    "terminationGracePeriodSeconds": span(0, 2**63 - 1),
    "activeDeadlineSeconds": span(1),
}
_LABELS = ("hostname", "subdomain")
_SUBDOMAINS = ("serviceAccountName", "priorityClassName", "runtimeClassName", "nodeName")


class PodRules(NamedTuple):
    """What a workload demands of its pods, and gives them.

    Attributes:
        policies: The restart policies that it takes.
        claimed: The names of volumes that the workload adds to each pod.
        may_end: Whether a pod may set itself a deadline.
    """

    policies: tuple[str, ...] = ("Always",)
    claimed: frozenset[str] = frozenset()
    may_end: bool = False


FREE = PodRules(_POLICIES, may_end=True)
ENDING = PodRules(("OnFailure", "Never"), may_end=True)


def check_template(
    template: Mapping[str, Json] | None, rules: PodRules, scope: Scope, at: Path, objections: Objections
) -> None:
    """Check the pod *template* of a workload, which stands at *at*."""
    metadata = (template or {}).get("metadata") or {}
    check_labels(metadata.get("labels"), (*at, "metadata", "labels"), objections)
    check_annotations(metadata.get("annotations"), (*at, "metadata", "annotations"), objections)
    check_pod((template or {}).get("spec") or {}, metadata, rules, scope, (*at, "spec"), objections)


def check_pod(
    spec: Mapping[str, Json],
    metadata: Mapping[str, Json],
    rules: PodRules,
    scope: Scope,
    at: Path,
    objections: Objections,
) -> None:
    """Check the *spec* of a pod, which stands at *at*, and the pod security that its *metadata* may touch."""
    if not spec.get("containers"):
        objections.add("missing-field", at, "no container", "expected at least one in 'containers'")
        return
    check_fields(spec, _FIELDS, at, objections)
    _check_end(spec, rules, at, objections)
    _check_names(spec, at, objections)
    volumes = spec.get("volumes")
    if volumes:
        check_volumes(volumes, (*at, "volumes"), objections)
    names = {*rules.claimed, *(each["name"] for each in volumes or ())}
    for field, index, container in containers_of(spec):
        where = (*at, field, index)
        check_container(container, spec, names, where, objections)
        if field == "initContainers":
            check_init_container(container, where, objections)
    _check_together(spec, at, objections)
    check_privileges(spec, at, objections)
    check_scheduling(spec, at, objections)
    check_pod_security(spec, metadata, scope, at, objections)


def containers_of(spec: Mapping[str, Json]) -> Iterator[tuple[str, int, Mapping[str, Json]]]:
    """Yield every container of a pod with the name of its list and its place there."""
    for field in CONTAINER_LISTS:
        containers = spec.get(field)
        if containers:
            for index, container in enumerate(containers):
                yield field, index, container


def _check_end(spec: Mapping[str, Json], rules: PodRules, at: Path, objections: Objections) -> None:
    policy = spec.get("restartPolicy") or "Always"
    if policy in _POLICIES and policy not in rules.policies:
        kind = objections.manifest.ref.kind
        objections.add(
            "bad-choice",
            (*at, "restartPolicy"),
            f"'{policy}'",
            f"the pods of a {kind} take {' or '.join(rules.policies)} only",
        )
    if spec.get("activeDeadlineSeconds") is not None and not rules.may_end:
        what = f"a deadline for the pods of a {objections.manifest.ref.kind}"
        objections.add("conflicting-fields", (*at, "activeDeadlineSeconds"), what)
    if spec.get("dnsPolicy") == "None" and not (spec.get("dnsConfig") or {}).get("nameservers"):
        objections.add("missing-field", at, "'dnsPolicy: None' without 'dnsConfig.nameservers'")


def _check_names(spec: Mapping[str, Json], at: Path, objections: Objections) -> None:
    for field in _LABELS:
        name = spec.get(field)
        if name and not is_label(name):
            objections.add("bad-name", (*at, field), f"bad name '{name}'", LABEL_EXPECTED)
    for field in _SUBDOMAINS:
        name = spec.get(field)
        if name and not is_subdomain(name):
            objections.add("bad-name", (*at, field), f"bad name '{name}'", SUBDOMAIN_EXPECTED)


def _check_together(spec: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check the names and ports that the containers of one pod share."""
    owners: dict[str, str] = {}
    numbers: dict[tuple[int, str], str] = {}
    ports: dict[str, str] = {}
    for field, index, container in containers_of(spec):
        name = container["name"]
        if name in owners:
            objections.taken((*at, field, index, "name"), f"'{name}'", f"a container of '{owners[name]}'")
        owners[name] = field
        if field == "initContainers" and container.get("restartPolicy") != "Always":
            continue  # it has ended before the others begin
        for place, port in enumerate(container.get("ports") or ()):
            where = (*at, field, index, "ports", place)
            number = (port["containerPort"], port.get("protocol") or "TCP")
            other = numbers.setdefault(number, name)
            if other != name:
                expected = f"container '{other}' of the same pod listens there already"
                objections.add("port-taken", where, f"port {number[0]} over {number[1]}", expected)
            label = port.get("name")
            if label and ports.setdefault(label, name) != name:
                expected = f"container '{ports[label]}' has a port of that name; Services and probes find only one"
                objections.warn("name-taken", (*where, "name"), f"'{label}'", expected)
