from collections.abc import Callable
from typing import Any

import pytest


def _resource(**target: object) -> list[dict[str, Any]]:
    return [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("spec.minReplicas", 3, []),
        ("spec.minReplicas", 4, ["out-of-range"]),
        ("spec.minReplicas", 0, ["out-of-range"]),
        ("spec.maxReplicas", 0, ["out-of-range"]),
        ("spec.scaleTargetRef.name", "a/b", ["bad-name"]),
        ("spec.metrics", _resource(type="Utilization", averageUtilization=0), ["out-of-range"]),
        ("spec.metrics", _resource(type="Utilization"), ["one-of"]),
        ("spec.metrics", _resource(type="AverageValue", averageValue="100m"), []),
        ("spec.metrics", _resource(type="AverageValue", averageValue="0"), ["bad-quantity"]),
        ("spec.metrics", _resource(type="Average", averageValue="1"), ["bad-choice"]),
        ("spec.metrics", [{"type": "Resources"}], ["bad-choice"]),
        ("spec.metrics", [{"type": "Resource"}], ["one-of"]),
        ("spec.metrics", [{"type": "Pods"} | _resource()[0] | {"type": "Pods"}], ["conflicting-fields"]),
        ("spec.behavior", {"scaleDown": {"stabilizationWindowSeconds": 3601}}, ["out-of-range"]),
        ("spec.behavior", {"scaleDown": {"policies": []}}, ["missing-field"]),
        ("spec.behavior", {"scaleUp": {"policies": [{"type": "Pod", "value": 1, "periodSeconds": 1}]}}, ["bad-choice"]),
        ("spec.behavior", {"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 1}]}}, []),
    ],
)
def test_an_autoscaler(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("HorizontalPodAutoscaler", path, value) == refused


@pytest.mark.parametrize(
    ("spec", "refused"),
    [
        ({"minAvailable": "50%"}, []),
        ({"maxUnavailable": 0}, []),
        ({}, ["one-of"]),
        ({"minAvailable": 1, "maxUnavailable": 1}, ["one-of"]),
        ({"minAvailable": "101%"}, ["out-of-range"]),
        ({"minAvailable": "half"}, ["bad-quantity"]),
        ({"minAvailable": -1}, ["out-of-range"]),
        ({"minAvailable": 1, "selector": {"matchLabels": {"a b": "c"}}}, ["bad-label"]),
    ],
)
def test_a_disruption_budget(codes: Callable[..., list[str]], spec: dict[str, Any], refused: list[str]) -> None:
    assert codes("PodDisruptionBudget", "spec", spec) == refused
