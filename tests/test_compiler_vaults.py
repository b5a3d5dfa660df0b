"""Variables and files from vaults: what is compiled, and how the head takes them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.adapters.package import read_schema
from generator.model.diagnostics import CompileError
from generator.model.kubernetes import KubernetesSchemas
from tests.compiled import Compiled, compile_said, compile_text, errors_of, findings_of, shop

STORES = """
stores:
  main: { provider: { vault: { server: https://vault.example.com, auth: { kubernetes: { role: shop } } } } }
  other: { secretStoreRef: { kind: ClusterSecretStore, name: company } }
external: [{ kind: ServiceAccount, name: a }]
"""
CATALOG = """
- name: Catalog
  head: { image: nginx:1.27.3 }
  env:
    PASSWORD: { vault: { store: main, key: shop/catalog, property: password, version: "3" } }
    LOG_LEVEL: info
  files:
    - { name: tls.pem, vault: { store: main, key: shop-tls, decodingStrategy: Base64 } }
"""


def compiled(microservices: str, environments: str = "") -> Compiled:
    return compile_text(shop(microservices, environments, application=STORES))


def spec(found: Compiled, name: str) -> Any:
    return found.one("ExternalSecret", name)["spec"]


def test_each_variable_is_one_entry_of_the_external_secret() -> None:
    assert spec(compiled(CATALOG), "dev-catalog-vault-env-variables") == {
        "refreshPolicy": "Periodic",
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "SecretStore", "name": "dev-main"},
        "data": [
            {
                "secretKey": "PASSWORD",
                "remoteRef": {"key": "shop/catalog", "property": "password", "version": "3"},
            }
        ],
        "target": {
            "name": "dev-catalog-vault-env-variables",
            "creationPolicy": "Owner",
            "deletionPolicy": "Retain",
        },
    }


def test_the_head_takes_a_variable_by_its_key() -> None:
    assert compiled(CATALOG).container("dev-catalog", "head")["env"] == [
        {
            "name": "PASSWORD",
            "valueFrom": {"secretKeyRef": {"name": "dev-catalog-vault-env-variables", "key": "PASSWORD"}},
        }
    ]


def test_a_file_appears_beside_the_others() -> None:
    found = compiled(CATALOG + "    - { name: a.txt, content: text }")

    (volume,) = found.one("Deployment", "dev-catalog")["spec"]["template"]["spec"]["volumes"]
    assert volume["projected"]["sources"] == [
        {"configMap": {"name": "dev-catalog-config-files"}},
        {"secret": {"name": "dev-catalog-vault-config-files", "items": [{"key": "tls.pem", "path": "tls.pem"}]}},
    ]
    assert found.mounts("dev-catalog", "head") == {"/app/data": "config-files"}
    (data,) = spec(found, "dev-catalog-vault-config-files")["data"]
    assert data == {"secretKey": "tls.pem", "remoteRef": {"key": "shop-tls", "decodingStrategy": "Base64"}}


def test_values_of_several_stores_share_one_external_secret() -> None:
    found = compiled(CATALOG + "  environments:\n    Dev: { env: { B: { vault: { store: other, key: b } } } }")

    said = spec(found, "dev-catalog-vault-env-variables")
    assert said["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "company"}
    assert [each.get("sourceRef") for each in said["data"]] == [
        None,
        {"storeRef": {"kind": "SecretStore", "name": "dev-main"}},
    ]


def test_a_store_that_is_there_already_is_not_compiled() -> None:
    found = compiled(CATALOG.replace("store: main", "store: other"))

    assert not [each for each in found.all if each["kind"] == "SecretStore"]


def test_every_environment_has_a_store_of_its_own() -> None:
    found = compiled(CATALOG, "- { name: Dev }\n- { name: Prod }")

    assert found.names("dev/environment.yaml")[:2] == ["NetworkPolicy/dev", "SecretStore/dev-main"]
    assert found.has("SecretStore", "prod-main")


@pytest.mark.parametrize("value", ["/run/password", "{ plain: text }", '""'])
def test_an_override_with_a_plain_value_takes_the_place_of_the_vault(value: str) -> None:
    catalog = CATALOG.partition("  files:")[0] + f"  environments:\n    Dev: {{ env: {{ PASSWORD: {value} }} }}"

    found = compiled(catalog, "- { name: Dev }\n- { name: Prod }")

    assert not found.has("ExternalSecret", "dev-catalog-vault-env-variables")
    assert "PASSWORD" in found.one("ConfigMap", "dev-catalog-env-variables")["data"]
    assert not found.has("SecretStore", "dev-main")
    assert found.has("ExternalSecret", "prod-catalog-vault-env-variables")


def test_an_override_may_seal_what_elsewhere_comes_from_a_vault() -> None:
    catalog = CATALOG + (
        "  environments:\n    Dev: { env: { PASSWORD: { secret: true } }, files: [{ name: tls.pem, secret: true }] }"
    )
    stages = (
        "- { name: Dev, recipients: { age: [age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn] } }\n"
        "- { name: Prod }"
    )

    found = findings_of(shop(catalog, stages, application=STORES))

    assert [each.message for each in found] == [
        "'PASSWORD' has no sealed value in 'secrets/shop/dev/catalog.yaml'",
        "'tls.pem' has no sealed value in 'secrets/shop/dev/catalog.files.yaml'",
    ]


def test_how_values_are_kept_can_be_said_at_every_layer() -> None:
    stages = "- { name: Dev }\n- { name: Prod, defaults: { externalSecret: { refreshInterval: 5m } } }"
    catalog = CATALOG + (
        "  externalSecret: { deletionPolicy: Merge }\n"
        "  environments:\n    Dev: { externalSecret: { refreshPolicy: OnChange } }"
    )

    found = compiled(catalog, stages)

    dev, prod = (spec(found, f"{each}-catalog-vault-env-variables") for each in ("dev", "prod"))
    assert (dev["refreshPolicy"], dev["refreshInterval"], dev["target"]["deletionPolicy"]) == (
        "OnChange",
        "1h",
        "Merge",
    )
    assert (prod["refreshPolicy"], prod["refreshInterval"]) == ("Periodic", "5m")


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ("{ vault: { store: main, key: a }, secret: true }", "wrong-shape"),
        ("{ vault: { store: main } }", "missing-key"),
        ("{ vault: { key: a } }", "missing-key"),
        ("{ vault: { store: main, key: a, proprety: b } }", "unknown-key"),
        ("{ vault: { store: main, key: a, version: 3 } }", "wrong-type"),
        ("{ vault: a }", "wrong-type"),
    ],
)
def test_a_value_from_a_vault_has_one_source_and_its_key(env: str, code: str) -> None:
    catalog = f"- name: Catalog\n  head: {{ image: nginx:1.27.3 }}\n  env:\n    A: {env}"

    assert [each.code for each in findings_of(shop(catalog, application=STORES))] == [code]


def test_one_file_cannot_come_from_two_places() -> None:
    assert errors_of(shop(CATALOG + "    - { name: tls.pem, secret: true }", application=STORES)) == ["21 name-taken"]


def test_a_store_with_an_identity_of_its_own_gets_a_service_account() -> None:
    stores = """
stores:
  main:
    provider:
      aws:
        service: SecretsManager
        region: eu-north-1
        auth:
          jwt: { serviceAccountRef: { annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/shop" } } }
"""
    found = compile_text(shop(CATALOG, application=stores))

    account = found.one("ServiceAccount", "dev-main-store")
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == "arn:aws:iam::1:role/shop"
    assert account["automountServiceAccountToken"] is False
    provider = found.one("SecretStore", "dev-main")["spec"]["provider"]
    assert provider["aws"]["auth"] == {"jwt": {"serviceAccountRef": {"name": "dev-main-store"}}}


def test_sealed_credentials_are_asked_for_by_name_and_place() -> None:
    stores = """
stores:
  main:
    provider:
      vault:
        server: https://vault.example.com
        auth:
          appRole:
            roleId: shop
            secretRef: { secret: true, key: secretId }
"""
    stages = "- { name: Dev, recipients: { age: [age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn] } }"

    (finding,) = findings_of(shop(CATALOG, stages, application=stores))

    assert finding.message == "'secretId' has no sealed value in 'secrets/shop/dev/main.store.yaml'"
    assert finding.at.line == 15


def test_an_unused_store_asks_for_no_credentials() -> None:
    stores = "stores: { main: { provider: { vault: { auth: { tokenSecretRef: { secret: true } } } } } }"

    found = compile_text(shop("- { name: Catalog, head: { image: nginx:1.27.3 } }", application=stores))

    assert not found.has("Secret", "dev-main-store")


STAGES = ("Dev", "Prod")
NAMES = ("main", "other")
keys = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
accesses = st.sampled_from(
    [
        {"azurekv": {"vaultUrl": "https://a.vault.azure.net", "authType": "ManagedIdentity"}},
        {
            "azurekv": {
                "vaultUrl": "https://a.vault.azure.net",
                "authType": "WorkloadIdentity",
                "serviceAccountRef": {"annotations": {"azure.workload.identity/client-id": "a"}},
            }
        },
        {"aws": {"service": "ParameterStore", "region": "eu-north-1", "auth": {}}},
        {"vault": {"server": "https://a", "version": "v1", "auth": {"kubernetes": {"mountPath": "k8s", "role": "a"}}}},
        {"gcpsm": {"projectID": "a", "auth": {}}},
    ]
)
stores = st.dictionaries(st.sampled_from(NAMES), accesses.map(lambda each: {"provider": each}), max_size=2)
remotes = st.fixed_dictionaries(
    {"store": st.sampled_from(NAMES), "key": keys}, optional={"property": keys, "version": keys}
)
values = remotes.map(lambda each: {"vault": each}) | st.just("text")
overrides = st.dictionaries(st.sampled_from(["A", "B"]), values, max_size=2)


@st.composite
def platforms(draw: st.DrawFn) -> dict[str, Any]:
    files = draw(st.dictionaries(st.sampled_from(["a.pem", "b"]), remotes, max_size=2))
    return {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "stores": draw(stores),
        "applications": [
            {
                "name": "shop",
                "stores": draw(stores),
                "environments": [{"name": name, "stores": draw(stores)} for name in STAGES],
                "microservices": [
                    {
                        "name": "Catalog",
                        "head": {"image": "nginx:1.27.3"},
                        "env": draw(overrides),
                        "files": [{"name": name, "vault": each} for name, each in files.items()],
                        "environments": {name: {"env": draw(overrides)} for name in STAGES},
                    }
                ],
            }
        ],
    }


def compiled_or_refused(platform: dict[str, Any]) -> Compiled | CompileError:
    try:
        return compile_said(platform)
    except CompileError as error:
        return error


@given(platforms())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_platform_with_vaults_compiles_to_what_the_schemas_accept_or_says_why_not(platform: dict[str, Any]) -> None:
    found = compiled_or_refused(platform)
    if isinstance(found, CompileError):
        assert {each.code for each in found.diagnostics} <= {"dangling-reference", "store-credentials"}
        return
    schemas = KubernetesSchemas(read_schema)
    for body in found.all:
        assert schemas.is_accepted("1.34", body["apiVersion"], body["kind"], body)
    made = {each["spec"]["target"]["name"] for each in found.all if each["kind"] == "ExternalSecret"}
    wanted = {
        variable["valueFrom"]["secretKeyRef"]["name"]
        for each in found.all
        if each["kind"] == "Deployment"
        for variable in each["spec"]["template"]["spec"]["containers"][0].get("env", [])
    }
    assert wanted <= made
