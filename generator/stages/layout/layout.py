"""What the environments of one microservice share, and what each of them adds: a base, and an overlay for each."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from generator.model.manifest import Manifest, ObjectRef
from generator.model.source import Json, Path, same_json
from generator.stages.layout.references import Named, is_followed, references, renamed
from generator.stages.layout.sharing import ABSENT, InexpressibleError, ListKey, difference, shared
from generator.stages.layout.surroundings import Surroundings

Identity: TypeAlias = tuple[str, str, str]
"""An object of a base: apiVersion, kind, and its name without a prefix."""

Merge: TypeAlias = Callable[[ObjectRef, Json, Json], Json]
"""Makes of an object and a strategic merge patch what kustomize makes of them, or None where that is not known."""


class Member(Struct, frozen=True, kw_only=True):
    """One microservice in one environment.

    Attributes:
        surroundings: What all microservices of the environment get.
        manifests: Its objects, those that are sealed included.
        merge: How patches apply in the environment's version of Kubernetes.
        in_full: Objects whose names stay as they are, since others use the short ones for something else.
    """

    surroundings: Surroundings
    manifests: Sequence[Manifest]
    merge: Merge
    in_full: Collection[Named] = frozenset()


class Kept(Struct, frozen=True):
    """An object that stands complete in an overlay: *body* is what is written, *manifest* what becomes of it."""

    manifest: Manifest
    body: Json


class Overlay(Struct, kw_only=True):
    """What one environment adds to the base.

    Attributes:
        own: What only it has, to be named and labelled like the base.
        as_named: What is to be left as it is.
        patches: What differs.
        removed: What it does not have of the base.
        renamed: The kinds and short names of the objects that kustomize names.
        referred: The kinds and names that its objects hold.
    """

    own: list[Kept] = field(default_factory=list)
    as_named: list[Kept] = field(default_factory=list)
    patches: list[Json] = field(default_factory=list)
    removed: list[ObjectRef] = field(default_factory=list)
    renamed: frozenset[Named] = frozenset()
    referred: frozenset[Named] = frozenset()


class Layout(Struct, frozen=True, kw_only=True):
    """A base, empty where there is nothing to share, and an overlay for each member."""

    base: Sequence[Json]
    overlays: Sequence[Overlay]


class _Stage(Struct):
    """A member under way: *bare* are the objects that can be in a base, *taken* the names of all others."""

    member: Member
    overlay: Overlay
    bare: dict[Identity, Kept] = field(default_factory=dict)
    taken: set[Named] = field(default_factory=set)

    def full(self, identity: Identity) -> Named:
        return identity[1], self.member.surroundings.prefix + identity[2]


def lay_out(members: Sequence[Member], keys: Callable[[str, str], ListKey]) -> Layout:
    """Return a base and overlays that give back the objects of *members*, of one microservice.

    Args:
        members: One for each environment.
        keys: By apiVersion and kind: by which field the lists of an object merge, in the eyes of every version.
    """
    stages = [_stage(each) for each in members]
    base = []
    for identity in dict.fromkeys(identity for each in stages for identity in each.bare):
        common = _common(identity, stages, keys)
        if common is not None:
            base.append(common)
            continue
        for each in stages:
            if identity in each.bare:
                each.overlay.own.append(each.bare[identity])
    return Layout(base=base, overlays=[each.overlay for each in stages])


def held(manifests: Sequence[Manifest]) -> frozenset[Named]:
    """Return the kinds and names that *manifests* hold, as far as kustomize might write them anew."""
    found = (each for manifest in manifests for each in references(manifest.body))
    return frozenset((kind, each.name) for each in found for kind in each.kinds)


def _stage(member: Member) -> _Stage:
    """Tell what can take part from what must stay as it is."""
    referred = held(member.manifests)
    captured = frozenset(member.in_full) | referred
    bare = [member.surroundings.undressed(each.body) for each in member.manifests]
    bare = [None if each is None or _named(each) in captured else each for each in bare]
    free = [each for each in bare if each is not None]
    followed = {_named(each) for each in free if is_followed(each)}
    overlay = Overlay(renamed=frozenset(map(_named, free)), referred=referred)
    stage = _Stage(member, overlay)
    for manifest, own in zip(member.manifests, bare, strict=True):
        if own is not None and not manifest.sealed:
            kept = Kept(manifest, _shortened(own, member.surroundings.prefix, followed))
            stage.bare[manifest.ref.api_version, *_named(own)] = kept
            continue
        stage.taken.add((manifest.ref.kind, manifest.ref.name))
        if own is None:
            overlay.as_named.append(Kept(manifest, manifest.body))
        else:
            overlay.own.append(Kept(manifest, own))
    return stage


def _named(body: Json) -> Named:
    return body["kind"], body["metadata"]["name"]


def _shortened(bare: Json, prefix: str, followed: Collection[Named]) -> Json:
    """Return *bare* with the short names of what kustomize follows."""
    names: dict[Path, str] = {}
    for each in references(bare):
        name = each.name.removeprefix(prefix)
        if each.short and name != each.name and any((kind, name) in followed for kind in each.kinds):
            names[each.path] = name
    return renamed(bare, names)


def _common(identity: Identity, stages: Sequence[_Stage], keys: Callable[[str, str], ListKey]) -> Json:
    """Return what *stages* share of one object, and note what is left; None where it is best kept apart."""
    having = [each for each in stages if identity in each.bare]
    if len(having) * 2 <= len(stages) or len(having) == 1:
        return None
    if any(each.full(identity) in each.taken for each in stages):
        return None
    bodies = [each.bare[identity].body for each in having]
    for list_key in (keys(identity[0], identity[1]), _no_key):
        base = shared(bodies, list_key)
        if base is bodies[0]:
            patches = [ABSENT] * len(having)
            break
        patches = list(_patches(base, identity, having, list_key))
        if None not in patches:
            break
    else:
        return None
    for each, patch in zip(having, patches, strict=True):
        if patch is not ABSENT:
            each.overlay.patches.append(patch)
    for each in stages:
        if each not in having:
            each.overlay.removed.append(_ref(identity, each))
    return base


def _patches(base: Json, identity: Identity, having: Sequence[_Stage], list_key: ListKey) -> Iterator[Json]:
    """Yield the patch of each stage, `ABSENT` for none, None where there is none that is sure to work."""
    for each in having:
        ref = _ref(identity, each)
        surroundings = each.member.surroundings
        target = surroundings.dressed(each.bare[identity].body)
        start = surroundings.dressed(base)
        try:
            said = difference(start, target, list_key)
        except InexpressibleError:
            yield None
            return
        if said is ABSENT:
            yield ABSENT
            continue
        metadata = {"name": ref.name, "namespace": ref.namespace, **said.pop("metadata", {})}
        patch = {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": metadata, **said}
        yield patch if same_json(each.member.merge(ref, start, patch), target) else None


def _ref(identity: Identity, stage: _Stage) -> ObjectRef:
    surroundings = stage.member.surroundings
    return ObjectRef(identity[0], identity[1], surroundings.namespace, surroundings.prefix + identity[2])


def _no_key(_names: tuple[str, ...]) -> None:
    return None
