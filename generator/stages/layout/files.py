"""The files of a layout: what `kustomize` reads, and people."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from generator.model import yaml_text
from generator.model.ksops import GENERATOR, generator_text
from generator.model.lazy_pattern import lazy_pattern
from generator.model.manifest import ObjectRef
from generator.model.on_disk import KUSTOMIZATION
from generator.model.source import Json
from generator.stages.layout.layout import Kept, Overlay
from generator.stages.layout.surroundings import COMPONENT, OWN, Surroundings

OBJECTS: Final = "objects.yaml"
PATCHES: Final = "patches.yaml"
AS_NAMED: Final = "as-named"
"""The folder of the objects that take neither a name nor a label; a Component, since those come last."""

_VERSIONS: Final = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    "Component": "kustomize.config.k8s.io/v1alpha1",
}
_SEALED_PART: Final = lazy_pattern(r"""^(["']?)stringData\1\s*:""", re.MULTILINE)
_EDIT: Final = "Edit the platform document and compile again."

File = tuple[str, bytes]
"""A path, from some folder, and what goes there."""


def building(plain: PurePosixPath) -> PurePosixPath:
    """Return the file of this layout that builds the objects of *plain*, a file of the plain layout."""
    match plain.parts:
        case ("gitops", *_):
            return plain
        case (application, environment, "environment.yaml"):
            return PurePosixPath(application, "overlays", environment, OWN, "environment.yaml")
        case (application, environment, file) if file.endswith(".store.secret.yaml"):
            return PurePosixPath(application, "overlays", environment, OWN, file)
        case (application, environment, microservice):
            return PurePosixPath(application, "overlays", environment, microservice.partition(".")[0], KUSTOMIZATION)
        case (application, file):
            return PurePosixPath(application, "application", file)
        case _:
            return plain


def kustomization(comment: str, fields: Json, kind: str = "Kustomization") -> File:
    """Return the file that says what to build; *comment* is what it is about. Empty *fields* are left out."""
    said = {key: value for key, value in fields.items() if value}
    body = yaml_text.emit({"apiVersion": _VERSIONS[kind], "kind": kind, **said})
    return KUSTOMIZATION, f"# {comment}, compiled by platformc. {_EDIT}\n{body}".encode()


def component(subject: str, surroundings: Surroundings) -> File:
    """Return the Component of an environment, from its folder."""
    name, content = kustomization(f"{subject}: what every microservice gets here", surroundings.settings(), "Component")
    return f"{COMPONENT}/{name}", content


def base(subject: str, bodies: Sequence[Json]) -> Iterator[File]:
    """Yield the files of a base, from its folder."""
    comment = f"{subject}: what environments share"
    yield kustomization(comment, {"resources": [OBJECTS]})
    yield OBJECTS, _stream(comment, [yaml_text.emit(each) for each in bodies])


def overlay(
    subject: str, base_folder: str, parts: Overlay, secrets: Mapping[ObjectRef, str], ksops: str
) -> Iterator[File]:
    """Yield the files of an overlay, from its folder.

    Args:
        subject: Whose it is: `shop/Dev/Catalog`.
        base_folder: The base, from the overlay's folder; empty for none.
        parts: What it adds.
        secrets: The names of the files of sealed Secrets.
        ksops: The name of the generator that unseals them, empty where somebody else does that.
    """
    plain = [each for each in parts.own if not each.manifest.sealed]
    sealed = [each for each in parts.own if each.manifest.sealed]
    resources = [base_folder] if base_folder else []
    if plain:
        resources.append(OBJECTS)
        texts = [yaml_text.emit(each.body) for each in plain]
        yield OBJECTS, _stream(f"{subject}: what only this environment has", texts)
    generators, files = _secrets(subject, sealed, secrets, ksops)
    yield from files
    resources += [secrets[each.manifest.ref] for each in sealed] if not generators else []
    if parts.patches:
        texts = [yaml_text.emit(each) for each in parts.patches]
        yield PATCHES, _stream(f"{subject}: what differs from the base", texts)
    if parts.as_named:
        yield from _as_named(subject, parts.as_named, secrets, ksops)
    patches = [*map(_removal, parts.removed), *([{"path": PATCHES}] if parts.patches else [])]
    fields = {
        "resources": resources,
        "generators": generators,
        "components": [f"../{COMPONENT}", *([AS_NAMED] if parts.as_named else [])],
        "patches": patches,
    }
    yield kustomization(subject, fields)


def _as_named(subject: str, kept: Sequence[Kept], secrets: Mapping[ObjectRef, str], ksops: str) -> Iterator[File]:
    plain = [each for each in kept if not each.manifest.sealed]
    sealed = [each for each in kept if each.manifest.sealed]
    comment = f"{subject}: objects that are left as they are"
    if plain:
        yield f"{AS_NAMED}/{OBJECTS}", _stream(comment, [each.manifest.text for each in plain])
    generators, files = _secrets(subject, sealed, secrets, ksops)
    yield from ((f"{AS_NAMED}/{name}", content) for name, content in files)
    resources = [OBJECTS] if plain else []
    resources += [secrets[each.manifest.ref] for each in sealed] if not generators else []
    name, content = kustomization(comment, {"resources": resources, "generators": generators}, "Component")
    yield f"{AS_NAMED}/{name}", content


def _secrets(
    subject: str, sealed: Sequence[Kept], secrets: Mapping[ObjectRef, str], ksops: str
) -> tuple[list[str], list[File]]:
    """Return the generators of *sealed* Secrets, if any, and all the files."""
    files = []
    for each in sealed:
        source = each.manifest.origin.template
        header = {key: value for key, value in each.body.items() if key not in {"stringData", "sops"}}
        text = yaml_text.emit(header) + _sealed_part(each.manifest.text)
        comment = f"# {subject}, compiled by platformc. Edit {source} and compile again.\n"
        files.append((secrets[each.manifest.ref], (comment + text).encode()))
    if not ksops or not files:
        return [], files
    files.append(generator(subject, ksops, [name for name, _ in files]))
    return [GENERATOR], files


def generator(subject: str, name: str, secrets: Sequence[str]) -> File:
    """Return the generator *name*, which unseals the files *secrets*."""
    return GENERATOR, f"# {subject}, compiled by platformc. {_EDIT}\n{generator_text(name, secrets)}".encode()


def _sealed_part(text: str) -> str:
    """Return the values and the SOPS block of a sealed Secret, byte for byte."""
    found = _SEALED_PART.search(text)
    if found is None:
        raise ValueError("a sealed Secret without 'stringData'")
    return text[found.start() :]


def _removal(ref: ObjectRef) -> Json:
    """Return the patch that removes an object; *target* takes regular expressions."""
    body = {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": {"name": ref.name}}
    target = {"kind": ref.kind, "name": ref.name.replace(".", r"\.")}
    return {"target": target, "patch": yaml_text.emit(body) + "$patch: delete\n"}


def _stream(comment: str, texts: Sequence[str]) -> bytes:
    return (f"# {comment}, compiled by platformc. {_EDIT}\n" + "---\n".join(texts)).encode()
