from collections.abc import Callable
from typing import Any

import pytest

_HEAD = "spec.template.spec.containers.0"


@pytest.mark.parametrize(
    ("probe", "refused"),
    [
        ({}, ["one-of"]),
        ({"exec": {"command": ["a"]}, "grpc": {"port": 80}}, ["one-of"]),
        ({"exec": {"command": []}}, ["missing-field"]),
        ({"grpc": {"port": 0}}, ["out-of-range"]),
        ({"httpGet": {"port": "http"}}, []),
        ({"httpGet": {"port": "https"}}, ["dangling-port"]),
        ({"httpGet": {"port": "8080"}}, ["bad-port-name"]),
        ({"httpGet": {"port": 65536}}, ["out-of-range"]),
        ({"httpGet": {"port": 80, "scheme": "http"}}, ["bad-choice"]),
        ({"httpGet": {"port": 80, "httpHeaders": [{"name": "X A", "value": "b"}]}}, ["bad-name"]),
        ({"tcpSocket": {"port": 80}, "timeoutSeconds": 0}, ["out-of-range"]),
        ({"tcpSocket": {"port": 80}, "initialDelaySeconds": 0}, []),
        ({"tcpSocket": {"port": 80}, "periodSeconds": -1}, ["out-of-range"]),
    ],
)
@pytest.mark.parametrize("kind", ["livenessProbe", "readinessProbe", "startupProbe"])
def test_a_probe(codes: Callable[..., list[str]], kind: str, probe: dict[str, Any], refused: list[str]) -> None:
    assert codes("Deployment", f"{_HEAD}.{kind}", probe) == refused


def test_only_a_readiness_probe_may_ask_for_two_successes(codes: Callable[..., list[str]]) -> None:
    probe = {"tcpSocket": {"port": 80}, "successThreshold": 2}

    assert codes("Deployment", f"{_HEAD}.readinessProbe", probe) == []
    assert codes("Deployment", f"{_HEAD}.livenessProbe", probe) == ["out-of-range"]
    assert codes("Deployment", f"{_HEAD}.startupProbe", probe) == ["out-of-range"]


def test_a_readiness_probe_ends_nothing(codes: Callable[..., list[str]]) -> None:
    probe = {"tcpSocket": {"port": 80}, "terminationGracePeriodSeconds": 5}

    assert codes("Deployment", f"{_HEAD}.livenessProbe", probe) == []
    assert codes("Deployment", f"{_HEAD}.readinessProbe", probe) == ["conflicting-fields"]


@pytest.mark.parametrize(
    ("lifecycle", "refused"),
    [
        ({"preStop": {}}, ["one-of"]),
        ({"preStop": {"sleep": {"seconds": 30}}}, []),
        ({"preStop": {"sleep": {"seconds": 31}}}, ["out-of-range"]),
        ({"postStart": {"httpGet": {"port": "nothing"}}}, ["dangling-port"]),
        ({"postStart": {"exec": {"command": ["a"]}}}, []),
    ],
)
def test_lifecycle_hooks(codes: Callable[..., list[str]], lifecycle: dict[str, Any], refused: list[str]) -> None:
    assert codes("Deployment", f"{_HEAD}.lifecycle", lifecycle) == refused
