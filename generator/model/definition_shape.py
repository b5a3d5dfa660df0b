"""The shape of a CustomResourceDefinition: what it must be before anything in it can be believed.

Source: https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/,
JSONSchemaProps above all.
"""

from functools import cache
from typing import Any

from generator.model.source import Json

_INNER: Json = {"$ref": "#/$defs/schema"}
_SIZE: Json = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
_FLAG: Json = {"type": "boolean"}
_WORD: Json = {"type": "string", "minLength": 1}
_SCHEMA: Json = {
    "type": "object",
    "properties": {
        "type": {"enum": ["array", "boolean", "integer", "number", "object", "string"]},
        "format": {"type": "string"},
        "pattern": {"type": "string"},
        "enum": {"type": "array", "minItems": 1},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "exclusiveMinimum": _FLAG,
        "exclusiveMaximum": _FLAG,
        "multipleOf": {"type": "number", "exclusiveMinimum": 0},
        "required": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "properties": {"type": "object", "additionalProperties": _INNER},
        "items": _INNER,
        "not": _INNER,
        "additionalProperties": {"anyOf": [_FLAG, _INNER]},
        "uniqueItems": _FLAG,
        **{f"{bound}{what}": _SIZE for bound in ("min", "max") for what in ("Length", "Items", "Properties")},
        **{junctor: {"type": "array", "minItems": 1, "items": _INNER} for junctor in ("allOf", "anyOf", "oneOf")},
    },
    "dependentRequired": {"exclusiveMinimum": ["minimum"], "exclusiveMaximum": ["maximum"]},
}
_VERSION: Json = {
    "type": "object",
    "required": ["name", "served"],
    "properties": {
        "name": _WORD,
        "served": _FLAG,
        "schema": {"type": "object", "properties": {"openAPIV3Schema": _INNER}},
    },
    "if": {"properties": {"served": {"const": True}}},
    "then": {"required": ["schema"], "properties": {"schema": {"required": ["openAPIV3Schema"]}}},
}
_DEFINITION: Json = {
    "$defs": {"schema": _SCHEMA},
    "type": "object",
    "required": ["spec"],
    "properties": {
        "spec": {
            "type": "object",
            "required": ["group", "names", "scope", "versions"],
            "properties": {
                "group": _WORD,
                "names": {"type": "object", "required": ["kind"], "properties": {"kind": _WORD}},
                "scope": {"enum": ["Namespaced", "Cluster"]},
                "versions": {"type": "array", "items": _VERSION},
            },
        },
    },
}


def is_definition(crd: Json) -> bool:
    """Say whether *crd* has the shape of a CustomResourceDefinition, with a schema for each version that it serves."""
    return bool(_validator().is_valid(crd))


@cache
def _validator() -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(_DEFINITION)
