"""Runtimes: what each version can read, and what it cannot.

Source: dolittle/Runtime `CHANGELOG.md` and `Source/Configuration/Parsing/ConfigurationParser.cs`.
"""

import re

from generator.model.findings import Findings
from generator.model.lazy_pattern import lazy_pattern
from generator.model.microservice import Microservice
from generator.model.platform import Application, Customer, Environment
from generator.model.runtime import Runtime, Version
from generator.model.source import Path

FIRST, LAST = Version(5, 0, 0), Version(9, 9, 999)
_DEVELOPMENT_TENANT = "445f8ea8-1a6f-40d7-b2fc-796dba92dc44"

# The setting, as the way to it below `runtime`, and the first version that has it.
_SETTINGS: tuple[tuple[Path, Version], ...] = (
    (("eventStore", "maxConnectionPoolSize"), Version(8, 4, 0)),
    (("eventHorizon", "requireConsent"), Version(8, 9, 4)),
    (("reverseCalls",), Version(8, 4, 0)),
    (("processing",), Version(8, 4, 0)),
    (("opentelemetry",), Version(8, 4, 0)),
    (("endpoints", "management"), Version(7, 0, 0)),
    (("endpoints", "managementWeb"), Version(8, 7, 0)),
    (("endpoints", "web"), Version(7, 8, 1)),
    (("endpoints", "metrics"), Version(6, 0, 0)),
)
_COMPATIBILITY: Path = ("eventStore", "backwardsCompatibility", "version")

# The Runtime writes values into JSON without escaping them, and without quotes where they look like something else.
_MISREAD = lazy_pattern(
    r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?|true|false|null|yes|no|on|off|~|.*[\"\\].*", re.IGNORECASE
)


def check_runtimes(
    customer: Customer,
    application: Application,
    environment: Environment,
    microservice: Microservice,
    findings: Findings,
) -> None:
    """Find `runtime-version`, `runtime-setting`, `no-tenant`, `runtime-value`."""
    runtime = microservice.runtime
    if runtime is None:
        return
    _check_version(microservice, runtime, findings)
    _check_settings(microservice, runtime, findings)
    if not environment.tenants:
        message = f"'{microservice.name}' has a Runtime, but '{environment.name}' has no tenant to keep events for"
        hint = f"add one under `tenants` (in development usually {_DEVELOPMENT_TENANT}), or leave `runtime` out"
        findings.error("no-tenant", message, (*environment.path, "name"), hint, value=True)
    _check_values(customer, application, microservice, findings)


def _check_version(microservice: Microservice, runtime: Runtime, findings: Findings) -> None:
    path = findings.layered(microservice.layers, ("runtime", "version"))
    if not FIRST <= runtime.version <= LAST:
        message = (
            f"Runtime {runtime.version} of '{microservice.name}' is not one whose configuration is known: 5.0 to 9.9"
        )
        findings.error("runtime-version", message, path, "choose a version from 5.0 to 9.9", value=True)
    if "development" in runtime.image.rpartition(":")[2]:
        message = f"the Runtime image of '{microservice.name}' is one for development, with a MongoDB inside"
        findings.error("runtime-version", message, path, "use the image without '-development'", value=True)


def _check_settings(microservice: Microservice, runtime: Runtime, findings: Findings) -> None:
    for way, since in _SETTINGS:
        if runtime.version >= since:
            continue
        path = findings.layered(microservice.layers, ("runtime", *way))
        if path[-len(way) :] == way:
            message = (
                f"Runtime {runtime.version} of '{microservice.name}' has no '{'.'.join(map(str, way))}': it came "
                f"with {since}"
            )
            findings.error("runtime-setting", message, path, "leave it out, or choose a newer version")
    needs = (8, 0) <= runtime.version < (9, 3)
    has = bool(runtime.settings.get("eventStore", {}).get("backwardsCompatibility"))
    path = findings.layered(microservice.layers, ("runtime", *_COMPATIBILITY))
    if needs and not has:
        message = (
            f"Runtime {runtime.version} of '{microservice.name}' does not start without "
            "eventStore.backwardsCompatibility.version"
        )
        findings.error(
            "runtime-setting",
            message,
            path,
            "add eventStore: { backwardsCompatibility: { version: V7 } }; V6 for a store of Runtime 6 or older",
        )
    if has and not needs:
        message = (
            f"Runtime {runtime.version} of '{microservice.name}' has no 'eventStore.backwardsCompatibility': only "
            "8.0 to 9.2 have"
        )
        findings.error("runtime-setting", message, path, "leave it out")


def _check_values(customer: Customer, application: Application, microservice: Microservice, findings: Findings) -> None:
    values: list[tuple[str, str, Path]] = [
        ("the customer's name", customer.name, ("customer", "name")),
        ("the application's name", application.name, (*application.path, "name")),
    ]
    values += [
        ("a partition", each.partition, findings.layered(microservice.layers, ("subscribes",)))
        for each in microservice.subscriptions
    ]
    for what, value, path in values:
        if _MISREAD.fullmatch(value):
            message = f"{what} '{value}' is not read as text by the Runtime of '{microservice.name}'"
            findings.error(
                "runtime-value",
                message,
                path,
                "choose one that no reader takes for a number or a boolean, without quotes and backslashes",
                value=True,
            )
