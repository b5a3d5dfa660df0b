"""The Dolittle Runtime beside a head, and what it shares with others through the Event Horizon."""

from typing import NamedTuple

from msgspec import Struct

from generator.model.source import Json


class Version(NamedTuple):
    """A version of the Runtime. Compares as versions do."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


class Endpoint(Struct, frozen=True, kw_only=True):
    """A port that the Runtime listens on: *key* in its configuration, *name* in the pod, 1 to 65535."""

    key: str
    name: str
    port: int


class Runtime(Struct, frozen=True, kw_only=True):
    """The Runtime's container.

    Attributes:
        version: What decides the format of its configuration.
        endpoints: The ports that this version has, public first.
        startup, liveness, readiness: Kubernetes Probes.
        settings: What the document says of eventStore, eventHorizon, reverseCalls, processing and opentelemetry, in the
            words of `runtime.yml`; empty sections are left out.
    """

    version: Version
    image: str
    resources: Json
    endpoints: tuple[Endpoint, ...]
    startup: Json
    liveness: Json
    readiness: Json
    security_context: Json
    settings: Json

    @property
    def public_port(self) -> int:
        """Where other Runtimes reach this one."""
        return self.endpoints[0].port

    @property
    def reads_unified_configuration(self) -> bool:
        """It reads one `runtime.yml`, as versions from 8.4 do, instead of a JSON file for each subject."""
        return self.version >= (8, 4)


class Subscription(Struct, frozen=True, kw_only=True):
    """One tenant's subscription to a public stream, as the consumer sees it. All but *partition* are GUIDs.

    *consent* is that of the producer.
    """

    tenant: str
    producer: str
    producer_tenant: str
    stream: str
    partition: str
    scope: str
    consent: str


class Producer(Struct, frozen=True, kw_only=True):
    """Where a producer's Runtime is: its microservice's GUID, DNS name and public port."""

    id: str
    host: str
    port: int


class Consent(Struct, frozen=True, kw_only=True):
    """Permission for one tenant of a consumer to read a public stream of one of the producer's tenants."""

    tenant: str
    consumer: str
    consumer_tenant: str
    stream: str
    partition: str
    id: str
