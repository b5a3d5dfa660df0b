"""What the objects of External Secrets Operator define and use: https://external-secrets.io/latest/api/spec/."""

from collections.abc import Iterator, Mapping

from generator.model.manifest import Manifest
from generator.model.pod_uses import Key, Reference
from generator.model.source import Json, Path

ESO_GROUP = "external-secrets.io/"
"""What the apiVersion of its objects begins with."""

_NOTHING: Mapping[str, Json] = {}
_BESIDE_DATA = frozenset({"template", "manifest"})


def fetched(manifest: Manifest) -> Iterator[tuple[tuple[str, str], frozenset[Key] | None]]:
    """Yield the Secret that an ExternalSecret makes, with its keys: None where only the operator will know them."""
    spec = _mapping(manifest.body.get("spec"))
    target = _mapping(spec.get("target"))
    name = target.get("name") or manifest.ref.name
    keys = frozenset(each["secretKey"] for each in spec.get("data") or ())
    whole = target.get("creationPolicy", "Owner") in ("Owner", "Orphan")
    open_ended = not keys or spec.get("dataFrom") or _BESIDE_DATA & target.keys() or not whole
    yield ("Secret", str(name)), None if open_ended else keys


def used_by_vaults(manifest: Manifest) -> Iterator[Reference]:
    """Yield the references of an ExternalSecret to stores, or of a SecretStore to credentials and identities."""
    spec = _mapping(manifest.body.get("spec"))
    if manifest.ref.kind == "ExternalSecret":
        yield from _store(spec.get("secretStoreRef"), ("spec", "secretStoreRef"))
        for field in ("data", "dataFrom"):
            for index, each in enumerate(spec.get(field) or ()):
                source = _mapping(each.get("sourceRef"))
                yield from _store(source.get("storeRef"), ("spec", field, index, "sourceRef", "storeRef"))
    elif manifest.ref.kind == "SecretStore":
        yield from _used_by_provider(spec.get("provider"), ("spec", "provider"), manifest.ref.namespace)


def _store(reference: Json, at: Path) -> Iterator[Reference]:
    said = _mapping(reference)
    if said.get("name") and said.get("kind", "SecretStore") == "SecretStore":
        yield Reference("SecretStore", said["name"], None, (*at, "name"))


def _used_by_provider(node: Json, at: Path, namespace: str) -> Iterator[Reference]:
    """Yield the references anywhere in *node*: a Secret by `name` and `key`, a ServiceAccount by its field."""
    if isinstance(node, list):
        for index, each in enumerate(node):
            yield from _used_by_provider(each, (*at, index), namespace)
    if not isinstance(node, Mapping):
        return
    name, local = node.get("name"), node.get("namespace", namespace) == namespace
    if isinstance(name, str) and local:
        if at[-1] == "serviceAccountRef":
            yield Reference("ServiceAccount", name, None, (*at, "name"))
        elif at[-1] == "caProvider":
            yield Reference(str(node.get("type")), name, node.get("key"), (*at, "key" if "key" in node else "name"))
        elif isinstance(node.get("key"), str):
            yield Reference("Secret", name, node["key"], (*at, "key"))
    for field, each in node.items():
        yield from _used_by_provider(each, (*at, field), namespace)


def _mapping(node: Json) -> Mapping[str, Json]:
    return node if isinstance(node, Mapping) else _NOTHING
