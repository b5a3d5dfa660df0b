"""The configuration of a Runtime, in the files that its version reads, and where they are mounted.

Formats: dolittle/Runtime `Source/Configuration`, `Configurations/*/.dolittle/runtime.yml` and `CHANGELOG.md`; keys and
mount paths: dolittle/platform-api `pkg/dolittle/k8s/{configmaps,deployment}.go`. Below 8.4 there is a JSON file for
each subject; from 8.4 one `runtime.yml`. Endpoints are always written, because some images bring other ports.
"""

import json
from collections import defaultdict
from functools import cache
from typing import Any

from msgspec import Struct

from generator.model.microservice import Microservice
from generator.model.names import database
from generator.model.platform import Application, Customer, Environment
from generator.model.runtime import Runtime
from generator.model.source import Json
from generator.model.yaml_text import branch

FOLDER = "/app/.dolittle/"


class RuntimeFile(Struct, frozen=True):
    """A key of the ConfigMap `<environment>-<microservice>-dolittle`."""

    name: str
    text: str


class Mount(Struct, frozen=True):
    """One file mounted by subPath: *key* of *volume* at *path*."""

    volume: str
    key: str
    path: str


class _Subject(Struct, frozen=True):
    """What the files tell about: a microservice with a Runtime, and where it is."""

    customer: Customer
    application: Application
    environment: Environment
    microservice: Microservice
    runtime: Runtime


def runtime_files(
    customer: Customer, application: Application, environment: Environment, microservice: Microservice
) -> tuple[RuntimeFile, ...]:
    """Return the files of the Runtime's ConfigMap; none where there is no Runtime."""
    if microservice.runtime is None:
        return ()
    subject = _Subject(customer, application, environment, microservice, microservice.runtime)
    if microservice.runtime.reads_unified_configuration:
        return (
            RuntimeFile("appsettings.json", _app_settings(_store_version(microservice.runtime))),
            RuntimeFile("runtime.yml", branch(_unified(subject), 0) + "\n"),
        )
    return _separate(subject)


def runtime_mounts(microservice: Microservice) -> tuple[tuple[Mount, ...], tuple[Mount, ...]]:
    """Return what the head and what the Runtime mount by subPath."""
    runtime = microservice.runtime
    if runtime is None:
        return (), ()
    settings = Mount("dolittle-config", "appsettings.json", "/app/appsettings.json")
    if runtime.reads_unified_configuration:
        return (), (_configuration("runtime.yml"), settings)
    tenants = Mount("tenants-config", "tenants.json", f"{FOLDER}tenants.json")
    head = (tenants, _configuration("resources.json"), _configuration("event-horizons.json"))
    names = ["resources.json", "endpoints.json", "event-horizon-consents.json", "microservices.json"]
    names += ["platform.json"] if runtime.version >= (7, 4) else []
    names += ["metrics.json"] if runtime.version >= (6, 0) else []
    return head, (tenants, *map(_configuration, names), settings)


def tenants_json(environment: Environment) -> str:
    """Return the `tenants.json` of *environment*."""
    return _json({tenant.id: {} for tenant in environment.tenants})


def _configuration(name: str) -> Mount:
    return Mount("dolittle-config", name, FOLDER + name)


def _json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _separate(subject: _Subject) -> tuple[RuntimeFile, ...]:
    version = subject.runtime.version
    subjects: dict[str, Json] = {
        "endpoints.json": _endpoints(subject.runtime, without="metrics"),
        "event-horizon-consents.json": _consents_by_tenant(subject.microservice),
        "event-horizons.json": _horizons_by_tenant(subject.microservice),
        "microservices.json": _producers(subject.microservice),
        "resources.json": _resources(subject),
    }
    if version >= (6, 0):
        subjects["metrics.json"] = {"port": _endpoints(subject.runtime)["metrics"]["port"]}
    if version >= (7, 4):
        subjects["platform.json"] = _platform(subject)
    texts = {name: _json(content) for name, content in subjects.items()}
    texts["appsettings.json"] = _app_settings(_store_version(subject.runtime))
    return tuple(RuntimeFile(name, texts[name]) for name in sorted(texts))


def _unified(subject: _Subject) -> Json:
    """Return the content of `runtime.yml`."""
    settings = dict(subject.runtime.settings)
    pool = settings.get("eventStore", {}).get("maxConnectionPoolSize")
    store = {key: value for key, value in settings.pop("eventStore", {}).items() if key != "maxConnectionPoolSize"}
    content: dict[str, Any] = {"endpoints": _endpoints(subject.runtime), "platform": _platform(subject)}
    if store:
        content["eventStore"] = store
    content |= settings
    if subject.microservice.producers:
        content["microservices"] = _producers(subject.microservice)
    horizons = _consents_by_consumer(subject.microservice)
    content["tenants"] = {
        tenant: {
            "resources": resources,
            **({"eventHorizons": horizons[tenant]} if tenant in horizons else {}),
        }
        for tenant, resources in _resources(subject, pool).items()
    }
    return content


def _endpoints(runtime: Runtime, without: str = "") -> dict[str, Json]:
    return {each.key: {"port": each.port} for each in runtime.endpoints if each.key != without}


def _platform(subject: _Subject) -> Json:
    return {
        "customerID": subject.customer.id,
        "customerName": subject.customer.name,
        "applicationID": subject.application.id,
        "applicationName": subject.application.name,
        "microserviceID": subject.microservice.id,
        "microserviceName": subject.microservice.name,
        "environment": subject.environment.name,
    }


def _resources(subject: _Subject, pool: int | None = None) -> dict[str, Json]:
    """Return the resources of every tenant, by its id, as far as the version knows them."""
    storage, version = subject.environment.storage, subject.runtime.version
    host = storage.host if storage else ""
    resources: dict[str, Json] = {}
    for tenant in subject.environment.tenants:
        name = {
            kind: database(subject.microservice.short, tenant.short, kind.lower())
            for kind in ("eventStore", "readModels", "projections", "embeddings")
        }
        found: dict[str, Json] = {
            "eventStore": {"servers": [host], "database": name["eventStore"]},
            "readModels": {
                "host": f"mongodb://{host}:27017",
                "database": name["readModels"],
                "useSSL": False,
            },
        }
        if pool is not None:
            found["eventStore"]["maxConnectionPoolSize"] = pool
        if (5, 5) <= version < (9, 4):
            found["projections"] = {"servers": [host], "database": name["projections"]}
        if (6, 1) <= version < (9, 0):
            found["embeddings"] = {"servers": [host], "database": name["embeddings"]}
        resources[tenant.id] = found
    return resources


def _producers(microservice: Microservice) -> dict[str, Json]:
    return {each.id: {"host": each.host, "port": each.port} for each in microservice.producers}


def _consents_by_tenant(microservice: Microservice) -> dict[str, Json]:
    found: dict[str, list[Json]] = defaultdict(list)
    for each in microservice.consents:
        found[each.tenant].append(
            {
                "microservice": each.consumer,
                "tenant": each.consumer_tenant,
                "stream": each.stream,
                "partition": each.partition,
                "consent": each.id,
            }
        )
    return dict(found)


def _consents_by_consumer(microservice: Microservice) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = defaultdict(dict)
    for each in microservice.consents:
        consents = found[each.tenant].setdefault(each.consumer, {"consents": []})["consents"]
        consents.append(
            {
                "consumerTenant": each.consumer_tenant,
                "stream": each.stream,
                "partition": each.partition,
                "consent": each.id,
            }
        )
    return dict(found)


def _horizons_by_tenant(microservice: Microservice) -> dict[str, Json]:
    found: dict[str, list[Json]] = defaultdict(list)
    for each in microservice.subscriptions:
        found[each.tenant].append(
            {
                "scope": each.scope,
                "microservice": each.producer,
                "tenant": each.producer_tenant,
                "stream": each.stream,
                "partition": each.partition,
            }
        )
    return dict(found)


def _store_version(runtime: Runtime) -> str:
    """Return the Event Store's version that `appsettings.json` must tell this Runtime, empty for none."""
    if runtime.reads_unified_configuration:
        return ""
    return str(runtime.settings.get("eventStore", {}).get("backwardsCompatibility", {}).get("version", ""))


@cache
def _app_settings(store_version: str) -> str:
    """Return `appsettings.json`, which is the same for every Runtime of one kind."""
    settings: dict[str, Json] = {
        "Logging": {
            "IncludeScopes": False,
            "LogLevel": {"Default": "Debug", "System": "Information", "Microsoft": "Information"},
            "Console": {"IncludeScopes": True, "TimestampFormat": "[yyyy-MM-dd HH:mm:ss] "},
        }
    }
    if store_version:
        settings["dolittle"] = {"runtime": {"eventstore": {"backwardscompatibility": {"version": store_version}}}}
    return _json(settings)
