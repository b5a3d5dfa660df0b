from collections.abc import Callable
from typing import Any

import pytest

from generator.model.diagnostics import Diagnostic

_POD = "spec.template.spec"
_CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ({}, ["one-of"]),
        ({"emptyDir": {}, "configMap": {"name": "shop"}}, ["one-of"]),
        ({"emptyDir": {}, "configMap": None}, []),
        ({"emptyDir": {"sizeLimit": "big"}}, ["bad-quantity"]),
        ({"secret": {"secretName": "shop", "defaultMode": 0o400}}, []),
        ({"secret": {"secretName": "shop", "defaultMode": 0o1000}}, ["out-of-range"]),
        ({"configMap": {"name": "shop", "items": [{"key": "a", "path": "../a"}]}}, ["bad-path"]),
        ({"configMap": {"name": "shop", "items": [{"key": "a", "path": "/a"}]}}, ["bad-path"]),
        ({"configMap": {"name": "shop", "items": [{"key": "a", "path": "a..b/c"}]}}, []),
        ({"persistentVolumeClaim": {"claimName": ""}}, ["missing-field"]),
        ({"ephemeral": {"volumeClaimTemplate": {"spec": _CLAIM}}}, []),
        ({"ephemeral": {"volumeClaimTemplate": {"spec": _CLAIM | {"accessModes": []}}}}, ["missing-field"]),
        ({"projected": {"sources": [{}]}}, ["one-of"]),
        ({"projected": {"sources": [{"secret": {"name": "a"}, "configMap": {"name": "b"}}]}}, ["one-of"]),
        (
            {"projected": {"sources": [{"serviceAccountToken": {"path": "a", "expirationSeconds": 599}}]}},
            ["out-of-range"],
        ),
        ({"downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.labels"}}]}}, []),
        ({"downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "status.podIP"}}]}}, ["bad-choice"]),
        ({"downwardAPI": {"items": [{"path": "a"}]}}, ["one-of"]),
    ],
)
def test_the_source_of_a_volume(codes: Callable[..., list[str]], source: dict[str, Any], refused: list[str]) -> None:
    assert codes("Deployment", f"{_POD}.volumes.2", {"name": "other", **source}) == refused


@pytest.mark.parametrize(("name", "refused"), [("Other", ["bad-name"]), ("a.b", ["bad-name"]), ("tmp", ["name-taken"])])
def test_the_name_of_a_volume(codes: Callable[..., list[str]], name: str, refused: list[str]) -> None:
    assert codes("Deployment", f"{_POD}.volumes.2.name", name) == refused


@pytest.mark.parametrize(
    ("mount", "refused"),
    [
        ({"name": "file", "mountPath": "/a"}, ["dangling-mount"]),
        ({"name": "tmp", "mountPath": "/app/data"}, ["name-taken"]),
        ({"name": "tmp", "mountPath": ""}, ["bad-path"]),
        ({"name": "tmp", "mountPath": "/a:b"}, ["bad-path"]),
        ({"name": "tmp", "mountPath": "/a", "subPath": "/b"}, ["bad-path"]),
        ({"name": "tmp", "mountPath": "/a", "subPath": "b/../c"}, ["bad-path"]),
        ({"name": "tmp", "mountPath": "/a", "subPath": "b..c"}, []),
        ({"name": "tmp", "mountPath": "/a", "subPath": "b", "subPathExpr": "c"}, ["conflicting-fields"]),
        ({"name": "tmp", "mountPath": "/a", "mountPropagation": "Both"}, ["bad-choice"]),
        ({"name": "tmp", "mountPath": "/a", "recursiveReadOnly": "Enabled"}, ["conflicting-fields"]),
    ],
)
def test_a_mount(codes: Callable[..., list[str]], mount: dict[str, Any], refused: list[str]) -> None:
    path = f"{_POD}.containers.0.volumeMounts"

    assert codes("Deployment", path, [{"name": "files", "mountPath": "/app/data"}, mount]) == refused


def test_a_dangling_mount_names_the_nearest_volume(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("Deployment", {f"{_POD}.containers.0.volumeMounts.0.name": "file"})

    assert finding.hint == "did you mean 'files'?"
