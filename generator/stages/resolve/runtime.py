"""A Runtime, from what the document says of it in one environment.

Source of the versions and ports: dolittle/Runtime `CHANGELOG.md`, `Source/Services/Configuration`,
`Source/Server/Web/WebServerConfiguration.cs`, `Source/Metrics/Configuration`.
"""

from typing import Any

from generator.model.lazy_pattern import lazy_pattern
from generator.model.runtime import Endpoint, Runtime, Version
from generator.model.source import Json
from generator.stages.resolve import security
from generator.stages.resolve.defaults import Defaults, given

# Key in the configuration, name of the port in the pod (at most 15 characters), first version that has it. The
# platform calls the public port `runtime`.
_ENDPOINTS = (
    ("public", "runtime", Version(0, 0, 0)),
    ("private", "runtime-private", Version(0, 0, 0)),
    ("management", "runtime-manage", Version(7, 0, 0)),
    ("managementWeb", "runtime-mgmtweb", Version(8, 7, 0)),
    ("web", "runtime-web", Version(7, 8, 1)),
    ("metrics", "runtime-metrics", Version(6, 0, 0)),
)
_SETTINGS = ("eventStore", "eventHorizon", "reverseCalls", "processing", "opentelemetry")
_TAG = lazy_pattern(r":v?(\d+)\.(\d+)\.(\d+)$")


def version_of(said: dict[str, Json]) -> Version | None:
    """Return the version that *said* means: its `version`, else its image's tag; None where neither tells."""
    if "version" in said:
        return Version(*map(int, said["version"].split(".")))
    return version_of_image(said)


def version_of_image(said: dict[str, Json]) -> Version | None:
    """Return the version that the tag of the image tells, None where there is no image or its tag is none."""
    tag = _TAG.search(said.get("image", ""))
    return Version(*map(int, tag.groups())) if tag else None


def endpoints(said: dict[str, Json], version: Version, defaults: Defaults) -> tuple[Endpoint, ...]:
    """Return the ports that *version* listens on."""
    ports = given(said.get("endpoints"), defaults.endpoints)
    return tuple(Endpoint(key=key, name=name, port=ports[key]) for key, name, since in _ENDPOINTS if version >= since)


def runtime(said: dict[str, Json], version: Version, level: str, defaults: Defaults) -> Runtime:
    """Return the Runtime that *said* describes, in a pod that must pass *level*."""
    values = given(said, defaults.runtime)
    probes = _probes(version)
    return Runtime(
        version=version,
        image=values.get("image", f"dolittle/runtime:{version}"),
        resources=values["resources"],
        endpoints=endpoints(said, version, defaults),
        startup=probes[0],
        liveness=probes[1],
        readiness=probes[2],
        security_context=security.runtime_context(level),
        settings={name: pruned(values[name]) for name in _SETTINGS if pruned(values.get(name))},
    )


def pruned(said: Json) -> Json:
    """Return *said* without members that say nothing."""
    if not isinstance(said, dict):
        return said
    return {key: pruned(value) for key, value in said.items() if value is not None and pruned(value) != {}}


def _probes(version: Version) -> tuple[Json, Json, Json]:
    """Return the startup, liveness and readiness probe.

    `/healthz` asks MongoDB too, so that it tells readiness; a restart would not mend a database that is away.
    """
    listening: dict[str, Any] = {"tcpSocket": {"port": "runtime-private"}}
    healthy: dict[str, Any] = listening
    if version >= (7, 8, 1):
        healthy = {"httpGet": {"path": "/healthz", "port": "runtime-web"}, "timeoutSeconds": 5}
    return (
        {**listening, "periodSeconds": 5, "failureThreshold": 60},
        {**listening, "periodSeconds": 20, "failureThreshold": 3},
        {**healthy, "periodSeconds": 10, "failureThreshold": 3},
    )
