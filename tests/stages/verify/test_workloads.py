from collections.abc import Callable
from typing import Any

import pytest

_POD = "spec.template.spec"


@pytest.mark.parametrize(
    ("selector", "refused"),
    [
        ({}, ["bad-selector"]),
        ({"matchLabels": {}}, ["bad-selector"]),
        ({"matchLabels": {"app": "other"}}, ["selector-mismatch"]),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["shop", "other"]}]}, []),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["shop"]}]}, ["selector-mismatch"]),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, []),
        ({"matchExpressions": [{"key": "other", "operator": "DoesNotExist"}]}, []),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, ["selector-mismatch"]),
        ({"matchLabels": {"app": "shop"}, "matchExpressions": [{"key": "b", "operator": "Is"}]}, ["bad-choice"]),
    ],
)
def test_a_selector_finds_the_pods_of_its_own_template(
    codes: Callable[..., list[str]], selector: dict[str, Any], refused: list[str]
) -> None:
    assert codes("Deployment", "spec.selector", selector) == refused


@pytest.mark.parametrize(
    "expression",
    [
        {"key": "app", "operator": "In"},
        {"key": "app", "operator": "NotIn", "values": []},
        {"key": "app", "operator": "Exists", "values": ["shop"]},
    ],
)
def test_an_operator_has_values_or_has_none(codes: Callable[..., list[str]], expression: dict[str, Any]) -> None:
    assert "bad-selector" in codes("Deployment", "spec.selector", {"matchExpressions": [expression]})


@pytest.mark.parametrize(
    ("kind", "pod", "policies"),
    [
        ("Deployment", _POD, ["Always"]),
        ("StatefulSet", _POD, ["Always"]),
        ("DaemonSet", _POD, ["Always"]),
        ("Job", _POD, ["Never", "OnFailure"]),
        ("CronJob", "spec.jobTemplate.spec.template.spec", ["Never", "OnFailure"]),
        ("Pod", "spec", ["Always", "Never", "OnFailure"]),
    ],
)
def test_a_kind_takes_some_restart_policies_only(
    codes: Callable[..., list[str]], kind: str, pod: str, policies: list[str]
) -> None:
    known = ["Always", "Never", "OnFailure", "Sometimes"]

    taken = [each for each in known if codes(kind, f"{pod}.restartPolicy", each) == []]

    assert taken == policies


def test_a_job_must_say_its_restart_policy(codes: Callable[..., list[str]]) -> None:
    assert codes("Job", f"{_POD}.restartPolicy", None) == ["bad-choice"]


def test_only_pods_that_end_have_a_deadline(codes: Callable[..., list[str]]) -> None:
    assert codes("Job", f"{_POD}.activeDeadlineSeconds", 60) == []
    assert codes("Deployment", f"{_POD}.activeDeadlineSeconds", 60) == ["conflicting-fields"]


@pytest.mark.parametrize(
    ("kind", "path", "value", "refused"),
    [
        ("Deployment", "spec.replicas", -1, ["out-of-range"]),
        ("Deployment", "spec.replicas", 0, []),
        ("Deployment", "spec.replicas", 1.0, []),
        ("Deployment", "spec.minReadySeconds", 599, []),
        ("Deployment", "spec.minReadySeconds", 600, ["out-of-range"]),
        ("Deployment", "spec.strategy", {"type": "Recreate"}, []),
        ("Deployment", "spec.strategy", {"type": "OnDelete"}, ["bad-choice"]),
        ("Deployment", "spec.strategy", {"type": "Recreate", "rollingUpdate": {}}, ["conflicting-fields"]),
        ("Deployment", "spec.strategy.rollingUpdate", {"maxSurge": 0}, []),
        ("Deployment", "spec.strategy.rollingUpdate", {"maxSurge": 0, "maxUnavailable": "0%"}, ["conflicting-fields"]),
        ("Deployment", "spec.strategy.rollingUpdate", {"maxSurge": "150%"}, []),
        ("Deployment", "spec.strategy.rollingUpdate", {"maxUnavailable": "150%"}, ["out-of-range"]),
        ("Deployment", "spec.strategy.rollingUpdate", {"maxSurge": "25"}, ["bad-quantity"]),
        ("DaemonSet", "spec.updateStrategy.rollingUpdate", {"maxUnavailable": 0}, ["conflicting-fields"]),
        ("DaemonSet", "spec.updateStrategy.rollingUpdate", {"maxSurge": 1}, ["conflicting-fields"]),
        ("DaemonSet", "spec.updateStrategy.rollingUpdate", {"maxSurge": 1, "maxUnavailable": 0}, []),
        ("StatefulSet", "spec.updateStrategy", {"type": "OnDelete"}, []),
        ("StatefulSet", "spec.updateStrategy", {"type": "Recreate"}, ["bad-choice"]),
        ("StatefulSet", "spec.updateStrategy.rollingUpdate", {"partition": -1}, ["out-of-range"]),
        ("StatefulSet", "spec.serviceName", "a.b", ["bad-name"]),
        ("StatefulSet", "spec.podManagementPolicy", "parallel", ["bad-choice"]),
        ("StatefulSet", "spec.volumeClaimTemplates.0.metadata.name", "a.b", ["bad-name"]),
        ("StatefulSet", "spec.volumeClaimTemplates.0.spec.accessModes", [], ["missing-field"]),
        ("StatefulSet", "spec.volumeClaimTemplates.0.spec.resources.requests", {}, ["missing-field"]),
        ("StatefulSet", "spec.volumeClaimTemplates.0.spec.resources.requests.storage", "0", ["bad-quantity"]),
        ("StatefulSet", f"{_POD}.containers.1.volumeMounts", [{"name": "store", "mountPath": "/store"}], []),
        ("PersistentVolumeClaim", "spec.accessModes", ["ReadWrite"], ["bad-choice"]),
        ("PersistentVolumeClaim", "spec.accessModes", ["ReadWriteOncePod", "ReadWriteOnce"], ["conflicting-fields"]),
        ("PersistentVolumeClaim", "spec.storageClassName", "Fast", ["bad-name"]),
        ("PersistentVolumeClaim", "spec.storageClassName", "", []),
        ("Job", "spec.completionMode", "Indexed", []),
        ("Job", "spec.backoffLimitPerIndex", 1, ["conflicting-fields"]),
        ("Job", "spec.selector", {"matchLabels": {"app": "shop"}}, ["conflicting-fields"]),
        ("Job", "spec.backoffLimit", -1, ["out-of-range"]),
        ("CronJob", "spec.concurrencyPolicy", "Never", ["bad-choice"]),
        ("CronJob", "spec.schedule", "TZ=UTC 0 0 * * *", ["bad-schedule"]),
        ("CronJob", "spec.schedule", "60 * * * *", ["bad-schedule"]),
        ("CronJob", "spec.timeZone", "Europe/Oslo", []),
        ("CronJob", "spec.timeZone", "Local", ["bad-schedule"]),
        ("CronJob", "spec.jobTemplate.spec.manualSelector", True, ["conflicting-fields"]),
    ],
)
def test_the_fields_of_workloads(
    codes: Callable[..., list[str]], kind: str, path: str, value: object, refused: list[str]
) -> None:
    assert codes(kind, path, value) == refused
