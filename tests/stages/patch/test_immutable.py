"""Which changes are refused because of what an object is."""

from collections.abc import Callable
from typing import Any

import pytest

from generator.model.manifest import ObjectRef

Json = Any
Apply = Callable[..., Any]


@pytest.mark.parametrize(
    ("patch", "field", "asked"),
    [
        ({"metadata": {"name": "other"}}, "metadata.name", ("merge", "metadata", "name")),
        ({"metadata": {"namespace": None}}, "metadata.namespace", ("merge", "metadata", "namespace")),
        ({"kind": "DaemonSet"}, "kind", ("merge", "kind")),
        ({"apiVersion": "apps/v2"}, "apiVersion", ("merge", "apiVersion")),
        ([{"op": "replace", "path": "/metadata/name", "value": "x"}], "metadata.name", ("json", 0, "path")),
        (
            [
                {"op": "test", "path": "/metadata/namespace", "value": "shop"},
                {"op": "add", "path": "/metadata/labels/a", "value": "b"},
                {"op": "move", "from": "/metadata/namespace", "path": "/metadata/labels/b"},
            ],
            "metadata.namespace",
            ("json", 2, "from"),
        ),
    ],
)
def test_an_identity_cannot_be_patched(
    apply: Apply, deployment: Json, patch: Json, field: str, asked: tuple[str | int, ...]
) -> None:
    patched = apply(deployment, patch)

    assert patched.finding.code == "immutable-field"
    assert patched.finding.message.startswith(f"'{field}' of 'Deployment/catalog' is part of its identity")
    assert patched.asked == [("patches", 0, *asked)]


def test_saying_the_identity_again_is_no_change_of_it(apply: Apply, deployment: Json) -> None:
    said = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "catalog"},
        "spec": {"replicas": 9},
    }

    assert apply(deployment, said).body["spec"]["replicas"] == 9


@pytest.mark.parametrize(
    ("api_version", "kind", "body", "patch", "field"),
    [
        (
            "apps/v1",
            "Deployment",
            {"spec": {"selector": {"a": "b"}}},
            {"spec": {"selector": {"c": "d"}}},
            "spec.selector",
        ),
        (
            "apps/v1",
            "DaemonSet",
            {"spec": {"selector": {"a": "b"}}},
            {"spec": {"selector": None}},
            "spec.selector",
        ),
        (
            "apps/v1",
            "StatefulSet",
            {"spec": {"serviceName": "a"}},
            {"spec": {"serviceName": "b"}},
            "spec.serviceName",
        ),
        (
            "apps/v1",
            "StatefulSet",
            {"spec": {"volumeClaimTemplates": []}},
            [{"op": "add", "path": "/spec/volumeClaimTemplates/-", "value": {}}],
            "spec.volumeClaimTemplates",
        ),
        (
            "batch/v1",
            "Job",
            {"spec": {"template": {}}},
            {"spec": {"template": {"spec": {"a": "b"}}}},
            "spec.template",
        ),
        ("v1", "Service", {"spec": {}}, {"spec": {"clusterIP": "None"}}, "spec.clusterIP"),
        (
            "v1",
            "PersistentVolumeClaim",
            {"spec": {"storageClassName": "a"}},
            {"spec": {"storageClassName": "b"}},
            "spec.storageClassName",
        ),
        (
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            {"roleRef": {"name": "a"}},
            {"roleRef": {"name": "b"}},
            "roleRef",
        ),
        ("v1", "Secret", {"type": "Opaque"}, {"type": "kubernetes.io/tls"}, "type"),
    ],
)
def test_what_kubernetes_would_not_update_cannot_be_patched(
    apply: Apply, api_version: str, kind: str, body: Json, patch: Json, field: str
) -> None:
    whole = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **body}

    finding = apply(whole, patch).finding

    assert finding.code == "immutable-field"
    assert (
        finding.message == f"'{field}' of '{kind}/x' cannot change: Kubernetes would refuse to update what runs today"
    )


@pytest.mark.parametrize(
    ("api_version", "kind", "patch"),
    [
        ("v1", "PersistentVolumeClaim", {"spec": {"resources": {"requests": {"storage": "2Gi"}}}}),
        ("batch/v1", "CronJob", {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"a": "b"}}}}}}),
        ("serving.example.com/v1", "Service", {"spec": {"clusterIP": "None"}}),
        ("v1", "Service", {"spec": {"selector": {"a": "b"}}}),
    ],
)
def test_what_kubernetes_would_update_can_be_patched(apply: Apply, api_version: str, kind: str, patch: Json) -> None:
    whole = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, "spec": {}}

    patched = apply(whole, patch)

    assert patched.body["spec"] == patch["spec"]
    assert patched.manifests[0].ref == ObjectRef(api_version, kind, "", "x")
