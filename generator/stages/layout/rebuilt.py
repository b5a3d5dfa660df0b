"""What an overlay builds that a person edited, worked out as kustomize would, as far as that is certain.

Compiled files use a small part of what kustomize can do, and `layout` proves that part. A person may write anything:
what goes beyond that part is a doubt, and never passed over.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.manifest import ObjectRef, reference_of
from generator.model.source import Json, Position
from generator.stages.layout.doubtful import doubtful, voids
from generator.stages.layout.layout import Merge
from generator.stages.layout.references import Named, Reference, is_followed, references, renamed
from generator.stages.layout.sharing import ListKey
from generator.stages.layout.surroundings import Surroundings, UnfitError

_BY_KEY = "write it into the document, or put it back and adopt again"


class Written(Struct, frozen=True, eq=False):
    """An object or a patch as a file has it, and where; *is_edited*: not as the compiler has it."""

    body: Mapping[str, Json]
    at: Position
    is_edited: bool = False


class Parts(Struct, frozen=True, kw_only=True):
    """The files of an overlay and of its base, read.

    Attributes:
        bare: The objects that kustomize names and labels.
        patches: What is merged into them.
        as_named: The objects that are left as they are.
        removed: The kinds and names of what the overlay removes.
        sealed: The kinds and full names of the sealed Secrets that kustomize names.
    """

    bare: tuple[Written, ...] = ()
    patches: tuple[Written, ...] = ()
    as_named: tuple[Written, ...] = ()
    removed: frozenset[Named] = frozenset()
    sealed: frozenset[Named] = frozenset()


class Built(Struct, frozen=True, eq=False):
    """An object that is built, and what it is made of."""

    body: Mapping[str, Json]
    sources: tuple[Written, ...]


class Rules(Struct, frozen=True):
    """How patches apply in one environment, and by which keys lists merge item by item."""

    surroundings: Surroundings
    merge: Merge
    keys: Callable[[str, str], ListKey]


def rebuilt(parts: Parts, rules: Rules) -> list[Built]:
    """Return the objects that are built of *parts*, without sealed Secrets.

    Raises:
        CompileError: With everything of which it is not certain what kustomize makes of it.
    """
    building = _Building(rules)
    for each in parts.bare:
        building.add(each)
    for gone in parts.removed:
        building.remove(gone)
    for each in parts.patches:
        building.patch(each)
    found = building.finished(parts)
    if building.doubts:
        raise CompileError(building.doubts)
    return found


class _Building:
    """An overlay on its way."""

    def __init__(self, rules: Rules) -> None:
        self.doubts: list[Diagnostic] = []
        self._rules = rules
        self._named: dict[ObjectRef, Built] = {}
        self._patched: set[ObjectRef] = set()

    def add(self, written: Written) -> None:
        """Add an object, with its name and its labels."""
        surroundings = self._rules.surroundings
        said = self._said(written)
        if said is None:
            return
        try:
            body = surroundings.dressed(written.body)
        except UnfitError:
            body = None
        if body is None or "items" in body or surroundings.undressed(body) is None:
            self._doubt(written, f"what kustomize makes of '{said}' here is not certain", _BY_KEY)
        elif reference_of(body) in self._named:
            self._doubt(written, f"'{said}' stands here twice, and one of them would be lost", "remove one of them")
        else:
            self._named[reference_of(body)] = Built(body, (written,))

    def remove(self, gone: Named) -> None:
        """Remove what the kustomization of the overlay removes."""
        self._named = {ref: each for ref, each in self._named.items() if (ref.kind, ref.name) != gone}

    def patch(self, written: Written) -> None:
        """Merge a patch into its object."""
        ref = reference_of(written.body)
        built = self._named.get(ref)
        if built is None:
            what = f"nothing here is the '{ref}' of the namespace '{ref.namespace}' that the patch is for"
            self._doubt(written, what, "correct its apiVersion, kind, name and namespace, or remove the patch")
            return
        if ref in self._patched:
            self._doubt(written, f"there are two patches for '{ref}'", "make one of them")
            return
        self._patched.add(ref)
        where = next(doubtful(built.body, written.body, self._rules.keys(ref.api_version, ref.kind)), None)
        body = self._rules.merge(ref, built.body, written.body) if where is None else None
        if body is None:
            at = f"'{where}'" if where else "a part"
            self._doubt(written, f"what kustomize makes of {at} of the patch for '{ref}' is not certain", _BY_KEY)
            return
        self._named[ref] = Built(body, (*built.sources, written))

    def finished(self, parts: Parts) -> list[Built]:
        """Return all objects, with the names of each other."""
        names = {(ref.kind, ref.name): is_followed(each.body) for ref, each in self._named.items()}
        names |= dict.fromkeys(parts.sealed, True)
        as_named = [Built(each.body, (each,)) for each in parts.as_named if self._said(each)]
        return [self._in_full(each, names) for each in (*self._named.values(), *as_named)]

    def _in_full(self, built: Built, names: Mapping[Named, bool]) -> Built:
        prefix = self._rules.surroundings.prefix
        found = {}
        for each in references(built.body):
            known = [names[kind, prefix + each.name] for kind in each.kinds if (kind, prefix + each.name) in names]
            if known and not (each.short and any(known)):
                what = f"whether kustomize writes the name '{each.name}' in full is not certain"
                self._doubt(built.sources[-1], what, f"write '{prefix}{each.name}'")
            elif known:
                found[each.path] = prefix + each.name
        return Built(renamed(built.body, found), built.sources)

    def _said(self, written: Written) -> ObjectRef | None:
        """Return what *written* says that it is, None where it says too little, or more than is certain."""
        body = written.body
        metadata = body.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        if not all(isinstance(each, str) and each for each in (body.get("apiVersion"), body.get("kind"), name)):
            self._doubt(written, "an object has no 'apiVersion', 'kind' or 'metadata.name'", "complete or remove it")
            return None
        ref = reference_of(written.body)
        void = next(voids(written.body), None) if written.is_edited else None
        if void is not None:
            self._doubt(written, f"what kustomize makes of '{void}' in '{ref}' is not certain", "remove it")
            return None
        return ref

    def _doubt(self, written: Written, message: str, hint: str) -> None:
        self.doubts.append(Diagnostic("unadoptable-edit", message, written.at, hint))


def new_references(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Reference]:
    """Yield the names that *after* holds and *before* does not, where kustomize might write them anew."""
    known = {each.name for each in references(before)}
    yield from (each for each in references(after) if each.name not in known)
