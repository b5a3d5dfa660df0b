"""One sealed file, as SOPS writes it: a map of encrypted strings, and the block that says who can read them.

SOPS authenticates each value together with its key path, and the order of all values by one code (`mac`).
So the two blocks may move into another document, under new metadata, as long as no byte of them changes; that
is what this module finds, checks and hands on, without a key and without `sops`.

A sealed file is UTF-8 and holds `stringData` and, after it, `sops`; nothing else. An apiVersion, kind or
metadata of its own is refused: nothing would read it, and a line without an effect misleads. What stands in
column 0 outside the blocks (comments, blank lines, a first `---`) stays behind. Lines may end in CR LF, as
git leaves them on Windows: SOPS unseals those too (tried with 3.13.2), and they are read as LF, so that every
machine compiles the same bytes.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from generator.model.diagnostics import Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.recipients import Recipients
from generator.model.source import Json, Position

ENCRYPTED_REGEX = "^(data|stringData)$"
"""The only `encrypted_regex` under which the metadata around the sealed values may change."""

OLDEST_SOPS = (3, 9)
"""The first SOPS whose code can leave out what is not encrypted (`mac_only_encrypted`)."""

LARGEST_SECRET = 1024 * 1024
"""Bytes of plaintext that one Secret may hold (`MaxSecretSize` in Kubernetes' core/v1 types)."""

_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
_KEY = r"[-._a-zA-Z0-9]+"


def _sealed_as(kind: str) -> str:
    return rf"ENC\[AES256_GCM,data:{_BASE64},iv:{_BASE64},tag:{_BASE64},type:{kind}\]"


SEALED_STRING = lazy_pattern(_sealed_as("str"))
"""A sealed string. Kubernetes wants strings in `stringData`; SOPS would unseal `type:int` as a number."""

SEALED_COMMENT = lazy_pattern(rf"#(?:{_sealed_as('comment')})?")
"""A comment as SOPS seals it; an empty one stays empty."""

SECRET_KEY = lazy_pattern(_KEY)
"""The characters of a key in a Secret (Kubernetes `IsConfigMapKey`)."""

CONTROL = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
"""What SOPS never writes. The YAML reader takes a NUL for the end, and readers differ about what ends a line."""

_ASCII = bytes(range(0x20, 0x7F)) + b"\t\r\n"

# A key of more than 128 characters gets a line of its own, after a question mark.
_KEYS = rf"(?:{_KEY}|'{_KEY}'|\"{_KEY}\"|\? {_KEY}\n +)"
_BLOCK = lazy_pattern(
    rf"stringData:\n(?: +{_KEYS}: {SEALED_STRING.pattern}(?: {SEALED_COMMENT.pattern})?\n"
    rf"| +{SEALED_COMMENT.pattern}\n)+"
)
# Readers differ about stranger lines than these: keys with their values, and the lines of an armoured data key.
_SOPS_BLOCK = lazy_pattern(
    r"sops:\n(?: ++(?:[A-Za-z0-9+/=]++|-----[A-Z ]++-----"
    r"|(?:- )?(?:[\w./@-]++|'[^'\n]*+'|\"[^\"\n]*+\"):(?: .*+)?)\n|\n)+",
    re.ASCII,
)
_TOP_LEVEL = lazy_pattern(r"\n(?=[^\s#])")
_VERSION = lazy_pattern(r"(\d+)\.(\d+)\.")


class SealedSource(Struct, frozen=True):
    """A sealed file. Where *findings* holds anything, it cannot be carried, and the texts are empty.

    Attributes:
        name: The file, from the project's folder.
        text: All of it, with line feeds.
        body: Its data: `stringData` and `sops`.
        string_data_text: The lines of `stringData`, byte for byte.
        sops_text: The lines of `sops`, byte for byte.
        findings: What is wrong with it.
    """

    name: str
    text: str
    body: Mapping[str, Json]
    string_data_text: str = ""
    sops_text: str = ""
    findings: tuple[Diagnostic, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of `stringData`, in the order of the file; none where the file is not sound."""
        return () if self.findings else tuple(self.body["stringData"])

    @property
    def lastmodified(self) -> str:
        """When the values were last sealed, as SOPS wrote it (RFC 3339)."""
        return str(_block(self.body).get("lastmodified", ""))

    @property
    def recipients(self) -> Recipients:
        """Who can unseal it, of all key groups."""
        return recipients_of(_block(self.body))

    def locate(self, key: str) -> Position:
        """Return where *key* stands in `stringData`, or the beginning of the file."""
        return locate(self.name, self.text, key, top=False)


def read_sealed(name: str, content: bytes) -> SealedSource:
    """Read the sealed file *name*, from the project's folder, and say everything that is wrong with it.

    No finding repeats a value, sealed or not.
    """
    import yaml_rs

    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        body: Json = yaml_rs.loads(text, parse_datetime=False)
    except (ValueError, TypeError) as error:  # not UTF-8, not YAML, a list or map for a key
        from generator.model.sealed_faults import unreadable

        return SealedSource(name, "", {}, findings=unreadable(name, content, error))
    string_data, sops = _slices(text)
    if _is_plain(content, text) and _is_sound(string_data, sops, body):
        return SealedSource(name, text, body, string_data, sops)
    from generator.model.sealed_faults import faults

    found = faults(name, text, body)
    return SealedSource(name, text, body if isinstance(body, dict) else {}, findings=found)


def _is_plain(content: bytes, text: str) -> bool:
    """Say whether *text* has no control characters; to ask that of its *content* is quick, and mostly enough."""
    return not (content.translate(None, _ASCII) or "\r" in text) or CONTROL.search(text) is None


def _is_sound(string_data: str, sops: str, body: Json) -> bool:
    if not string_data or not _BLOCK.fullmatch(string_data) or not _SOPS_BLOCK.fullmatch(sops):
        return False
    if len(string_data) > LARGEST_SECRET:  # perhaps too much: the other path counts
        return False
    keys = list(body["stringData"])
    return all(map(is_secret_key, keys)) and keys == sorted(keys) and has_good_options(body["sops"])


def has_good_options(sops: Json) -> bool:
    """Say whether a `sops` block lets the metadata around the sealed values change, and is whole."""
    return (
        isinstance(sops, dict)
        and sops.get("encrypted_regex") == ENCRYPTED_REGEX
        and sops.get("mac_only_encrypted") is True
        and isinstance(sops.get("lastmodified"), str)
        and is_sealed_string(sops.get("mac"))
        and is_new_enough(sops.get("version"))
        and has_recipients(sops)
    )


def is_sealed_string(value: Json) -> bool:
    """Say whether *value* is a string that SOPS sealed."""
    return isinstance(value, str) and SEALED_STRING.fullmatch(value) is not None


def is_secret_key(key: Json) -> bool:
    """Say whether Kubernetes takes *key* in a Secret (`IsConfigMapKey`: 253 characters, no `..` first)."""
    if not isinstance(key, str) or key == "." or key.startswith("..") or len(key) > 253:  # noqa: PLR2004
        return False
    return SECRET_KEY.fullmatch(key) is not None


def is_new_enough(version: Json) -> bool:
    """Say whether a SOPS of this *version* knows `mac_only_encrypted`."""
    found = _VERSION.match(version) if isinstance(version, str) else None
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_SOPS


def has_recipients(sops: Mapping[str, Json]) -> bool:
    """Say whether a `sops` block names anybody, of the kinds known here or of others."""
    return any(isinstance(each, list) and each for each in sops.values())


def locate(name: str, text: str, key: str, *, top: bool) -> Position:
    """Return where *key* stands, at the top level or inside of `stringData`, or the beginning of the file."""
    indent = "" if top else " +"
    begin = 0 if top else max(text.find("stringData:"), 0)
    pattern = re.compile(rf"^{indent}(?:\? +)?(?P<key>[\"']?{re.escape(key)}[\"']?)(?= *(?::|$))", re.MULTILINE)
    found = pattern.search(text, begin)
    if found is None:
        return Position(name)
    start = found.start("key")
    line = text.count("\n", 0, start) + 1
    return Position(name, line, start - text.rfind("\n", 0, start), len(found["key"]))


def _slices(text: str) -> tuple[str, str]:
    """Return the lines of the two blocks, or two empty texts where the file has another layout."""
    text = text.removeprefix("---\n")
    tops = [each.start() for each in _TOP_LEVEL.finditer(f"\n{text}")]
    if len(tops) != 2 or not text.startswith("sops:\n", tops[1]):  # noqa: PLR2004  (`stringData` and `sops`)
        return "", ""
    return _lines(text[tops[0] : tops[1]]), _lines(text[tops[1] :])


def _lines(region: str) -> str:
    """Return *region* without the blank lines and the comments in column 0 that follow its block."""
    while True:
        region = region.rstrip()
        head, _, last = region.rpartition("\n")
        if not last.startswith("#"):
            return f"{region}\n"
        region = head


def _block(body: Mapping[str, Json]) -> Mapping[str, Json]:
    block = body.get("sops")
    return block if isinstance(block, dict) else {}


def recipients_of(sops: Mapping[str, Json]) -> Recipients:
    """Return everyone that a `sops` block was sealed to, of all its key groups."""
    groups = [sops, *_maps(sops.get("key_groups"))]

    def each(kind: str, form: str) -> tuple[str, ...]:
        keys = (key for group in groups for key in _maps(group.get(kind)))
        return tuple(form.format_map(defaultdict(str, key)) for key in keys)

    return Recipients(
        age=each("age", "{recipient}"),
        pgp=each("pgp", "{fp}"),
        kms=tuple(name.removesuffix("+") for name in each("kms", "{arn}+{role}")),
        gcp_kms=each("gcp_kms", "{resource_id}"),
        azure_kv=each("azure_kv", "{vault_url}/keys/{name}/{version}"),
        hc_vault=each("hc_vault", "{vault_address}/v1/{engine_path}/keys/{key_name}"),
    )


def _maps(value: Json) -> list[dict[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
