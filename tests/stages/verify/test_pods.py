from collections.abc import Callable
from typing import Any

import pytest

from generator.model.diagnostics import Diagnostic

_POD = "spec.template.spec"
_HEAD = f"{_POD}.containers.0"


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        (f"{_POD}.containers", [], ["missing-field"]),
        (f"{_HEAD}.name", "Head", ["bad-name"]),
        (f"{_HEAD}.name", "side", ["name-taken"]),
        (f"{_HEAD}.name", "prepare", ["name-taken"]),
        (f"{_HEAD}.image", "", ["bad-image"]),
        (f"{_HEAD}.image", "example.com/shop :1.0.0", ["bad-image"]),
        (f"{_HEAD}.imagePullPolicy", "always", ["bad-choice"]),
        (f"{_POD}.dnsPolicy", "Cluster", ["bad-choice"]),
        (f"{_POD}.dnsPolicy", "None", ["missing-field"]),
        (f"{_POD}.hostname", "a.b", ["bad-name"]),
        (f"{_POD}.serviceAccountName", "a.b", []),
        (f"{_POD}.serviceAccountName", "Shop", ["bad-name"]),
        (f"{_POD}.nodeSelector", {"a b": "c"}, ["bad-label"]),
        (f"{_POD}.imagePullSecrets", [{}], ["bad-name"]),
        (f"{_POD}.terminationGracePeriodSeconds", -1, ["out-of-range"]),
        ("spec.template.metadata.labels", {"app": "shop", "a": "b c"}, ["bad-label"]),
        (f"{_POD}.initContainers.0.readinessProbe", {"exec": {"command": ["a"]}}, ["conflicting-fields"]),
        (f"{_POD}.initContainers.0.restartPolicy", "Sometimes", ["bad-choice"]),
    ],
)
def test_the_fields_of_a_pod(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("Deployment", path, value) == refused


@pytest.mark.parametrize(
    ("port", "refused"),
    [
        ({"containerPort": 0}, ["out-of-range"]),
        ({"containerPort": 65535}, []),
        ({"containerPort": 65536}, ["out-of-range"]),
        ({"containerPort": 9000, "name": "a" * 16}, ["bad-port-name"]),
        ({"containerPort": 9000, "name": "Metrics"}, ["bad-port-name"]),
        ({"containerPort": 9000, "name": "http"}, ["name-taken"]),
        ({"containerPort": 9000, "protocol": "tcp"}, ["bad-choice"]),
        ({"containerPort": 8080, "protocol": "UDP"}, []),
    ],
)
def test_the_ports_of_a_container(codes: Callable[..., list[str]], port: dict[str, Any], refused: list[str]) -> None:
    assert codes("Deployment", f"{_HEAD}.ports", [{"name": "http", "containerPort": 8080}, port]) == refused


def test_a_port_twice_in_one_container_is_a_warning(findings: Callable[..., list[Diagnostic]]) -> None:
    ports = [{"name": "http", "containerPort": 8080}, {"containerPort": 8080}]

    (finding,) = findings("Deployment", {f"{_HEAD}.ports": ports})

    assert (finding.code, finding.severity) == ("port-taken", "warning")


def test_two_containers_of_a_pod_cannot_listen_on_one_port(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("Deployment", {f"{_POD}.containers.1.ports": [{"containerPort": 8080}]})

    assert finding.code == "port-taken"
    assert finding.message == (
        "port 8080 over TCP in spec.template.spec.containers[1].ports[0] of Deployment/shop: "
        "container 'head' of the same pod listens there already"
    )


def test_an_init_container_has_ended_before_another_one_listens(codes: Callable[..., list[str]]) -> None:
    assert codes("Deployment", f"{_POD}.initContainers.0.ports", [{"containerPort": 8080}]) == []


def test_an_init_container_that_keeps_running_is_a_neighbour_on_the_network(
    findings: Callable[..., list[Diagnostic]],
) -> None:
    path = f"{_POD}.initContainers.0"

    found = findings("Deployment", {f"{path}.restartPolicy": "Always", f"{path}.ports": [{"containerPort": 8080}]})

    assert [each.code for each in found] == ["port-taken"]


def test_one_name_for_ports_of_two_containers_is_a_warning(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("Deployment", {f"{_POD}.containers.1.ports": [{"name": "http", "containerPort": 81}]})

    assert (finding.code, finding.severity) == ("name-taken", "warning")


@pytest.mark.parametrize(
    ("variable", "refused"),
    [
        ({"name": "LOG_LEVEL", "value": "debug"}, ["name-taken"]),
        ({"name": "1A", "value": ""}, ["bad-name"]),
        ({"name": "A=B", "value": ""}, ["bad-name"]),
        ({"name": "A", "valueFrom": {}}, ["one-of"]),
        (
            {"name": "A", "value": "b", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            ["conflicting-fields"],
        ),
        ({"name": "A", "value": "", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, []),
        ({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}, []),
        ({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}}, []),
        ({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['a/b/c']"}}}, ["bad-label"]),
        ({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}}, ["bad-choice"]),
        ({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.ip"}}}, ["bad-choice"]),
        ({"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}, []),
        ({"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "cpu"}}}, ["bad-choice"]),
        ({"name": "A", "valueFrom": {"secretKeyRef": {"name": "shop", "key": "a b"}}}, ["bad-key"]),
        ({"name": "A", "valueFrom": {"secretKeyRef": {"name": "", "key": "a"}}}, ["bad-name"]),
    ],
)
def test_the_variables_of_a_container(
    codes: Callable[..., list[str]], variable: dict[str, Any], refused: list[str]
) -> None:
    assert codes("Deployment", f"{_HEAD}.env", [{"name": "LOG_LEVEL", "value": "info"}, variable]) == refused


def test_the_value_of_a_variable_is_never_repeated(findings: Callable[..., list[Diagnostic]]) -> None:
    env = [{"name": "1A", "value": "hunter2", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]

    assert not [each for each in findings("Deployment", {f"{_HEAD}.env": env}) if "hunter2" in str(each)]


@pytest.mark.parametrize(
    ("sources", "refused"),
    [
        ([{}], ["one-of"]),
        ([{"configMapRef": {"name": "Shop"}}], ["bad-name"]),
        ([{"configMapRef": {"name": "a"}, "secretRef": {"name": "a"}}], ["one-of"]),
        ([{"prefix": "1", "secretRef": {"name": "a"}}], ["bad-name"]),
    ],
)
def test_where_a_container_takes_variables_from(
    codes: Callable[..., list[str]], sources: list[dict[str, Any]], refused: list[str]
) -> None:
    assert codes("Deployment", f"{_HEAD}.envFrom", sources) == refused


@pytest.mark.parametrize(
    ("toleration", "refused"),
    [
        ({"operator": "Exists"}, []),
        ({}, ["missing-field"]),
        ({"key": "a", "value": "b"}, []),
        ({"key": "a", "operator": "Exists", "value": "b"}, ["conflicting-fields"]),
        ({"key": "a", "operator": "Is"}, ["bad-choice"]),
        ({"key": "a b"}, ["bad-label"]),
        ({"key": "a", "effect": "NoSchedule", "tolerationSeconds": 3}, ["conflicting-fields"]),
        ({"key": "a", "effect": "NoExecute", "tolerationSeconds": 3}, []),
    ],
)
def test_tolerations(codes: Callable[..., list[str]], toleration: dict[str, Any], refused: list[str]) -> None:
    assert codes("Deployment", f"{_POD}.tolerations", [toleration]) == refused


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, []),
        ({"maxSkew": 0}, ["out-of-range"]),
        ({"topologyKey": ""}, ["bad-label"]),
        ({"whenUnsatisfiable": "Never"}, ["bad-choice"]),
        ({"whenUnsatisfiable": "ScheduleAnyway", "minDomains": 2}, ["conflicting-fields"]),
        ({"labelSelector": {"matchLabels": {"a": "b c"}}}, ["bad-label"]),
    ],
)
def test_topology_spread(codes: Callable[..., list[str]], change: dict[str, Any], refused: list[str]) -> None:
    constraint = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"} | change

    assert codes("Deployment", f"{_POD}.topologySpreadConstraints", [constraint]) == refused


@pytest.mark.parametrize(
    ("affinity", "refused"),
    [
        ({"key": "a", "operator": "Gt", "values": ["1"]}, []),
        ({"key": "a", "operator": "Gt", "values": ["1", "2"]}, ["bad-selector"]),
        ({"key": "a", "operator": "In"}, ["bad-selector"]),
        ({"key": "a", "operator": "Exists", "values": ["1"]}, ["bad-selector"]),
        ({"key": "a", "operator": "Is"}, ["bad-choice"]),
        ({"key": "a b", "operator": "Exists"}, ["bad-label"]),
    ],
)
def test_node_affinity(codes: Callable[..., list[str]], affinity: dict[str, Any], refused: list[str]) -> None:
    terms = {"nodeSelectorTerms": [{"matchExpressions": [affinity]}]}
    path = f"{_POD}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"

    assert codes("Deployment", path, terms) == refused


def test_pod_anti_affinity(codes: Callable[..., list[str]]) -> None:
    path = f"{_POD}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution"
    term = {"topologyKey": "host", "labelSelector": {"matchLabels": {"app": "shop"}}}

    assert codes("Deployment", path, [{"weight": 100, "podAffinityTerm": term}]) == []
    assert codes("Deployment", path, [{"weight": 101, "podAffinityTerm": term}]) == ["out-of-range"]
    assert codes("Deployment", path, [{"weight": 1, "podAffinityTerm": {"topologyKey": ""}}]) == ["bad-label"]
