"""Vaults: the stores that values come from, and the values, as External Secrets Operator will fetch them.

Names and shapes are those of its SecretStore and ExternalSecret: https://external-secrets.io/latest/api/spec/.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from generator.model.source import Json, Path
from generator.model.upkeep import Upkeep


class StoreReference(Struct, frozen=True, kw_only=True):
    """How an ExternalSecret names a store: *kind* is `SecretStore` or `ClusterSecretStore`."""

    kind: str
    name: str


class VaultValue(Struct, frozen=True, kw_only=True):
    """One value that the operator fetches.

    Attributes:
        name: Of the variable or file; the key in the Secret that the operator makes.
        store: What the document calls the store.
        source: The store as an ExternalSecret names it.
        remote: The `remoteRef`: what the store knows the value by.
    """

    name: str
    store: str
    source: StoreReference
    remote: Json


class Upholding(Struct, frozen=True, kw_only=True):
    """How the operator keeps the Secrets that it makes: fields of an ExternalSecret and of its target."""

    refresh_interval: str
    refresh_policy: str
    deletion_policy: str


class Store(Struct, frozen=True, kw_only=True):
    """A store that an environment uses and that is compiled.

    Attributes:
        name: What the document calls it.
        object_name: `<environment>-<store>`, the name of its SecretStore.
        beside: `<environment>-<store>-store`, the name of its Secret and of its ServiceAccount.
        spec: Of the SecretStore, complete.
        credentials: The keys of its sealed Secret, and where the document asks for each, sorted; empty for a store
            that is reached without any.
        account: The annotations of its own ServiceAccount, None where it needs none.
        upkeep: Who changes each of the credentials, and how often, where the document says so.
        layers: Where it is described, the strongest layer first.
    """

    name: str
    object_name: str
    beside: str
    spec: Json
    credentials: tuple[tuple[str, Path], ...]
    account: Mapping[str, str] | None
    upkeep: Mapping[str, Upkeep] = field(default_factory=dict)
    layers: tuple[Path, ...]
