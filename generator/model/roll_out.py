"""When pods restart: the annotation of a pod template that tells which sealed values its pods consume.

No process takes a new value of a variable while it runs, and no container one of a file that is mounted by `subPath`.
So a changed value has to change the pod template, and nothing else may. SOPS gives every value that it seals anew a
random initialisation vector (`iv`), and keeps that of a value which it unseals and finds unchanged: through `edit`,
`set`, `rotate`, `updatekeys`, new recipients. The vector is no secret and tells nothing about the value.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, TypeAlias

from generator.model.manifest import ObjectRef
from generator.model.pod_uses import used_by_pod
from generator.model.source import Json, Path

ANNOTATION = "platformc.dev/sealed"
"""Stands on a pod template, where its pods consume sealed values."""

CONFIGURATION = "platformc.dev/configuration"
"""Stands on a pod template, where its pods read plain configuration: a digest of all of it."""

ANNOTATIONS: Path = ("spec", "template", "metadata", "annotations")
"""Where the kinds that roll their pods out keep them."""

Vectors: TypeAlias = Mapping[str, str]
"""The initialisation vector of every value of one sealed Secret, by its key."""

_ROLLED_OUT = frozenset({"DaemonSet", "Deployment", "StatefulSet"})
# Volumes whose driver is handed a whole Secret when it mounts: the field of the volume, and the way to the name.
_MOUNTED_WITH: tuple[tuple[str, ...], ...] = (
    ("azureFile", "secretName"),
    ("cephfs", "secretRef", "name"),
    ("csi", "nodePublishSecretRef", "name"),
    ("flexVolume", "secretRef", "name"),
    ("iscsi", "secretRef", "name"),
    ("rbd", "secretRef", "name"),
    ("scaleIO", "secretRef", "name"),
    ("storageos", "secretRef", "name"),
)
_DIGITS = 16
_NOTHING: Mapping[str, Json] = {}


def rolls_out(ref: ObjectRef) -> bool:
    """Say whether an object replaces its pods when their template changes.

    The next run of a CronJob takes a new value by itself, and the template of a Job cannot change.
    """
    return ref.api_version == "apps/v1" and ref.kind in _ROLLED_OUT


def consumed(body: Mapping[str, Json], sealed: Callable[[str], Vectors]) -> dict[str, dict[str, str]]:
    """Return the vectors of the sealed values that the pods of an object consume, by the Secret's name and the key.

    Args:
        body: An object that rolls pods out, of the shape of its kind.
        sealed: Returns what a Secret of the object's namespace holds; nothing for one that is not sealed here.
    """
    found: dict[str, dict[str, str]] = {}
    for name, key in _uses(body["spec"]["template"].get("spec") or _NOTHING):
        vectors = sealed(name)
        chosen = vectors if key is None else {key: vectors[key]} if key in vectors else {}
        if chosen:
            found.setdefault(name, {}).update(chosen)
    return found


def digest_of(values: Mapping[str, Vectors]) -> str:
    """Return what `ANNOTATION` says about *values*, by the Secret's name and the key; empty for none.

    It tells neither values nor whether two are alike: vectors are random.
    """
    lines = sorted(f"{name}\0{key}\0{vector}\0" for name, keys in values.items() for key, vector in keys.items())
    return sha256("".join(lines).encode()).hexdigest()[:_DIGITS] if lines else ""


def announced(body: Mapping[str, Json], annotation: str = ANNOTATION) -> str | None:
    """Return what stands under *annotation* in the pod template of *body*; None where nothing does."""
    node: Any = body
    for step in (*ANNOTATIONS, annotation):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, str) else None


def with_announcement(body: Mapping[str, Json], digest: str, annotation: str = ANNOTATION) -> dict[str, Json]:
    """Return *body* with *digest* under *annotation* in its pod template, without the annotation where it is empty."""
    spec: Mapping[str, Json] = body["spec"]
    template: Mapping[str, Json] = spec["template"]
    metadata: Mapping[str, Json] = template.get("metadata") or _NOTHING
    annotations = {**(metadata.get("annotations") or _NOTHING), annotation: digest}
    if not digest:
        del annotations[annotation]
    changed = {**metadata, "annotations": annotations}
    if not annotations:
        del changed["annotations"]
    return {**body, "spec": {**spec, "template": {**template, "metadata": changed}}}


def _uses(spec: Mapping[str, Json]) -> Iterator[tuple[str, str | None]]:
    """Yield the name and key, None for all keys, of every Secret that the containers or volumes of a pod are given."""
    for reference in used_by_pod(spec, ()):
        if reference.kind == "Secret" and "imagePullSecrets" not in reference.path:
            yield reference.name, None if reference.key is None else str(reference.key)
    for volume in spec.get("volumes") or ():
        for field, *way in _MOUNTED_WITH:
            node = volume.get(field)
            for step in way:
                node = node.get(step) if node else None
            if node:
                yield node, None
