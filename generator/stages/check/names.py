"""Names and identifiers that meet once they are lower-cased, joined or shortened, as the platform does."""

from collections.abc import Iterable

from generator.model.findings import Findings
from generator.model.microservice import Microservice
from generator.model.platform import Application, Environment, Platform
from generator.model.source import Path

# The platform's own: the database, the message brokers of older microservice kinds, the page that greets. The last is
# the file beside the microservices' in the output.
RESERVED = {
    "mongo": "the environment's MongoDB has it",
    "nats": "the platform's message broker has it",
    "stan": "the platform's message broker has it",
    "welcome": "the platform deploys a microservice of that name to every environment",
    "environment": "the file of the environment's own objects has it",
}

LONGEST_SERVICE_NAME = 63
"""A Service is named by a DNS label (RFC 1035)."""


def check_names(platform: Platform, findings: Findings) -> None:
    """Find `name-taken`, `reserved-name`, `name-too-long`, `id-taken`."""
    _unique(
        ((each.slug, each.name, (*each.path, "name")) for each in platform.applications),
        "application",
        findings,
    )
    _unique(
        ((each.id, each.name, (*each.path, "id")) for each in platform.applications),
        "application",
        findings,
        code="id-taken",
    )
    for application in platform.applications:
        _unique(
            ((each.slug, each.name, (*each.path, "name")) for each in application.environments),
            "environment",
            findings,
        )
        _check_object_names(application, findings)
        for environment in application.environments:
            _check_ids(environment, findings)


def _unique(named: Iterable[tuple[str, str, Path]], kind: str, findings: Findings, *, code: str = "name-taken") -> None:
    seen: dict[str, str] = {}
    for key, name, path in named:
        other = seen.setdefault(key, name)
        if other is not name and code == "name-taken" and other != name:
            message = f"{kind} '{name}' has the same name as '{other}' in lower case, and so would their objects"
            findings.error(code, message, path, "give one of them another name", value=True)
        elif other is not name and code == "id-taken":
            message = f"{kind} '{name}' has the same id as '{other}'"
            findings.error(code, message, path, "every application needs an id of its own", value=True)


def _check_object_names(application: Application, findings: Findings) -> None:
    seen: dict[str, str] = {}
    for environment in application.environments:
        for each in environment.microservices:
            path = findings.layered(each.layers, ("name",))
            place = f"{environment.name}/{each.name}"
            if each.slug in RESERVED:
                message = f"a microservice cannot be named '{each.name}': {RESERVED[each.slug]}"
                findings.error("reserved-name", message, path, "give it another name", value=True)
            if len(each.object_name) > LONGEST_SERVICE_NAME:
                message = (
                    f"'{each.object_name}' has {len(each.object_name)} characters, and a Service's name at most "
                    f"{LONGEST_SERVICE_NAME}"
                )
                findings.error(
                    "name-too-long",
                    message,
                    path,
                    "shorten the name of the microservice or of the environment",
                    value=True,
                )
            other = seen.setdefault(each.object_name, place)
            if other != place:
                message = f"'{place}' and '{other}' would both be called '{each.object_name}'"
                findings.error("name-taken", message, path, "give one of them another name", value=True)


def _check_ids(environment: Environment, findings: Findings) -> None:
    """Refuse ids that are the same in as many characters as the names of databases carry."""
    tenants: dict[str, str] = {}
    for tenant in environment.tenants:
        if tenant.short in tenants:
            alike = _alike(tenant.id, tenants[tenant.short], tenant.short)
            message = f"two tenants of '{environment.name}' have {alike}"
            path = (*tenant.path, "id")
            findings.error("id-taken", message, path, "give every tenant an id of its own", value=True)
        tenants.setdefault(tenant.short, tenant.id)
    microservices: dict[str, Microservice] = {}
    for each in environment.microservices:
        other = microservices.setdefault(each.short, each)
        if other.name != each.name:
            alike = _alike(each.id, other.id, each.short)
            message = f"'{each.name}' and '{other.name}' have {alike} in '{environment.name}'"
            path = findings.layered(each.layers, ("id",))
            findings.error("id-taken", message, path, "give every microservice an id of its own", value=True)


def _alike(one: str, other: str, short: str) -> str:
    if one == other:
        return "the same id"
    return f"ids that begin with '{short}', of which the names of databases carry no more,"
