"""Stores: how layers merge, and what is filled in."""

from typing import Any

import pytest

from tests.compiled import compile_text, errors_of, findings_of, shop

CATALOG = """
- name: Catalog
  head: { image: nginx:1.27.3 }
  env: { PASSWORD: { vault: { store: main, key: shop/catalog } } }
"""
TWO = "- { name: Dev }\n- name: Prod\n  stores: %s"
IDENTITY = "{ server: https://vault.example.com, auth: { kubernetes: { mountPath: k8s, role: shop } } }"
ACCESS = "{ accessKeyIDSecretRef: { name: a, key: b }, secretAccessKeySecretRef: { name: a, key: c } }"


def provider(environment: str, *, platform: str = "", application: str = "", environments: str = "") -> Any:
    """Return the provider of the store 'main' in one environment."""
    external = "external: [{ kind: Secret, name: a }, { kind: ServiceAccount, name: a }]"
    text = shop(CATALOG, environments, platform=platform, application=f"{application}\n{external}")
    return compile_text(text).one("SecretStore", f"{environment}-main")["spec"]["provider"]


def test_a_store_of_the_platform_serves_every_environment() -> None:
    platform = f"stores: {{ main: {{ provider: {{ vault: {IDENTITY} }} }} }}"

    for environment in ("dev", "prod"):
        found = provider(environment, platform=platform, environments="- { name: Dev }\n- { name: Prod }")
        assert found["vault"]["server"] == "https://vault.example.com"


def test_an_environment_says_only_what_differs() -> None:
    environments = TWO % "{ main: { provider: { vault: { server: https://other.example.com } } } }"
    application = f"stores: {{ main: {{ provider: {{ vault: {IDENTITY} }} }} }}"

    found = provider("prod", application=application, environments=environments)

    assert found == {
        "vault": {
            "server": "https://other.example.com",
            "auth": {"kubernetes": {"mountPath": "k8s", "role": "shop"}},
        }
    }


def test_another_provider_takes_the_place_of_the_weaker_one() -> None:
    environments = TWO % "{ main: { provider: { aws: { service: SecretsManager, region: eu-north-1, auth: {} } } } }"
    application = f"stores: {{ main: {{ provider: {{ vault: {IDENTITY} }} }} }}"

    found = provider("prod", application=application, environments=environments)

    assert found == {"aws": {"service": "SecretsManager", "region": "eu-north-1", "auth": {}}}


def test_another_way_in_takes_the_place_of_the_weaker_one() -> None:
    aws = f"{{ service: SecretsManager, region: eu-north-1, auth: {{ secretRef: {ACCESS} }} }}"
    environments = TWO % "{ main: { provider: { aws: { auth: { jwt: { serviceAccountRef: { name: a } } } } } } }"

    found = provider(
        "prod", application=f"stores: {{ main: {{ provider: {{ aws: {aws} }} }} }}", environments=environments
    )

    assert found["aws"]["region"] == "eu-north-1"
    assert found["aws"]["auth"] == {"jwt": {"serviceAccountRef": {"name": "a"}}}


def test_null_removes_a_store_from_an_environment() -> None:
    application = f"stores: {{ main: {{ provider: {{ vault: {IDENTITY} }} }} }}"

    assert errors_of(shop(CATALOG, "- { name: Dev, stores: { main: null } }", application=application)) == [
        "13 dangling-reference"
    ]


def test_a_removal_must_remove_something() -> None:
    text = shop("- { name: Catalog, head: { image: nginx:1.27.3 } }", "- { name: Dev, stores: { main: null } }")

    assert errors_of(text) == ["8 override-without-effect"]


def test_a_store_that_nothing_uses_is_not_compiled() -> None:
    application = "stores: { main: { provider: { vault: { server: https://vault.example.com } } } }"
    text = shop("- { name: Catalog, head: { image: nginx:1.27.3 } }", application=application)

    assert not compile_text(text).has("SecretStore", "dev-main")


def test_the_name_of_a_store_that_is_not_there_is_corrected() -> None:
    application = f"stores: {{ main: {{ provider: {{ vault: {IDENTITY} }} }} }}"
    text = shop(CATALOG.replace("store: main", "store: mian"), application=application)

    (finding,) = findings_of(text)

    assert finding.message == "'PASSWORD' of 'Catalog' comes from store 'mian', which environment 'Dev' does not have"
    assert finding.hint == "did you mean 'main'?"


@pytest.mark.parametrize(
    ("store", "code"),
    [
        ("{}", "missing-key"),
        ("{ retrySettings: { maxRetries: 3 } }", "missing-key"),
        (f"{{ provider: {{ vault: {IDENTITY} }}, secretStoreRef: {{ name: a }} }}", "wrong-shape"),
        (f"{{ provider: {{ vault: {IDENTITY}, aws: {{ auth: {{}} }} }} }}", "out-of-range"),
        ("{ provider: { vault: { server: 3, auth: { tokenSecretRef: { name: a, key: b } } } } }", "wrong-type"),
        ("{ provider: { vault: { sever: x, auth: { tokenSecretRef: { name: a, key: b } } } } }", "unknown-field"),
        ("{ provider: { azurekeyvault: { vaultUrl: x } } }", "unknown-field"),
    ],
)
def test_what_is_wrong_with_a_store_is_said_where_it_stands(store: str, code: str) -> None:
    text = shop(CATALOG, application=f"stores:\n  main: {store}\nexternal: [{{ kind: Secret, name: a }}]")

    assert f"8 {code}" in errors_of(text)


@pytest.mark.parametrize(
    ("marker", "code"),
    [
        ("{ secret: true, name: a }", "wrong-shape"),
        ("{ secret: true, key: a b }", "bad-name"),
        ("{ secret: true, rotateEvery: often }", "bad-format"),
    ],
)
def test_what_is_wrong_with_a_sealed_credential_is_said_where_it_stands(marker: str, code: str) -> None:
    store = f"stores:\n  main:\n    provider:\n      vault:\n        auth:\n          tokenSecretRef: {marker}"

    assert errors_of(shop(CATALOG, application=store))[0] == f"12 {code}"


def test_two_credentials_need_two_keys() -> None:
    jwt = "{ jwt: { path: jwt, secretRef: { secret: true } }, x: [{ jwt: { secretRef: { secret: true } } }] }"
    store = f"stores: {{ main: {{ provider: {{ vault: {{ server: https://a, auth: {jwt} }} }} }} }}"

    assert errors_of(shop(CATALOG, application=store)) == ["7 name-taken"]


def test_a_template_of_ones_own_may_print_a_store() -> None:
    template = """apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: own, namespace: {{ application.namespace }} }
spec: { provider: { vault: { sever: x } } }
"""
    catalog = "- { name: Catalog, head: { image: nginx:1.27.3 }, environments: { Dev: { env: { A: b } } } }"
    text = shop(catalog, platform="templates: own")

    found = findings_of(text, {"own/microservice/store.yaml.j2": template.encode()})

    assert [(each.code, each.at.file) for each in found] == [
        ("missing-field", "own/microservice/store.yaml.j2"),
        ("unknown-field", "own/microservice/store.yaml.j2"),
    ]


def test_two_stores_of_one_name_are_found() -> None:
    stages = """
- name: Dev
  stores: { a-b: { provider: { aws: { service: SecretsManager, region: a, auth: {} } } } }
- name: Dev-A
  stores: { b: { provider: { aws: { service: SecretsManager, region: a, auth: {} } } } }
"""
    catalog = """
- name: Catalog
  head: { image: nginx:1.27.3 }
  environments:
    Dev: { env: { A: { vault: { store: a-b, key: a } } } }
    Dev-A: { env: { A: { vault: { store: b, key: a } } } }
"""

    assert errors_of(shop(catalog, stages)) == ["11 duplicate-object"]
