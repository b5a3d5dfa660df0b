"""What External Secrets Operator makes and reads, as the rest of a namespace sees it."""

import pytest

from tests.stages.verify.conftest import Said
from tests.stages.verify.namespace import deployment_text, pod_text

API = "apiVersion: external-secrets.io/v1"
STORE = f"{{ {API}, kind: SecretStore, metadata: {{ name: main, namespace: shop }}, spec: {{ provider: {{ %s }} }} }}"


def external(spec: str) -> str:
    return f"{{ {API}, kind: ExternalSecret, metadata: {{ name: keys, namespace: shop }}, spec: {{ {spec} }} }}"


def head(key: str, secret: str = "keys") -> str:  # noqa: S107  (a name, no secret)
    env = f"[{{ name: A, valueFrom: {{ secretKeyRef: {{ name: {secret}, key: {key} }} }} }}]"
    return deployment_text(pod_text(env=env))


DATA = "data: [{ secretKey: TOKEN, remoteRef: { key: a } }]"


def test_the_secret_that_an_external_secret_makes_has_its_keys(said: Said) -> None:
    assert said(external(DATA), head("TOKEN")) == []

    ((code, _, message, hint),) = said(external(DATA), head("TOKN"))
    assert code == "dangling-object-reference"
    assert message.startswith("key 'TOKN' of Secret 'keys' in ")
    assert hint == "did you mean 'TOKEN'?"


@pytest.mark.parametrize(
    "more",
    [
        "dataFrom: [{ extract: { key: a } }]",
        "target: { template: { data: { OTHER: a } } }",
        "target: { creationPolicy: Merge }",
    ],
)
def test_keys_that_only_the_operator_knows_are_believed(said: Said, more: str) -> None:
    assert said(external(f"{DATA}, {more}"), head("OTHER")) == []


def test_the_target_names_the_secret(said: Said) -> None:
    assert said(external(f"{DATA}, target: {{ name: other }}"), head("TOKEN", "other")) == []
    assert len(said(external(f"{DATA}, target: {{ name: other }}"), head("TOKEN"))) == 1


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        (f"secretStoreRef: {{ name: mian }}, {DATA}", "spec.secretStoreRef.name"),
        (
            "data: [{ secretKey: A, remoteRef: { key: a }, sourceRef: { storeRef: { name: mian } } }]",
            "spec.data[0].sourceRef.storeRef.name",
        ),
        (
            "dataFrom: [{ extract: { key: a }, sourceRef: { storeRef: { name: mian } } }]",
            "spec.dataFrom[0].sourceRef.storeRef.name",
        ),
    ],
)
def test_a_store_of_the_namespace_must_be_there(said: Said, spec: str, place: str) -> None:
    store = STORE % "fake: {}"
    ((code, where, _, hint),) = said(store, external(spec))

    assert (code, where) == ("dangling-object-reference", f"ExternalSecret/keys {place}")
    assert hint == "did you mean 'main'?"
    assert said(store, external(spec.replace("mian", "main"))) == []


def test_a_store_of_the_cluster_is_believed(said: Said) -> None:
    assert said(external(f"secretStoreRef: {{ kind: ClusterSecretStore, name: company }}, {DATA}")) == []


@pytest.mark.parametrize(
    ("provider", "place"),
    [
        ("vault: { auth: { tokenSecretRef: { name: a, key: b } } }", "vault.auth.tokenSecretRef.key"),
        ("aws: { auth: { jwt: { serviceAccountRef: { name: a } } } }", "aws.auth.jwt.serviceAccountRef.name"),
        ("vault: { caProvider: { type: ConfigMap, name: a, key: b } }", "vault.caProvider.key"),
        ("webhook: { secrets: [{ secretRef: { name: a, key: b } }] }", "webhook.secrets[0].secretRef.key"),
    ],
)
def test_what_a_store_gets_in_with_must_be_there(said: Said, provider: str, place: str) -> None:
    ((code, where, _, _),) = said(STORE % provider)
    assert (code, where) == ("dangling-object-reference", f"SecretStore/main spec.provider.{place}")

    elsewhere = provider.replace("name: a", "name: a, namespace: other")
    assert said(STORE % elsewhere) == []
