"""An environment: its tenants, its storage, its way in."""

from collections import Counter, defaultdict
from hashlib import sha256

from msgspec.structs import replace

from generator.model import names
from generator.model.findings import Findings
from generator.model.microservice import Microservice
from generator.model.outline import Silhouette, outline
from generator.model.platform import Backup, Environment, Gateway, Host, Ingress, Peer, Storage, Tenant
from generator.model.recipients import Recipients
from generator.model.source import Json, Path
from generator.stages.resolve import security
from generator.stages.resolve.defaults import Defaults, given
from generator.stages.resolve.draft import Stage
from generator.stages.resolve.microservice import Surroundings
from generator.stages.resolve.runtime import pruned
from generator.stages.resolve.sources import patches, plain_manifests
from generator.stages.resolve.stores import used_stores


def environment(
    stage: Stage, microservices: tuple[Microservice, ...], level: str, kubernetes: str, around: Surroundings
) -> Environment:
    """Return the environment that *stage* describes.

    Args:
        stage: What the document says.
        microservices: What is deployed to it, resolved.
        level: The application's Pod Security level.
        kubernetes: The platform's Kubernetes version.
        around: What everything is resolved with.
    """
    values = given(stage.said, around.defaults.of("environment"))
    labels = {
        "tenant": names.label_value(around.customer.name),
        "application": names.label_value(stage.application.name),
        "environment": names.label_value(stage.name),
    }
    whole = given(stage.application.said, around.defaults.of("application"))
    declared = values.get("network", whole["network"]) == "declared"
    return Environment(
        name=stage.name,
        slug=stage.name.lower(),
        kubernetes=values.get("kubernetes", kubernetes),
        labels=labels,
        recipients=recipients(stage.said.get("recipients")),
        tenants=_tenants(stage),
        storage=_storage(stage, labels, level, around.defaults)
        if any(outline(each).has_runtime for each in microservices)
        else None,
        declared_network=declared,
        ingress=_ingress(stage, around),
        stores=used_stores(stage, microservices, around.findings),
        monitoring=_monitoring(values["monitoring"], stage, around.findings),
        microservices=_with_callers(microservices) if declared else microservices,
        patches=patches(around.findings.document, values.get("patches"), (stage.path,)),
        manifests=plain_manifests(values.get("manifests"), (*stage.path, "manifests"), around.files, around.findings),
        path=stage.path,
    )


def recipients(said: Json) -> Recipients:
    """Return the recipients that *said* names."""
    values = given(said, {})
    return Recipients(**{name: tuple(values[name]) for name in values})


def _with_callers(microservices: tuple[Microservice, ...]) -> tuple[Microservice, ...]:
    callers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in microservices:
        for target, port in each.variables.references:
            callers[target].add((each.labels["microservice"], port))
    return tuple(
        each if isinstance(each, Silhouette) else replace(each, callers=tuple(sorted(callers[each.name])))
        for each in microservices
    )


def _tenants(stage: Stage) -> tuple[Tenant, ...]:
    """Return the tenants; a host's certificate is named after its first label where no other host begins with it."""
    firsts = Counter(
        _host_name(host).partition(".")[0]
        for neighbour in stage.application.stages.values()
        for tenant in neighbour.said.get("tenants") or ()
        for host in tenant.get("hosts") or ()
    )
    external = {each["name"] for each in stage.application.said.get("external") or () if each["kind"] == "Secret"}
    found = []
    for index, said in enumerate(stage.said.get("tenants") or ()):
        path: Path = (*stage.path, "tenants", index)
        hosts = tuple(
            Host(name=_host_name(host), tls=tls, issued=tls not in external, path=(*path, "hosts", at))
            for at, host in enumerate(said.get("hosts") or ())
            for tls in [_certificate(host, firsts)]
        )
        identifier = said["id"].lower()
        found.append(Tenant(id=identifier, short=identifier[: names.SHORT], hosts=hosts, path=path))
    return tuple(found)


def _host_name(said: Json) -> str:
    return said if isinstance(said, str) else str(said["host"])


def _certificate(said: Json, firsts: Counter[str]) -> str:
    own = None if isinstance(said, str) else said.get("tls")
    if own is not None:
        return own or ""
    name = _host_name(said)
    first = name.partition(".")[0]
    if firsts[first] == 1 and first != "*":
        return f"{first}-certificate"
    return f"{name.replace('*', 'wildcard').replace('.', '-')}-certificate"


def _monitoring(said: Json, stage: Stage, findings: Findings) -> Peer | None:
    return None if said is False else _peer(said, (*stage.path, "monitoring"), findings)


def _peer(said: Json, path: Path, findings: Findings) -> Peer:
    """Return the pods that *said* describes; finds `missing-key` where that is every pod of the cluster."""
    peer = Peer(namespace=given(said.get("namespace"), {}), pod=given(said.get("pod"), {}))
    if not (peer.namespace or peer.pod):
        message = "without a label of a namespace or of pods this is every pod of the cluster"
        findings.error("missing-key", message, path, "add labels under `namespace`, under `pod`, or under both")
    return peer


def _ingress(stage: Stage, around: Surroundings) -> Ingress:
    values = given(stage.said.get("ingress"), around.defaults.of("ingress"))
    gateway = values.get("gateway")
    return Ingress(
        class_name=values["class"],
        issuer=values["issuer"] or "",
        tenant_header=values.get("tenantHeader", "route" if gateway else "none"),
        gateway=None
        if gateway is None
        else Gateway(
            name=gateway["name"],
            namespace=gateway["namespace"],
            section_name=gateway.get("sectionName") or "",
        ),
        controller=_peer(values["controller"], (*stage.path, "ingress", "controller"), around.findings),
        annotations=given(values.get("annotations"), {}),
    )


def _storage(stage: Stage, labels: dict[str, str], level: str, defaults: Defaults) -> Storage:
    values = given(stage.said.get("storage"), defaults.of("storage"))
    name = f"{stage.name}-mongo".lower()
    return Storage(
        name=name,
        host=names.service_host(name, stage.application.namespace),
        image=values["image"],
        size=values["size"],
        storage_class=values["class"] or None,
        resources=pruned(values["resources"]),
        pod_security_context=security.mongodb_pod_context(level),
        security_context=security.mongodb_context(level),
        labels={**labels, "infrastructure": "Mongo"},
        backup=_backup(stage, values["backup"]),
        # Labels of their own, so that MongoDB's Service never sends a client to a pod that makes a backup.
        backup_labels={**labels, "infrastructure": "MongoBackup"},
        layers=((*stage.path, "storage"), stage.path),
    )


def _backup(stage: Stage, said: Json) -> Backup | None:
    if said is False:
        return None
    values = given(said, {})
    place = f"{stage.application.name}-{stage.name}".lower()
    return Backup(
        schedule=values.get("schedule", f"{_minute(place)} * * * *"),
        share=values.get("share", f"{place}-backup"),
        keep_days=values.get("keepDays"),
    )


def _minute(place: str) -> int:
    """Return the minute, 0 to 59, at which *place* makes its hourly backup: not the same one everywhere."""
    return int.from_bytes(sha256(place.encode()).digest()[:4], "big") % 60
