"""What one file of a repository leaks, whatever it belongs to: no document is read, and no key is needed.

SOPS leaves values in the clear that its options exempt: see
https://getsops.io/docs/#encrypting-only-parts-of-a-file.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.model.diagnostics import CompileError, Diagnostic, Severity
from generator.model.lazy_pattern import lazy_pattern
from generator.model.leaks import MARKER, is_excused, leaks, lines_of
from generator.model.source import Document, Json, Path, Position

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is still looked through."""

_STRUCTURED = frozenset({".yaml", ".yml", ".json"})
_SEALABLE = frozenset({*_STRUCTURED, ".env", ".ini"})
_SECRET_KIND = lazy_pattern(r"""\bkind["']?\s{0,8}:\s{0,8}["']?(?:Secret|SecretList|List)\b""")
_SOPS = lazy_pattern(r"""^\s{0,8}["']?sops["']?\s{0,8}:|"sops"\s{0,8}:""", re.MULTILINE)
_SOPS_LINE = lazy_pattern(r"^(?:sops_mac\s*=|\[sops\])", re.MULTILINE)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FIELDS = ("data", "stringData")

_HINT = f"seal it, and change it if it was ever shared; or write '{MARKER}' in a comment beside it if it is none"


def guard(name: str, content: bytes) -> list[Diagnostic]:
    """Return what the file *name* leaks; no finding repeats a value.

    Known formats of secrets, in text and in binary files; a Kubernetes Secret that is not sealed; values in the clear
    in a SOPS file; a file below a folder `secrets` that is not sealed. A file too large to look through is a warning.
    """
    if len(content) > LARGEST:
        return [too_large(name, len(content))]
    text = _text(content)
    found = list(leaks(name, text, "this file", _HINT))
    more = _of_structure(name, text, content)
    if more:
        lines = lines_of(text)
        found += (each for each in more if not is_excused(lines, each.at.line - 1))
    return found


def _of_structure(name: str, text: str, content: bytes) -> list[Diagnostic]:
    """Return what a file leaks because of what it is: a Secret, a sealed file, a file of secrets."""
    path = PurePosixPath(name)
    suffix = ".env" if path.name.startswith(".env") else path.suffix
    sealed = (_SOPS if suffix in _STRUCTURED else _SOPS_LINE).search(text) is not None
    if suffix in _SEALABLE and "secrets" in path.parts[:-1] and not sealed and text.strip():
        hint = f"run `sops encrypt --in-place {name}`, and change the values if the file was ever shared"
        message = "the file stands in a folder of secrets and is not sealed: it has no 'sops' block"
        return [Diagnostic("not-sealed", message, Position(name), hint)]
    if suffix in _STRUCTURED and (sealed or _SECRET_KIND.search(text)):
        return list(_of_documents(name, content))
    return []


def too_large(name: str, size: int) -> Diagnostic:
    """Return the warning that nobody looked through a file of *size* bytes."""
    message = f"not looked through: the file has {size / 1024 / 1024:,.0f} MiB, more than {LARGEST // 1024 // 1024}"
    return Diagnostic("unscanned-file", message, Position(name), "keep it out of the repository", Severity.WARNING)


def _text(content: bytes) -> str:
    """Return *content* to search: every format is ASCII, so that bytes which are no text do no harm."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _of_documents(name: str, content: bytes) -> Iterator[Diagnostic]:
    """Yield what the objects of a file of YAML or JSON leak."""
    from generator.stages.parse.stream import parse_stream

    try:
        documents = parse_stream(name, content)
    except CompileError as error:
        first = error.diagnostics[0]
        message = f"not looked into: this is no YAML that can be read ({first.code}), and may hold a Secret"
        hint = "mend it, or look through it yourself"
        yield Diagnostic("unscanned-file", message, first.at, hint, Severity.WARNING)
        return
    for document in documents:
        yield from _of_object(document, document.data, ())


def _of_object(document: Document, body: Mapping[str, Json], at: Path) -> Iterator[Diagnostic]:
    sops = body.get("sops")
    if isinstance(sops, dict):
        found = list(_in_the_clear(document, body, sops, at))
        yield from found or _open_secret(document, body, at)
        return
    yield from _open_secret(document, body, at)
    items = body.get("items")
    if str(body.get("kind", "")).endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            if isinstance(item, dict):
                # The items of a SecretList need not say what they are.
                kind = {"apiVersion": "v1", "kind": "Secret"} if body["kind"] == "SecretList" else {}
                yield from _of_object(document, {**kind, **item}, (*at, "items", index))


def _open_secret(document: Document, body: Mapping[str, Json], at: Path) -> Iterator[Diagnostic]:
    """Yield `plain-secret` for a Secret of which any value is in the clear, also where SOPS was told to leave it so."""
    if body.get("apiVersion") != "v1" or body.get("kind") != "Secret":
        return
    for field in _FIELDS:
        if any(value not in (None, "") and not _is_sealed(value) for _, value in _values(body.get(field), (field,))):
            metadata = body.get("metadata")
            name = metadata.get("name", "") if isinstance(metadata, dict) else ""
            message = f"the values of Secret '{name}' are in the open: base64 hides nothing"
            hint = "seal the file with sops, and change the values if it was ever shared"
            yield Diagnostic("plain-secret", message, document.locate((*at, field)), hint)
            return


def _is_sealed(value: Json) -> bool:
    return isinstance(value, str) and value.startswith("ENC[AES256_GCM,")


def _in_the_clear(
    document: Document, body: Mapping[str, Json], sops: Mapping[str, Json], at: Path
) -> Iterator[Diagnostic]:
    try:
        is_meant = _selection(sops)
    except re.error:
        message = "not looked into: its 'sops' block says in an unknown way what is encrypted"
        yield Diagnostic("unscanned-file", message, document.locate((*at, "sops")), "", Severity.WARNING)
        return
    for path, value in _values(body, ()):
        if path[0] == "sops" or value in (None, "") or not is_meant([each for each in path if isinstance(each, str)]):
            continue
        if not _is_sealed(value):
            message = f"'{path[-1]}' of a sealed file holds plaintext"
            hint = "remove it, add it by `sops edit`, and change the value if it was ever shared"
            yield Diagnostic("plaintext-value", message, document.locate((*at, *path)), hint)


def _selection(sops: Mapping[str, Any]) -> Callable[[list[str]], bool]:
    """Return what says whether SOPS encrypts the value at a path, by the options in its block; the last one decides.

    Raises:
        re.error: When an expression cannot be read, or comments decide.
    """
    if sops.get("encrypted_comment_regex") or sops.get("unencrypted_comment_regex"):
        raise re.error("comments decide")
    suffix = sops.get("unencrypted_suffix") or ""
    only_suffix = sops.get("encrypted_suffix") or ""
    pattern = re.compile(str(sops.get("unencrypted_regex") or r"\Z\A."))
    only_pattern = sops.get("encrypted_regex") or ""
    only = re.compile(str(only_pattern))

    def is_meant(path: list[str]) -> bool:
        if only_pattern:
            return any(only.search(each) for each in path)
        if any(pattern.search(each) for each in path):
            return False
        if only_suffix:
            return any(each.endswith(only_suffix) for each in path)
        return not (suffix and any(each.endswith(suffix) for each in path))

    return is_meant


def _values(node: Json, at: Path) -> Iterator[tuple[Path, Json]]:
    """Yield every scalar below *node*, with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _values(value, (*at, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _values(value, (*at, index))
    else:
        yield at, node
