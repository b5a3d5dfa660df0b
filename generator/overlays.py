"""The files of the kustomize layout as documents: which belong to a microservice, and what is built of them."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator.kustomize_compiler import base_folder, list_key, merging, overlay_folder, surroundings_of
from generator.model.group import Group
from generator.model.kubernetes import KubernetesSchemas, VersionKeys
from generator.model.manifest import ObjectRef, reference_of
from generator.model.on_disk import KUSTOMIZATION
from generator.model.source import Json, Position, same_json
from generator.model.unit import Unit
from generator.stages import assemble
from generator.stages.adopt import single_edits
from generator.stages.layout.files import AS_NAMED, OBJECTS, PATCHES
from generator.stages.layout.rebuilt import Built, Parts, Rules, Written, rebuilt
from generator.stages.layout.references import Named
from generator.stages.layout.restored import removed
from generator.stages.parse.stream import parse_stream

Contents = Mapping[PurePosixPath, bytes]
"""Files by their path from the project's folder."""

Documents = Mapping[PurePosixPath, tuple[Written, ...]]
"""What files hold, by their path."""


class Overlay(Struct, frozen=True, eq=False):
    """The folders of one microservice in one environment, from the project's folder."""

    unit: Unit
    base: PurePosixPath
    folder: PurePosixPath

    @property
    def objects(self) -> tuple[PurePosixPath, ...]:
        """The files of the objects that kustomize names, the base's first."""
        return self.base / OBJECTS, self.folder / OBJECTS

    @property
    def patches(self) -> PurePosixPath:
        """The file of its patches."""
        return self.folder / PATCHES

    @property
    def as_named(self) -> PurePosixPath:
        """The file of the objects that are left as they are."""
        return self.folder / AS_NAMED / OBJECTS

    @property
    def folders(self) -> tuple[PurePosixPath, PurePosixPath]:
        """Where all its files are."""
        return self.base, self.folder

    @property
    def files(self) -> tuple[PurePosixPath, ...]:
        """All files with objects or patches, its own first."""
        return self.patches, self.folder / OBJECTS, self.as_named, self.base / OBJECTS


def overlays_of(directory: PurePosixPath, group: Group) -> tuple[Overlay, ...]:
    """Return the overlays of a microservice; *directory* is the output directory."""
    return tuple(Overlay(each, directory / base_folder(each), directory / overlay_folder(each)) for each in group.units)


def documents_of(overlay: Overlay, contents: Contents, compiled: Documents | None = None) -> Documents:
    """Return what the files of *overlay* hold; what is not as *compiled* is marked.

    Raises:
        CompileError: When one is no YAML.
    """
    found = {}
    for path in overlay.files:
        if path not in contents:
            continue
        read = [(each.data, each.locate(())) for each in parse_stream(str(path), contents[path])]
        if compiled is None:
            found[path] = tuple(Written(body, at) for body, at in read)
            continue
        known = _by_reference(compiled.get(path, ()))
        if path != overlay.patches:
            read = [(_placed(body, overlay.unit.application.namespace, known), at) for body, at in read]
        found[path] = tuple(Written(body, at, is_edited=_is_edited(body, known)) for body, at in read)
    return found


def built(overlay: Overlay, documents: Documents, contents: Contents, schemas: KubernetesSchemas) -> list[Built]:
    """Return the objects that *overlay* builds, without sealed Secrets.

    Args:
        overlay: The overlay.
        documents: What its files hold.
        contents: Its other files: what it removes, and the names of its sealed Secrets.
        schemas: How lists merge.

    Raises:
        CompileError: With everything of which it is not certain what kustomize makes of it.
    """
    unit = overlay.unit
    surroundings = surroundings_of(unit)
    keys = VersionKeys(schemas, unit.kubernetes)
    parts = Parts(
        bare=tuple(each for path in overlay.objects for each in documents.get(path, ())),
        patches=documents.get(overlay.patches, ()),
        as_named=documents.get(overlay.as_named, ()),
        removed=frozenset(removed(contents.get(overlay.folder / KUSTOMIZATION))),
        sealed=frozenset((kind, surroundings.prefix + name) for kind, name in _sealed_names(overlay, contents)),
    )
    return rebuilt(parts, Rules(surroundings, merging(keys), partial(list_key, [keys])))


def objects_built(found: list[Built]) -> dict[ObjectRef, Mapping[str, Json]]:
    """Return the objects of *found* by what they are."""
    return {reference_of(each.body): each.body for each in found}


def short_names(overlay: Overlay, contents: Contents) -> set[Named]:
    """Return the kinds and short names of what kustomize names in *overlay*."""
    documents = documents_of(overlay, contents)
    bodies = (each.body for path in overlay.objects for each in documents.get(path, ()))
    return {(ref.kind, ref.name) for ref in map(reference_of, bodies)} | _sealed_names(overlay, contents)


def single_edits_of(
    compiled: tuple[Written, ...], written: tuple[Written, ...], *, is_patches: bool
) -> Iterator[tuple[Position, str, tuple[Written, ...]]]:
    """Yield each part of an edit of a file, and what the file would hold with that part alone.

    Args:
        compiled: What the file holds as compiled.
        written: What it holds now.
        is_patches: It is patches that it holds.
    """
    known = _by_reference(compiled)
    for each in written:
        ref = reference_of(each.body)
        before = known.pop(ref, None)
        if not each.is_edited:
            continue
        if before is None and not is_patches:
            yield each.at, str(ref), (*compiled, each)
            continue
        metadata = {"name": ref.name, "namespace": ref.namespace}
        start = {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": metadata}
        rest = tuple(one for one in compiled if one is not before)
        for path, body in single_edits(start if before is None else before.body, each.body):
            yield each.at, f"{'.'.join(map(str, path))} of {ref}", (*rest, replace(each, body=body))
    for ref, gone in known.items():
        yield Position(gone.at.file), str(ref), tuple(one for one in compiled if one is not gone)


def _placed(body: Json, namespace: str, known: Mapping[ObjectRef, Written]) -> Json:
    """Return *body* as it is compiled where it is new and names no namespace."""
    placed = assemble.in_namespace(body, namespace)
    return body if reference_of(placed) in known else placed


def _is_edited(body: Json, known: Mapping[ObjectRef, Written]) -> bool:
    before = known.get(reference_of(body))
    return before is None or not same_json(before.body, body)


def _by_reference(written: tuple[Written, ...]) -> dict[ObjectRef, Written]:
    return {reference_of(each.body): each for each in written}


def _sealed_names(overlay: Overlay, contents: Contents) -> set[Named]:
    """Return the kinds and short names of the sealed Secrets that kustomize names."""
    stem = overlay.unit.path.stem
    files = (overlay.folder / f"{stem}{suffix}" for suffix in (".secret.yaml", ".files.secret.yaml"))
    read = (each.data for path in files for each in parse_stream("", contents.get(path, b"")))
    return {(ref.kind, ref.name) for ref in map(reference_of, read)}
