"""What does not come through `kustomize build` as it went in, whatever one does: found before anybody builds it.

Tried with kustomize 5.8.1 and kubectl 1.32: its YAML writer prints these characters as they are, which no reader then
takes for the same; and it acts on these annotations, or keeps them for itself.
"""

from collections.abc import Callable, Iterator, Mapping

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.manifest import Manifest
from generator.model.source import Json, Path, Position

_LOST = lazy_pattern("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_OWN = lazy_pattern(r"(?:internal\.)?config\.kubernetes\.io/|kustomize\.config\.k8s\.io/|config\.k8s\.io/")
_HINT = "compile this document with `layout: plain`, or change what cannot be built"


def loss_findings(manifest: Manifest, locate: Callable[[Manifest, Path], Position]) -> Iterator[Diagnostic]:
    """Yield `lost-by-kustomize` for what *manifest* has and the object that kustomize builds would not.

    Args:
        manifest: The object.
        locate: Finds where a person decided a node of it.
    """
    annotations = manifest.body.get("metadata", {}).get("annotations") or {}
    for key in annotations:
        if _OWN.match(key):
            message = f"kustomize keeps the annotation '{key}' of '{manifest.ref}' for itself"
            at = locate(manifest, ("metadata", "annotations", key))
            yield Diagnostic("lost-by-kustomize", message, at, _HINT)
    if not _LOST.search(manifest.text) and "\\" not in manifest.text:
        return
    for path, characters in _characters(manifest.body, ()):
        where = ".".join(str(each) for each in path if not _LOST.search(str(each)))
        names = [f"U+{ord(each):04X}" for each in characters]
        what = f"character {names[0]}" if len(names) == 1 else f"characters {', '.join(names[:-1])} and {names[-1]}"
        message = f"kustomize cannot carry the {what} in '{where}' of '{manifest.ref}'"
        yield Diagnostic("lost-by-kustomize", message, locate(manifest, path), _HINT)


def _characters(node: Json, above: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield the path of each node with characters that get lost, and which they are, in their order."""
    if isinstance(node, str):
        found = list(dict.fromkeys(_LOST.findall(node)))
        if found:
            yield above, found
    elif isinstance(node, Mapping):
        found = list(dict.fromkeys(each for key in node for each in _LOST.findall(key)))
        if found:
            yield above, found
        for key, each in node.items():
            yield from _characters(each, (*above, key))
    elif isinstance(node, list):
        for index, each in enumerate(node):
            yield from _characters(each, (*above, index))
