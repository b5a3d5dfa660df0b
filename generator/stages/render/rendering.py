"""Which templates a unit is rendered through, and what they see."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from generator.model.declared_secret import DeclaredSecret
from generator.model.gitops import REPLACE
from generator.model.microservice import Microservice
from generator.model.outline import outline
from generator.model.platform import Application, Environment, Platform
from generator.model.source import Json
from generator.model.unit import Unit
from generator.stages.render.configuration import configuration_digest, sorted_out
from generator.stages.render.runtime_files import runtime_files, runtime_mounts, tenants_json
from generator.stages.render.templates import Templates

RUNTIME_LABELS = {"platformc.dev/runtime": "true"}
"""What only pods with a Runtime carry."""

_SNIPPET = "nginx.ingress.kubernetes.io/configuration-snippet"

# Dumps beside its place and renames, so that a dump that was cut short never looks like one that was not; what an
# earlier one left goes first, for there is never more than one at work.
_BACKUP = """\
set -euo pipefail
rm -f /mnt/backup/.{name}-*
name="{name}-$(date -u +%Y-%m-%dT%H-%M-%SZ).gz.mongodump"
mongodump --host="{host}:27017" --gzip --archive="/mnt/backup/.$name"
mv "/mnt/backup/.$name" "/mnt/backup/$name"
"""
_PRUNE = """\
find /mnt/backup -maxdepth 1 -name "{name}-*.gz.mongodump" -mtime +{days} -delete
"""


class Rendered(Struct, frozen=True):
    """One YAML document, and the template that printed it, as findings name it; *trusted* when it is a built-in one."""

    template: str
    text: str
    trusted: bool


class Renderer:
    """Renders the units of one platform."""

    def __init__(self, platform: Platform, built_in: Mapping[str, str], own: Mapping[str, str]) -> None:
        self._customer = platform.customer
        replaced = platform.gitops is not None and platform.gitops.engine == "argocd"
        self._secret_annotations = REPLACE if replaced else {}
        self._templates = Templates(built_in, own, platform.templates)
        self._tenants: dict[tuple[str, str], str] = {}

    def render(self, unit: Unit, sealed_digest: str) -> list[Rendered]:
        """Return every document of *unit* but its sealed Secrets, in the order of the templates.

        Args:
            unit: What to render.
            sealed_digest: Tells which sealed values the unit has; empty for none.

        Raises:
            CompileError: With `template-error` when a template of the platform's own fails.
        """
        self._templates.printer.forget()
        context = {**self._context(unit), "sealed_digest": sealed_digest}
        names = [f"{unit.scope}/{name}.yaml.j2" for name in _built_in(unit)]
        names += [name for name in self._templates.additional if name.startswith(f"{unit.scope}/")]
        return [
            Rendered(self._templates.source_of(name), text, self._templates.is_trusted(name))
            for name in names
            for text in self._templates.print(name, context)
        ]

    def prints_as_built_in(self, source: str) -> bool:
        """Say whether the template that origins call *source* prints what the distribution means it to print."""
        return self._templates.is_built_in(source)

    def header(self, unit: Unit, secret: DeclaredSecret) -> Rendered:
        """Return the metadata of a sealed Secret, as YAML without its values.

        Raises:
            CompileError: With `template-error` when a template of the platform's own fails.
        """
        own = {"secret": secret, "secret_annotations": self._secret_annotations}
        context = self._shared(unit) | own
        name = f"{unit.scope}/secret.yaml.j2"
        text = "---\n".join(self._templates.print(name, context)).rstrip("\n") + "\n"
        return Rendered(self._templates.source_of(name), text, self._templates.is_trusted(name))

    def _shared(self, unit: Unit) -> dict[str, Any]:
        return {
            "customer": self._customer,
            "application": unit.application,
            "environment": unit.environment,
            "microservice": unit.microservice,
            "runtime_label": RUNTIME_LABELS,
        }

    def _context(self, unit: Unit) -> dict[str, Any]:
        context = self._shared(unit)
        if unit.environment is None:
            return context | _of_application(unit.application)
        context["tenants_json"] = self._tenants_json(unit.application, unit.environment)
        if unit.microservice is None:
            return context | _of_environment(unit.application, unit.environment)
        files = runtime_files(self._customer, unit.application, unit.environment, unit.microservice)
        context["runtime_files"] = files
        context |= _of_microservice(unit.environment, unit.microservice)
        context["configuration_digest"] = configuration_digest(context, unit.microservice)
        return context

    def _tenants_json(self, application: Application, environment: Environment) -> str:
        """Return the `tenants.json` of *environment*, which all of its microservices share."""
        key = (application.name, environment.name)
        if key not in self._tenants:
            self._tenants[key] = tenants_json(environment)
        return self._tenants[key]


def _built_in(unit: Unit) -> Iterator[str]:
    """Yield the built-in templates that *unit* needs, in the order in which their objects are to be applied."""
    if unit.environment is None:
        yield from ("namespace", "networkpolicy", "serviceaccount", "role", "rolebinding")
    elif unit.microservice is None:
        yield from _for_environment(unit.environment)
    else:
        yield from _for_microservice(unit.environment, unit.microservice)


def _for_environment(environment: Environment) -> Iterator[str]:
    yield "networkpolicy"
    if any(each.account is not None for each in environment.stores):
        yield "serviceaccount-stores"
    if environment.stores:
        yield "secretstore"
    if not environment.declared_network and _head_ports(environment):
        yield "networkpolicy-heads"
    if environment.monitoring and any(outline(each).has_metrics for each in environment.microservices):
        yield "networkpolicy-metrics"
    if _makes_certificates(environment):
        yield "networkpolicy-certificates"
    if environment.tenants:
        yield "tenants"
    if environment.storage is not None:
        yield from ("mongo-networkpolicy", "mongo-service", "mongo-statefulset")
        if environment.storage.backup is not None:
            yield "mongo-backup"


def _for_microservice(environment: Environment, microservice: Microservice) -> Iterator[str]:
    account, head, expose = microservice.head.service_account, microservice.head, microservice.expose
    wanted = (
        ("serviceaccount", account is not None and account.created),
        ("networkpolicy-ingress", expose is not None),
        ("networkpolicy-event-horizons", bool(microservice.subscribers)),
        ("networkpolicy-callers", bool(microservice.callers)),
        ("configmap-runtime", microservice.runtime is not None),
        ("configmap-variables", bool(microservice.variables.plain)),
        ("configmap-files", bool(microservice.files)),
        ("externalsecret-variables", bool(microservice.variables.vault)),
        ("externalsecret-files", bool(microservice.vault_files)),
        ("service", bool(head.ports) or microservice.runtime is not None),
        ("deployment", True),
        ("horizontalpodautoscaler", head.autoscaling is not None),
        ("ingress", expose is not None and environment.ingress.gateway is None),
        ("httproute", expose is not None and environment.ingress.gateway is not None),
    )
    return (name for name, needed in wanted if needed)


def _makes_certificates(environment: Environment) -> bool:
    """Say whether cert-manager is asked for certificates; it may prove a host by a pod in the namespace."""
    exposed = any(outline(each).is_exposed for each in environment.microservices)
    tls = any(host.tls for tenant in environment.tenants for host in tenant.hosts)
    return exposed and tls and bool(environment.ingress.issuer) and environment.ingress.gateway is None


def _head_ports(environment: Environment) -> list[str]:
    return sorted({name for each in environment.microservices for name in outline(each).ports})


def _of_application(application: Application) -> dict[str, Any]:
    config_maps = [
        f"{each.object_name}-{suffix}"
        for environment in application.environments
        for each in environment.microservices
        for shown in (outline(each),)
        for suffix, present in (("config-files", shown.has_files), ("env-variables", shown.has_variables))
        if present
    ]
    pods = [f"{each.storage.name}-0" for each in application.environments if each.storage is not None]
    return {"editable_config_maps": config_maps, "mongodb_pods": pods}


def _of_environment(application: Application, environment: Environment) -> dict[str, Any]:
    script = ""
    if environment.storage is not None and environment.storage.backup is not None:
        name = f"{application.slug}-{environment.slug}"
        script = _BACKUP.format(name=name, host=environment.storage.host)
        if environment.storage.backup.keep_days is not None:
            script += _PRUNE.format(name=name, days=environment.storage.backup.keep_days)
    return {
        "head_ports": _head_ports(environment),
        "backup_script": script,
        "backup_mount_options": _mount_options(environment),
    }


def _mount_options(environment: Environment) -> str:
    """Return how the share is mounted where "restricted" allows no `azureFile` volume: as the dump's own user's."""
    user = environment.storage.pod_security_context.get("runAsUser", 0) if environment.storage else 0
    return f"uid={user},gid={user},dir_mode=0770,file_mode=0660"


def _of_microservice(environment: Environment, microservice: Microservice) -> dict[str, Any]:
    text_files, binary_files = sorted_out(microservice.files)
    head_mounts, mounts = runtime_mounts(microservice)
    expose = microservice.expose
    ports = {port.name: port.number for port in microservice.head.ports}
    return {
        "text_files": text_files,
        "binary_files": binary_files,
        "head_mounts": head_mounts,
        "runtime_mounts": mounts,
        "tenants_mounted": any(mount.volume == "tenants-config" for mount in mounts),
        "topology_spread": [_about_own_pods(each, microservice) for each in microservice.head.topology_spread],
        "ingress_annotations": _ingress_annotations(environment, microservice, issued=True),
        "external_tls_annotations": _ingress_annotations(environment, microservice, issued=False),
        "exposed_port": ports[expose.port] if expose else 0,
    }


def _ingress_annotations(
    environment: Environment, microservice: Microservice, *, issued: bool
) -> dict[str, Mapping[str, str]]:
    """Return the annotations of what leads each tenant's hosts to the head, by the tenant's id.

    They ask for certificates where these are *issued*: an issuer would write over a certificate from elsewhere.
    What the document says stands over what the platform would: an issuer of certificates, say.
    """
    ingress, expose = environment.ingress, microservice.expose
    if expose is None:
        return {}
    found: dict[str, Mapping[str, str]] = {}
    for tenant in environment.tenants:
        annotations = dict(microservice.annotations)
        asks = issued and any(host.tls for host in tenant.hosts if host.issued)
        if ingress.gateway is None and ingress.issuer and asks:
            annotations["cert-manager.io/cluster-issuer"] = ingress.issuer
        if ingress.tenant_header == "snippet":
            annotations[_SNIPPET] = f'proxy_set_header Tenant-ID "{tenant.id}";\n'
        found[tenant.id] = annotations | dict(ingress.annotations) | dict(expose.annotations)
    return found


def _about_own_pods(constraint: Json, microservice: Microservice) -> Json:
    if "labelSelector" in constraint:
        return constraint
    return {**constraint, "labelSelector": {"matchLabels": dict(microservice.labels)}}
