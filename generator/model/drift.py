"""How far a sealed file's recipients have drifted from those that the document names.

Spellings that mean the same key are the same: the spaces and the case of an OpenPGP fingerprint, the comment of an SSH
key, the slash behind a vault's address. A key of an Azure Key Vault that the document names without a version is any
version of it, since SOPS writes down the one that was current. Order and repetitions say nothing.

SOPS can also split a data key between several groups, all of which are then needed; the document has no such thing.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from generator.model.recipients import KINDS, Recipients, union
from generator.model.sealed import SealedSource, recipients_of
from generator.model.source import Json
from generator.model.unit import Unit

Identity: TypeAlias = tuple[str, str]
"""A recipient by which it is told from others: its kind, and its one spelling."""


class Drift(Struct, frozen=True, kw_only=True):
    """What differs. Public keys and the names of keys, as short as people compare them.

    Attributes:
        missing: Recipients that the document names and the file lacks.
        surplus: Recipients that the file has and the document does not name.
        split: The data key is split between groups of recipients.
    """

    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    split: bool = False

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.missing or self.surplus or self.split)

    def __str__(self) -> str:
        """Return what differs in words, as `without age1x05…qadpn, with age1yfl…nmy3`."""
        parts = [f"without {_enumerated(self.missing)}"] if self.missing else []
        parts += [f"with {_enumerated(self.surplus)}"] if self.surplus else []
        parts += ["with its key split between groups"] if self.split else []
        return ", ".join(parts)


NO_DRIFT = Drift()


def wanted_recipients(unit: Unit) -> Recipients:
    """Return who is to unseal the secrets of *unit*: its environment's recipients, for an application everyone's."""
    if unit.environment is not None:
        return unit.environment.recipients
    return union(each.recipients for each in unit.application.environments)


def drift_of(source: SealedSource, wanted: Recipients) -> Drift:
    """Return how the recipients of *source* differ from those that are *wanted*."""
    sops = source.body.get("sops")
    if not isinstance(sops, dict):
        return NO_DRIFT
    split = len(_groups(sops)) > 1
    present = _of_age_alone(sops)
    if present is None:
        present = _identities(recipients_of(sops)) | _others(sops)
    expected = _identities(wanted)
    if present == expected:
        return Drift(split=True) if split else NO_DRIFT
    missing = {each for each in expected - present if not any(_is_version(other, each) for other in present)}
    surplus = {each for each in present - expected if not any(_is_version(each, other) for other in expected)}
    return Drift(missing=_shown(missing), surplus=_shown(surplus), split=split)


def _of_age_alone(sops: Mapping[str, Json]) -> frozenset[Identity] | None:
    """Return the native age recipients of a file that has nothing else, which is quick; None for any other."""
    entries = sops.get("age", [])
    if not isinstance(entries, list):
        return None
    for kind, value in sops.items():
        if value.__class__ is list and value and kind != "age":
            return None
    found: list[Json] = [each.get("recipient") for each in entries if each.__class__ is dict]
    if not all(each.__class__ is str and each.startswith("age1") for each in found):
        return None
    return frozenset([("age", each) for each in found])


@lru_cache(maxsize=256)
def _identities(recipients: Recipients) -> frozenset[Identity]:
    return frozenset((kind, _spelled(kind, each)) for kind in KINDS for each in getattr(recipients, kind))


def _spelled(kind: str, name: str) -> str:
    """Return *name* in the one spelling that it is compared in."""
    if kind == "pgp":
        return name.replace(" ", "").upper()
    if kind == "age":
        return " ".join(name.split()[:2])
    if kind in {"azure_kv", "hc_vault"}:
        scheme, _, rest = name.rstrip("/").partition("://")
        host, _, path = rest.partition("/")
        return f"{scheme}://{host.lower()}/{path.lstrip('/')}"
    return name


def _others(sops: Mapping[str, Json]) -> frozenset[Identity]:
    """Return one for each kind of recipient that no document can name."""
    groups = (each for each in (sops, *_groups(sops)) if isinstance(each, dict))
    kinds = {kind for group in groups for kind, value in group.items() if isinstance(value, list) and value}
    return frozenset((kind, f"'{kind}'") for kind in kinds - {*KINDS, "key_groups"})


def _groups(sops: Mapping[str, Json]) -> list[Json]:
    found = sops.get("key_groups")
    return found if isinstance(found, list) else []


def _is_version(identity: Identity, whole: Identity) -> bool:
    """Say whether *identity* is one version of the key *whole*, which names none."""
    return identity[0] == whole[0] == "azure_kv" and identity[1].rpartition("/")[0] == whole[1]


def _shown(identities: set[Identity]) -> tuple[str, ...]:
    return tuple(_shortened(*each) for each in sorted(identities))


def _shortened(kind: str, name: str) -> str:
    """Return a public key by its ends, by which people tell keys apart, and the name of any other as it is."""
    if kind != "age":
        return name
    algorithm, _, key = name.rpartition(" ")
    return f"{algorithm} …{key[-8:]}" if algorithm else f"{key[:8]}…{key[-6:]}"


def _enumerated(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]


def recipient_names(recipients: Recipients) -> tuple[str, ...]:
    """Return *recipients* as short as people compare them."""
    return _shown(set(_identities(recipients)))
