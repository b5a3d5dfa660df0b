"""Units laid out for Kustomize: all environments of a microservice together, and everything else by itself."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from generator.model import yaml_text
from generator.model.diagnostics import Diagnostic, has_errors
from generator.model.group import Group, groups
from generator.model.manifest import Manifest, ObjectRef
from generator.model.on_disk import KUSTOMIZATION
from generator.model.patch import MergeKeys
from generator.model.platform import Environment, Platform
from generator.model.source import Json
from generator.model.spread import Spread
from generator.model.unit import Unit
from generator.stages import assemble
from generator.stages.layout import Member, Surroundings, lay_out, loss_findings
from generator.stages.layout import files as layout_files
from generator.stages.layout.files import File
from generator.stages.layout.layout import Merge, held
from generator.stages.layout.references import Named
from generator.stages.layout.restored import restored
from generator.stages.layout.sharing import ListKey
from generator.stages.layout.surroundings import OWN
from generator.stages.patch.strategic_merge import strategic_merge
from generator.stages.succession import succession_findings
from generator.unit_compiler import UnitCompiler, UnitObjects, UnitResult

# The lists whose items have had the same key in every version of Kubernetes that kustomize may know.
_ITEM_BY_ITEM = frozenset(
    {
        ("containers", "name"),
        ("env", "name"),
        ("imagePullSecrets", "name"),
        ("initContainers", "name"),
        ("ports", "containerPort"),
        ("ports", "port"),
        ("volumeMounts", "mountPath"),
        ("volumes", "name"),
    }
)


class KustomizeCompiler:
    """Compiles groups of units, each by itself and in any order."""

    def __init__(self, compiler: UnitCompiler, platform: Platform) -> None:
        self._compiler = compiler
        self._ksops = platform.gitops is not None and platform.gitops.engine == "argocd"

    def compile_all(
        self, everything: Sequence[Unit], chosen: Sequence[Unit], spread: Spread
    ) -> list[tuple[Unit, UnitResult]]:
        """Return the units of *chosen*, and those that they share a base with, and what they became."""
        grouped = groups(everything, chosen)
        results = spread(self.compile, grouped)
        while again := _captured(grouped, results):
            for index, group in again.items():
                grouped[index], results[index] = group, self.compile(group)
        return [
            (unit, result)
            for group, those in zip(grouped, results, strict=True)
            for unit, result in zip(group.units, those, strict=True)
        ]

    def compile(self, group: Group) -> list[UnitResult]:
        """Return what each unit of *group* becomes, in their order; the base is among the first one's files."""
        compiled = [self._compiler.objects(each) for each in group.units]
        results = [each.result for each in compiled]
        for each in compiled:
            for manifest in _manifests(each):
                each.result.findings += loss_findings(manifest, self._compiler.locate)
        if any(has_errors(each.findings) for each in results):
            return results
        if group.units[0].microservice is not None:
            self._lay_out(group, compiled)
            for unit, result in zip(group.units, results, strict=True):
                result.in_full = bool(group.in_full)
                self._compiler.describe(unit, result)
            return results
        (unit,), (objects,) = group.units, compiled
        files = self._of_application(unit, objects) if unit.environment is None else self._of_environment(unit, objects)
        objects.result.files += files
        objects.result.referred = held(_manifests(objects))
        place = layout_files.building(unit.path)
        before, after = self._compiler.committed(str(place)), dict(objects.result.files).get(str(place))
        if before is not None and before != after:
            objects.result.add_passing(succession_findings(objects.plain, before, self._compiler.locate))
        self._compiler.describe(unit, objects.result)
        return results

    def _lay_out(self, group: Group, compiled: Sequence[UnitObjects]) -> None:
        members = [self._member(unit, each, group) for unit, each in zip(group.units, compiled, strict=True)]
        every = [self._compiler.merge_keys(each) for each in sorted({each.kubernetes for each in group.units})]
        layout = lay_out(members, partial(list_key, every))
        if layout.base:
            compiled[0].result.files += _below(base_folder(group.units[0]), layout_files.base(group.name, layout.base))
        for unit, objects, overlay in zip(group.units, compiled, layout.overlays, strict=True):
            secrets = {each.ref: declared.output.name for declared, each in objects.sealed}
            base = f"../../../base/{unit.path.stem}" if layout.base else ""
            files = layout_files.overlay(unit.name, base, overlay, secrets, self._generator(unit))
            objects.result.files += _below(overlay_folder(unit), files)
            objects.result.add_passing(self._succession(unit, objects, compiled[0].result.files))
            objects.result.renamed = overlay.renamed
            objects.result.referred = overlay.referred

    def _succession(self, unit: Unit, objects: UnitObjects, shared: Sequence[File]) -> list[Diagnostic]:
        """Return what an API server will refuse; *shared* are the files of the base, among others."""
        read = self._compiler.committed
        if all(read(path) == content for path, content in (*shared, *objects.result.files)):
            return []
        merge = self._merge(unit)
        before = restored(read, base_folder(unit), overlay_folder(unit), surroundings_of(unit), merge)
        text = "---\n".join(yaml_text.emit(each) for each in before)
        return succession_findings(objects.plain, text.encode(), self._compiler.locate)

    def _generator(self, unit: Unit) -> str:
        """Return the name of what unseals the Secrets of *unit*, empty where the engine does that by itself."""
        return f"{unit.path.stem}-secrets" if self._ksops else ""

    def _of_application(self, unit: Unit, objects: UnitObjects) -> Iterator[File]:
        application = unit.application
        parts = ["application", *(f"overlays/{each.slug}" for each in application.environments)]
        everything = layout_files.kustomization(f"All of {application.name}", {"resources": parts})
        yield from _below(application.slug, [everything])
        yield from _below(f"{application.slug}/application", self._complete(unit, objects))

    def _of_environment(self, unit: Unit, objects: UnitObjects) -> Iterator[File]:
        environment, place = _environment(unit), f"{unit.application.slug}/overlays/{_environment(unit).slug}"
        folders = [OWN, *(each.slug for each in environment.microservices)]
        yield from _below(place, [layout_files.kustomization(f"All of {unit.name}", {"resources": folders})])
        yield from _below(place, [layout_files.component(unit.name, surroundings_of(unit))])
        yield from _below(f"{place}/{OWN}", self._complete(unit, objects))

    def _complete(self, unit: Unit, objects: UnitObjects) -> Iterator[File]:
        """Yield the objects of *unit* as in the plain layout, and what builds them."""
        if objects.plain:
            yield unit.path.name, assemble.stream(unit.name, "the platform document", objects.plain)
        for declared, manifest in objects.sealed:
            yield declared.output.name, assemble.stream(unit.name, str(declared.source), [manifest])
        resources = [unit.path.name] if objects.plain else []
        secrets = [declared.output.name for declared, _ in objects.sealed]
        if secrets and self._ksops:
            generator = layout_files.generator(unit.name, self._generator(unit), secrets)
            yield generator
            yield layout_files.kustomization(unit.name, {"resources": resources, "generators": [generator[0]]})
        else:
            yield layout_files.kustomization(unit.name, {"resources": [*resources, *secrets]})

    def _member(self, unit: Unit, objects: UnitObjects, group: Group) -> Member:
        return Member(
            surroundings=surroundings_of(unit),
            manifests=_manifests(objects),
            merge=self._merge(unit),
            in_full=group.in_full,
        )

    def _merge(self, unit: Unit) -> Merge:
        """Return how patches apply in the version of Kubernetes that *unit* is for."""
        return merging(self._compiler.merge_keys(unit.kubernetes))


def merging(keys: MergeKeys) -> Merge:
    """Return how patches apply where lists merge by *keys*."""

    def merge(ref: ObjectRef, body: Json, patch: Json) -> Json:
        outcome = strategic_merge(ref, body, patch, keys)
        return None if outcome.refusals else outcome.body

    return merge


def list_key(every: Sequence[MergeKeys], api_version: str, kind: str) -> ListKey:
    """Return by which field the lists of a *kind* merge, item by item, in the eyes of *every* version."""

    def key(names: tuple[str, ...]) -> str | None:
        found = {each.merge_key(api_version, kind, names) for each in every}
        (one, *others) = found
        return one if not others and one is not None and (names[-1], one) in _ITEM_BY_ITEM else None

    return key


def scope(unit: Unit) -> Iterator[str]:
    """Yield what a compilation of *unit* decides about: an environment is compiled with all its microservices."""
    slug = unit.application.slug
    if unit.environment is None:
        yield from (f"{slug}/application", f"{slug}/{KUSTOMIZATION}")
    elif unit.microservice is not None:
        yield from (base_folder(unit), overlay_folder(unit))
    else:
        yield f"{slug}/overlays/{unit.environment.slug}"


def surroundings_of(unit: Unit) -> Surroundings:
    """Return what kustomize adds to every microservice of the environment of *unit*."""
    environment, application = _environment(unit), unit.application
    own = {key: value for key, value in environment.labels.items() if application.labels.get(key) != value}
    return Surroundings(
        folder=environment.slug, namespace=application.namespace, prefix=f"{environment.slug}-", labels=own
    )


def _environment(unit: Unit) -> Environment:
    if unit.environment is None:
        raise ValueError(f"'{unit.name}' is in no environment")
    return unit.environment


def _manifests(objects: UnitObjects) -> list[Manifest]:
    return [*objects.plain, *(each for _, each in objects.sealed)]


def base_folder(unit: Unit) -> str:
    """Return the folder of what the environments of a microservice share, from the output directory."""
    return f"{unit.application.slug}/base/{unit.path.stem}"


def overlay_folder(unit: Unit) -> str:
    """Return the folder of what one environment adds to that, from the output directory."""
    return f"{unit.application.slug}/overlays/{_environment(unit).slug}/{unit.path.stem}"


def _below(folder: str, files: Iterable[File]) -> Iterator[File]:
    return ((f"{folder}/{name}", content) for name, content in files)


def _captured(grouped: Sequence[Group], results: Sequence[Sequence[UnitResult]]) -> dict[int, Group]:
    """Return the groups that must be compiled again, by their place: others use short names of theirs in full.

    Kustomize would take such a name for theirs and write it anew.
    """
    referred: dict[str, set[Named]] = {}
    for group, those in zip(grouped, results, strict=True):
        names = referred.setdefault(group.units[0].application.slug, set())
        names.update(name for each in those for name in each.referred)
    again = {}
    for index, (group, those) in enumerate(zip(grouped, results, strict=True)):
        taken = {name for each in those for name in each.renamed} & referred[group.units[0].application.slug]
        if taken:
            again[index] = Group(group.units, group.in_full | taken)
    return again
