"""Custom resources: judged by the definition that a person brings."""

from typing import Any

import pytest

from generator.adapters.package import read_schema
from generator.model.kubernetes import KubernetesSchemas

OPENAPI = {
    "type": "object",
    "required": ["spec"],
    "properties": {
        "metadata": {"type": "object"},
        "spec": {
            "type": "object",
            "required": ["url", "mode"],
            "properties": {
                "url": {"type": "string", "pattern": "^https://"},
                "mode": {"type": "string", "default": "pull"},
                "port": {
                    "x-kubernetes-int-or-string": True,
                    "anyOf": [{"type": "integer"}, {"type": "string"}],
                },
                "window": {"type": "string", "nullable": True},
                "ratio": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "tags": {"type": "object", "additionalProperties": {"type": "string"}},
                "inner": {
                    "type": "object",
                    "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                    "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
                },
            },
        },
    },
}


def definition(openapi: object) -> dict[str, Any]:
    """Return a CustomResourceDefinition with the schema *openapi*."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "mirrors.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": "Mirror", "plural": "mirrors"},
            "versions": [
                {"name": "v1alpha1", "served": False, "storage": False},
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": openapi}},
            ],
        },
    }


@pytest.fixture(scope="module")
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas(read_schema)


@pytest.fixture(scope="module")
def extended(schemas: KubernetesSchemas) -> KubernetesSchemas:
    return schemas.with_crds([definition(OPENAPI)])


def accepts(schemas: KubernetesSchemas, body: dict[str, Any]) -> bool:
    return schemas.is_accepted("1.34", body["apiVersion"], body["kind"], body)


def mirror(**spec: object) -> dict[str, Any]:
    return {
        "apiVersion": "example.com/v1",
        "kind": "Mirror",
        "metadata": {"name": "a", "labels": {"a": "b"}},
        "spec": {"url": "https://example.com", **spec},
    }


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"port": 80},
        {"port": "http"},
        {"window": None},
        {"mode": None, "url": "https://example.org"},
        {"free": {"any": {"thing": 1}}},
        {"tags": {"a": "b"}},
        {"ratio": 0.1},
        {"inner": {"a": "x"}},
    ],
    ids=str,
)
def test_a_custom_resource_is_accepted_as_its_definition_says(
    extended: KubernetesSchemas, spec: dict[str, object]
) -> None:
    assert accepts(extended, mirror(**spec))


@pytest.mark.parametrize(
    "spec",
    [
        {"url": "http://example.com"},
        {"port": 1.5},
        {"unknown": 1},
        {"tags": {"a": 1}},
        {"ratio": 0},
        {"inner": {"a": "x", "b": "y"}},
        {"inner": {"a": "x", "c": "y"}},
    ],
    ids=str,
)
def test_a_custom_resource_is_refused_as_its_definition_says(
    extended: KubernetesSchemas, spec: dict[str, object]
) -> None:
    assert not accepts(extended, mirror(**spec))


def test_the_metadata_of_a_custom_resource_are_those_of_every_object(extended: KubernetesSchemas) -> None:
    assert not accepts(extended, {**mirror(), "metadata": {"name": "a", "label": {}}})


def test_custom_resources_join_a_copy_and_only_served_versions_do(
    schemas: KubernetesSchemas, extended: KubernetesSchemas
) -> None:
    assert ("example.com/v1", "Mirror") in extended.kinds("1.30")
    assert not extended.knows("1.34", "example.com/v1alpha1", "Mirror")
    assert not schemas.knows("1.34", "example.com/v1", "Mirror")
    assert extended.knows("1.34", "apps/v1", "Deployment")


@pytest.mark.parametrize(
    "crd",
    [
        {"apiVersion": "apiextensions.k8s.io/v1beta1", "kind": "CustomResourceDefinition"},
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {}},
        definition({"type": "object", "properties": ["spec"]}),
        definition({"type": "object", "properties": {"spec": {"type": "text"}}}),
        definition({"type": "object", "required": "spec"}),
    ],
    ids=["old", "empty", "list of fields", "unknown type", "text for list"],
)
def test_what_is_no_definition_is_refused(schemas: KubernetesSchemas, crd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a CustomResourceDefinition"):
        schemas.with_crds([crd])
