"""Hold one object against the Kubernetes schema of its kind, and say all that is wrong with it.

A compiled validator says yes; only after a no is it asked why. Nothing that stands in the object is repeated
but the names of its fields: any value could be a secret.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from generator.model.diagnostics import Diagnostic, did_you_mean, in_order
from generator.model.kubernetes import KubernetesSchemas
from generator.model.kubernetes_definitions import Schema
from generator.model.lazy_pattern import lazy_pattern
from generator.model.manifest import Manifest
from generator.model.patterns import with_patterns_alike
from generator.model.source import Json, Path, Position
from generator.stages.verify.kinds import unknown_kind
from generator.stages.verify.wording import dotted, missing, outside, untyped, unworded

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Locate = Callable[[Manifest, Path], Position]

_ENCRYPTED = lazy_pattern(r"ENC\[AES256_GCM,data:[^\]]*,type:(\w+)\]")
_DECRYPTED: Mapping[str, Json] = {"int": 0, "float": 0.5, "bool": True}


def schema_findings(manifest: Manifest, schemas: KubernetesSchemas, version: str, locate: Locate) -> list[Diagnostic]:
    """Return what keeps an API server of *version* from taking *manifest*, sorted; nothing for a good one.

    A sealed Secret is judged as the Secret that it becomes: without `sops`, every value of the type that it
    was sealed as.

    Args:
        manifest: The object.
        schemas: The kinds that there are.
        version: The minor version of Kubernetes that it is meant for, such as `1.34`.
        locate: Returns where a path in the object was written.
    """
    ref = manifest.ref
    body = _unsealed(manifest.body) if manifest.sealed else manifest.body
    if schemas.is_accepted(version, ref.api_version, ref.kind, body):
        return [] if ref.name else [_nameless(manifest, locate)]
    if not schemas.knows(version, ref.api_version, ref.kind):
        return [unknown_kind(manifest, schemas, version, locate)]
    return list(_explained(manifest, body, schemas, version, locate))


def _nameless(manifest: Manifest, locate: Locate) -> Diagnostic:
    """Return what is wrong with an object that no schema asks for a name."""
    message = f"a {manifest.ref.kind} has no 'metadata.name'"
    hint = "add it, as in metadata: { name: shop }"
    return Diagnostic("missing-field", message, locate(manifest, ("metadata",)), hint)


def _unsealed(body: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return *body* as it will look once SOPS has decrypted it, with other values of the same types."""
    return {key: _decrypted(value) for key, value in body.items() if key != "sops"}


def _decrypted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _decrypted(each) for key, each in value.items()}
    found = _ENCRYPTED.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else _DECRYPTED.get(found[1], value)


def _explained(
    manifest: Manifest, body: Mapping[str, Json], schemas: KubernetesSchemas, version: str, locate: Locate
) -> tuple[Diagnostic, ...]:
    from jsonschema import Draft202012Validator

    schema = schemas.schema(version, manifest.ref.api_version, manifest.ref.kind)
    errors = with_patterns_alike(Draft202012Validator)(schema).iter_errors(body)
    found = [each for error in errors for each in _findings(error, manifest, schemas, version, locate)]
    if found:
        return in_order(found)
    # Should the two validators ever differ, a no stays a no.
    message = f"'{manifest.ref}' does not fit the schema of its kind"
    return (Diagnostic("invalid-value", message, locate(manifest, ())),)


def _findings(
    error: "ValidationError", manifest: Manifest, schemas: KubernetesSchemas, version: str, locate: Locate
) -> list[Diagnostic]:
    path: Path = tuple(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            known = _fields(error)
            return [
                Diagnostic(
                    "unknown-field",
                    f"unknown field '{dotted((*path, name))}' in '{manifest.ref}'",
                    locate(manifest, (*path, name)),
                    _other_version(manifest, schemas, version, (*path, name)) or did_you_mean(name, known),
                )
                for name in _value(error.instance)
                if name not in known
            ]
        case "required":
            return [
                Diagnostic(
                    "missing-field",
                    f"'{manifest.ref}' lacks '{dotted((*path, name))}'",
                    locate(manifest, path),
                    missing(name, _fields(error).get(name, {})),
                )
                for name in _value(error.validator_value)
                if name not in _value(error.instance)
            ]
        case _:
            code, words, hint = _judged(error)
            if manifest.sealed and code == "wrong-type":
                hint = "seal the value as a string"
            message = f"'{dotted(path)}' in '{manifest.ref}' {words}"
            return [Diagnostic(code, message, locate(manifest, path), hint)]


def _judged(error: "ValidationError") -> tuple[str, str, str]:
    """Return code, words and hint of a value that does not do; the words begin with `must`."""
    expected = _value(error.validator_value)
    match error.validator:
        case "type":
            return ("wrong-type", *untyped(expected, error.instance))
        case "enum":
            return ("unknown-value", *unworded(expected, error.instance))
        case _:
            return ("invalid-value", outside(str(error.validator), expected), "")


def _fields(error: "ValidationError") -> Mapping[str, Schema]:
    """Return the schemas of the fields that the object at fault may have."""
    fields: Mapping[str, Schema] = _value(error.schema).get("properties", {})
    return fields


def _value(part: Json) -> Json:
    """Return *part* of an error; before a validator has filled it in, its type says, it could be unset."""
    return part


def _other_version(manifest: Manifest, schemas: KubernetesSchemas, version: str, path: Path) -> str:
    """Return a hint for a field that other versions have, empty if none does."""
    names = tuple(step for step in path if isinstance(step, str))
    ref = manifest.ref
    having = [
        each
        for each in schemas.versions()
        if each != version and schemas.field(each, ref.api_version, ref.kind, names) is not None
    ]
    if not having:
        return ""
    until = "" if having[-1] == schemas.versions()[-1] else f" until {having[-1]}"
    return f"Kubernetes {version} does not have it: it exists from {having[0]} on{until}"
