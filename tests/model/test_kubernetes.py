"""The Kubernetes schemas that the distribution carries: what they know, accept, refuse and merge."""

from copy import deepcopy
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest

from generator.adapters.package import read_schema, schema_names
from generator.model.kubernetes import KubernetesSchemas

VERSIONS = ("1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")

POD = {
    "containers": [
        {
            "name": "head",
            "image": "acme.azurecr.io/catalog:1.4.0",
            "imagePullPolicy": "IfNotPresent",
            "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
            "env": [
                {"name": "A", "value": "1"},
                {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "a"}}},
            ],
            "resources": {"requests": {"cpu": 0.5, "memory": "64Mi"}, "limits": {"cpu": 1}},
            "livenessProbe": {"httpGet": {"path": "/", "port": "http"}},
        }
    ],
    "volumes": [{"name": "v", "emptyDir": {}}],
}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "catalog", "labels": {"app": "catalog"}, "creationTimestamp": None},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "catalog"}},
        "template": {"metadata": {"labels": {"app": "catalog"}}, "spec": POD},
    },
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "catalog"},
    "spec": {"selector": {"app": "catalog"}, "ports": [{"port": 80, "targetPort": "http"}]},
}
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "8Gi"}}},
}
ROUTE = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": {"name": "catalog"},
    "spec": {
        "parentRefs": [{"name": "public"}],
        "hostnames": ["shop.example.com"],
        "rules": [{"backendRefs": [{"name": "catalog", "port": 80}], "timeouts": None}],
    },
}


@pytest.fixture(scope="module")
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas(read_schema)


def accepts(schemas: KubernetesSchemas, version: str, body: dict[str, Any]) -> bool:
    return schemas.is_accepted(version, body["apiVersion"], body["kind"], body)


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of *body* with *value* at the dotted *path*."""
    copy = deepcopy(body)
    node: Any = copy
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        node = node[step]
    node[last] = value
    return copy


def test_every_minor_version_from_1_30_is_carried(schemas: KubernetesSchemas) -> None:
    assert schemas.versions() == VERSIONS


def test_all_of_it_is_less_than_a_megabyte() -> None:
    assert sum(len(read_schema(name)) for name in schema_names("kubernetes/")) < 1_000_000


@pytest.mark.parametrize("version", VERSIONS)
def test_every_kind_of_every_version_has_a_schema_that_refuses_an_unknown_field(
    schemas: KubernetesSchemas, version: str
) -> None:
    kinds = schemas.kinds(version)

    assert {("apps/v1", "StatefulSet"), ("v1", "Namespace"), ("networking.k8s.io/v1", "Ingress")} <= set(kinds)
    for api_version, kind in kinds:
        body = {
            "apiVersion": api_version,
            "kind": kind,
            "metadata": {"name": "a"},
            "status": {"any": 1},
            "x": 1,
        }
        assert not schemas.is_accepted(version, api_version, kind, body), kind
        refused = schemas.schema(version, api_version, kind)
        root = refused["$defs"][refused["$ref"][len("#/$defs/") :]] if "$ref" in refused else refused
        assert root["additionalProperties"] is False, kind


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("body", [DEPLOYMENT, SERVICE, CLAIM, ROUTE], ids=lambda body: str(body["kind"]))
def test_good_objects_are_accepted_by_every_version(
    schemas: KubernetesSchemas, version: str, body: dict[str, Any]
) -> None:
    assert accepts(schemas, version, body)


JUDGED = {
    "deployment": DEPLOYMENT,
    "service": SERVICE,
    "claim": CLAIM,
    "replicas as text": changed(DEPLOYMENT, "spec.replicas", "2"),
    "unknown field": changed(DEPLOYMENT, "spec.template.spec.containers.0.imagepull", "Always"),
    "number as variable": changed(DEPLOYMENT, "spec.template.spec.containers.0.env.0.value", 1),
    "quantity as list": changed(DEPLOYMENT, "spec.template.spec.containers.0.resources.limits.cpu", [1]),
    "no selector": changed(DEPLOYMENT, "spec", {"template": {"spec": POD}}),
    "port missing": changed(SERVICE, "spec.ports.0", {"targetPort": 80}),
    "port by number": changed(SERVICE, "spec.ports.0.targetPort", 8080),
    "ports as mapping": changed(SERVICE, "spec.ports", {"port": 80}),
    "null replicas": changed(DEPLOYMENT, "spec.replicas", None),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_verdict_is_that_of_the_untrimmed_schemas(schemas: KubernetesSchemas, version: str) -> None:
    for name, body in JUDGED.items():
        try:
            kubernetes_validate.validate(body, version, strict=True)
        except kubernetes_validate.ValidationError:
            accepted = False
        else:
            accepted = True
        assert accepts(schemas, version, body) == accepted, name


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.template.spec.containers.0.imagePullPolicy", "ifnotpresent"),
        ("spec.template.spec.containers.0.ports.0.protocol", "HTTP"),
        ("spec.strategy", {"type": "Rolling"}),
        ("spec.template.spec.restartPolicy", "always"),
        ("spec.template.spec.containers", [None]),
        ("spec.selector", None),
        ("spec.replicas", 2**31),
    ],
)
def test_what_only_the_api_server_refuses_is_refused(schemas: KubernetesSchemas, path: str, value: object) -> None:
    assert not accepts(schemas, "1.34", changed(DEPLOYMENT, path, value))


def test_a_spec_that_has_required_fields_is_required(schemas: KubernetesSchemas) -> None:
    assert not schemas.is_accepted("1.34", "batch/v1", "Job", {"apiVersion": "batch/v1", "kind": "Job"})


def test_a_field_is_known_from_the_version_that_brought_it(schemas: KubernetesSchemas) -> None:
    newer = changed(DEPLOYMENT, "spec.template.spec.hostnameOverride", "a")

    assert [accepts(schemas, version, newer) for version in VERSIONS] == [False] * 4 + [True] * 4


def test_a_kind_is_known_in_the_versions_that_have_it(schemas: KubernetesSchemas) -> None:
    assert not schemas.knows("1.33", "resource.k8s.io/v1", "ResourceClaim")
    assert schemas.knows("1.34", "resource.k8s.io/v1", "ResourceClaim")
    assert not schemas.knows("1.34", "extensions/v1beta1", "Ingress")
    assert not schemas.knows("1.29", "apps/v1", "Deployment")


def test_an_unknown_kind_is_accepted_never_and_has_no_schema(schemas: KubernetesSchemas) -> None:
    assert not schemas.is_accepted("1.34", "example.com/v1", "Mirror", {})
    with pytest.raises(KeyError):
        schemas.schema("1.34", "example.com/v1", "Mirror")


def test_kinds_of_the_whole_cluster_are_named_but_not_carried(schemas: KubernetesSchemas) -> None:
    assert "ClusterRole" in schemas.cluster_kinds()["rbac.authorization.k8s.io/v1"]
    assert not schemas.knows("1.34", "rbac.authorization.k8s.io/v1", "ClusterRole")
    assert not schemas.is_namespaced("rbac.authorization.k8s.io/v1", "ClusterRole")
    assert not schemas.is_namespaced("v1", "Namespace")
    assert schemas.is_namespaced("apps/v1", "Deployment")


@pytest.mark.parametrize(
    ("kind", "path", "key"),
    [
        ("apps/v1 Deployment", "spec.template.spec.containers", "name"),
        ("apps/v1 Deployment", "spec.template.spec.containers.env", "name"),
        ("apps/v1 Deployment", "spec.template.spec.containers.ports", "containerPort"),
        ("apps/v1 Deployment", "spec.template.spec.containers.volumeMounts", "mountPath"),
        ("apps/v1 Deployment", "spec.template.spec.volumes", "name"),
        ("apps/v1 Deployment", "spec.template.spec.topologySpreadConstraints", "topologyKey"),
        ("apps/v1 Deployment", "spec.template.spec.tolerations", None),
        ("apps/v1 Deployment", "spec.template.spec.containers.args", None),
        ("apps/v1 Deployment", "spec.nothing.of.the.kind", None),
        ("apps/v1 StatefulSet", "spec.volumeClaimTemplates", None),
        ("batch/v1 CronJob", "spec.jobTemplate.spec.template.spec.initContainers", "name"),
        ("v1 Service", "spec.ports", "port"),
        ("v1 ServiceAccount", "imagePullSecrets", None),
        ("v1 ServiceAccount", "secrets", "name"),
        ("networking.k8s.io/v1 Ingress", "spec.rules", None),
        ("gateway.networking.k8s.io/v1 HTTPRoute", "spec.rules", None),
        ("v1 Nothing", "spec.rules", None),
    ],
)
def test_a_patch_merges_a_list_by_the_key_that_kubernetes_gives_it(
    schemas: KubernetesSchemas, kind: str, path: str, key: str | None
) -> None:
    api_version, _, name = kind.partition(" ")

    assert schemas.merge_key("1.34", api_version, name, tuple(path.split("."))) == key


def test_a_patch_adds_to_a_list_of_values_that_merges(schemas: KubernetesSchemas) -> None:
    assert schemas.merges_values("1.34", "v1", "ConfigMap", ("metadata", "finalizers"))
    assert not schemas.merges_values("1.34", "apps/v1", "Deployment", ("spec", "template", "spec", "containers"))
    command = ("spec", "template", "spec", "containers", "command")
    assert not schemas.merges_values("1.34", "apps/v1", "Deployment", command)


def test_the_fields_below_a_path_are_known(schemas: KubernetesSchemas) -> None:
    assert schemas.fields("1.34", "v1", "Service", ("spec", "ports"))[:3] == (
        "appProtocol",
        "name",
        "nodePort",
    )
    assert schemas.fields("1.34", "v1", "ConfigMap", ("data", "any")) == ()
