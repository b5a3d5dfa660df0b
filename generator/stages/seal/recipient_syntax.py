"""What a recipient looks like: held against the forms that SOPS reads, so that sealing does not fail later.

Sources: age's recipients (https://c2sp.org/age), bech32 (BIP 173), and the expressions by which SOPS reads
each kind (getsops/sops `age`, `pgp`, `kms`, `gcpkms`, `azkv`, `hcvault`).
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from functools import partial

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.platform import Environment, Platform
from generator.model.recipients import KINDS, Recipients
from generator.model.source import Document, Path, Position

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_AGE_BYTES = 32
_SMALLEST_RSA = 2048 // 8
_PRIVATE = lazy_pattern(r"AGE-SECRET-KEY-|AGE-PLUGIN-|-----BEGIN", re.IGNORECASE)
_PART = r"[^/\s,]+"
_FORMS = {
    "pgp": (r"[0-9A-Fa-f]{40}", "an OpenPGP fingerprint of 40 hexadecimal digits"),
    "kms": (
        r"arn:aws[\w-]*:kms:[\w-]+:[0-9]{12}:(?:key|alias)/[\w/-]+(?:\+arn:aws[\w-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+)?",
        "an AWS KMS ARN, 'arn:aws:kms:<region>:<account>:key/<id>', or that with '+<role ARN>'",
    ),
    "gcp_kms": (
        rf"projects/{_PART}/locations/{_PART}/keyRings/{_PART}/cryptoKeys/{_PART}",
        "a Google Cloud KMS key, 'projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k>'",
    ),
    "azure_kv": (
        rf"https://{_PART}/keys/{_PART}(?:/(?:[0-9a-f]{{32}})?)?",  # a slash alone is the newest version, too
        "an Azure Key Vault key, 'https://<vault>/keys/<name>/<version>'",
    ),
    "hc_vault": (
        rf"https?://{_PART}/v1/(?:{_PART}/)+keys/{_PART}",
        "a Vault transit key, 'https://<address>/v1/<engine>/keys/<name>'",
    ),
}


def platform_recipient_findings(platform: Platform, document: Document) -> Iterator[Diagnostic]:
    """Yield what is wrong with the recipients of each environment of *platform*."""
    for application in platform.applications:
        for environment in application.environments:
            yield from environment_recipient_findings(environment, document)


def environment_recipient_findings(environment: Environment, document: Document) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the recipients of *environment*."""
    locate = partial(_located, document, (*environment.path, "recipients"))
    return recipient_findings(environment.recipients, locate)


def _located(document: Document, path: Path, kind: str, index: int) -> Position:
    return document.locate((*path, kind, index), value=True)


def recipient_findings(recipients: Recipients, locate: Callable[[str, int], Position]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with each of *recipients*; *locate* says where the n-th of a kind stands, from 0.

    No finding repeats a recipient: a private key may stand in its place.
    """
    return tuple(
        Diagnostic("bad-recipient", message, locate(kind, index), hint)
        for kind in KINDS
        for index, name in enumerate(getattr(recipients, kind))
        for message, hint in _objections(kind, name)
    )


def _objections(kind: str, name: str) -> Iterator[tuple[str, str]]:
    if _PRIVATE.search(name):
        message = f"a private key stands among the {kind} recipients, expected a public one"
        yield message, "take it out, make a new key pair, and seal again what the old one could read"
    elif kind != "age":
        pattern, expected = _FORMS[kind]
        # SOPS itself drops the spaces in which gpg prints a fingerprint.
        if not re.fullmatch(pattern, name.replace(" ", "") if kind == "pgp" else name, re.ASCII):
            yield f"the {kind} recipient is not {expected}", "write it as its key service prints it"
    elif name.startswith("ssh-"):
        if not _is_ssh_key(name):
            message = "the SSH recipient is not an ed25519 key, nor an RSA key of 2048 bits or more"
            yield message, "copy the line of the '.pub' file, without a comma in its comment"
    elif not name.startswith("age1"):
        message = "the age recipient does not begin with 'age1', 'ssh-ed25519' or 'ssh-rsa'"
        yield message, "print it by 'age-keygen -y <key file>'"
    elif not _is_age_key(name):
        message = "the age recipient is mistyped: its checksum or its length is wrong"
        yield message, "copy it again, whole; 'age-keygen -y <key file>' prints it"


def _is_age_key(name: str) -> bool:
    """Say whether *name* is a bech32 string, and of 32 bytes if it is a native X25519 recipient."""
    prefix, _, text = name.rpartition("1")
    values = [_CHARSET.find(each) for each in text]
    if -1 in values or len(values) < 6 or _polymod([*_expanded(prefix), *values]) != 1:  # noqa: PLR2004  (the checksum)
        return False
    return prefix != "age" or (len(values) - 6) * 5 // 8 == _AGE_BYTES


def _expanded(prefix: str) -> list[int]:
    return [*(ord(each) >> 5 for each in prefix), 0, *(ord(each) & 31 for each in prefix)]


def _polymod(values: list[int]) -> int:
    """Return the checksum of BIP 173: 1 for a sound string."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(_GENERATOR):
            check ^= factor if top >> bit & 1 else 0
    return check


def _is_ssh_key(line: str) -> bool:
    kind, _, rest = line.partition(" ")
    if "," in line or "\n" in line:  # SOPS splits a recipient there
        return False
    try:
        blob = b64decode(rest.partition(" ")[0], validate=True)
    except Base64Error:
        return False
    fields = list(_ssh_fields(blob))
    if not fields or fields[0] != kind.encode():
        return False
    if kind == "ssh-ed25519":
        return [len(each) for each in fields[1:]] == [32]
    return kind == "ssh-rsa" and len(fields) == 3 and len(fields[2].lstrip(b"\0")) >= _SMALLEST_RSA  # noqa: PLR2004


def _ssh_fields(blob: bytes) -> Iterator[bytes]:
    """Yield the fields of an SSH key (RFC 4253, section 6.6): each after its length, in four bytes."""
    while blob:
        end = 4 + int.from_bytes(blob[:4])
        if end > len(blob):
            return
        yield blob[4:end]
        blob = blob[end:]
