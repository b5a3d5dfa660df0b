"""Manifests into files."""

from collections.abc import Sequence

from generator.model.manifest import Manifest
from generator.model.source import Json


def stream(subject: str, source: str, manifests: Sequence[Manifest]) -> bytes:
    """Return one file with *manifests* as YAML documents.

    Args:
        subject: What they belong to, as `shop/Prod/Catalog`.
        source: What to edit instead of the file.
        manifests: In the order in which they are to be applied.
    """
    header = f"# {subject}, compiled by platformc. Edit {source} and compile again.\n"
    return (header + "---\n".join(each.text for each in manifests)).encode()


def in_namespace(body: Json, namespace: str) -> Json:
    """Return a plain manifest with its application's *namespace*, where it names none."""
    metadata = body.get("metadata") if isinstance(body, dict) else None
    if not isinstance(metadata, dict) or metadata.get("namespace") is not None:
        return body
    named = {"name": metadata["name"], "namespace": namespace} if "name" in metadata else {"namespace": namespace}
    return {
        **body,
        "metadata": {**named, **{key: value for key, value in metadata.items() if key not in named}},
    }
