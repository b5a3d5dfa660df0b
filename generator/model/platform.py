"""The resolved platform: every default and override applied, once for each environment.

Frozen all through. `None` never means "default" here; where it stands, it means that there is none.
Values that have the shape of a Kubernetes type (`Json`) are printed as they are.
"""

from collections.abc import Mapping

from msgspec import Struct

from generator.model.gitops import Gitops
from generator.model.inputs import SourceFile
from generator.model.microservice import Microservice
from generator.model.patch import Patch
from generator.model.recipients import Recipients
from generator.model.source import Json, Path
from generator.model.vault import Store


class Customer(Struct, frozen=True, kw_only=True):
    """Who owns the applications. *id* is a GUID, as all ids here."""

    name: str
    id: str


class Registry(Struct, frozen=True, kw_only=True):
    """The customer's container registry; *pull_secret* says that pods pull with the Secret `acr`."""

    host: str
    pull_secret: bool


class Host(Struct, frozen=True, kw_only=True):
    """One host name of a tenant.

    Attributes:
        tls: The name of the certificate's Secret, empty for none.
        issued: The environment's issuer makes the certificate; else the Secret comes from elsewhere.
    """

    name: str
    tls: str
    issued: bool
    path: Path


class Tenant(Struct, frozen=True, kw_only=True):
    """A customer tenant; *short* is the first seven characters of its id, as object and database names use it."""

    id: str
    short: str
    hosts: tuple[Host, ...]
    path: Path

    @property
    def ingresses(self) -> tuple[tuple[str, bool, tuple[Host, ...]], ...]:
        """Its Ingresses: what the name ends in, whether certificates are issued, the hosts.

        An issuer makes all certificates of an Ingress, so those from elsewhere need one of their own.
        """
        issued = tuple(each for each in self.hosts if each.issued)
        external = tuple(each for each in self.hosts if not each.issued)
        groups = (("", True, issued), ("-external-tls" if issued else "", False, external))
        return tuple(each for each in groups if each[2])


class Backup(Struct, frozen=True, kw_only=True):
    """The dump of MongoDB to an Azure file share; *keep_days* is None where old dumps are kept for ever."""

    schedule: str
    share: str
    keep_days: int | None


class Storage(Struct, frozen=True, kw_only=True):
    """The MongoDB of an environment. *host* is its DNS name; *storage_class* is None for the cluster's default."""

    name: str
    host: str
    image: str
    size: str
    storage_class: str | None
    resources: Json
    pod_security_context: Json
    security_context: Json
    labels: Mapping[str, str]
    backup: Backup | None
    backup_labels: Mapping[str, str]
    layers: tuple[Path, ...]


class Peer(Struct, frozen=True, kw_only=True):
    """Pods elsewhere in the cluster, as a network policy names them: labels of their namespace and of the pods."""

    namespace: Mapping[str, str]
    pod: Mapping[str, str]


class Gateway(Struct, frozen=True, kw_only=True):
    """A listener of the Gateway API; *section_name* is empty for all listeners."""

    name: str
    namespace: str
    section_name: str


class Ingress(Struct, frozen=True, kw_only=True):
    """How the exposed heads of an environment are reached.

    *issuer* is empty where nothing makes certificates; *gateway* is None where Ingresses are used; *tenant_header* is
    `none`, `snippet` or `route`.
    """

    class_name: str
    issuer: str
    tenant_header: str
    gateway: Gateway | None
    controller: Peer
    annotations: Mapping[str, str]


class Environment(Struct, frozen=True, kw_only=True):
    """One stage of an application.

    Attributes:
        slug: The lower-cased name, which begins the name of every object in it.
        kubernetes: The minor version of its cluster, as "1.34".
        storage: Its MongoDB, None where no microservice has a Runtime.
        declared_network: Heads reach only the heads that they name.
        monitoring: The pods that may read the Runtimes' metrics, None for none.
        stores: The vaults that its microservices take values from and that are compiled, sorted by name.
        path: Where it is described.
    """

    name: str
    slug: str
    kubernetes: str
    labels: Mapping[str, str]
    recipients: Recipients
    tenants: tuple[Tenant, ...]
    storage: Storage | None
    declared_network: bool
    ingress: Ingress
    monitoring: Peer | None
    stores: tuple[Store, ...]
    microservices: tuple[Microservice, ...]
    patches: tuple[Patch, ...]
    manifests: tuple[SourceFile, ...]
    path: Path


class Access(Struct, frozen=True, kw_only=True):
    """Who may look at what runs, and with *edit* change it by hand."""

    groups: tuple[str, ...]
    users: tuple[str, ...]
    edit: bool


class Application(Struct, frozen=True, kw_only=True):
    """A namespace, with its environments.

    Attributes:
        slug: Its name as the output tree and `secrets/` spell it.
        security: The Pod Security level that the namespace enforces: `baseline` or `restricted`.
        pull_secret: Some pod pulls from the customer's registry with the Secret `acr`.
        external: Kind and name of objects in the namespace that come from elsewhere.
    """

    name: str
    slug: str
    id: str
    namespace: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    security: str
    access: Access
    pull_secret: bool
    external: frozenset[tuple[str, str]]
    environments: tuple[Environment, ...]
    patches: tuple[Patch, ...]
    manifests: tuple[SourceFile, ...]
    path: Path

    @property
    def kubernetes(self) -> str:
        """The oldest minor version among its environments': what they share must be valid there."""
        return min((each.kubernetes for each in self.environments), key=lambda text: int(text.partition(".")[2]))

    @property
    def needs_storage_account(self) -> bool:
        """Some environment dumps its MongoDB to an Azure file share."""
        return any(each.storage is not None and each.storage.backup is not None for each in self.environments)


class Platform(Struct, frozen=True, kw_only=True):
    """Everything that one document describes.

    Attributes:
        directory: The output directory, from the project's folder.
        layout: How the output is laid out: `plain` or `kustomize`.
        gitops: What the engine that applies the output is told, None where there is none.
        templates: The folder of its own templates, empty for none.
        crds: Files of CustomResourceDefinitions.
    """

    customer: Customer
    registry: Registry | None
    directory: str
    layout: str
    gitops: Gitops | None
    templates: str
    crds: tuple[SourceFile, ...]
    applications: tuple[Application, ...]
