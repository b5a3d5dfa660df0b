"""Stores that nobody could reach, or by two ways at once."""

import pytest

from tests.compiled import errors_of, findings_of, shop

CATALOG = """
- name: Catalog
  head: { image: nginx:1.27.3 }
  env: { PASSWORD: { vault: { store: main, key: shop/catalog } } }
"""
TENANT = "tenantId: 7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02, vaultUrl: https://acme.vault.azure.net"
KEY = "{ name: a, key: b }"
BOTH = f"{{ clientId: {KEY}, clientCertificate: {KEY} }}"
ACCESS = f"{{ accessKeyIDSecretRef: {KEY}, secretAccessKeySecretRef: {KEY} }}"


def document(provider: str) -> str:
    application = f"stores:\n  main:\n    provider: {{ {provider} }}\nexternal: [{{ kind: Secret, name: a }}]"
    return shop(CATALOG, application=application)


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        (f"azurekv: {{ {TENANT} }}", "has no credentials for a service principal"),
        (
            f"azurekv: {{ {TENANT}, authSecretRef: {{ clientSecret: {KEY} }} }}",
            "has no credentials for a service principal",
        ),
        (
            f"azurekv: {{ vaultUrl: https://a, authSecretRef: {{ clientId: {KEY}, clientSecret: {KEY} }} }}",
            "names no tenant of its service principal",
        ),
        (
            f"azurekv: {{ {TENANT}, authSecretRef: {BOTH}, serviceAccountRef: {{ name: a }} }}",
            "has an identity beside a service principal",
        ),
        (
            f"azurekv: {{ {TENANT}, authType: WorkloadIdentity, authSecretRef: {{ clientSecret: {KEY} }} }}",
            "has credentials beside authType 'WorkloadIdentity'",
        ),
        ("aws: { service: SecretsManager, region: eu-north-1 }", "does not say how the operator gets in"),
        (
            f"aws: {{ service: SecretsManager, region: a, auth: {{ secretRef: {{ accessKeyIDSecretRef: {KEY} }} }} }}",
            "has no 'secretAccessKeySecretRef'",
        ),
        (
            f"aws: {{ service: SecretsManager, region: a, auth: {{ secretRef: {ACCESS}, jwt: {{}} }} }}",
            "has 'secretRef' and 'jwt' in its `auth`, expected one of them",
        ),
        ("vault: { server: https://a }", "does not say how the operator gets in"),
        ("vault: { server: https://a, auth: {} }", "does not say how the operator gets in"),
        (
            f"vault: {{ server: https://a, auth: {{ tokenSecretRef: {KEY}, kubernetes: {{ role: a }} }} }}",
            "has 'kubernetes' and 'tokenSecretRef' in its `auth`, expected one of them",
        ),
        ("gcpsm: { projectID: acme }", "does not say how the operator gets in"),
    ],
)
def test_a_store_is_reached_in_exactly_one_way(provider: str, message: str) -> None:
    (finding,) = findings_of(document(provider))

    assert (finding.code, finding.message) == ("store-credentials", f"store 'main' of 'Dev' {message}")
    assert finding.at.line == 9


@pytest.mark.parametrize(
    "provider",
    [
        f"azurekv: {{ {TENANT}, authSecretRef: {{ clientId: {KEY}, clientSecret: {KEY} }} }}",
        f"azurekv: {{ {TENANT}, authType: WorkloadIdentity, serviceAccountRef: {{}} }}",
        "azurekv: { vaultUrl: https://acme.vault.azure.net, authType: ManagedIdentity }",
        "aws: { service: ParameterStore, region: eu-north-1, auth: {} }",
        "aws: { service: SecretsManager, region: eu-north-1, auth: { jwt: { serviceAccountRef: {} } } }",
        f"vault: {{ server: https://a, auth: {{ namespace: team, tokenSecretRef: {KEY} }} }}",
        "gcpsm: { projectID: acme, auth: {} }",
        f"doppler: {{ auth: {{ secretRef: {{ dopplerToken: {KEY} }} }} }}",
    ],
)
def test_every_documented_way_in_is_accepted(provider: str) -> None:
    with pytest.raises(AssertionError, match="it compiled"):
        findings_of(document(provider))


def test_a_credential_in_the_open_is_found_and_not_repeated() -> None:
    canary = "glpat-canary0000000000000000"
    (finding,) = findings_of(
        document(f"vault: {{ server: https://a, headers: {{ Token: {canary} }}, auth: {{ tokenSecretRef: {KEY} }} }}")
    )

    assert finding.code == "secret-looking-value"
    assert "canary" not in f"{finding.message}{finding.hint}"
    assert errors_of(document("vault: { server: https://a, headers: { Team: shop }, auth: {} }")) == [
        "9 store-credentials"
    ]


def test_somebody_must_be_able_to_unseal_the_credentials_of_every_environment() -> None:
    auth = "auth: { tokenSecretRef: { secret: true } }"
    stores = f"stores: {{ main: {{ provider: {{ vault: {{ server: https://a, {auth} }} }} }} }}"
    catalog = f"{CATALOG}\n  files: [{{ name: a, secret: true }}]"

    found = findings_of(shop(catalog, "- { name: Dev }\n- { name: Prod }", application=stores))

    assert [each.message for each in found] == [
        "nobody can unseal the credentials of store 'main' in 'shop/Dev': environment 'Dev' has no recipients",
        "nobody can unseal the credentials of store 'main' in 'shop/Prod': environment 'Prod' has no recipients",
    ]
