"""What is compiled beside what was committed: changes that an API server will refuse."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.immutable import immutable_changes
from generator.model.manifest import Manifest
from generator.model.source import Json, Path, Position


def succession_findings(
    manifests: Sequence[Manifest], before: bytes, locate: Callable[[Manifest, Path], Position]
) -> list[Diagnostic]:
    """Return a warning for each field of *manifests* that differs from the file *before* and cannot be changed.

    They are warnings: whoever reads them may be about to make the object anew.
    """
    known = {_identity(body): body for body in _objects(before)}
    return [
        _warning(manifest, field, locate)
        for manifest in manifests
        if (old := known.get(_identity(manifest.body))) is not None
        for field in immutable_changes(manifest.ref, old, manifest.body)
        if field != ("apiVersion",)  # another version of its kind is the same object
    ]


def _objects(content: bytes) -> Iterable[Mapping[str, Json]]:
    """Return the objects of a committed file, none of one that cannot be read: somebody else speaks of that."""
    import yaml_rs

    try:
        found: Json = yaml_rs.loads(content.decode(), parse_datetime=False)
    except (ValueError, TypeError):
        return ()
    objects = found if isinstance(found, list) else [found]
    return [each for each in objects if isinstance(each, dict) and isinstance(each.get("metadata"), dict)]


def _identity(body: Mapping[str, Json]) -> tuple[str, str, str]:
    metadata = body["metadata"]
    return (str(body.get("kind")), str(metadata.get("namespace")), str(metadata.get("name")))


def _warning(manifest: Manifest, field: Path, locate: Callable[[Manifest, Path], Position]) -> Diagnostic:
    message = f"{manifest.ref} exists with another '{'.'.join(map(str, field))}', and Kubernetes refuses to change that"
    hint = "take the change back, or delete the object from the cluster before this is applied; volumes keep their data"
    return Diagnostic("immutable-change", message, locate(manifest, field), hint, Severity.WARNING)
