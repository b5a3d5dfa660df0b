"""From a field of a compiled object back to the words of the document that decided it."""

from collections.abc import Callable
from typing import Any

from generator.model.manifest import Manifest
from generator.model.source import Document, Path, Position, Spots

Route = tuple[str, Path, Path]
"""A kind (or `*`), the beginning of a path in its objects, and what decides it below the subject's layers.

What follows the beginning is carried over. A container is written by its name.
"""

_NAMED = frozenset({"containers", "env", "ports"})
"""The lists whose items are known by their names."""

_POD: Path = ("spec", "template", "spec")
_ROUTES: tuple[Route, ...] = (
    ("Deployment", ("spec", "replicas"), ("head", "replicas")),
    ("Deployment", ("spec", "strategy"), ("head", "strategy")),
    ("Deployment", ("spec", "template", "metadata", "labels"), ("head", "labels")),
    ("Deployment", ("spec", "template", "metadata", "annotations"), ("head", "annotations")),
    ("Deployment", (*_POD, "serviceAccountName"), ("head", "serviceAccount")),
    ("Deployment", (*_POD, "securityContext"), ("head", "security", "pod")),
    ("Deployment", (*_POD, "nodeSelector"), ("head", "nodeSelector")),
    ("Deployment", (*_POD, "tolerations"), ("head", "tolerations")),
    ("Deployment", (*_POD, "topologySpreadConstraints"), ("head", "topologySpread")),
    ("Deployment", (*_POD, "containers", "head", "image"), ("head", "image")),
    ("Deployment", (*_POD, "containers", "head", "command"), ("head", "command")),
    ("Deployment", (*_POD, "containers", "head", "args"), ("head", "args")),
    ("Deployment", (*_POD, "containers", "head", "env"), ("env",)),
    ("Deployment", (*_POD, "containers", "head", "ports", "http"), ("head", "port")),
    ("Deployment", (*_POD, "containers", "head", "ports"), ("head", "ports")),
    ("Deployment", (*_POD, "containers", "head", "resources"), ("head", "resources")),
    ("Deployment", (*_POD, "containers", "head", "startupProbe"), ("head", "probes", "startup")),
    ("Deployment", (*_POD, "containers", "head", "livenessProbe"), ("head", "probes", "liveness")),
    ("Deployment", (*_POD, "containers", "head", "readinessProbe"), ("head", "probes", "readiness")),
    ("Deployment", (*_POD, "containers", "head", "securityContext"), ("head", "security", "container")),
    ("Deployment", (*_POD, "containers", "head"), ("head",)),
    ("Deployment", (*_POD, "containers", "runtime", "image"), ("runtime", "image")),
    ("Deployment", (*_POD, "containers", "runtime", "resources"), ("runtime", "resources")),
    ("Deployment", (*_POD, "containers", "runtime", "ports"), ("runtime", "endpoints")),
    ("Deployment", (*_POD, "containers", "runtime"), ("runtime",)),
    ("HorizontalPodAutoscaler", ("spec", "metrics"), ("head", "autoscaling", "metrics")),
    ("HorizontalPodAutoscaler", ("spec", "behavior"), ("head", "autoscaling", "behavior")),
    ("HorizontalPodAutoscaler", ("spec",), ("head", "autoscaling")),
    ("Service", ("spec", "ports", "http"), ("head", "port")),
    ("Service", ("spec", "ports"), ("head", "ports")),
    ("ServiceAccount", ("metadata", "annotations"), ("head", "serviceAccount", "annotations")),
    ("ExternalSecret", ("spec", "refreshInterval"), ("externalSecret", "refreshInterval")),
    ("ExternalSecret", ("spec", "data"), ("env",)),
    ("ExternalSecret", ("spec",), ("env",)),
    ("Ingress", ("metadata", "annotations"), ("expose", "annotations")),
    ("Ingress", ("spec",), ("expose",)),
    ("HTTPRoute", ("metadata", "annotations"), ("expose", "annotations")),
    ("HTTPRoute", ("spec",), ("expose",)),
    ("StatefulSet", (*_POD, "containers", "mongo", "image"), ("storage", "image")),
    ("StatefulSet", (*_POD, "containers", "mongo", "resources"), ("storage", "resources")),
    ("StatefulSet", ("spec", "volumeClaimTemplates"), ("storage", "size")),
    ("CronJob", ("spec", "schedule"), ("storage", "backup", "schedule")),
    ("CronJob", ("spec",), ("storage", "backup")),
    ("*", ("metadata", "name"), ("name",)),
    ("*", ("metadata", "labels", "microservice"), ("name",)),
)


def position_of(
    manifest: Manifest, path: Path, document: Document, manifest_spots: Callable[[str, Path], Spots]
) -> Position:
    """Return where a person decided the node at *path* of *manifest*, as near as can be told.

    That is the document, in the layer that won; or the patch that touched the object; or the platform's own template
    that printed it; or the plain manifest itself, whose positions *manifest_spots* reads by its file and its place.
    """
    origin = manifest.origin
    named = _with_names(manifest.body, path)
    patch = next((each for layer in origin.layers if (each := _patched(document, layer, path, named))), ())
    if patch:
        return document.locate(patch)
    if origin.file:
        return nearest(manifest_spots(origin.file, origin.inner), path, origin.file)
    if manifest.ref.kind == "SecretStore" and _is_environment(origin.layers):
        return document.locate(_of_store(manifest, named, document))
    decided = document.first_of(origin.layers, _decided_by(manifest.ref.kind, named))
    own = document.data.get("templates")
    if own and decided in origin.layers and origin.template.startswith(f"{own}/"):
        return Position(origin.template)
    return document.locate(decided)


def nearest(spots: Spots, path: Path, file: str) -> Position:
    """Return where the key of *path* stands, or of its nearest ancestor that does."""
    while path and path not in spots:
        path = path[:-1]
    spot = spots.get(path)
    return Position(file) if spot is None else (spot.key or spot.value)


def _decided_by(kind: str, path: Path) -> Path:
    if kind == "ConfigMap" and path[:1] in (("data",), ("binaryData",)) and len(path) > 1:
        return ("env", path[1])
    for wanted, beginning, below in _ROUTES:
        if wanted in (kind, "*") and path[: len(beginning)] == beginning:
            return (*below, *path[len(beginning) :])
    return ()


def _is_environment(layers: tuple[Path, ...]) -> bool:
    """Say whether *layers* are those of an environment, and not of what is deployed to it."""
    return len(layers) == 1 and layers[0][-2:-1] == ("environments",)


def _of_store(manifest: Manifest, named: Path, document: Document) -> Path:
    """Return what decides the node at *named* of a store: it may stand in the environment or in what is around it."""
    (environment, *_) = manifest.origin.layers
    node: Any = document.data
    for step in environment:
        node = node[step]
    name = manifest.ref.name.removeprefix(f"{node['name']}-".lower())
    layers = tuple((*each, "stores") for each in (environment, environment[:2], ()))
    return document.first_of(layers, (name, *named[1:]))


def _patched(document: Document, layer: Path, path: Path, named: Path) -> Path:
    """Return where the patch at *layer* says what stands at *path*; empty where it does not, or is no patch."""
    if layer[-2:-1] != ("patches",):
        return ()
    patch: Any = document.data
    for step in layer:
        patch = patch[step]
    for index, operation in enumerate(patch.get("json") or ()):
        pointed = operation["path"].split("/")[1:]
        if pointed and _is_below(path, pointed):
            return (*layer, "json", index, "path")
    return _merged(patch.get("merge"), (*layer, "merge"), named) if path else ()


def _is_below(path: Path, pointed: list[str]) -> bool:
    if len(pointed) > len(path):
        return False
    return all(want in (str(step), "-") for step, want in zip(path, pointed, strict=False))


def _merged(node: Any, at: Path, named: Path) -> Path:
    """Return *at* followed by the way that *named* takes through *node*; empty where it ends before a value does."""
    for step in named:
        if not isinstance(node, dict | list):
            break
        key: Any = step
        if isinstance(node, list):  # a list of a patch knows its items by name
            found = (index for index, each in enumerate(node) if isinstance(each, dict) and each.get("name") == step)
            key = next(found, step)
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return ()
        at = (*at, key)
    return at


def _with_names(body: Any, path: Path) -> Path:
    """Return *path* with the indices of containers, variables and ports replaced by their names."""
    node, named = body, list[str | int]()
    for step, before in zip(path, ("", *path), strict=False):
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
        known = isinstance(step, int) and before in _NAMED and isinstance(node, dict)
        if isinstance(step, int) and before == "containers" and node is None:
            named.append({0: "head", 1: "runtime"}.get(step, step))  # the head stands first
        else:
            named.append(str(node.get("name", step)) if known else step)
    return tuple(named)
