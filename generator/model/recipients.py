"""Who can unseal: the public keys and key services that SOPS seals to."""

from collections.abc import Iterable

from msgspec import Struct


class Recipients(Struct, frozen=True, kw_only=True):
    """Everyone who can unseal, by kind, in the order in which they were named.

    Attributes:
        age: age recipients (`age1…`) and the SSH public keys that age takes.
        pgp: OpenPGP fingerprints, 40 hexadecimal digits.
        kms: AWS KMS ARNs; `+` and a second ARN name the role to assume.
        gcp_kms: Google Cloud KMS resource ids, `projects/…/locations/…/keyRings/…/cryptoKeys/…`.
        azure_kv: Azure Key Vault keys, `https://<vault>/keys/<name>[/<version>]`.
        hc_vault: HashiCorp Vault transit keys, `https://<address>/v1/<engine>/keys/<name>`.
    """

    age: tuple[str, ...] = ()
    pgp: tuple[str, ...] = ()
    kms: tuple[str, ...] = ()
    gcp_kms: tuple[str, ...] = ()
    azure_kv: tuple[str, ...] = ()
    hc_vault: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anyone at all."""
        return any(getattr(self, kind) for kind in KINDS)


KINDS: tuple[str, ...] = Recipients.__struct_fields__
"""The kinds of recipients, as the document and the sealed files name them."""


def union(groups: Iterable[Recipients]) -> Recipients:
    """Return everyone in *groups*, each once, in the order of their first mention."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for group in groups:
        for kind in KINDS:
            found[kind].update(dict.fromkeys(getattr(group, kind)))
    return Recipients(**{kind: tuple(names) for kind, names in found.items()})
