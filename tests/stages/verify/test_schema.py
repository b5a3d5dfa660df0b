"""What is wrong with an object, in words that teach and that repeat none of its values."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from generator.adapters.package import read_schema
from generator.model.diagnostics import Diagnostic
from generator.model.kubernetes import KubernetesSchemas
from generator.model.manifest import Manifest, ObjectRef, Origin
from generator.model.source import Path, Position
from generator.stages.verify.schema import schema_findings

DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "prod-catalog"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "catalog"}},
        "template": {
            "metadata": {"labels": {"app": "catalog"}},
            "spec": {"containers": [{"name": "head", "image": "acme.azurecr.io/catalog:1.4.0"}]},
        },
    },
}
HEAD = "spec.template.spec.containers[0]"


@pytest.fixture(scope="module")
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas(read_schema)


def manifest(body: dict[str, Any], *, sealed: bool = False) -> Manifest:
    ref = ObjectRef(body["apiVersion"], body["kind"], "shop", body["metadata"]["name"])
    return Manifest(ref=ref, body=body, text="", origin=Origin("test.yaml.j2"), sealed=sealed)


def locate(_manifest: Manifest, path: Path) -> Position:
    """Stand in for the way back to the document: the path itself, so that a test can see it."""
    return Position("/".join(str(step) for step in path))


def findings(
    schemas: KubernetesSchemas, body: dict[str, Any], version: str = "1.34", *, sealed: bool = False
) -> list[Diagnostic]:
    return schema_findings(manifest(body, sealed=sealed), schemas, version, locate)


def head(body: dict[str, Any]) -> dict[str, Any]:
    """Return the first container of a Deployment."""
    container: dict[str, Any] = body["spec"]["template"]["spec"]["containers"][0]
    return container


MISTAKES: list[tuple[Callable[[dict[str, Any]], object], str, str, str]] = [
    (
        lambda it: head(it).update(imagePullPolcy="Never"),
        "unknown-field",
        f"{HEAD}.imagePullPolcy",
        "imagePullPolicy",
    ),
    (lambda it: it["spec"].update(replica=3), "unknown-field", "spec.replica", "replicas"),
    (lambda it: it.update(Spec={}), "unknown-field", "Spec", "spec"),
    (lambda it: it["metadata"].update(label={"a": "b"}), "unknown-field", "metadata.label", "labels"),
    (lambda it: it["spec"].update(replicas="3"), "wrong-type", "spec.replicas", "without quotes"),
    (
        lambda it: head(it).update(env=[{"name": "A", "value": 1}]),
        "wrong-type",
        f"{HEAD}.env[0].value",
        "in quotes",
    ),
    (lambda it: head(it).update(env={"A": "b"}), "wrong-type", f"{HEAD}.env", "each item begins with"),
    (lambda it: head(it).update(command="sh"), "wrong-type", f"{HEAD}.command", "each item begins with"),
    (lambda it: head(it).update(tty="true"), "wrong-type", f"{HEAD}.tty", "without quotes"),
    (
        lambda it: it["metadata"].update(labels={"a/b": True}),
        "wrong-type",
        "metadata.labels[a/b]",
        "in quotes",
    ),
    (lambda it: it["spec"].update(selector=None), "wrong-type", "spec.selector", "give it a value"),
    (lambda it: it["spec"].pop("selector"), "missing-field", "spec.selector", "add 'selector', a mapping"),
    (lambda it: it.pop("spec"), "missing-field", "spec", "add 'spec'"),
    (lambda it: head(it).pop("name"), "missing-field", f"{HEAD}.name", "add 'name', a string"),
    (
        lambda it: head(it).update(ports=[{"name": "a"}]),
        "missing-field",
        f"{HEAD}.ports[0].containerPort",
        "add",
    ),
    (
        lambda it: head(it).update(imagePullPolicy="always"),
        "unknown-value",
        f"{HEAD}.imagePullPolicy",
        "'Always'",
    ),
    (
        lambda it: it["spec"].update(strategy={"type": "Rolling"}),
        "unknown-value",
        "spec.strategy.type",
        "RollingUp",
    ),
    (lambda it: it["spec"].update(replicas=2**31), "invalid-value", "spec.replicas", ""),
    (lambda it: it.update(apiVersion="apps/v1beta1"), "unknown-kind", "'apps/v1beta1'", "'apps/v1'"),
    (lambda it: it.update(kind="Deploymnet"), "unknown-kind", "'Deploymnet'", "'Deployment' of 'apps/v1'"),
]


@pytest.mark.parametrize(
    ("mistake", "code", "field", "hint"), MISTAKES, ids=[f"{each[1]} {each[2]}" for each in MISTAKES]
)
def test_a_mistake_is_found_with_its_field_and_a_hint(
    schemas: KubernetesSchemas,
    mistake: Callable[[dict[str, Any]], object],
    code: str,
    field: str,
    hint: str,
) -> None:
    body = deepcopy(DEPLOYMENT)
    mistake(body)

    found = findings(schemas, body)

    assert [each.code for each in found] == [code]
    assert field in found[0].message
    assert "/prod-catalog'" in found[0].message
    assert hint in found[0].hint


def test_a_good_object_has_no_findings(schemas: KubernetesSchemas) -> None:
    assert findings(schemas, DEPLOYMENT) == []


def test_the_words_of_a_finding(schemas: KubernetesSchemas) -> None:
    body = deepcopy(DEPLOYMENT)
    head(body).update(imagePullPolicy="ifnotpresent", imagePullPolcy="x")
    body["spec"]["replicas"] = "3"
    body["spec"].pop("selector")

    said = [(str(each.at), each.message) for each in findings(schemas, body)]

    assert said == [
        ("spec:1:1", "'Deployment/prod-catalog' lacks 'spec.selector'"),
        (
            "spec/replicas:1:1",
            "'spec.replicas' in 'Deployment/prod-catalog' must be a whole number, not a string",
        ),
        (
            "spec/template/spec/containers/0/imagePullPolcy:1:1",
            "unknown field 'spec.template.spec.containers[0].imagePullPolcy' in 'Deployment/prod-catalog'",
        ),
        (
            "spec/template/spec/containers/0/imagePullPolicy:1:1",
            (f"'{HEAD}.imagePullPolicy' in 'Deployment/prod-catalog' must be one of 'Always', 'IfNotPresent', 'Never'"),
        ),
    ]


def test_no_finding_repeats_a_value(schemas: KubernetesSchemas) -> None:
    secret = "hunter2hunter2"  # noqa: S105  (what must not be said)
    body = deepcopy(DEPLOYMENT)
    body["spec"] = {
        "replicas": secret,
        "selector": secret,
        "template": [secret],
        "strategy": {"type": secret},
    }
    route = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "a"},
        "spec": {
            "hostnames": [secret.upper()],
            "parentRefs": secret,
            "rules": [{"matches": [{"method": secret}]}],
        },
    }

    said = [f"{each} {each.hint}" for each in (*findings(schemas, body), *findings(schemas, route))]

    assert len(said) == 7
    assert secret not in "\n".join(said).casefold()


def test_a_field_of_another_version_is_told_from_a_misspelt_one(schemas: KubernetesSchemas) -> None:
    body = deepcopy(DEPLOYMENT)
    body["spec"]["template"]["spec"]["hostnameOverride"] = "a"

    assert findings(schemas, body, "1.34") == []
    (found,) = findings(schemas, body, "1.33")
    assert found.hint == "Kubernetes 1.33 does not have it: it exists from 1.34 on"


def named(api_version: str, kind: str) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}}


@pytest.mark.parametrize(
    ("api_version", "kind", "hint"),
    [
        ("extensions/v1beta1", "Ingress", "did you mean 'networking.k8s.io/v1'?"),
        ("batch/v1beta1", "CronJob", "did you mean 'batch/v1'?"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "did you mean 'autoscaling/v2'?"),
        ("v1", "Deployment", "did you mean 'apps/v1'?"),
        ("resource.k8s.io/v1alpha2", "PodSchedulingContext", "only 1.30 has it"),
        ("scheduling.k8s.io/v1alpha3", "CompositePodGroup", "only 1.37 has it"),
        ("coordination.k8s.io/v1alpha1", "LeaseCandidate", "did you mean 'coordination.k8s.io/v1beta1'?"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "whoever runs the cluster"),
        ("monitoring.coreos.com/v1", "ServiceMonitor", "CustomResourceDefinition under `crds`"),
    ],
)
def test_an_unknown_kind_is_found_with_what_was_meant(
    schemas: KubernetesSchemas, api_version: str, kind: str, hint: str
) -> None:
    (found,) = findings(schemas, named(api_version, kind))

    assert found.code == "unknown-kind"
    assert f"'{kind}/a'" in found.message
    assert hint in found.hint


def sealed(**values: str) -> dict[str, Any]:
    return {**named("v1", "Secret"), "stringData": values, "sops": {"mac": "ENC[AES256_GCM,data:x,type:str]"}}


def test_a_sealed_secret_is_judged_as_the_secret_that_it_becomes(schemas: KubernetesSchemas) -> None:
    body = sealed(PASSWORD="ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]")  # noqa: S106  (sealed)

    assert findings(schemas, body, sealed=True) == []
    assert [each.code for each in findings(schemas, body)] == ["unknown-field"]


def test_a_number_that_was_sealed_as_a_number_is_no_string(schemas: KubernetesSchemas) -> None:
    body = sealed(PORT="ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:int]")

    (found,) = findings(schemas, body, sealed=True)

    assert (found.code, found.hint) == ("wrong-type", "seal the value as a string")
    assert found.message == "'stringData.PORT' in 'Secret/a' must be a string, not a whole number"
