"""Every place for sealed values, with the Secret that it becomes, declared or not."""

from generator.cli.secrets.places import Place
from generator.model.sealed_place import Kind
from generator.model.secret_home import Home

_NAMES = {
    Kind.VARIABLES: "{}-secret-env-variables",
    Kind.FILES: "{}-secret-config-files",
    Kind.REGISTRY: "acr",
    Kind.STORAGE: "storage-account-secret",
}
"""What the platform calls its Secrets (dolittle/platform-api `pkg/dolittle/k8s`); those of stores are declared."""


def home_of(place: Place) -> Home:
    """Return *place* with what a cluster calls it."""
    unit, declared, kind = place.unit, place.declared, place.sealed.kind
    microservice = unit.microservice
    object_name = "" if microservice is None else microservice.object_name
    docker = kind is Kind.REGISTRY
    return Home(
        place=place.sealed,
        secret=declared.name if declared else _NAMES[kind].format(object_name),
        type=declared.type if declared else "kubernetes.io/dockerconfigjson" if docker else "Opaque",
        application=unit.application.name,
        application_id=unit.application.id,
        microservice="" if microservice is None else microservice.name,
        microservice_id="" if microservice is None else microservice.id,
        keys=place.keys,
        plain=frozenset() if microservice is None else frozenset(dict(microservice.variables.plain)),
    )
