"""What one object defines for others to use, and what it uses of theirs."""

from collections.abc import Iterator, Mapping

from generator.model.manifest import Manifest
from generator.model.pod_uses import TEMPLATES, Key, Reference, pull_secrets, used_by_pod
from generator.model.source import Json, Path
from generator.stages.verify.vaults import ESO_GROUP, fetched, used_by_vaults

_NOTHING: Mapping[str, Json] = {}
_IN_SPEC: Path = ("spec",)
_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
# What controllers make a Secret of: cert-manager, Sealed Secrets; of an ExternalSecret see `vaults`.
_MAKERS: Mapping[str, tuple[str, ...]] = {
    "Certificate": ("spec", "secretName"),
    "SealedSecret": ("metadata", "name"),
}


_ISSUERS = frozenset({"cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme"})
"""The annotations by which an Ingress asks for the Secrets of its certificates, so that nobody else need bring them."""


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
            if ref.kind == "ExternalSecret":
                yield from fetched(manifest)
            elif ref.kind in _MAKERS:
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
            yield from used_by_pod(spec, (*path, "spec"))
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
        yield from pull_secrets(body, ())
    else:
        yield from _used_by_custom(manifest)


def _used_by_custom(manifest: Manifest) -> Iterator[Reference]:
    """Yield the references of an object of a kind that Kubernetes does not ship."""
    version, kind = manifest.ref.api_version, manifest.ref.kind
    if version.startswith(ESO_GROUP):
        yield from used_by_vaults(manifest)
    elif kind in _ROUTES and version.startswith("gateway.networking.k8s.io/"):
        yield from _used_by_route(manifest.body.get("spec") or _NOTHING)


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
