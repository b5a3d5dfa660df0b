"""Whether the objects of one namespace find each other.

In two phases, so that many objects can be looked at side by side: `summarize` looks at a batch of objects
and settles all that can be settled inside it; `reference_findings` puts the summaries of a whole namespace
together. A summary is plain data that costs little to send from one process to another, without the objects;
what could dangle keeps the origin that its position is found by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from generator.model.diagnostics import Diagnostic, did_you_mean
from generator.model.manifest import Manifest, ObjectRef, Origin
from generator.model.pod_uses import TEMPLATES, Key, Reference
from generator.model.source import Json, Path
from generator.stages.verify.crowd import Crowd, Pod
from generator.stages.verify.objections import Locate, Objections
from generator.stages.verify.uses import defined, used

Defined: TypeAlias = dict[tuple[str, str], frozenset[Key] | None]
"""The parts of every defined object, by its kind and name; None where nobody can know them."""

_INGRESS = ("networking.k8s.io/v1", "Ingress")
_SELECTORS: Mapping[tuple[str, str], str] = {
    ("v1", "Service"): "selector",
    ("networking.k8s.io/v1", "NetworkPolicy"): "podSelector",
    ("policy/v1", "PodDisruptionBudget"): "selector",
}
_CANARY = "nginx.ingress.kubernetes.io/canary"
# Every namespace has these two from the controller manager.
_GIVEN = frozenset({("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")})
_NOTHING: Mapping[str, Json] = {}


Place: TypeAlias = tuple[str, str, str, str, str, tuple[Path, ...], str, Path]
"""An object: the four fields of its `ObjectRef` and the four of its `Origin`. A plain tuple is quick to send."""


class Loose(NamedTuple):
    """A reference to what its own batch does not define."""

    place: Place
    reference: Reference


class Search(NamedTuple):
    """A selector that finds no pod in its own batch, or none with all the named ports that it needs.

    Attributes:
        place: The object that it stands in.
        path: Where it stands there.
        selector: A label selector.
        ports: The names of ports that a Service sends traffic to, and where each stands.
    """

    place: Place
    path: Path
    selector: Mapping[str, Json]
    ports: tuple[tuple[str, Path], ...] = ()


class Route(NamedTuple):
    """A path of a host that an Ingress claims."""

    ingress_class: str
    host: str
    path: str
    exact: bool


class Summary(Struct):
    """What the rest of a namespace must know of a batch of its objects.

    Attributes:
        objects: All of them.
        defined: What they define.
        pods: What runs.
        loose: The references that the batch leaves open.
        searches: The selectors that the batch leaves open.
        routes: What its Ingresses claim.
    """

    objects: list[Place] = field(default_factory=list)
    defined: Defined = field(default_factory=dict)
    pods: list[Pod] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    routes: list[tuple[Route, Place, Path]] = field(default_factory=list)


def summarize(manifests: Sequence[Manifest]) -> Summary:
    """Return what the rest of a namespace must know of *manifests*, some or all of its objects."""
    summary = Summary()
    for manifest in manifests:
        ref = manifest.ref
        summary.objects.append(_place(manifest))
        summary.defined.update(defined(manifest))
        path = TEMPLATES.get((ref.api_version, ref.kind))
        if path is not None:
            summary.pods.append(_pod(manifest, path))
    crowd = Crowd(summary.pods)
    for manifest, place in zip(manifests, summary.objects, strict=True):
        for reference in used(manifest):
            if not reference.optional and not _found(reference, summary.defined):
                summary.loose.append(Loose(place, reference))
        for search in _searches(manifest, place):
            if not crowd.has(search.selector) or _missing_ports(search, crowd):
                summary.searches.append(search)
        if (manifest.ref.api_version, manifest.ref.kind) == _INGRESS:
            summary.routes.extend(_routes(manifest, place))
    return summary


def reference_findings(
    summaries: Iterable[Summary], external: frozenset[tuple[str, str]], locate: Locate
) -> list[Diagnostic]:
    """Return what dangles, collides or is there twice in one namespace.

    Args:
        summaries: Of all the objects of the namespace.
        external: Kind and name of what exists there although no summary has it, with whatever keys;
            `("Pod", "")` says that pods run there that no summary describes.
        locate: Finds a position; it is handed manifests without body and text.
    """
    batches = tuple(summaries)
    everything: Defined = {}
    for batch in batches:
        everything.update(batch.defined)
    everything.update(dict.fromkeys(external | _GIVEN))
    found = _duplicates(batches, locate)
    for batch in batches:
        for loose in batch.loose:
            if not _found(loose.reference, everything):
                found += _dangling(loose, everything, locate)
    if ("Pod", "") not in external:
        crowd = Crowd([pod for batch in batches for pod in batch.pods] if any(b.searches for b in batches) else [])
        for batch in batches:
            for search in batch.searches:
                found += _lost(search, crowd, locate)
    return found + _taken_routes(batches, locate)


def _found(reference: Reference, everything: Defined) -> bool:
    name = (reference.kind, reference.name)
    if name not in everything:
        return name in _GIVEN
    keys = everything[name]
    return reference.key is None or keys is None or reference.key in keys


def _pod(manifest: Manifest, path: Path) -> Pod:
    template: Mapping[str, Json] = manifest.body
    for step in path:
        template = template.get(str(step)) or _NOTHING
    ports = {
        port["name"]
        for container in (template.get("spec") or _NOTHING).get("containers") or ()
        for port in container.get("ports") or ()
        if port.get("name")
    }
    for container in (template.get("spec") or _NOTHING).get("initContainers") or ():
        ports.update(port["name"] for port in container.get("ports") or () if port.get("name"))
    return Pod((template.get("metadata") or _NOTHING).get("labels") or _NOTHING, frozenset(ports))


def _searches(manifest: Manifest, place: Place) -> Iterator[Search]:
    name = _SELECTORS.get((manifest.ref.api_version, manifest.ref.kind))
    if name is None:
        return
    spec = manifest.body.get("spec") or _NOTHING
    selector = spec.get(name) or _NOTHING
    if manifest.ref.kind == "Service":
        if selector:
            ports = tuple(
                (each["targetPort"], ("spec", "ports", index, "targetPort"))
                for index, each in enumerate(spec.get("ports") or ())
                if isinstance(each.get("targetPort"), str)
            )
            yield Search(place, ("spec", name), {"matchLabels": selector}, ports)
    elif manifest.origin.layers and not manifest.origin.file:
        return  # compiled: it finds no pod only where nothing is deployed, and then there is nothing to isolate
    elif selector.get("matchLabels") or selector.get("matchExpressions"):
        yield Search(place, ("spec", name), selector)


def _missing_ports(search: Search, crowd: Crowd) -> list[tuple[str, Path]]:
    return [(port, path) for port, path in search.ports if not crowd.has(search.selector, port)]


def _routes(manifest: Manifest, place: Place) -> Iterator[tuple[Route, Place, Path]]:
    spec = manifest.body.get("spec") or _NOTHING
    if (manifest.body["metadata"].get("annotations") or _NOTHING).get(_CANARY) == "true":
        return  # it shares the path of another one on purpose
    name = spec.get("ingressClassName") or ""
    for index, rule in enumerate(spec.get("rules") or ()):
        for at, each in enumerate((rule.get("http") or _NOTHING).get("paths") or ()):
            exact, path = each["pathType"] == "Exact", each.get("path") or "/"
            if each["pathType"] == "Prefix":
                path = path.rstrip("/") or "/"
            yield (
                Route(name, rule.get("host") or "", path, exact),
                place,
                ("spec", "rules", index, "http", "paths", at),
            )


def _place(manifest: Manifest) -> Place:
    ref, at = manifest.ref, manifest.origin
    return (ref.api_version, ref.kind, ref.namespace, ref.name, at.template, at.layers, at.file, at.inner)


def _objections(place: Place, locate: Locate) -> Objections:
    return Objections(Manifest(ObjectRef(*place[:4]), {}, "", Origin(*place[4:])), locate)


def _duplicates(batches: Sequence[Summary], locate: Locate) -> list[Diagnostic]:
    seen: set[tuple[str, str, str]] = set()
    found: list[Diagnostic] = []
    # Of two objects the one that a person wrote is the one to rename: look at the compiled ones first.
    places = sorted((place for batch in batches for place in batch.objects), key=lambda place: bool(place[6]))
    for place in places:
        # Two versions of one group name the same object.
        api_version, kind, _, name = place[:4]
        identity = (api_version.rpartition("/")[0], kind, name)
        if identity in seen:
            objections = _objections(place, locate)
            objections.add("duplicate-object", ("metadata", "name"), f"'{name}'", f"a second {kind}")
            found += objections.found
        seen.add(identity)
    return found


def _dangling(loose: Loose, everything: Defined, locate: Locate) -> list[Diagnostic]:
    objections = _objections(loose.place, locate)
    reference = loose.reference
    keys = everything.get((reference.kind, reference.name))
    if keys is None:
        known = [name for kind, name in everything.keys() - _GIVEN if kind == reference.kind]
        what, expected = f"{reference.kind} '{reference.name}'", "the namespace has none of that name"
        hint = did_you_mean(reference.name, known)
    else:
        part = "port" if reference.kind == "Service" else "key"
        what = f"{part} '{reference.key}' of {reference.kind} '{reference.name}'"
        expected = f"it has no such {part}"
        hint = did_you_mean(str(reference.key), [str(key) for key in keys])
    objections.add("dangling-object-reference", reference.path, what, expected, hint)
    return objections.found


def _lost(search: Search, crowd: Crowd, locate: Locate) -> list[Diagnostic]:
    objections = _objections(search.place, locate)
    if not crowd.has(search.selector):
        expected = "no pod of the namespace has these labels"
        objections.add("dangling-object-reference", search.path, "a selector", expected, crowd.nearest(search.selector))
        return objections.found
    for port, path in _missing_ports(search, crowd):
        known = crowd.ports(search.selector)
        expected = "the selected pods have no port of that name"
        objections.add("dangling-object-reference", path, f"port '{port}'", expected, did_you_mean(port, known))
    return objections.found


def _taken_routes(batches: Sequence[Summary], locate: Locate) -> list[Diagnostic]:
    owners: dict[Route, Place] = {}
    found: list[Diagnostic] = []
    for batch in batches:
        for route, place, path in batch.routes:
            owner = owners.get(route)
            if owner is None:
                owners[route] = place
                continue
            objections = _objections(place, locate)
            what = f"'{route.host or '*'}{route.path}'"
            objections.add("host-path-taken", path, what, f"already taken by {ObjectRef(*owner[:4])}")
            found += objections.found
    return found
