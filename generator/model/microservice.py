"""A resolved microservice, as it is in one environment."""

from collections.abc import Mapping

from msgspec import Struct, field

from generator.model.inputs import SourceFile
from generator.model.patch import Patch
from generator.model.runtime import Consent, Producer, Runtime, Subscription
from generator.model.source import Json, Path
from generator.model.upkeep import Upkeep
from generator.model.vault import Upholding, VaultValue


class Port(Struct, frozen=True, kw_only=True):
    """A named TCP port, 1 to 65535."""

    name: str
    number: int


class Autoscaling(Struct, frozen=True, kw_only=True):
    """A HorizontalPodAutoscaler; *metrics* are Kubernetes MetricSpecs, *behavior* is None for Kubernetes' own."""

    min_replicas: int
    max_replicas: int
    metrics: Json
    behavior: Json


class ServiceAccount(Struct, frozen=True, kw_only=True):
    """The identity of the pods: *created* with the microservice, or an existing one by *name*."""

    name: str
    created: bool
    token: bool
    annotations: Mapping[str, str]


class Head(Struct, frozen=True, kw_only=True):
    """The container that runs the user's image.

    Attributes:
        ports: The ports it listens on, the one named `http` first; empty for a head that listens on nothing.
        replicas: None where autoscaling decides.
        startup, liveness, readiness: Kubernetes Probes, None for none.
        pod_security_context, security_context: Kubernetes contexts, complete.
        labels, annotations: What the document adds to the pods.
    """

    image: str
    ports: tuple[Port, ...]
    command: tuple[str, ...]
    args: tuple[str, ...]
    replicas: int | None
    resources: Json
    startup: Json
    liveness: Json
    readiness: Json
    autoscaling: Autoscaling | None
    strategy: Json
    pod_security_context: Json
    security_context: Json
    node_selector: Mapping[str, str]
    tolerations: tuple[Json, ...]
    topology_spread: tuple[Json, ...]
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    service_account: ServiceAccount | None


class Exposure(Struct, frozen=True, kw_only=True):
    """What leads from a host to the head: *paths*, and the name of its *port*."""

    paths: tuple[str, ...]
    path_type: str
    port: str
    annotations: Mapping[str, str]


class Variables(Struct, frozen=True, kw_only=True):
    """The environment variables of a head, each kind sorted by name.

    Attributes:
        plain: Name and text of those that stand in the ConfigMap.
        secret: Names of those whose value is sealed.
        fields: Name and Kubernetes ObjectFieldSelector of those that tell about the pod.
        references: Which microservices of the environment they name, and which of their ports.
        declared_plain: Names of those that the document says are no secrets, whatever they look like.
        upkeep: Who changes each of the secret ones, and how often, where the document says so.
        vault: Those that come from vaults.
    """

    plain: tuple[tuple[str, str], ...]
    secret: tuple[str, ...]
    fields: tuple[tuple[str, Json], ...]
    references: tuple[tuple[str, str], ...]
    declared_plain: frozenset[str]
    upkeep: Mapping[str, Upkeep] = field(default_factory=dict)
    vault: tuple[VaultValue, ...] = ()


class Microservice(Struct, frozen=True, kw_only=True):
    """The unit of deployment, in one environment.

    Attributes:
        slug: The lower-cased name.
        object_name: `<environment>-<microservice>`, the name of its Deployment and the prefix of its other objects.
        short: The first seven characters of its id, as database names use it.
        labels: The platform's four labels, which are also every selector.
        annotations: The platform's annotations of every object of a microservice.
        pod_labels: *labels*, and those that only pods carry.
        files: Its plain files, sorted by name.
        secret_files: The names of its sealed files, sorted.
        file_upkeep: Who changes each of those, and how often, where the document says so.
        vault_files: The files that come from vaults, sorted by name.
        upholding: How those, and the variables that do, are kept.
        callers: In a declared network, the names of the microservices whose heads may reach this one, and the port.
        subscriptions: What it reads from other microservices through the Event Horizon.
        producers: Where those are.
        consents: Who may read from it.
        subscribers: The labels of the namespace (empty for its own) and of the pods that do.
        layers: Where it is described, the strongest first: the override, the microservice, the defaults.
    """

    name: str
    slug: str
    object_name: str
    id: str
    short: str
    environment: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    pod_labels: Mapping[str, str]
    head: Head
    runtime: Runtime | None
    expose: Exposure | None
    variables: Variables
    files: tuple[SourceFile, ...]
    secret_files: tuple[str, ...]
    file_upkeep: Mapping[str, Upkeep]
    vault_files: tuple[VaultValue, ...]
    upholding: Upholding
    pull_secret: bool
    callers: tuple[tuple[str, str], ...]
    subscriptions: tuple[Subscription, ...]
    producers: tuple[Producer, ...]
    consents: tuple[Consent, ...]
    subscribers: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]
    patches: tuple[Patch, ...]
    manifests: tuple[SourceFile, ...]
    layers: tuple[Path, ...]
