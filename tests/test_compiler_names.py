"""What the platform calls things: objects, labels, annotations, selectors, as what runs today has them.

Source: dolittle/platform-api `pkg/dolittle/k8s`, `pkg/platform/k8s/metadata.go`, `pkg/platform/application/k8s`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.compiled import Body, acme

NAMESPACE = "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"
APPLICATION = {"tenant": "acme", "application": "shop"}
PROD = APPLICATION | {"environment": "Prod"}
OWNER = {
    "dolittle.io/tenant-id": "3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501",
    "dolittle.io/application-id": "7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02",
}
IDS = {
    "Catalog": "11aa22bb-33cc-44dd-85ee-66ff77008811",
    "Pricing": "99ccbbaa-8877-4665-9544-332211ffeedd",
    "Website": "55e0c4d2-6b1f-4f7a-9d3c-8e2a1b0c9d77",
}

FILES = {
    "shop/application.yaml": [
        f"Namespace/{NAMESPACE}",
        "NetworkPolicy/default-deny",
        "ServiceAccount/devops",
        "Role/developer",
        "RoleBinding/developer",
        "RoleBinding/devops",
    ],
    "shop/registry.secret.yaml": ["Secret/acr"],
    "shop/storage.secret.yaml": ["Secret/storage-account-secret"],
    "prod/environment.yaml": [
        "NetworkPolicy/prod",
        "NetworkPolicy/prod-heads",
        "NetworkPolicy/prod-metrics",
        "NetworkPolicy/prod-certificates",
        "ConfigMap/prod-tenants",
        "NetworkPolicy/prod-mongo",
        "Service/prod-mongo",
        "StatefulSet/prod-mongo",
        "CronJob/prod-mongo-backup",
    ],
    "prod/catalog.yaml": [
        "NetworkPolicy/prod-catalog-ingress",
        "NetworkPolicy/prod-catalog-event-horizons",
        "ConfigMap/prod-catalog-dolittle",
        "ConfigMap/prod-catalog-env-variables",
        "ConfigMap/prod-catalog-config-files",
        "Service/prod-catalog",
        "Deployment/prod-catalog",
        "Ingress/prod-catalog-a1b2c3d",
        "Ingress/prod-catalog-e5f6a7b",
    ],
    "prod/catalog.secret.yaml": ["Secret/prod-catalog-secret-env-variables"],
    "prod/catalog.files.secret.yaml": ["Secret/prod-catalog-secret-config-files"],
    "prod/pricing.yaml": ["ConfigMap/prod-pricing-dolittle", "Service/prod-pricing", "Deployment/prod-pricing"],
    "prod/website.yaml": [
        "NetworkPolicy/prod-website-ingress",
        "Service/prod-website",
        "Deployment/prod-website",
        "Ingress/prod-website-a1b2c3d",
        "Ingress/prod-website-e5f6a7b",
    ],
}


@pytest.mark.parametrize("file", FILES)
def test_a_file_holds_these_objects_in_the_order_in_which_they_are_applied(file: str) -> None:
    assert acme().names(file) == FILES[file]


def test_another_environment_has_the_same_files_but_for_what_it_declares_otherwise() -> None:
    found = {str(path.relative_to("deploy")) for path in acme().compilation.tree if path.name != ".sops.yaml"}
    ours = {"environment", "catalog", "catalog.secret", "catalog.files.secret", "pricing", "website"}

    assert found == {
        *("shop/application.yaml", "shop/registry.secret.yaml", "shop/storage.secret.yaml"),
        *(f"shop/{environment}/{name}.yaml" for environment in ("dev", "prod") for name in ours),
    }


def test_every_object_but_the_namespace_is_in_the_application_s_namespace() -> None:
    found = {each["metadata"].get("namespace") for each in acme().all if each["kind"] != "Namespace"}

    assert found == {NAMESPACE}
    assert "namespace" not in acme().one("Namespace", NAMESPACE)["metadata"]


def test_no_two_objects_have_one_identity() -> None:
    named = [(each["apiVersion"], each["kind"], each["metadata"]["name"]) for each in acme().all]

    assert len(named) == len(set(named))
    assert acme().compilation.objects == len(named)


@pytest.mark.parametrize("file", ["shop/registry.secret.yaml", "shop/storage.secret.yaml", "shop/application.yaml"])
def test_what_belongs_to_the_application_says_so(file: str) -> None:
    for body in acme().bodies(file):
        labels = {key: text for key, text in body["metadata"]["labels"].items() if "/" not in key}
        assert labels == APPLICATION
        assert body["metadata"]["annotations"] == OWNER


@pytest.mark.parametrize(
    ("kind", "name", "more"),
    [
        ("ConfigMap", "prod-tenants", {}),
        ("NetworkPolicy", "prod", {}),
        ("StatefulSet", "prod-mongo", {"infrastructure": "Mongo"}),
        ("Service", "prod-mongo", {"infrastructure": "Mongo"}),
        ("CronJob", "prod-mongo-backup", {"infrastructure": "MongoBackup"}),
    ],
)
def test_what_belongs_to_the_environment_says_so(kind: str, name: str, more: dict[str, str]) -> None:
    metadata = acme().one(kind, name)["metadata"]

    assert metadata["labels"] == PROD | more
    assert metadata["annotations"] == OWNER


@pytest.mark.parametrize("name", IDS)
def test_what_belongs_to_a_microservice_says_so_in_the_names_that_a_person_wrote(name: str) -> None:
    found = [body for file in FILES if f"prod/{name.lower()}" in file for body in acme().bodies(file)]

    assert found
    for body in found:
        assert body["metadata"]["labels"] == PROD | {"microservice": name}
        annotations = {key: text for key, text in body["metadata"]["annotations"].items() if "dolittle.io" in key}
        assert annotations == OWNER | {
            "dolittle.io/microservice-id": IDS[name],
            "dolittle.io/microservice-kind": "simple",
        }


@pytest.mark.parametrize("name", IDS)
def test_every_selector_of_a_microservice_is_its_four_labels_and_nothing_more(name: str) -> None:
    four = PROD | {"microservice": name}
    pod = acme().one("Deployment", f"prod-{name.lower()}")["spec"]

    assert pod["selector"] == {"matchLabels": four}
    assert acme().one("Service", f"prod-{name.lower()}")["spec"]["selector"] == four
    assert pod["template"]["metadata"]["labels"].items() >= four.items()


def test_every_api_version_is_one_that_a_client_accepts() -> None:
    assert {each["kind"]: each["apiVersion"] for each in acme().all} == {
        "ConfigMap": "v1",
        "CronJob": "batch/v1",
        "Deployment": "apps/v1",
        "Ingress": "networking.k8s.io/v1",
        "Namespace": "v1",
        "NetworkPolicy": "networking.k8s.io/v1",
        "Role": "rbac.authorization.k8s.io/v1",
        "RoleBinding": "rbac.authorization.k8s.io/v1",
        "Secret": "v1",
        "Service": "v1",
        "ServiceAccount": "v1",
        "StatefulSet": "apps/v1",
    }


def _named_ports(body: Body) -> Iterator[tuple[Any, set[str]]]:
    """Yield every port that a Service leads to, and the names of the ports that its pods have."""
    labels = body["spec"]["selector"].items()
    workloads = [each for each in acme().all if each["kind"] in {"Deployment", "StatefulSet"}]
    pods = [
        each["spec"]["template"]["spec"]
        for each in workloads
        if each["spec"]["template"]["metadata"]["labels"].items() >= labels
    ]
    for pod in pods:
        names = {port["name"] for container in pod["containers"] for port in container.get("ports", ())}
        for port in body["spec"]["ports"]:
            yield port["targetPort"], names


def test_every_port_of_a_service_leads_to_a_port_that_its_pods_have() -> None:
    checked = [
        (wanted in names) for each in acme().all if each["kind"] == "Service" for wanted, names in _named_ports(each)
    ]

    assert len(checked) == 2 * (2 + 2 + 1 + 1)
    assert all(checked)
