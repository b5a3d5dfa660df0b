"""Custom resources: from a CustomResourceDefinition to a closed JSON Schema of what an API server accepts.

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
(structural schemas, pruning, nullable, defaulting, `x-kubernetes-preserve-unknown-fields`,
`x-kubernetes-int-or-string`, `x-kubernetes-embedded-resource`). CEL rules are not evaluated.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from generator.model.definition_shape import is_definition
from generator.model.kubernetes_definitions import OBJECT_META, REFERENCE, Schema
from generator.model.source import Json

_METADATA: Schema = {"$ref": REFERENCE + OBJECT_META}
_ANYTHING: Schema = {"type": ["object", "null"]}
_INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
_KEPT = frozenset(
    {"type", "format", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"}
    | {"uniqueItems", "minProperties", "maxProperties"}
)
_JUNCTORS = ("allOf", "anyOf", "oneOf")


class CustomKind(Struct, frozen=True):
    """A kind that a CustomResourceDefinition describes.

    Attributes:
        api_version: Group and version, `monitoring.example.com/v1`.
        kind: Its kind.
        namespaced: A namespace holds its objects; otherwise they belong to the whole cluster.
        openapi: Its schema as published.
    """

    api_version: str
    kind: str
    namespaced: bool
    openapi: Mapping[str, Json]

    def schema(self) -> Schema:
        """Return its closed JSON Schema; metadata refers to the definition of `ObjectMeta`."""
        closed = _closed(self.openapi)
        fields = closed.setdefault("properties", {})
        fields |= {
            "apiVersion": {"enum": [self.api_version]},
            "kind": {"enum": [self.kind]},
            "metadata": _METADATA,
            "status": _ANYTHING,
        }
        if "type" not in closed:
            closed["type"] = "object"
        return closed


def kinds_of(crd: Mapping[str, Json]) -> Iterator[CustomKind]:
    """Yield the kinds that *crd* serves, one for each version.

    Raises:
        ValueError: When *crd* is not an apiextensions.k8s.io/v1 CustomResourceDefinition with a schema.
    """
    if (crd.get("apiVersion"), crd.get("kind")) != ("apiextensions.k8s.io/v1", "CustomResourceDefinition"):
        raise ValueError("not a CustomResourceDefinition of apiextensions.k8s.io/v1")
    if not is_definition(crd):
        raise ValueError("not a CustomResourceDefinition with a schema for each version")
    spec = crd["spec"]
    for version in spec["versions"]:
        if version["served"]:
            openapi = version["schema"]["openAPIV3Schema"]
            api_version = f"{spec['group']}/{version['name']}"
            yield CustomKind(api_version, spec["names"]["kind"], spec["scope"] == "Namespaced", openapi)


def _closed(openapi: Mapping[str, Json], *, structural: bool = True) -> Schema:
    """Return *openapi* as JSON Schema; where *structural*, an object takes only the fields that it lists."""
    schema = {key: value for key, value in openapi.items() if key in _KEPT}
    if schema.get("format") == "int32":
        schema = _INT32 | schema
    if "enum" in openapi:
        schema["enum"] = [*openapi["enum"]]
    if "pattern" in openapi and _is_pattern(openapi["pattern"]):
        schema["pattern"] = openapi["pattern"]
    for bound, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if openapi.get(bound) is True:  # a flag in OpenAPI 3.0, the limit itself in JSON Schema
            schema[bound] = schema.pop(limit)
    _join(openapi, schema)
    if "items" in openapi:
        schema["items"] = _closed(openapi["items"], structural=structural)
    if openapi.get("x-kubernetes-int-or-string") is True:
        schema["type"] = ["integer", "string"]
    if openapi.get("nullable") is True:
        _allow_null(schema)
    _add_fields(openapi, schema, structural=structural)
    return schema


def _join(openapi: Mapping[str, Json], schema: Schema) -> None:
    """Take over `not`, `allOf`, `anyOf` and `oneOf`, which repeat fields without closing anything."""
    for junctor in _JUNCTORS:
        both_types = junctor == "anyOf" and openapi.get("x-kubernetes-int-or-string") is True
        if junctor in openapi and not both_types:
            schema[junctor] = [_closed(each, structural=False) for each in openapi[junctor]]
    if "not" in openapi:
        schema["not"] = _closed(openapi["not"], structural=False)


def _add_fields(openapi: Mapping[str, Json], schema: Schema, *, structural: bool) -> None:
    published: Mapping[str, Json] = openapi.get("properties") or {}
    fields = {name: _closed(each, structural=structural) for name, each in published.items()}
    required = [name for name in openapi.get("required") or () if "default" not in (published.get(name) or {})]
    if structural:
        for name in fields.keys() - set(required):
            _allow_null(fields[name])  # the API server drops a null that its schema does not allow
    if openapi.get("x-kubernetes-embedded-resource") is True:
        fields |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": _METADATA}
    if fields:
        schema["properties"] = fields
    if required:
        schema["required"] = required
    rest = openapi.get("additionalProperties")
    if isinstance(rest, Mapping):
        schema["additionalProperties"] = _closed(rest, structural=structural)
    elif structural and "object" in _types(schema) and not _is_open(openapi):
        schema["additionalProperties"] = False


def _is_open(openapi: Mapping[str, Json]) -> bool:
    return openapi.get("x-kubernetes-preserve-unknown-fields") is True or openapi.get("additionalProperties") is True


def _types(schema: Schema) -> list[Any]:
    found = schema.get("type", [])
    return [found] if isinstance(found, str) else [*found]


def _allow_null(schema: Schema) -> None:
    types = _types(schema)
    if types and "null" not in types:
        schema["type"] = [*types, "null"]
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]


@cache
def _is_pattern(pattern: str) -> bool:
    """Say whether *pattern* can be held against a text; what only Go understands cannot."""
    import jsonschema_rs

    try:
        re.compile(pattern)
        jsonschema_rs.validator_for({"pattern": pattern})
    except (re.error, ValueError, OverflowError, RecursionError):
        return False
    return True
