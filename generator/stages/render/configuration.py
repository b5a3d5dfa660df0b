"""The plain configuration of a pod: its files as a ConfigMap takes them, and a digest that rolls it out."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from generator.model.inputs import SourceFile
from generator.model.lazy_pattern import lazy_pattern
from generator.model.microservice import Microservice

# It prints them raw between its own steps, and then fails to read them or takes U+0085 for a line break.
_LOST_BY_KUSTOMIZE = lazy_pattern("[\x7f-\x9f\ufffe\uffff]")


def sorted_out(files: tuple[SourceFile, ...]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the files that are UTF-8 text, and the others in base64: a ConfigMap's `data` and `binaryData`.

    Text with characters that kustomize cannot hand on counts among the others, so that it arrives whatever applies it.
    """
    text: list[tuple[str, str]] = []
    binary: list[tuple[str, str]] = []
    for file in files:
        try:
            content = file.content.decode("utf-8")
        except UnicodeDecodeError:
            content = "\x7f"
        if _LOST_BY_KUSTOMIZE.search(content):
            binary.append((file.name, b64encode(file.content).decode("ascii")))
        else:
            text.append((file.name, content))
    return text, binary


def configuration_digest(context: Mapping[str, Any], microservice: Microservice) -> str:
    """Return a digest of all plain configuration that the pod reads, empty where there is none.

    It stands on the pod template, so that a change rolls the pods out: neither variables nor files mounted by subPath
    change in a running pod. Secrets take no part: a digest of a plaintext would tell about it.
    """
    parts: list[tuple[str, bytes]] = [
        *((f"variable {name}", text.encode()) for name, text in microservice.variables.plain),
        *((f"file {file.name}", file.content) for file in microservice.files),
        *((f"runtime {file.name}", file.text.encode()) for file in context["runtime_files"]),
    ]
    if context["tenants_mounted"]:
        parts.append(("tenants", context["tenants_json"].encode()))
    if not parts:
        return ""
    digest = sha256()
    for name, content in parts:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:32]
