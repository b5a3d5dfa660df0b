"""What one object defines for others to use, and what it uses of theirs."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from generator.model.manifest import Manifest
from generator.model.source import Json, Path

Key: TypeAlias = str | int
"""A part of an object: a key of a ConfigMap or Secret, the name or number of a Service's port."""

_NOTHING: Mapping[str, Json] = {}
_IN_SPEC: Path = ("spec",)
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

_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
# What controllers make a Secret of: cert-manager, External Secrets, Sealed Secrets.
_MAKERS: Mapping[str, tuple[str, ...]] = {
    "Certificate": ("spec", "secretName"),
    "ExternalSecret": ("spec", "target", "name"),
    "SealedSecret": ("metadata", "name"),
}


_ISSUERS = frozenset({"cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme"})
"""The annotations by which an Ingress asks for the Secrets of its certificates, so that nobody else need bring them."""


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


def defined(manifest: Manifest) -> Iterator[tuple[tuple[str, str], frozenset[Key] | None]]:
    """Yield the kind and name of all that *manifest* defines, and its parts: None where nobody knows them."""
    body, ref = manifest.body, manifest.ref
    kind = (ref.kind, ref.name)
    match ref.api_version, ref.kind:
        case "v1", "ConfigMap":
            yield kind, frozenset([*(body.get("data") or ()), *(body.get("binaryData") or ())])
        case "v1", "Secret":
            yield kind, frozenset([*(body.get("stringData") or ()), *(body.get("data") or ())])
        case "v1", "Service":
            yield kind, _service_ports(body.get("spec") or _NOTHING)
        case "apps/v1", "StatefulSet":
            yield kind, None
            yield from _claims(ref.name, body.get("spec") or _NOTHING)
        case _:
            yield kind, None
            if ref.kind in _MAKERS:
                made = _at(body, _MAKERS[ref.kind])
                yield ("Secret", made if isinstance(made, str) else ref.name), None


def _service_ports(spec: Mapping[str, Json]) -> frozenset[Key] | None:
    if spec.get("type") == "ExternalName":
        return None
    ports = spec.get("ports") or ()
    return frozenset([*(each["port"] for each in ports), *(each["name"] for each in ports if each.get("name"))])


def _claims(name: str, spec: Mapping[str, Json]) -> Iterator[tuple[tuple[str, str], None]]:
    replicas = spec.get("replicas")
    start = (spec.get("ordinals") or _NOTHING).get("start") or 0
    for claim in spec.get("volumeClaimTemplates") or ():
        for ordinal in range(start, start + (1 if replicas is None else replicas)):
            yield ("PersistentVolumeClaim", f"{claim['metadata'].get('name')}-{name}-{ordinal}"), None


def used(manifest: Manifest) -> Iterator[Reference]:
    """Yield every reference of *manifest* to an object of its own namespace, selectors left out."""
    body, version, kind = manifest.body, manifest.ref.api_version, manifest.ref.kind
    path = TEMPLATES.get((version, kind))
    if path is not None:
        spec = (_at(body, path) or _NOTHING).get("spec")
        if spec:
            yield from _used_by_pod(spec, (*path, "spec"))
        if kind == "StatefulSet" and (body.get("spec") or _NOTHING).get("serviceName"):
            yield Reference("Service", body["spec"]["serviceName"], None, ("spec", "serviceName"))
    elif (version, kind) == ("networking.k8s.io/v1", "Ingress"):
        yield from _used_by_ingress(body.get("spec") or _NOTHING)
        yield from _certificates(body)
    elif kind == "HorizontalPodAutoscaler" and version.startswith("autoscaling/"):
        target = body["spec"]["scaleTargetRef"]
        yield Reference(target["kind"], target["name"], None, ("spec", "scaleTargetRef", "name"))
    elif (version, kind) == ("rbac.authorization.k8s.io/v1", "RoleBinding"):
        if body["roleRef"]["kind"] == "Role":
            yield Reference("Role", body["roleRef"]["name"], None, ("roleRef", "name"))
    elif (version, kind) == ("v1", "ServiceAccount"):
        yield from _pull_secrets(body, ())
    elif kind in _ROUTES and version.startswith("gateway.networking.k8s.io/"):
        yield from _used_by_route(body.get("spec") or _NOTHING)


def _used_by_pod(spec: Mapping[str, Json], at: Path) -> Iterator[Reference]:
    account = spec.get("serviceAccountName")
    if account and account != "default":
        yield Reference("ServiceAccount", account, None, (*at, "serviceAccountName"))
    if spec.get("imagePullSecrets"):
        yield from _pull_secrets(spec, at)
    for index, volume in enumerate(spec.get("volumes") or ()):
        yield from _used_by_volume(volume, (*at, "volumes", index))
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field) or ()):
            if env := container.get("env"):
                yield from _used_by_env(env, (*at, field, index, "env"))
            if sources := container.get("envFrom"):
                yield from _used_by_env_from(sources, (*at, field, index, "envFrom"))


def _pull_secrets(holder: Mapping[str, Json], at: Path) -> Iterator[Reference]:
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


def _used_by_ingress(spec: Mapping[str, Json]) -> Iterator[Reference]:
    if spec.get("defaultBackend") is not None:
        yield from _used_by_backend(spec["defaultBackend"], ("spec", "defaultBackend"))
    for index, rule in enumerate(spec.get("rules") or ()):
        for place, path in enumerate((rule.get("http") or _NOTHING).get("paths") or ()):
            yield from _used_by_backend(path["backend"], ("spec", "rules", index, "http", "paths", place, "backend"))


def _certificates(ingress: Mapping[str, Json]) -> Iterator[Reference]:
    """Yield the Secrets of an Ingress for whose certificates nobody else is asked."""
    annotations = (ingress.get("metadata") or _NOTHING).get("annotations") or _NOTHING
    if _ISSUERS.isdisjoint(annotations):
        for index, each in enumerate((ingress.get("spec") or _NOTHING).get("tls") or ()):
            if each.get("secretName"):
                yield Reference("Secret", each["secretName"], None, ("spec", "tls", index, "secretName"))


def _used_by_backend(backend: Mapping[str, Json], at: Path) -> Iterator[Reference]:
    service = backend.get("service")
    if service is None:
        return
    port = service.get("port") or _NOTHING
    field = "name" if port.get("name") else "number"
    yield Reference("Service", service["name"], port.get(field), (*at, "service", "port", field))


def _used_by_route(spec: Mapping[str, Json]) -> Iterator[Reference]:
    for index, rule in enumerate(spec.get("rules") or ()):
        for place, backend in enumerate(rule.get("backendRefs") or ()):
            local = (backend.get("kind") or "Service") == "Service" and not backend.get("group")
            if local and not backend.get("namespace"):
                path = ("spec", "rules", index, "backendRefs", place, "name")
                yield Reference("Service", backend["name"], backend.get("port"), path)


def _at(body: Mapping[str, Json], path: Path) -> Json:
    node: Json = body
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node
