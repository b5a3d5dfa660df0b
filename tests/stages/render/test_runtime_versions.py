"""Which files, keys, ports and mounts each version of the Runtime gets.

Source: dolittle/Runtime `CHANGELOG.md`, `Source/Configuration`, `Source/Services/Configuration`,
`Source/Server/Web/WebServerConfiguration.cs` at the tags in the table.
"""

from functools import cache

import pytest

from tests.compiled import Compiled, compile_text, errors_of, shop

# fmt: off
VERSIONS = (
    "5.2.0", "5.6.0", "6.0.0", "6.1.0", "7.2.0", "7.4.0", "7.8.1", "8.0.0", "8.2.0", "8.4.0", "8.7.0", "8.9.3", "8.9.4",
    "9.0.0", "9.2.0", "9.3.3", "9.4.0", "9.8.0", "9.9.0",
)
NEED_COMPATIBILITY = {"8.0.0", "8.2.0", "8.4.0", "8.7.0", "8.9.3", "8.9.4", "9.0.0", "9.2.0"}
UNIFIED = {"8.4.0", "8.7.0", "8.9.3", "8.9.4", "9.0.0", "9.2.0", "9.3.3", "9.4.0", "9.8.0", "9.9.0"}

ENDPOINTS = {
    "5.2.0": {"public": 50052, "private": 50053},
    "6.0.0": {"public": 50052, "private": 50053, "metrics": 9700},
    "7.2.0": {"public": 50052, "private": 50053, "management": 51052, "metrics": 9700},
    "7.8.1": {"public": 50052, "private": 50053, "management": 51052, "web": 8001, "metrics": 9700},
    "8.7.0": {
        "public": 50052, "private": 50053, "management": 51052, "managementWeb": 51152, "web": 8001, "metrics": 9700,
    },
}
# fmt: on
PORT_NAMES = {
    "public": "runtime",
    "private": "runtime-private",
    "management": "runtime-manage",
    "managementWeb": "runtime-mgmtweb",
    "web": "runtime-web",
    "metrics": "runtime-metrics",
}
TENANT = "a1b2c3d4-1111-4aaa-8111-000000000001"


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def endpoints(version: str) -> dict[str, int]:
    """The ports of the newest row of the table that is not newer than *version*."""
    return ENDPOINTS[max((each for each in ENDPOINTS if number(each) <= number(version)), key=number)]


def document(version: str, *, compatibility: bool, runtime: str = "") -> str:
    store = ", eventStore: { backwardsCompatibility: { version: V6 } }" if compatibility else ""
    return shop(
        f"""
        - name: Catalog
          id: 11aa22bb-33cc-44dd-85ee-66ff77008811
          head: {{ image: "acme.io/catalog:1.0.0" }}
          runtime: {{ version: {version}{store}{runtime} }}
        """,
        f"""
        - name: Prod
          tenants: [{{ id: {TENANT} }}]
          storage: {{ backup: false }}
        """,
    )


@cache
def catalog(version: str) -> Compiled:
    return compile_text(document(version, compatibility=version in NEED_COMPATIBILITY))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_configuration_is_in_the_files_that_the_version_reads(version: str) -> None:
    files = set(catalog(version).configuration("prod-catalog"))

    if version in UNIFIED:
        assert files == {"appsettings.json", "runtime.yml"}
        return
    wanted = {
        "appsettings.json",
        "endpoints.json",
        "event-horizon-consents.json",
        "event-horizons.json",
        "microservices.json",
        "resources.json",
    }
    wanted |= {"metrics.json"} if number(version) >= (6, 0) else set()
    wanted |= {"platform.json"} if number(version) >= (7, 4) else set()
    assert files == wanted


@pytest.mark.parametrize("version", VERSIONS)
def test_the_runtime_mounts_what_it_reads(version: str) -> None:
    mounts = catalog(version).mounts("prod-catalog", "runtime")
    written = set(catalog(version).configuration("prod-catalog"))

    wanted = {f"/app/.dolittle/{name}": f"dolittle-config/{name}" for name in written}
    wanted |= {"/app/appsettings.json": "dolittle-config/appsettings.json"}
    del wanted["/app/.dolittle/appsettings.json"]
    if version not in UNIFIED:
        wanted |= {"/app/.dolittle/tenants.json": "tenants-config/tenants.json"}
        del wanted["/app/.dolittle/event-horizons.json"]  # the head's library reads it
    assert mounts == wanted


@pytest.mark.parametrize("version", VERSIONS)
def test_the_head_mounts_what_old_libraries_read_and_no_key_that_is_not_there(version: str) -> None:
    mounts = catalog(version).mounts("prod-catalog", "head")

    if version in UNIFIED:
        assert mounts == {}
        return
    assert mounts == {
        "/app/.dolittle/tenants.json": "tenants-config/tenants.json",
        "/app/.dolittle/resources.json": "dolittle-config/resources.json",
        "/app/.dolittle/event-horizons.json": "dolittle-config/event-horizons.json",
    }
    keys = catalog(version).configuration("prod-catalog").keys() | {"tenants.json"}
    assert {each.partition("/")[2] for each in mounts.values()} <= keys


@pytest.mark.parametrize("version", VERSIONS)
def test_volumes_are_those_that_are_mounted(version: str) -> None:
    pod = catalog(version).one("Deployment", "prod-catalog")["spec"]["template"]["spec"]

    used = {each["name"] for container in pod["containers"] for each in container.get("volumeMounts", ())}
    assert {each["name"] for each in pod["volumes"]} == used
    assert ("tenants-config" in used) == (version not in UNIFIED)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_ports_of_the_version_are_written_and_open(version: str) -> None:
    told = catalog(version).configuration("prod-catalog")
    ports = catalog(version).container("prod-catalog", "runtime")["ports"]

    if version in UNIFIED:
        written = told["runtime.yml"]["endpoints"]
    else:
        metrics = {"metrics": told["metrics.json"]} if "metrics.json" in told else {}
        written = told["endpoints.json"] | metrics
        assert "metrics" not in told["endpoints.json"]
    assert written == {key: {"port": port} for key, port in endpoints(version).items()}
    assert {each["name"]: each["containerPort"] for each in ports} == {
        PORT_NAMES[key]: port for key, port in endpoints(version).items()
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_every_tenant_has_the_resources_that_the_version_keeps(version: str) -> None:
    told = catalog(version).configuration("prod-catalog")
    unified = version in UNIFIED
    resources = told["runtime.yml"]["tenants"][TENANT]["resources"] if unified else told["resources.json"][TENANT]

    wanted = {"eventStore", "readModels"}
    wanted |= {"projections"} if (5, 5) <= number(version) < (9, 4) else set()
    wanted |= {"embeddings"} if (6, 1) <= number(version) < (9, 0) else set()
    assert resources.keys() == wanted
    assert {each["database"] for each in resources.values()} == {f"11aa22b_a1b2c3d_{name.lower()}" for name in wanted}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_of_an_old_store_is_told_where_the_runtime_looks_for_it(version: str) -> None:
    told = catalog(version).configuration("prod-catalog")

    if version in UNIFIED:
        assert "dolittle" not in told["appsettings.json"]
        unified = {"backwardsCompatibility": {"version": "V6"}} if version in NEED_COMPATIBILITY else None
        assert told["runtime.yml"].get("eventStore") == unified
        return
    wanted = {"runtime": {"eventstore": {"backwardscompatibility": {"version": "V6"}}}}
    assert told["appsettings.json"].get("dolittle") == (wanted if version in NEED_COMPATIBILITY else None)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_of_an_old_store_is_demanded_where_the_runtime_does_not_start_without_it(version: str) -> None:
    said = document(version, compatibility=version not in NEED_COMPATIBILITY)

    assert [each.partition(" ")[2] for each in errors_of(said)] == ["runtime-setting"]


@pytest.mark.parametrize("version", VERSIONS)
def test_readiness_asks_the_health_endpoint_as_soon_as_there_is_one_and_liveness_never_does(version: str) -> None:
    container = catalog(version).container("prod-catalog", "runtime")
    has_health = number(version) >= (7, 8, 1)

    assert ("httpGet" in container["readinessProbe"]) == has_health
    if has_health:
        assert container["readinessProbe"]["httpGet"] == {"path": "/healthz", "port": "runtime-web"}
    assert container["livenessProbe"]["tcpSocket"] == {"port": "runtime-private"}
    assert container["startupProbe"]["tcpSocket"] == {"port": "runtime-private"}


@pytest.mark.parametrize("version", ["5.2.0", "7.2.0", "8.2.0"])
def test_files_that_must_exist_say_nothing_where_there_is_nothing_to_say(version: str) -> None:
    told = catalog(version).configuration("prod-catalog")

    assert told["event-horizon-consents.json"] == {}
    assert told["event-horizons.json"] == {}
    assert told["microservices.json"] == {}


@pytest.mark.parametrize("version", ["4.9.9", "10.0.0", "0.0.1"])
def test_a_version_that_is_not_known_is_refused(version: str) -> None:
    assert [each.partition(" ")[2] for each in errors_of(document(version, compatibility=False))] == ["runtime-version"]


@pytest.mark.parametrize(
    ("version", "setting"),
    [
        ("8.9.3", "eventHorizon: { requireConsent: true }"),
        ("8.2.0", "reverseCalls: { useActors: true }"),
        ("7.8.1", "opentelemetry: { tracing: true }"),
        ("8.4.0", "endpoints: { managementWeb: 51153 }"),
        ("7.4.0", "endpoints: { web: 8002 }"),
        ("6.1.0", "endpoints: { management: 51053 }"),
        ("5.6.0", "endpoints: { metrics: 9701 }"),
    ],
)
def test_a_setting_that_the_version_does_not_have_is_refused(version: str, setting: str) -> None:
    said = document(version, compatibility=version in NEED_COMPATIBILITY, runtime=f", {setting}")

    assert [each.partition(" ")[2] for each in errors_of(said)] == ["runtime-setting"]


def test_a_tag_of_an_image_tells_the_version() -> None:
    said = document("1.0.0", compatibility=False).replace("version: 1.0.0", "image: acme.io/mirror/runtime:7.8.1")
    compiled = compile_text(said)

    assert compiled.container("prod-catalog", "runtime")["image"] == "acme.io/mirror/runtime:7.8.1"
    assert "endpoints.json" in compiled.configuration("prod-catalog")
