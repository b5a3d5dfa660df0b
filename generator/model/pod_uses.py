"""What pods use of the other objects in their namespace."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from generator.model.source import Json, Path

Key: TypeAlias = str | int
"""A part of an object: a key of a ConfigMap or Secret, the name or number of a Service's port."""

_NOTHING: Mapping[str, Json] = {}
TEMPLATES: Mapping[tuple[str, str], Path] = {
    ("v1", "Pod"): (),
    ("apps/v1", "DaemonSet"): ("spec", "template"),
    ("apps/v1", "Deployment"): ("spec", "template"),
    ("apps/v1", "ReplicaSet"): ("spec", "template"),
    ("apps/v1", "StatefulSet"): ("spec", "template"),
    ("batch/v1", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch/v1", "Job"): ("spec", "template"),
}
"""Where the kinds that run pods keep the pod."""


class Reference(NamedTuple):
    """The use that an object makes of another one in its namespace.

    Attributes:
        kind: Of the other object.
        name: Of the other object.
        key: The part of it that must be there, or None where any will do.
        path: Where the reference stands in the body.
        optional: Nothing breaks without the other object.
    """

    kind: str
    name: str
    key: Key | None
    path: Path
    optional: bool = False


def used_by_pod(spec: Mapping[str, Json], at: Path) -> Iterator[Reference]:
    """Yield every reference of a PodSpec, which is of sound shape and stands *at* a path of an object."""
    account = spec.get("serviceAccountName")
    if account and account != "default":
        yield Reference("ServiceAccount", account, None, (*at, "serviceAccountName"))
    if spec.get("imagePullSecrets"):
        yield from pull_secrets(spec, at)
    for index, volume in enumerate(spec.get("volumes") or ()):
        yield from _used_by_volume(volume, (*at, "volumes", index))
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field) or ()):
            if env := container.get("env"):
                yield from _used_by_env(env, (*at, field, index, "env"))
            if sources := container.get("envFrom"):
                yield from _used_by_env_from(sources, (*at, field, index, "envFrom"))


def pull_secrets(holder: Mapping[str, Json], at: Path) -> Iterator[Reference]:
    """Yield the references of `imagePullSecrets` in *holder*, a PodSpec or a ServiceAccount."""
    for index, secret in enumerate(holder.get("imagePullSecrets") or ()):
        if secret.get("name"):
            yield Reference("Secret", secret["name"], None, (*at, "imagePullSecrets", index, "name"))


def _used_by_volume(volume: Mapping[str, Json], at: Path) -> Iterator[Reference]:
    if (source := volume.get("configMap")) is not None:
        yield from _used_by_source("ConfigMap", source, "name", (*at, "configMap"))
    elif (source := volume.get("secret")) is not None:
        yield from _used_by_source("Secret", source, "secretName", (*at, "secret"))
    elif (source := volume.get("persistentVolumeClaim")) is not None:
        path = (*at, "persistentVolumeClaim", "claimName")
        yield Reference("PersistentVolumeClaim", source["claimName"], None, path)
    elif (source := volume.get("projected")) is not None:
        for index, each in enumerate(source.get("sources") or ()):
            where = (*at, "projected", "sources", index)
            if each.get("configMap") is not None:
                yield from _used_by_source("ConfigMap", each["configMap"], "name", (*where, "configMap"))
            if each.get("secret") is not None:
                yield from _used_by_source("Secret", each["secret"], "name", (*where, "secret"))


def _used_by_source(kind: str, source: Mapping[str, Json], field: str, at: Path) -> Iterator[Reference]:
    name, optional = source.get(field), bool(source.get("optional"))
    if not name:
        return
    items = source.get("items")
    if not items:
        yield Reference(kind, name, None, (*at, field), optional)
        return
    for index, item in enumerate(items):
        yield Reference(kind, name, item["key"], (*at, "items", index, "key"), optional)


def _used_by_env(env: list[Mapping[str, Json]], at: Path) -> Iterator[Reference]:
    for index, variable in enumerate(env):
        source = variable.get("valueFrom")
        if not source:
            continue
        for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            reference = source.get(field)
            if reference is not None and reference.get("name"):
                path = (*at, index, "valueFrom", field, "key")
                yield Reference(kind, reference["name"], reference["key"], path, bool(reference.get("optional")))


def _used_by_env_from(sources: list[Mapping[str, Json]], at: Path) -> Iterator[Reference]:
    for index, source in enumerate(sources):
        for field, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
            reference = source.get(field)
            if reference is not None and reference.get("name"):
                path = (*at, index, field, "name")
                yield Reference(kind, reference["name"], None, path, bool(reference.get("optional")))
