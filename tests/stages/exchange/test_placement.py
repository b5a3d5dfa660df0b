"""Where the Secrets of a cluster belong in the document."""

import pytest

from generator.model.plaintext import Entry, KubernetesSecret
from generator.model.sealed_place import Kind, application_place, microservice_place
from generator.model.secret_home import Home
from generator.model.source import Position
from generator.stages.exchange.placement import Sorted, declarations, sort_secrets

AT = Position("s.yaml")


def home(application: str, environment: str, kind: Kind = Kind.VARIABLES) -> Home:
    suffix = "secret-config-files" if kind is Kind.FILES else "secret-env-variables"
    return Home(
        place=microservice_place(application, environment, "Catalog", kind),
        secret=f"{environment.lower()}-catalog-{suffix}",
        type="Opaque",
        application=application,
        application_id=f"id-of-{application}",
        microservice="Catalog",
        microservice_id=f"id-of-{application}-catalog",
        keys=("tls.key",) if kind is Kind.FILES else ("DB_PASSWORD",),
    )


def registry(application: str) -> Home:
    return Home(
        place=application_place(application, Kind.REGISTRY),
        secret="acr",  # noqa: S106  (the name of a Secret)
        type="kubernetes.io/dockerconfigjson",
        application=application,
        application_id=f"id-of-{application}",
        keys=(".dockerconfigjson",),
    )


HOMES = [
    home("shop", "Dev"),
    home("shop", "Dev", Kind.FILES),
    home("shop", "Prod"),
    registry("shop"),
    home("warehouse", "Dev"),
    registry("warehouse"),
]


def sorted_secret(
    name: str, *, key: str = "DB_PASSWORD", namespace: str = "", labels: object = (), annotations: object = ()
) -> Sorted:
    into = Sorted()
    secret = KubernetesSecret(
        name=name,
        namespace=namespace,
        type="Opaque",
        labels=dict(labels),  # type: ignore[call-overload]  # pairs, or a map
        annotations=dict(annotations),  # type: ignore[call-overload]  # as above
        entries=(Entry(key=key, value="canary", at=AT),),
        at=AT,
    )
    sort_secrets([secret], HOMES, lambda _: True, [], into)
    return into


@pytest.mark.parametrize(
    "says",
    [
        {"namespace": "application-id-of-warehouse"},
        {"annotations": {"dolittle.io/application-id": "id-of-warehouse"}},
        {"labels": {"application": "warehouse"}},
    ],
)
def test_the_application_is_found_by_namespace_annotation_or_label(says: dict[str, object]) -> None:
    found = sorted_secret("dev-catalog-secret-env-variables", **says)  # type: ignore[arg-type]  # one of three

    assert [str(path) for path in found.values] == ["secrets/warehouse/dev/catalog.yaml"]


def test_a_name_that_two_applications_have_is_left_to_a_person() -> None:
    found = sorted_secret("dev-catalog-secret-env-variables")

    assert found.values == {}
    assert [each.message for each in found.left] == [
        "Secret 'dev-catalog-secret-env-variables' could belong to any of 'shop/Catalog', 'warehouse/Catalog'"
    ]


def test_labels_alone_lead_to_variables_and_to_files() -> None:
    labels = {"application": "shop", "environment": "Dev", "microservice": "Catalog"}

    assert [str(each) for each in sorted_secret("x", labels=labels).values] == ["secrets/shop/dev/catalog.yaml"]
    files = sorted_secret("x", key="tls.key", labels=labels)
    assert [str(each) for each in files.values] == ["secrets/shop/dev/catalog.files.yaml"]


def test_the_registrys_secret_is_the_applications_own() -> None:
    found = sorted_secret("acr", key=".dockerconfigjson", namespace="application-id-of-shop")

    assert [str(path) for path in found.values] == ["secrets/shop/registry.yaml"]


def test_undeclared_keys_come_with_the_lines_that_would_declare_them() -> None:
    labels = {"application": "shop", "environment": "Dev", "microservice": "Catalog"}
    found = sorted_secret("x", key="new.pem", labels=labels)

    assert declarations(found.undeclared) == (
        "# in microservice 'Catalog' of application 'shop':\nfiles:\n  - { name: new.pem, secret: true }\n"
    )


def test_a_key_that_no_secret_takes_is_left_behind() -> None:
    found = sorted_secret("acr", key="a b", namespace="application-id-of-shop")

    assert [each.message for each in found.left] == ["'a b' is called what no Secret takes for a key"]
    assert found.undeclared == {}
