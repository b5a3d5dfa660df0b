"""What a committed overlay builds, worked out as kustomize would: what an API server has, beside what it will get."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from generator.model.manifest import ObjectRef
from generator.model.on_disk import KUSTOMIZATION
from generator.model.source import Json
from generator.stages.layout.files import AS_NAMED, OBJECTS, PATCHES
from generator.stages.layout.layout import Merge
from generator.stages.layout.references import Named, references, renamed
from generator.stages.layout.surroundings import Surroundings, UnfitError

Read = Callable[[str], bytes | None]
"""Returns a committed file, None where there is none."""


def restored(read: Read, base: str, overlay: str, surroundings: Surroundings, merge: Merge) -> list[Json]:
    """Return the objects of an overlay as it was committed, without sealed Secrets; nothing of what cannot be read.

    Args:
        read: Reads the files.
        base: The folder of the base.
        overlay: The folder of the overlay.
        surroundings: What its environment adds.
        merge: How patches apply.
    """
    bodies = [*_objects(read(f"{base}/{OBJECTS}")), *_objects(read(f"{overlay}/{OBJECTS}"))]
    named = {_named(body): body for body in _dressed(bodies, surroundings)}
    for gone in removed(read(f"{overlay}/{KUSTOMIZATION}")):
        named.pop(gone, None)
    for patch in _objects(read(f"{overlay}/{PATCHES}")):
        key = _named(patch)
        if key in named:
            ref = ObjectRef(str(patch.get("apiVersion")), key[0], surroundings.namespace, key[1])
            named[key] = merge(ref, named[key], patch) or named[key]
    found = [_in_full(body, surroundings.prefix, named) for body in named.values()]
    return [*found, *_objects(read(f"{overlay}/{AS_NAMED}/{OBJECTS}"))]


def _dressed(bodies: Iterable[Json], surroundings: Surroundings) -> Iterator[Json]:
    for body in bodies:
        with suppress(UnfitError):
            yield surroundings.dressed(body)


def removed(kustomization: bytes | None) -> Iterator[Named]:
    """Yield what a kustomization removes from its base."""
    for body in _objects(kustomization, "patches"):
        patches = body["patches"] if isinstance(body["patches"], list) else []
        for target in (each.get("target") for each in patches if isinstance(each, dict)):
            if isinstance(target, dict):
                yield str(target.get("kind")), str(target.get("name")).replace("\\.", ".")


def _in_full(body: Json, prefix: str, names: Iterable[Named]) -> Json:
    """Return *body* with the full names of what it refers to."""
    known = frozenset(names)
    found = (each for each in references(body) if any((kind, prefix + each.name) in known for kind in each.kinds))
    return renamed(body, {each.path: prefix + each.name for each in found})


def _named(body: Mapping[str, Json]) -> Named:
    return str(body.get("kind")), str(body["metadata"]["name"])


def _objects(content: bytes | None, having: str = "metadata") -> Iterator[Json]:
    """Yield what a file holds, as far as it can be read: of what cannot, somebody else speaks."""
    import yaml_rs

    try:
        found: Json = yaml_rs.loads((content or b"").decode(), parse_datetime=False)
    except (ValueError, TypeError):
        return
    for each in found if isinstance(found, list) else [found]:
        if not isinstance(each, dict) or having not in each:
            continue
        metadata = each.get("metadata")
        if having != "metadata" or (isinstance(metadata, dict) and isinstance(metadata.get("name"), str)):
            yield each
