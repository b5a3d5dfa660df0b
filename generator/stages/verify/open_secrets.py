"""Secrets in the open: a Secret that is not sealed, in a plain manifest or from a template of the platform's own."""

from collections.abc import Callable

from generator.model.diagnostics import Diagnostic
from generator.model.manifest import Manifest
from generator.model.source import Path, Position

_FIELDS = ("stringData", "data")


def open_secret_findings(manifest: Manifest, locate: Callable[[Manifest, Path], Position]) -> list[Diagnostic]:
    """Return `plain-secret` for a Secret whose values anybody can read; base64 hides nothing.

    Args:
        manifest: Any object.
        locate: Returns where a path in the object was written.
    """
    ref, body = manifest.ref, manifest.body
    if ref.kind != "Secret" or manifest.sealed or ref.api_version != "v1":
        return []
    field = next((name for name in _FIELDS if body.get(name)), None)
    if field is None:
        return []
    if "sops" in body:
        message = f"Secret '{ref.name}' is sealed elsewhere, and only what the document declares can be carried"
    else:
        message = f"the values of Secret '{ref.name}' are in the open"
    hint = "declare them under `env` or `files` as { secret: true } and seal them, or list the Secret under `external`"
    return [Diagnostic("plain-secret", message, locate(manifest, (field,)), hint)]
