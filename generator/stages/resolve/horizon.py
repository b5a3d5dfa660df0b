"""The Event Horizon: one declaration of a subscription, compiled into consumer, producer and network.

Rules: dolittle/Runtime `Source/EventHorizon` (a consent is matched on producer tenant, consumer, consumer tenant,
stream and partition; version 7 speaks to no other).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.model.lazy_pattern import lazy_pattern
from generator.model.names import derived_id, label_value, service_host
from generator.model.runtime import Consent, Producer, Subscription, Version
from generator.model.source import Json, Path
from generator.stages.resolve.defaults import Defaults, given
from generator.stages.resolve.draft import Draft, Draftsheet
from generator.stages.resolve.runtime import endpoints

Labels: TypeAlias = Mapping[str, str]

PARTITIONS_ARE_STRINGS = 7
"""The major version from which a partition is any string."""

SPEAKS_TO_ITSELF = 7
"""The major version whose Event Horizon no other understands."""

_GUID = lazy_pattern(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Horizon(Struct):
    """What one draft gets from the subscriptions of the whole platform."""

    subscriptions: list[Subscription] = field(default_factory=list)
    producers: dict[str, Producer] = field(default_factory=dict)
    consents: dict[tuple[str, ...], Consent] = field(default_factory=dict)
    subscribers: list[tuple[Labels, Labels]] = field(default_factory=list)


def horizons(
    customer: str, sheets: Mapping[str, Draftsheet], defaults: Defaults, findings: Findings
) -> Mapping[int, Horizon]:
    """Return what each draft gets, by its `id()`.

    Finds `dangling-reference`, `no-runtime`, `horizon-versions`, `bad-partition` and `unknown-tenant`.
    """
    linker = _Linker(customer, defaults, findings)
    for sheet in sheets.values():
        for stage in sheet.stages.values():
            for consumer in stage.drafts.values():
                for index, said in enumerate(consumer.said.get("subscribes") or ()):
                    path = findings.layered(consumer.layers, ("subscribes", index))
                    producer = _producer(consumer, said, path, sheets, findings)
                    if producer is not None and _can_speak(consumer, producer, path, findings):
                        linker.link(consumer, producer, given(said, defaults.subscription), path)
    return linker.links


class _Linker(Struct):
    """Compiles subscriptions into both their ends."""

    customer: str
    defaults: Defaults
    findings: Findings
    links: dict[int, Horizon] = field(default_factory=lambda: defaultdict(Horizon))

    def link(self, consumer: Draft, producer: Draft, said: Mapping[str, Json], path: Path) -> None:
        """Tell both ends of one subscription, *said* at *path*, about it."""
        here, there = self.links[id(consumer)], self.links[id(producer)]
        stream, partition = said["stream"].lower(), said["partition"]
        if producer.version is None or not self._is_partition(partition, producer.version, path):
            return
        for tenant, producer_tenant in _tenants(consumer, producer, said, path, self.findings):
            parts = ("consent", producer.id, producer_tenant, consumer.id, tenant, stream, partition)
            consent = Consent(
                tenant=producer_tenant,
                consumer=consumer.id,
                consumer_tenant=tenant,
                stream=stream,
                partition=partition,
                id=(said.get("consent") or derived_id(*parts)).lower(),
            )
            self._consent(there, consent, path)
            here.subscriptions.append(
                Subscription(
                    tenant=tenant,
                    producer=producer.id,
                    producer_tenant=producer_tenant,
                    stream=stream,
                    partition=partition,
                    scope=said["scope"].lower(),
                    consent=consent.id,
                )
            )
        self._remember(here, consumer, producer, path)
        peer = _peer(self.customer, consumer, producer)
        if peer not in there.subscribers:
            there.subscribers.append(peer)

    def _consent(self, there: Horizon, consent: Consent, path: Path) -> None:
        """Add *consent* once: several scopes, and the same consumer in several environments, share it."""
        key = (consent.tenant, consent.consumer, consent.consumer_tenant, consent.stream, consent.partition)
        if there.consents.setdefault(key, consent) != consent:
            message = "another subscription to the same stream, of the same tenants, has another consent"
            hint = "say the same `consent` in both, or in neither"
            self.findings.error("id-taken", message, (*path, "consent"), hint, value=True)

    def _remember(self, here: Horizon, consumer: Draft, producer: Draft, path: Path) -> None:
        """Tell the consumer where the producer is: a Runtime knows a microservice by its id alone."""
        assert producer.version is not None  # noqa: S101  (the caller saw to it)
        port = endpoints(producer.said["runtime"], producer.version, self.defaults)[0].port
        host = service_host(producer.object_name, producer.stage.application.namespace)
        found = Producer(id=producer.id, host=host, port=port)
        if here.producers.setdefault(producer.id, found) != found:
            message = (
                f"'{consumer.name}' subscribes to two microservices with the id of '{producer.name}', and its Runtime "
                "knows them by nothing else"
            )
            hint = f"give '{producer.name}' an id of its own in each environment, under `environments`"
            self.findings.error("id-taken", message, (*path, "to"), hint, value=True)

    def _is_partition(self, partition: str, version: Version, path: Path) -> bool:
        if version.major >= PARTITIONS_ARE_STRINGS or _GUID.fullmatch(partition):
            return True
        message = f"Runtime {version} names partitions by GUIDs, and '{partition}' is none"
        self.findings.error(
            "bad-partition", message, (*path, "partition"), "use a GUID, or version 7 or newer", value=True
        )
        return False


def _producer(
    consumer: Draft, said: Json, path: Path, sheets: Mapping[str, Draftsheet], findings: Findings
) -> Draft | None:
    """Follow `to`: a microservice here, `Application/Microservice`, or `Application/Environment/Microservice`."""
    stage = consumer.stage
    *place, name = said["to"].split("/")
    application = place[0] if place else stage.application.name
    environment = place[1] if len(place) > 1 else stage.name
    sheet = sheets.get(application)
    there = sheet.stages.get(environment) if sheet else None
    producer = there.drafts.get(name) if there else None
    if producer is not None and len(place) <= 2:  # noqa: PLR2004  (the three forms above)
        return producer
    if consumer.is_glimpsed:
        return None
    known: Iterable[str]
    if sheet is None:
        what, word, known = "there is no application", application, sheets
    elif there is None:
        what, word, known = f"'{application}' has no environment", environment, sheet.stages
    else:
        what, word, known = f"'{application}/{environment}' has no microservice", name, there.drafts
    message = f"'{consumer.name}' subscribes to '{said['to']}', but {what} '{word}'"
    findings.error("dangling-reference", message, (*path, "to"), did_you_mean(word, known), value=True)
    return None


def _can_speak(consumer: Draft, producer: Draft, path: Path, findings: Findings) -> bool:
    for side in (consumer, producer):
        if side.said.get("runtime") is None:
            message = f"'{side.name}' has no Runtime, which the Event Horizon needs on both sides"
            findings.error("no-runtime", message, (*path, "to"), f"add a runtime to '{side.name}'", value=True)
            return False
    if consumer.version is None or producer.version is None:
        return False
    if (consumer.version.major == SPEAKS_TO_ITSELF) != (producer.version.major == SPEAKS_TO_ITSELF):
        message = (
            f"Runtime {consumer.version} of '{consumer.name}' and {producer.version} of '{producer.name}' cannot "
            "speak to each other: version 7 only speaks to version 7"
        )
        findings.error("horizon-versions", message, (*path, "to"), "bring both to the same major version", value=True)
    if consumer is producer:
        findings.error(
            "dangling-reference",
            f"'{consumer.name}' subscribes to itself",
            (*path, "to"),
            "name another microservice",
            value=True,
        )
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
                message = (
                    f"the subscription of '{consumer.name}' to '{said['to']}' needs tenant '{tenant}', which "
                    f"'{place}' does not have"
                )
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
