"""What the wiring consists of: files with objects of the engine, and kustomizations."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct

from generator.model import yaml_text
from generator.model.on_disk import KUSTOMIZATION
from generator.model.source import Json

Kinds: TypeAlias = Mapping[str, Mapping[tuple[str, str], bool]]
"""The kinds (apiVersion, kind) that each application consists of, by its slug, and whether a namespace holds them."""


class Wired(Struct, frozen=True, kw_only=True):
    """One file.

    Attributes:
        path: Where it goes in the output directory.
        subject: What it is about, as `acme/shop`.
        texts: Its YAML documents.
        objects: The same documents as data, where they are objects for an API server; none for a kustomization.
    """

    path: PurePosixPath
    subject: str
    texts: tuple[str, ...]
    objects: tuple[Json, ...] = ()


def objects_file(path: PurePosixPath, subject: str, objects: Sequence[Json]) -> Wired:
    """Return a file of *objects*."""
    return Wired(path=path, subject=subject, texts=tuple(map(yaml_text.emit, objects)), objects=tuple(objects))


def kustomization_file(
    folder: PurePosixPath, subject: str, resources: Sequence[str], generators: Sequence[str] = ()
) -> Wired:
    """Return the kustomization of *folder* with *resources* and *generators*, relative to it."""
    body: dict[str, Json] = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    lists = {"resources": [*resources], "generators": [*generators]}
    body |= {key: names for key, names in lists.items() if names}
    return Wired(path=folder / KUSTOMIZATION, subject=subject, texts=(yaml_text.emit(body),))


def leading(folder: PurePosixPath, target: PurePosixPath) -> str:
    """Return the path that leads from *folder* to *target*, both from the output directory."""
    common = 0
    while common < min(len(folder.parts), len(target.parts)) and folder.parts[common] == target.parts[common]:
        common += 1
    return "/".join((*(".." for _ in folder.parts[common:]), *target.parts[common:]))
