"""The Event Horizon: one declaration of a subscription, compiled into consumer, producer and network.

Rules: dolittle/Runtime `Source/EventHorizon` (a consent is matched on producer tenant, consumer, consumer tenant,
stream and partition; version 7 speaks to no other).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.model.names import derived_id, label_value, service_host
from generator.model.runtime import Consent, Producer, Subscription
from generator.model.source import Json, Path
from generator.stages.resolve.defaults import Defaults, given
from generator.stages.resolve.draft import Draft, Draftsheet
from generator.stages.resolve.runtime import endpoints

Labels = Mapping[str, str]


@dataclass(slots=True)
class Horizon:
    """What one draft gets from the subscriptions of the whole platform."""

    subscriptions: list[Subscription] = field(default_factory=list)
    producers: dict[str, Producer] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    subscribers: list[tuple[Labels, Labels]] = field(default_factory=list)


def horizons(
    customer: str, sheets: Mapping[str, Draftsheet], defaults: Defaults, findings: Findings
) -> dict[int, Horizon]:
    """Return what each draft gets, by its `id()`.

    Finds `dangling-reference`, `no-runtime`, `horizon-versions`, `unknown-tenant` and `bad-partition`.
    """
    links: dict[int, Horizon] = defaultdict(Horizon)
    for sheet in sheets.values():
        for stage in sheet.stages.values():
            for consumer in stage.drafts.values():
                for index, said in enumerate(consumer.said.get("subscribes") or ()):
                    path = findings.layered(consumer.layers, ("subscribes", index))
                    producer = _producer(consumer, said, path, sheets, findings)
                    if producer is not None:
                        _link(customer, consumer, producer, given(said, defaults.subscription), path, links, defaults, findings)
    return links


def _producer(
    consumer: Draft, said: Json, path: Path, sheets: Mapping[str, Draftsheet], findings: Findings
) -> Draft | None:
    """Follow `to`: a microservice here, `Application/Microservice`, or `Application/Environment/Microservice`."""
    parts = said["to"].split("/")
    stage = consumer.stage
    application = parts[0] if len(parts) > 1 else stage.application.name
    environment = parts[1] if len(parts) == 3 else stage.name  # noqa: PLR2004  (the three forms above)
    sheet = sheets.get(application)
    there = sheet.stages.get(environment) if sheet else None
    producer = there.drafts.get(parts[-1]) if there else None
    if sheet is None:
        what, word, known = "application", application, list(sheets)
    elif there is None:
        what, word, known = f"environment of '{application}'", environment, list(sheet.stages)
    else:
        what, word, known = f"microservice in '{application}/{environment}'", parts[-1], list(there.drafts)
    if producer is None or len(parts) > 3:  # noqa: PLR2004
        message = f"'{consumer.name}' subscribes to '{said['to']}', but there is no {what} '{word}'"
        findings.error("dangling-reference", message, (*path, "to"), did_you_mean(word, known), value=True)
        return None
    return producer


def _link(  # noqa: PLR0913  (both ends, what was said, and where the result goes)
    customer: str,
    consumer: Draft,
    producer: Draft,
    said: Mapping[str, Json],
    path: Path,
    links: dict[int, Horizon],
    defaults: Defaults,
    findings: Findings,
) -> None:
    if not _can_speak(consumer, producer, said, path, findings):
        return
    for tenant, producer_tenant in _tenants(consumer, producer, said, path, findings):
        stream, partition = said["stream"].lower(), said["partition"]
        consent = said.get("consent") or derived_id(
            "consent", producer.id, producer_tenant, consumer.id, tenant, stream, partition
        )
        links[id(producer)].consents.append(
            Consent(tenant=producer_tenant, consumer=consumer.id, consumer_tenant=tenant, stream=stream, partition=partition, id=consent.lower())
        )
        links[id(consumer)].subscriptions.append(
            Subscription(tenant=tenant, producer=producer.id, producer_tenant=producer_tenant, stream=stream, partition=partition, scope=said["scope"].lower())
        )
    assert producer.version is not None  # noqa: S101  (_can_speak saw to it)
    ports = endpoints(producer.said["runtime"], producer.version, defaults)
    host = service_host(producer.object_name, producer.stage.application.namespace)
    links[id(consumer)].producers[producer.id] = Producer(id=producer.id, host=host, port=ports[0].port)
    peer = _peer(customer, consumer, producer)
    if peer not in links[id(producer)].subscribers:
        links[id(producer)].subscribers.append(peer)


def _can_speak(consumer: Draft, producer: Draft, said: Mapping[str, Json], path: Path, findings: Findings) -> bool:
    for side in (consumer, producer):
        if side.said.get("runtime") is None:
            message = f"'{side.name}' has no Runtime, which the Event Horizon needs on both sides"
            findings.error("no-runtime", message, (*path, "to"), f"add a runtime to '{side.name}'", value=True)
            return False
    if consumer.version is None or producer.version is None:
        return False
    if (consumer.version.major == 7) != (producer.version.major == 7):  # noqa: PLR2004  (the version that changed the protocol)
        message = f"Runtime {consumer.version} of '{consumer.name}' and {producer.version} of '{producer.name}' cannot speak to each other: version 7 only speaks to version 7"
        findings.error("horizon-versions", message, (*path, "to"), "bring both to the same major version", value=True)
    if consumer is producer:
        findings.error("dangling-reference", f"'{consumer.name}' subscribes to itself", (*path, "to"), "name another microservice", value=True)
        return False
    return True


def _tenants(
    consumer: Draft, producer: Draft, said: Mapping[str, Json], path: Path, findings: Findings
) -> list[tuple[str, str]]:
    pairs = said.get("tenants")
    wanted = (
        [(mine.lower(), theirs.lower()) for mine, theirs in pairs.items()]
        if pairs
        else [(tenant, tenant) for tenant in consumer.stage.tenants]
    )
    found: list[tuple[str, str]] = []
    for mine, theirs in wanted:
        for side, tenant in ((consumer, mine), (producer, theirs)):
            if tenant not in side.stage.tenants:
                place = f"{side.stage.application.name}/{side.stage.name}"
                message = f"the subscription of '{consumer.name}' to '{said['to']}' needs tenant '{tenant}', which '{place}' does not have"
                findings.error("unknown-tenant", message, path, "say under `tenants` which tenant subscribes to which")
                break
        else:
            found.append((mine, theirs))
    return found


def _peer(customer: str, consumer: Draft, producer: Draft) -> tuple[Labels, Labels]:
    mine, theirs = consumer.stage, producer.stage
    pod = {
        "tenant": label_value(customer),
        "application": label_value(mine.application.name),
        "environment": label_value(mine.name),
        "microservice": label_value(consumer.name),
    }
    if mine.application is theirs.application:
        return {}, pod
    return {"tenant": label_value(customer), "application": label_value(mine.application.name)}, pod
