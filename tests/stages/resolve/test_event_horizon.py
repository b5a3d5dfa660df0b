"""One declaration of a subscription, compiled into the producer, the consumer and the way between them.

Rules: dolittle/Runtime `Source/EventHorizon`; names of files and keys: dolittle/platform-api
`pkg/platform/microservice/simple/k8s/repo.go`.
"""

from typing import Any
from uuid import UUID

import pytest

from tests.compiled import Compiled, compile_text, errors_of, findings_of, shop

T1, T2 = "a1b2c3d4-1111-4aaa-8111-000000000001", "e5f6a7b8-2222-4bbb-8222-000000000002"
CATALOG, PRICING = "11aa22bb-33cc-44dd-85ee-66ff77008811", "99ccbbaa-8877-4665-9544-332211ffeedd"
STREAM, SCOPE = "2d4c6b8a-0f1e-4d2c-8b3a-9f8e7d6c5b4a", "6e5d4c3b-2a19-4807-96f5-e4d3c2b1a09f"
HOST = "prod-catalog.application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02.svc.cluster.local"
ENVIRONMENTS = f"""
- name: Dev
  tenants: [{{ id: {T1} }}]
  storage: {{ backup: false }}
- name: Prod
  tenants: [{{ id: {T1} }}, {{ id: {T2} }}]
  storage: {{ backup: false }}
"""


def document(
    subscription: str, *, consumer: str = "9.3.3", producer: str = "9.3.3", environments: str = ENVIRONMENTS
) -> str:
    return shop(
        f"""
        - name: Catalog
          id: {CATALOG}
          head: {{ image: "acme.io/catalog:1.0.0" }}
          runtime: {{ version: {producer} }}
        - name: Pricing
          id: {PRICING}
          head: {{ image: "acme.io/pricing:1.0.0" }}
          runtime: {{ version: {consumer} }}
          subscribes:
            - {subscription}
        - {{ name: Website, head: {{ image: "nginx:1.27.3" }} }}
        """,
        environments,
    )


def line_of(text: str, words: str) -> int:
    """The number of the one line that holds *words*."""
    (found,) = [number for number, line in enumerate(text.splitlines(), 1) if words in line]
    return found


def subscribed(*subscriptions: str) -> str:
    """The document with several subscriptions."""
    first, *others = subscriptions
    return document(first).replace(first, "\n          - ".join((first, *others)))


def consents(compiled: Compiled, tenant: str, producer: str = "prod-catalog", consumer: str = PRICING) -> list[Any]:
    horizons = compiled.configuration(producer)["runtime.yml"]["tenants"][tenant].get("eventHorizons", {})
    return list(horizons.get(consumer, {}).get("consents", []))


def test_every_tenant_of_the_consumer_may_read_what_the_same_tenant_publishes() -> None:
    compiled = compile_text(document(f"{{ to: Catalog, stream: {STREAM}, partition: prices, scope: {SCOPE} }}"))

    for tenant in (T1, T2):
        (consent,) = consents(compiled, tenant)
        assert UUID(consent.pop("consent")).version == 5
        assert consent == {"consumerTenant": tenant, "stream": STREAM, "partition": "prices"}
    assert compiled.configuration("prod-pricing")["runtime.yml"]["microservices"] == {
        CATALOG: {"host": HOST, "port": 50052}
    }


def test_a_subscription_may_say_which_tenant_reads_from_which() -> None:
    said = f"{{ to: shop/Prod/Catalog, stream: {STREAM}, tenants: {{ {T1}: {T2} }} }}"
    compiled = compile_text(document(said))

    assert [each["consumerTenant"] for each in consents(compiled, T2)] == [T1]
    assert consents(compiled, T1) == []


def test_a_subscription_may_bring_the_consent_that_runs_today() -> None:
    given = "0e2b1c5e-7f0a-4a52-9d2b-5a2d1f3c4b6a"
    compiled = compile_text(
        document(f"{{ to: Catalog, stream: {STREAM}, consent: {given} }}", environments=ENVIRONMENTS)
    )

    assert [each["consent"] for each in consents(compiled, T1)] == [given]


def test_consents_differ_from_each_other_and_never_from_one_compilation_to_the_next() -> None:
    said = document(f"{{ to: Catalog, stream: {STREAM} }}")
    first = [each["consent"] for tenant in (T1, T2) for each in consents(compile_text(said), tenant)]

    assert len(set(first)) == 2
    assert first == [each["consent"] for tenant in (T1, T2) for each in consents(compile_text(said), tenant)]


def test_older_runtimes_read_the_same_from_files_of_their_own() -> None:
    said = document(
        f"{{ to: Catalog, stream: {STREAM}, partition: prices, scope: {SCOPE}, tenants: {{ {T2}: {T1} }} }}",
        consumer="7.8.1",
        producer="7.4.0",
        environments=ENVIRONMENTS.replace(f"[{{ id: {T1} }}]", f"[{{ id: {T1} }}, {{ id: {T2} }}]"),
    )
    compiled = compile_text(said)
    there, here = compiled.configuration("prod-catalog"), compiled.configuration("prod-pricing")

    (consent,) = there["event-horizon-consents.json"].pop(T1)
    assert UUID(consent.pop("consent")).version == 5
    assert consent == {"microservice": PRICING, "tenant": T2, "stream": STREAM, "partition": "prices"}
    assert there["event-horizon-consents.json"] == {}
    assert there["microservices.json"] == there["event-horizons.json"] == {}
    assert here["microservices.json"] == {CATALOG: {"host": HOST, "port": 50052}}
    assert here["event-horizons.json"] == {
        T2: [{"scope": SCOPE, "microservice": CATALOG, "tenant": T1, "stream": STREAM, "partition": "prices"}]
    }
    assert here["event-horizon-consents.json"] == {}


def test_the_producer_s_own_port_is_where_it_is_looked_for() -> None:
    said = document(f"{{ to: Catalog, stream: {STREAM} }}").replace(
        "runtime: { version: 9.3.3 }", "runtime: { version: 9.3.3, endpoints: { public: 50060 } }", 1
    )
    compiled = compile_text(said)

    assert compiled.configuration("prod-pricing")["runtime.yml"]["microservices"][CATALOG]["port"] == 50060
    assert compiled.one("Service", "prod-catalog")["spec"]["ports"][1] == {
        "name": "runtime",
        "protocol": "TCP",
        "port": 50060,
        "targetPort": "runtime",
    }


def test_two_scopes_of_one_stream_need_one_consent() -> None:
    first = f"{{ to: Catalog, stream: {STREAM}, scope: {SCOPE} }}"
    compiled = compile_text(subscribed(first, first.replace("6e5d", "7e5d")))

    assert len(consents(compiled, T1)) == 1


def test_one_stream_read_from_two_environments_needs_one_consent_of_each_consumer() -> None:
    said = document(f"{{ to: shop/Prod/Catalog, stream: {STREAM}, tenants: {{ {T1}: {T1} }} }}")
    compiled = compile_text(said)

    assert len(consents(compiled, T1)) == 1
    assert consents(compiled, T1, "dev-catalog") == []
    (policy,) = [each for each in compiled.all if each["metadata"]["name"].endswith("-event-horizons")]
    environments = [peer["podSelector"]["matchLabels"]["environment"] for peer in policy["spec"]["ingress"][0]["from"]]
    assert environments == ["Dev", "Prod"]


def test_two_consents_for_one_subscription_are_refused() -> None:
    first = f"{{ to: Catalog, stream: {STREAM}, scope: {SCOPE}, consent: {SCOPE} }}"
    said = subscribed(first, f"{{ to: Catalog, stream: {STREAM}, consent: {STREAM} }}")

    assert set(errors_of(said)) == {f"{line_of(said, STREAM + ' }')} id-taken"}


FROM_BOTH = tuple(
    f"{{ to: shop/{environment}/Catalog, stream: {STREAM}, tenants: {{ {T1}: {T1} }} }}"
    for environment in ("Dev", "Prod")
)


def test_one_producer_in_two_environments_cannot_be_told_apart_by_its_id() -> None:
    said = subscribed(*FROM_BOTH)

    assert set(errors_of(said)) == {f"{line_of(said, 'shop/Prod/')} id-taken"}


def test_a_producer_with_an_id_of_its_own_in_each_environment_can() -> None:
    said = subscribed(*FROM_BOTH).replace(
        f"    id: {CATALOG}", f"    id: {CATALOG}\n        environments: {{ Dev: {{ id: {SCOPE} }} }}"
    )
    told = compile_text(said).configuration("prod-pricing")["runtime.yml"]["microservices"]

    assert told == {
        CATALOG: {"host": HOST, "port": 50052},
        SCOPE: {"host": HOST.replace("prod-", "dev-"), "port": 50052},
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (f"{{ to: Catalogue, stream: {STREAM} }}", "dangling-reference"),
        (f"{{ to: shop/Test/Catalog, stream: {STREAM} }}", "dangling-reference"),
        (f"{{ to: shopp/Catalog, stream: {STREAM} }}", "dangling-reference"),
        (f"{{ to: a/b/c/Catalog, stream: {STREAM} }}", "dangling-reference"),
        (f"{{ to: Pricing, stream: {STREAM} }}", "dangling-reference"),
        (f"{{ to: Website, stream: {STREAM} }}", "no-runtime"),
        (f"{{ to: Catalog, stream: {STREAM}, tenants: {{ {SCOPE}: {T1} }} }}", "unknown-tenant"),
        (f"{{ to: Catalog, stream: {STREAM}, tenants: {{ {T1}: {SCOPE} }} }}", "unknown-tenant"),
        (f"{{ to: shop/Dev/Catalog, stream: {STREAM} }}", "unknown-tenant"),
    ],
)
def test_a_subscription_that_leads_nowhere_is_refused_where_it_stands(said: str, code: str) -> None:
    assert set(errors_of(document(said))) == {f"{line_of(document(said), said)} {code}"}


@pytest.mark.parametrize(("consumer", "producer"), [("7.8.1", "9.3.3"), ("9.3.3", "7.8.1"), ("6.1.0", "7.2.0")])
def test_version_seven_speaks_to_no_other(consumer: str, producer: str) -> None:
    said = document(f"{{ to: Catalog, stream: {STREAM} }}", consumer=consumer, producer=producer)

    assert {each.code for each in findings_of(said)} == {"horizon-versions"}


def test_versions_six_and_nine_do() -> None:
    compiled = compile_text(document(f"{{ to: Catalog, stream: {STREAM} }}", consumer="6.1.0", producer="9.3.3"))

    assert len(consents(compiled, T1)) == 1


def test_before_version_seven_a_partition_is_a_guid() -> None:
    said = document(f"{{ to: Catalog, stream: {STREAM}, partition: prices }}", consumer="6.1.0", producer="6.1.0")

    assert {each.code for each in findings_of(said)} == {"bad-partition"}
