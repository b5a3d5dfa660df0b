"""Where objects name each other, as kustomize knows it: it writes names anew there when it has changed them.

Source: kustomize 5.8, api/internal/konfig/builtinpluginconsts/namereference.go, for the kinds that a namespace holds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from generator.model.source import Json, Path

Named = tuple[str, str]
"""A kind, and a name."""

_POD_SPECS: Final = {
    "Pod": "spec",
    "PodTemplate": "template/spec",
    "Deployment": "spec/template/spec",
    "ReplicaSet": "spec/template/spec",
    "ReplicationController": "spec/template/spec",
    "DaemonSet": "spec/template/spec",
    "StatefulSet": "spec/template/spec",
    "Job": "spec/template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
}
_CONFIGURED: Final = frozenset(_POD_SPECS) - {"ReplicationController"}
_RUNNING: Final = frozenset(_POD_SPECS) - {"PodTemplate", "ReplicaSet"}

_IN_PODS: Final = (
    ("ConfigMap", "volumes/configMap/name", _CONFIGURED),
    ("ConfigMap", "volumes/projected/sources/configMap/name", _CONFIGURED),
    ("Secret", "volumes/secret/secretName", _CONFIGURED),
    ("Secret", "volumes/projected/sources/secret/name", _CONFIGURED),
    ("Secret", "imagePullSecrets/name", _CONFIGURED),
    ("ServiceAccount", "serviceAccountName", _RUNNING),
    ("PersistentVolumeClaim", "volumes/persistentVolumeClaim/claimName", _RUNNING),
    *(
        (target, f"{containers}/{path}", _CONFIGURED)
        for containers in ("containers", "initContainers")
        for target, path in (
            ("ConfigMap", "env/valueFrom/configMapKeyRef/name"),
            ("ConfigMap", "envFrom/configMapRef/name"),
            ("Secret", "env/valueFrom/secretKeyRef/name"),
            ("Secret", "envFrom/secretRef/name"),
        )
    ),
)
_ELSEWHERE: Final = (
    *(("HorizontalPodAutoscaler", kind, "spec/scaleTargetRef/name") for kind in ("Deployment", "StatefulSet")),
    *(
        ("HorizontalPodAutoscaler", kind, "spec/scaleTargetRef/name")
        for kind in ("ReplicaSet", "ReplicationController")
    ),
    ("Ingress", "Secret", "spec/tls/secretName"),
    ("Ingress", "Service", "spec/rules/http/paths/backend/service/name"),
    ("Ingress", "Service", "spec/defaultBackend/service/name"),
    ("ServiceAccount", "Secret", "imagePullSecrets/name"),
    ("StatefulSet", "Service", "spec/serviceName"),
)
# Names that are followed by rules of their own, so that they are always written in full.
_IN_FULL: Final = (
    *(
        ("Ingress", kind, ("metadata", "annotations", key))
        for kind, key in (
            ("ConfigMap", "nginx.ingress.kubernetes.io/fastcgi-params-configmap"),
            ("Secret", "ingress.kubernetes.io/auth-secret"),
            ("Secret", "nginx.ingress.kubernetes.io/auth-secret"),
            ("Secret", "nginx.ingress.kubernetes.io/auth-tls-secret"),
        )
    ),
    ("Role", "ConfigMap", ("rules", "resourceNames")),
    ("Role", "Secret", ("rules", "resourceNames")),
    ("RoleBinding", "Role", ("roleRef", "name")),
    ("RoleBinding", "ServiceAccount", ("subjects", "name")),
    ("Ingress", "Service", ("spec", "rules", "http", "paths", "backend", "serviceName")),
    ("Ingress", "Service", ("spec", "backend", "serviceName")),
    ("Service", "Secret", ("spec", "template", "spec", "containers", "env", "valueFrom", "secretKeyRef", "name")),
)
_GROUPS: Final = frozenset({"v1", "apps/v1", "batch/v1", "autoscaling/v1", "autoscaling/v2", "networking.k8s.io/v1"})
_TARGETS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount"), "v1"),
    **dict.fromkeys(("Deployment", "StatefulSet"), "apps/v1"),
}


class Reference(NamedTuple):
    """A name that an object holds: where, of what kinds, and whether it may be *short* of a prefix there."""

    path: Path
    name: str
    kinds: Collection[str]
    short: bool


class _Field(NamedTuple):
    path: tuple[str, ...]
    kinds: tuple[str, ...]
    short: bool


def _fields() -> dict[str, tuple[_Field, ...]]:
    found: dict[str, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    full = {(kind, path) for kind, _, path in _IN_FULL}
    for target, below, kinds in _IN_PODS:
        for kind in kinds:
            found[kind][*_POD_SPECS[kind].split("/"), *below.split("/")].append(target)
    for kind, target, where in _ELSEWHERE:
        found[kind][tuple(where.split("/"))].append(target)
    for kind, target, path in _IN_FULL:
        found[kind][path].append(target)
    return {
        kind: tuple(_Field(path, tuple(targets), (kind, path) not in full) for path, targets in paths.items())
        for kind, paths in found.items()
    }


_FIELDS: Final = _fields()


def references(body: Mapping[str, Json]) -> Iterator[Reference]:
    """Yield every name in *body* that kustomize may write anew."""
    built_in = body.get("apiVersion") in _GROUPS
    for each in _FIELDS.get(str(body.get("kind")), ()):
        for path, value in _values(body, each.path, ()):
            yield Reference(path, value, each.kinds, each.short and built_in)


def is_followed(body: Mapping[str, Json]) -> bool:
    """Say whether kustomize writes the name of *body* anew wherever a `short` reference has it."""
    return _TARGETS.get(str(body.get("kind"))) == body.get("apiVersion")


def renamed(body: Json, names: Mapping[Path, str]) -> Json:
    """Return *body* with another name at each path of *names*."""
    for path, name in names.items():
        body = _replaced(body, path, name)
    return body


def _values(node: Json, path: tuple[str, ...], above: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, list):
        for index, each in enumerate(node):
            yield from _values(each, path, (*above, index))
    elif not path:
        if isinstance(node, str):
            yield above, node
    elif isinstance(node, Mapping) and path[0] in node:
        yield from _values(node[path[0]], path[1:], (*above, path[0]))


def _replaced(node: Json, path: Path, value: str) -> Json:
    if not path:
        return value
    if isinstance(node, list):
        index = int(path[0])
        return [*node[:index], _replaced(node[index], path[1:], value), *node[index + 1 :]]
    return {**node, path[0]: _replaced(node[path[0]], path[1:], value)}
