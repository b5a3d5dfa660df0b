"""How the platform names things. Sources: dolittle/platform-api `pkg/dolittle/k8s`, `pkg/platform/k8s/metadata.go`."""

from uuid import UUID, uuid5

DERIVED_IDS = UUID("5f0b6f5e-7c0b-5b43-9a55-6c1d8f0f7a11")
"""The namespace of every id that nobody gave. It must never change: databases are named after these ids."""

SHORT = 7
"""How many characters of a GUID the names of databases and Ingresses carry."""


def derived_id(*parts: str) -> str:
    """Return the GUID (UUID version 5) of what *parts* name, from the general to the particular."""
    return str(uuid5(DERIVED_IDS, "/".join(parts)))


def namespace(application_id: str) -> str:
    """Return the namespace of an application."""
    return f"application-{application_id}"


def label_value(name: str) -> str:
    """Return *name* as labels carry it: in its own case, with spaces as underscores."""
    return name.replace(" ", "_")


def service_host(service: str, namespace_name: str) -> str:
    """Return the DNS name of a Service, as any namespace reads it."""
    return f"{service}.{namespace_name}.svc.cluster.local"


def database(microservice_short: str, tenant_short: str, resource: str) -> str:
    """Return the name of the database that holds one *resource* of one tenant of a microservice."""
    return f"{microservice_short}_{tenant_short}_{resource}".lower()
