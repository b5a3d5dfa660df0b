"""A Runtime beside its head: what it is told, and where its databases are.

Source: dolittle/Runtime `Configurations/*/.dolittle/runtime.yml`, dolittle/platform-api `pkg/dolittle/k8s`.
"""

import pytest

from tests.compiled import acme, compile_text, findings_of, shop

MONGO = "prod-mongo.application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02.svc.cluster.local"
T1, T2 = "a1b2c3d4-1111-4aaa-8111-000000000001", "e5f6a7b8-2222-4bbb-8222-000000000002"
CATALOG, PRICING = "11aa22bb-33cc-44dd-85ee-66ff77008811", "99ccbbaa-8877-4665-9544-332211ffeedd"
ENDPOINTS = {
    "public": {"port": 50052},
    "private": {"port": 50053},
    "management": {"port": 51052},
    "managementWeb": {"port": 51152},
    "web": {"port": 8001},
    "metrics": {"port": 9700},
}


def resources(prefix: str) -> dict[str, object]:
    return {
        "eventStore": {"servers": [MONGO], "database": f"{prefix}_eventstore"},
        "readModels": {"host": f"mongodb://{MONGO}:27017", "database": f"{prefix}_readmodels", "useSSL": False},
        "projections": {"servers": [MONGO], "database": f"{prefix}_projections"},
    }


def consents(tenant: str, consent: str) -> dict[str, object]:
    said = {
        "consumerTenant": tenant,
        "stream": "2d4c6b8a-0f1e-4d2c-8b3a-9f8e7d6c5b4a",
        "partition": "prices",
        "consent": consent,
    }
    return {PRICING: {"consents": [said]}}


def test_the_producer_s_runtime_knows_its_place_its_ports_its_databases_and_who_may_read() -> None:
    assert acme().configuration("prod-catalog")["runtime.yml"] == {
        "endpoints": ENDPOINTS,
        "platform": {
            "customerID": "3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501",
            "customerName": "acme",
            "applicationID": "7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02",
            "applicationName": "shop",
            "microserviceID": CATALOG,
            "microserviceName": "Catalog",
            "environment": "Prod",
        },
        "tenants": {
            T1: {
                "resources": resources("11aa22b_a1b2c3d"),
                "eventHorizons": consents(T1, "bba57083-8d59-5b21-aac0-3eca23dcfe3a"),
            },
            T2: {
                "resources": resources("11aa22b_e5f6a7b"),
                "eventHorizons": consents(T2, "83d3b958-ca95-5071-83ba-e2c9d8f0fdbd"),
            },
        },
    }


def test_the_consumer_s_runtime_knows_where_the_producer_is() -> None:
    told = acme().configuration("prod-pricing")["runtime.yml"]

    host = "prod-catalog.application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02.svc.cluster.local"
    assert told["microservices"] == {CATALOG: {"host": host, "port": 50052}}
    assert told["tenants"] == {
        T1: {"resources": resources("99ccbba_a1b2c3d")},
        T2: {"resources": resources("99ccbba_e5f6a7b")},
    }


def test_the_runtime_reads_its_files_where_its_image_looks_for_them() -> None:
    assert acme().mounts("prod-catalog", "runtime") == {
        "/app/.dolittle/runtime.yml": "dolittle-config/runtime.yml",
        "/app/appsettings.json": "dolittle-config/appsettings.json",
    }
    volumes = acme().one("Deployment", "prod-catalog")["spec"]["template"]["spec"]["volumes"]
    assert volumes[0] == {"name": "dolittle-config", "configMap": {"name": "prod-catalog-dolittle"}}


def test_the_runtime_logs_as_the_platform_has_it_log() -> None:
    assert acme().configuration("prod-catalog")["appsettings.json"] == {
        "Logging": {
            "IncludeScopes": False,
            "LogLevel": {"Default": "Debug", "System": "Information", "Microsoft": "Information"},
            "Console": {"IncludeScopes": True, "TimestampFormat": "[yyyy-MM-dd HH:mm:ss] "},
        }
    }


def test_the_runtime_is_the_published_image_of_its_version() -> None:
    assert acme().container("prod-catalog", "runtime")["image"] == "dolittle/runtime:9.3.3"


def test_no_two_resources_of_an_environment_share_a_database() -> None:
    databases = [
        resource["database"]
        for name in ("prod-catalog", "prod-pricing")
        for tenant in acme().configuration(name)["runtime.yml"]["tenants"].values()
        for resource in tenant["resources"].values()
    ]

    assert len(databases) == 12
    assert len(set(databases)) == len(databases)


def test_ids_that_are_written_in_capitals_become_the_names_that_the_platform_gives() -> None:
    document = shop(
        """
        - name: Catalog
          id: 11AA22BB-33CC-44DD-85EE-66FF77008811
          head: { image: "acme.io/catalog:1.0.0" }
          runtime: { version: 9.9.0 }
        """,
        """
        - name: Prod
          tenants: [{ id: A1B2C3D4-1111-4AAA-8111-000000000001 }]
          storage: { backup: false }
        """,
    )
    tenants = compile_text(document).configuration("prod-catalog")["runtime.yml"]["tenants"]

    assert list(tenants) == [T1]
    assert tenants[T1]["resources"]["eventStore"]["database"] == "11aa22b_a1b2c3d_eventstore"


def test_settings_of_the_document_reach_the_runtime_in_its_own_words() -> None:
    document = shop(
        """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0" }
          runtime:
            version: 9.9.0
            endpoints: { web: 8101 }
            eventStore: { maxConnectionPoolSize: 500 }
            eventHorizon: { requireConsent: true }
            reverseCalls: { useActors: true }
            processing: { eventhandlers: { fast: true } }
            opentelemetry: { endpoint: "http://collector:4317", serviceName: catalog, tracing: true }
        """,
        """
        - name: Prod
          tenants: [{ id: a1b2c3d4-1111-4aaa-8111-000000000001 }]
          storage: { backup: false }
        """,
    )
    compiled = compile_text(document)
    told = compiled.configuration("prod-catalog")["runtime.yml"]

    assert told["endpoints"] == ENDPOINTS | {"web": {"port": 8101}}
    assert {"name": "runtime-web", "protocol": "TCP", "containerPort": 8101} in compiled.container(
        "prod-catalog", "runtime"
    )["ports"]
    assert told["tenants"][T1]["resources"]["eventStore"]["maxConnectionPoolSize"] == 500
    assert "eventStore" not in told
    assert told["eventHorizon"] == {"requireConsent": True}
    assert told["reverseCalls"] == {"useActors": True}
    assert told["processing"] == {"eventhandlers": {"fast": True}}
    assert told["opentelemetry"] == {"endpoint": "http://collector:4317", "serviceName": "catalog", "tracing": True}


def test_a_runtime_without_a_tenant_has_nothing_to_keep() -> None:
    document = shop(
        '- { name: Catalog, head: { image: "acme.io/c:1.0.0" }, runtime: { version: 9.3.3 } }', "- { name: Dev }"
    )

    assert [each.code for each in findings_of(document)] == ["no-tenant"]


@pytest.mark.parametrize("port", [50052, 50053, 51052, 51152, 8001, 9700])
def test_a_head_cannot_listen_where_its_runtime_does(port: int) -> None:
    document = shop(
        f'- {{ name: Catalog, head: {{ image: "acme.io/c:1.0.0", port: {port} }}, runtime: {{ version: 9.3.3 }} }}'
    )

    assert [each.code for each in findings_of(document)] == ["port-taken"]
