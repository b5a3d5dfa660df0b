"""Kinds of other projects that the distribution knows by itself."""

from typing import Any

from generator.adapters.package import read_schema
from generator.model.kubernetes import KubernetesSchemas

STORE: dict[str, Any] = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "SecretStore",
    "metadata": {"name": "main"},
    "spec": {"provider": {"vault": {"server": "https://vault.example.com", "auth": {"tokenSecretRef": {"name": "a"}}}}},
}


class Reads:
    """The distribution's schemas, and what was read of them."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, name: str) -> bytes:
        self.names.append(name)
        return read_schema(name)


def accepts(schemas: KubernetesSchemas, body: dict[str, Any]) -> bool:
    return schemas.is_accepted("1.36", body["apiVersion"], body["kind"], body)


def test_an_object_of_a_carried_kind_is_held_against_its_schema() -> None:
    schemas = KubernetesSchemas(read_schema)

    assert accepts(schemas, STORE)
    assert not accepts(schemas, {**STORE, "spec": {**STORE["spec"], "vault": {}}})
    assert not accepts(schemas, {**STORE, "spec": {"provider": {"vault": {"server": 1}}}})
    assert not accepts(schemas, {**STORE, "spec": {"provider": {}}})


def test_a_carried_kind_exists_in_every_version_of_kubernetes() -> None:
    schemas = KubernetesSchemas(read_schema)

    assert all(schemas.knows(each, "external-secrets.io/v1", "ExternalSecret") for each in schemas.versions())
    assert not schemas.knows("1.2", "external-secrets.io/v1", "ExternalSecret")
    assert ("external-secrets.io/v1", "SecretStore") in schemas.kinds("1.36")


def test_a_definition_is_read_when_an_object_of_its_kind_is_checked() -> None:
    reads = Reads()
    schemas = KubernetesSchemas(reads)

    accepts(schemas, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}})
    assert not [name for name in reads.names if name.startswith("definitions/")]

    schemas.kinds("1.36")
    assert [name for name in reads.names if name.startswith("definitions/")] == ["definitions/kinds.json"]

    accepts(schemas, STORE)
    assert "definitions/external-secrets/secretstores.json" in reads.names
    assert "definitions/external-secrets/externalsecrets.json" not in reads.names


def test_a_definition_of_the_documents_own_takes_the_place_of_the_carried_one() -> None:
    openapi = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"newer": {"type": "string"}}}},
    }
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "secretstores.external-secrets.io"},
        "spec": {
            "group": "external-secrets.io",
            "names": {"kind": "SecretStore", "plural": "secretstores"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": openapi}}],
        },
    }
    schemas = KubernetesSchemas(read_schema).with_crds([crd])

    assert accepts(schemas, {**STORE, "spec": {"newer": "yes"}})
    assert not accepts(schemas, STORE)
