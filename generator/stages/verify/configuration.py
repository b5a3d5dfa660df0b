"""ConfigMaps and Secrets: their keys, their size, and the few values whose shape Kubernetes prescribes."""

import json
from binascii import a2b_base64
from collections.abc import Iterable, Mapping

from generator.model.lazy_pattern import lazy_pattern
from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json
from generator.stages.verify.names import CONFIG_KEY_EXPECTED, is_config_key
from generator.stages.verify.objections import Objections

MAX_SIZE = 1024 * 1024
"""Bytes of all values of one ConfigMap or Secret, decoded: MaxSecretSize in kubernetes/pkg/apis/core."""

_SEALED = lazy_pattern(r"ENC\[[A-Z0-9_]+,data:([A-Za-z0-9+/=]*),")
_BREAKS = str.maketrans("", "", "\r\n")
# What a type of Secret must have: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_DOCKER = frozenset({"kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson"})


def check_config_map(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a ConfigMap."""
    text, binary = manifest.body.get("data") or {}, manifest.body.get("binaryData") or {}
    _check_keys("data", text, objections)
    if not binary:
        _check_size(_size(text.values()), objections)
        return
    _check_keys("binaryData", binary, objections)
    for key in text.keys() & binary.keys():
        objections.taken(("binaryData", key), f"key '{key}'", "'data'")
    _check_size(_size(text.values()) + _check_base64("binaryData", binary, objections), objections)


def check_secret(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a Secret; of a sealed one only what its keys and the lengths of its values show."""
    text, binary = manifest.body.get("stringData") or {}, manifest.body.get("data") or {}
    _check_keys("stringData", text, objections)
    _check_keys("data", binary, objections)
    remaining = {key: value for key, value in binary.items() if key not in text} if text else binary
    if manifest.sealed:
        # What SOPS sealed under `data` is base64: four characters for three bytes.
        size = sum(map(sealed_size, text.values())) + sum(map(sealed_size, remaining.values())) * 3 // 4
    else:
        size = _size(text.values()) + (_check_base64("data", remaining, objections) if remaining else 0)
    _check_size(size, objections)
    kind = manifest.body.get("type") or "Opaque"
    if kind != "Opaque":
        _check_type(kind, manifest, objections)


def _check_keys(field: str, values: Mapping[str, Json], objections: Objections) -> None:
    for key in values:
        if not is_config_key(key):
            objections.add("bad-key", (field, key), f"bad key '{key}'", CONFIG_KEY_EXPECTED)


def _size(values: Iterable[str | None]) -> int:
    """Return how many bytes of UTF-8 *values* take, or less where that is too little to matter."""
    characters = sum(len(value) for value in values if value)
    if characters * 4 <= MAX_SIZE:  # a character takes at most four bytes
        return characters
    return sum(len(value.encode()) for value in values if value)


def sealed_size(value: str | None) -> int:
    """Return how many bytes a value took before SOPS sealed it: it keeps the length."""
    match = _SEALED.match(value or "")
    if match is None:
        return len((value or "").encode())
    return len(match[1]) * 3 // 4 - match[1][-2:].count("=")


def _check_base64(field: str, values: Mapping[str, Json], objections: Objections) -> int:
    """Check that *values* are base64; return how many bytes they hold."""
    size = 0
    for key, value in values.items():
        content = decoded(value or "")
        if content is None:
            objections.add("bad-base64", (field, key), f"value of '{key}'", "expected base64 with its padding")
        size += len(content or b"")
    return size


def decoded(text: str) -> bytes | None:
    """Return what *text* holds as Go decodes it: line breaks count for nothing, padding is a must."""
    try:
        return a2b_base64(text.translate(_BREAKS), strict_mode=True)
    except ValueError:
        return None


def _check_size(size: int, objections: Objections) -> None:
    if size > MAX_SIZE:
        what = f"values of {size} bytes"
        objections.add("too-large", (), what, f"expected at most {MAX_SIZE} together", "can a volume carry them?")


def _check_type(kind: str, manifest: Manifest, objections: Objections) -> None:
    text, binary = manifest.body.get("stringData") or {}, manifest.body.get("data") or {}
    for key in _REQUIRED.get(kind, ()):
        if key not in text and key not in binary:
            objections.add("missing-field", (), f"no key '{key}'", f"a Secret of type '{kind}' needs it")
        elif kind in _DOCKER and not manifest.sealed:
            value = text.get(key) if key in text else decoded(binary[key] or "")
            if value is not None and not _is_json_object(value):
                field = "stringData" if key in text else "data"
                objections.add("bad-choice", (field, key), f"value of '{key}'", "expected a JSON object")
    if kind == "kubernetes.io/basic-auth" and {"username", "password"}.isdisjoint({*text, *binary}):
        objections.add("missing-field", (), "neither 'username' nor 'password'", f"type '{kind}' needs one")
    if kind == "kubernetes.io/service-account-token":
        annotations = manifest.body["metadata"].get("annotations") or {}
        if not annotations.get("kubernetes.io/service-account.name"):
            expected = "the annotation 'kubernetes.io/service-account.name'"
            objections.add("missing-field", ("metadata",), "a token of no service account", f"expected {expected}")


def _is_json_object(value: str | bytes) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except ValueError:
        return False
