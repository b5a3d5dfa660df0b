"""Kubernetes Secrets as `kubectl get -o yaml` and people write them: one or many documents, Lists, base64 or text.

Where a key stands in `data` and `stringData`, the latter counts, as in the cluster (Kubernetes' documentation of
`Secret.stringData`).
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.plaintext import Entry, KubernetesSecret, Reading, unreadable
from generator.model.source import Document, Json, Path, Position

_TOKEN = "kubernetes.io/service-account-token"  # noqa: S105  (the type of a Secret)
_KINDS = {dict: "a map", list: "a list", bool: "a boolean", type(None): "empty", int: "a number", float: "a number"}


def read_manifests(documents: Iterable[Document]) -> Reading:
    """Return the Secrets among Kubernetes objects, and what of them is left. No finding repeats a value."""
    secrets: list[KubernetesSecret] = []
    findings: list[Diagnostic] = []
    left: list[Diagnostic] = []
    for document in documents:
        for path, item in _objects(document.data, ()):
            at = document.locate(path)
            if not isinstance(item, dict):
                findings.append(unreadable("an item of the List is no object", at))
            elif item.get("kind") != "Secret" or item.get("apiVersion", "v1") != "v1":
                left.append(left_behind(f"{_named(item)} is no Secret", at))
            elif item.get("type") == _TOKEN:
                left.append(left_behind(f"{_named(item)} is a token of a ServiceAccount, which the cluster makes", at))
            else:
                secrets.append(_secret(document, path, item, findings, left))
    if findings:
        return Reading(findings=tuple(findings))
    return Reading(secrets=tuple(secrets), left=tuple(left))


def left_behind(message: str, at: Position, hint: str = "") -> Diagnostic:
    """Return that something is not imported, and why; *message* must not hold a value."""
    return Diagnostic("left-behind", message, at, hint, Severity.WARNING)


def _objects(item: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    """Yield the objects of a document: itself, or the items of a List."""
    if isinstance(item, dict) and str(item.get("kind", "")).endswith("List") and isinstance(item.get("items"), list):
        for index, each in enumerate(item["items"]):
            yield from _objects(each, (*path, "items", index))
    else:
        yield path, item


def _named(item: Mapping[str, Json]) -> str:
    metadata = item.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    kind = item.get("kind")
    return f"{kind if isinstance(kind, str) else 'an object'} '{name if isinstance(name, str) else '?'}'"


def _secret(
    document: Document, path: Path, item: Mapping[str, Json], findings: list[Diagnostic], left: list[Diagnostic]
) -> KubernetesSecret:
    metadata = item.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    values = _Values(document, path, findings, left)
    values.add("data", item.get("data"))
    values.add("stringData", item.get("stringData"))
    return KubernetesSecret(
        name=_text(metadata.get("name")),
        namespace=_text(metadata.get("namespace")),
        type=_text(item.get("type")) or "Opaque",
        labels=_texts(metadata.get("labels")),
        annotations=_texts(metadata.get("annotations")),
        entries=tuple(values.entries.values()),
        at=document.locate((*path, "metadata", "name")),
    )


class _Values:
    """The values of one Secret, and what is wrong with them."""

    def __init__(self, document: Document, path: Path, findings: list[Diagnostic], left: list[Diagnostic]) -> None:
        self.entries: dict[str, Entry] = {}
        self._document, self._path, self._findings, self._left = document, path, findings, left

    def add(self, member: str, values: Json) -> None:
        """Add the map *values* that stands at `data` or `stringData`."""
        if values is None:
            return
        if not isinstance(values, dict):
            at = self._document.locate((*self._path, member))
            self._findings.append(unreadable(f"'{member}' is {_KINDS.get(type(values), 'text')}, expected a map", at))
            return
        for key, value in values.items():
            at = self._document.locate((*self._path, member, key))
            text = self._text(key, value, at, encoded=member == "data")
            if text is not None:
                self.entries[key] = Entry(key=key, value=text, at=at)

    def _text(self, key: str, value: Json, at: Position, *, encoded: bool) -> str | None:
        if value is None:
            return ""
        if not isinstance(value, str):
            message = f"the value of '{key}' is {_KINDS[type(value)]}, expected a string"
            self._findings.append(unreadable(message, at, "put it in double quotes"))
            return None
        if not encoded:
            return value
        try:
            return base64.b64decode("".join(value.split()), validate=True).decode("utf-8")
        except binascii.Error:
            message = f"the value of '{key}' is not base64, as 'data' demands"
            self._findings.append(unreadable(message, at, "move it to 'stringData' if it is plain text"))
        except UnicodeDecodeError:
            hint = "keep it in a vault, or declare its base64 text as the secret"
            self._left.append(left_behind(f"the value of '{key}' is binary, not UTF-8 text", at, hint))
        return None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Json) -> dict[str, str]:
    members = values.items() if isinstance(values, dict) else ()
    return {key: value for key, value in members if isinstance(value, str)}
