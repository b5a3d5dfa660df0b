"""Hosts and paths: what leads where, and what must not be taken.

Reserved paths: the Dolittle platform's requirements, https://dolittle.io/docs/platform/requirements/.
"""

from generator.model.findings import Findings
from generator.model.microservice import Microservice
from generator.model.platform import Environment

SNIPPET = "nginx.ingress.kubernetes.io/configuration-snippet"
"""The annotation by which tenantHeader `snippet` works."""

RESERVED_PATHS = ("/.well-known", "/robots.txt", "/sitemap", "/api/dolittle", "/dolittle")


def check_exposure(environment: Environment, findings: Findings) -> None:
    """Find `host-taken`, `no-host`, `host-path-taken`, `reserved-path`, `tenant-header`."""
    _check_hosts(environment, findings)
    _check_tenant_header(environment, findings)
    taken: dict[str, str] = {}
    has_hosts = any(tenant.hosts for tenant in environment.tenants)
    for each in environment.microservices:
        if each.expose is None:
            continue
        path = findings.layered(each.layers, ("expose",))
        if not has_hosts:
            message = f"'{each.name}' is exposed, but no tenant of '{environment.name}' has a host"
            override = f"environments: {{ {environment.name}: {{ expose: null }} }}"
            hint = f"give a tenant a host under `hosts`, or write `{override}` in '{each.name}'"
            findings.error("no-host", message, path, hint)
        _check_paths(each, taken, environment, findings)


def _check_hosts(environment: Environment, findings: Findings) -> None:
    owners: dict[str, str] = {}
    for tenant in environment.tenants:
        for host in tenant.hosts:
            if owners.get(host.name) == tenant.id:
                message = f"host '{host.name}' stands twice in one tenant of '{environment.name}'"
                findings.error("host-taken", message, host.path, "leave one of them out", value=True)
            elif host.name in owners:
                message = f"host '{host.name}' leads to two tenants of '{environment.name}'"
                hint = "give every tenant hosts of its own: by its host a request is told whose it is"
                findings.error("host-taken", message, host.path, hint, value=True)
            owners.setdefault(host.name, tenant.id)


def _check_tenant_header(environment: Environment, findings: Findings) -> None:
    header, gateway = environment.ingress.tenant_header, environment.ingress.gateway
    path = (*environment.path, "ingress", "tenantHeader")
    if header == "route" and gateway is None:
        findings.error(
            "tenant-header",
            "tenantHeader 'route' needs a gateway",
            path,
            "add `gateway`, or choose 'none' or 'snippet'",
            value=True,
        )
    if header == "snippet" and gateway is not None:
        findings.error(
            "tenant-header",
            "tenantHeader 'snippet' is for Ingresses, not for a gateway",
            path,
            "choose 'route' or 'none'",
            value=True,
        )
    if header == "snippet":
        for microservice in environment.microservices:
            _check_snippet(environment, microservice, findings)


def _check_snippet(environment: Environment, microservice: Microservice, findings: Findings) -> None:
    """Find `tenant-header` where a snippet of the document's own takes the place of the one that sets the header."""
    if microservice.expose is None:
        return
    if SNIPPET in microservice.expose.annotations:
        path = findings.layered(microservice.layers, ("expose", "annotations", SNIPPET))
    elif SNIPPET in environment.ingress.annotations:
        path = (*environment.path, "ingress", "annotations", SNIPPET)
    else:
        return
    message = f"this snippet takes the place of the one that tells '{microservice.name}' its tenant"
    hint = "choose tenantHeader 'none' and set the header Tenant-ID in it too, or leave it out"
    findings.error("tenant-header", message, path, hint)


def _check_paths(
    microservice: Microservice, taken: dict[str, str], environment: Environment, findings: Findings
) -> None:
    assert microservice.expose is not None  # noqa: S101  (the caller saw to it)
    where = findings.layered(microservice.layers, ("expose", "path"))
    for path in microservice.expose.paths:
        plain = normalized(path)
        reserved = next((each for each in RESERVED_PATHS if _is_below(plain.casefold(), each)), None)
        if reserved is not None:
            message = (
                f"path '{path}' of '{microservice.name}' is reserved by the platform, as is all below '{reserved}'"
            )
            findings.error("reserved-path", message, where, "choose another path", value=True)
        other = taken.setdefault(plain, microservice.name)
        if other != microservice.name:
            message = f"path '{path}' of '{microservice.name}' is that of '{other}' in '{environment.name}'"
            findings.error("host-path-taken", message, where, "choose another path", value=True)
        if microservice.expose.path_type == "ImplementationSpecific" and environment.ingress.gateway is not None:
            message = "pathType 'ImplementationSpecific' is for Ingresses, not for a gateway"
            findings.error("tenant-header", message, where, "choose 'Prefix' or 'Exact'", value=True)


def paths_to(microservice: Microservice) -> list[str]:
    """Return the paths that lead to *microservice*, as no other one of its environment may have them, sorted."""
    return sorted({normalized(each) for each in microservice.expose.paths}) if microservice.expose else []


def normalized(path: str) -> str:
    """Return *path* as Ingress controllers compare prefixes: without slashes that say nothing."""
    parts = [part for part in path.split("/") if part]
    return "/" + "/".join(parts)


def _is_below(path: str, parent: str) -> bool:
    return path == parent or path.startswith(f"{parent}/")
