"""The order of the stages, and nothing else: text in, a tree of files out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct, field

from generator.front import Front, Inputs
from generator.left_behind import Remains, left_behind
from generator.model.declared_secret import SOPS_CONFIG
from generator.model.diagnostics import CompileError, Diagnostic, has_errors, in_order
from generator.model.inputs import Files
from generator.model.kubernetes import KubernetesSchemas
from generator.model.leaks import leaks
from generator.model.ledger import Notes
from generator.model.platform import Application, Platform
from generator.model.repetition import said_once
from generator.model.selection import WHOLE, Selection, selected
from generator.model.spread import Spread, one_by_one
from generator.model.tree import FileTree
from generator.model.unit import Unit
from generator.model.wiring import Wiring
from generator.unit_compiler import UnitCompiler, UnitResult
from generator.work import Work, begun, compiled_units

Kinds: TypeAlias = Mapping[str, Collection[tuple[str, str]]]
"""The kinds (apiVersion, kind) that each application consists of, by its slug."""


class Compilation(Struct, frozen=True, kw_only=True):
    """What came out.

    Attributes:
        tree: The files that *scope* asks for, by their path from the project's folder; begins with *directory*, but for
            `.sops.yaml`.
        directory: The output directory, from the project's folder.
        layout: `plain` or `kustomize`.
        objects: How many Kubernetes objects were compiled, now or before.
        files: How many files those are in.
        scope: The paths that this compilation decides about: files, and folders with all that is below them. What lies
            elsewhere in the output directory belongs to parts that were not selected, or is known to be right.
        versions: The Kubernetes version that each file's objects are for.
        schemas: What they were checked against, the platform's own kinds included.
        remains: What the next compilation can build on.
        warnings: What was found that does not stop the compiler.
    """

    tree: FileTree
    directory: PurePosixPath
    layout: str
    objects: int
    files: int
    scope: tuple[PurePosixPath, ...]
    versions: Mapping[PurePosixPath, str]
    schemas: KubernetesSchemas
    remains: Remains = field(default_factory=Remains)
    warnings: tuple[Diagnostic, ...] = field(default=())


def compile_platform(
    inputs: Inputs, selection: Selection = WHOLE, spread: Spread = one_by_one, layout: str | None = None
) -> Compilation:
    """Turn one platform document into the files that deploy it.

    Pure: the same inputs give the same bytes, on any machine, on any day, however the work is spread.

    Args:
        inputs: All that it depends on.
        selection: Which part to compile.
        spread: How the work is done.
        layout: `plain` or `kustomize`, whatever the document says.

    Raises:
        CompileError: With every finding of the first stage that found an error.
        SelectionError: When *selection* names what is not there.
    """
    work = begun(inputs, layout)
    chosen = selected(work.everything, selection)
    return finished(work, chosen, compiled_units(work, chosen, spread), selection)


def finished(
    work: Work,
    chosen: Sequence[Unit],
    compiled: Sequence[tuple[Unit, UnitResult]],
    selection: Selection,
    *,
    agreed: bool = False,
) -> Compilation:
    """Return what comes out of *work* once the units of a *selection*, *chosen*, are *compiled*.

    Where it is *agreed* that nothing dangles or collides between them, nobody looks again.

    Raises:
        CompileError: With what is wrong with them, or between them.
    """
    front = work.front
    findings = [*front.warnings, *(finding for _, each in compiled for finding in each.findings)]
    between: list[Diagnostic] = []
    if not agreed and not selection.microservices and not has_errors(findings):
        between += _reference_findings(chosen, compiled, work.compiler)
    whole = selection == WHOLE
    read_between = Notes()
    if whole:
        found, read_between = found_between(work)
        between += found
    findings += between
    if has_errors(findings):
        from generator.sealing import with_moved_folders

        findings = with_moved_folders(findings, front.platform, work.ledger, front.document)
    findings = said_once(findings, front.document)
    if has_errors(findings):
        raise CompileError(findings)
    units = [unit for unit, _ in compiled]
    wiring = wired(front, units, _kinds(compiled), work.compiler.schemas, work.inputs, whole=whole)
    work.shared.add(work.ledger.taken())
    remains = left_behind(work, compiled, read_between if whole else None)
    return _assembled(front, wiring, compiled, (remains, findings), whole=whole)


def found_between(work: Work) -> tuple[list[Diagnostic], Notes]:
    """Return what nothing declares, of all that is sealed for the platform, and what was read to find it."""
    from generator.sealing import orphans

    work.shared.add(work.ledger.taken())
    found = [*orphans(work.front.platform, work.ledger), *_leaks_of_config(work.ledger)]
    return found, work.ledger.taken()


def _kinds(compiled: Iterable[tuple[Unit, UnitResult]]) -> Kinds:
    kinds: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for unit, result in compiled:
        kinds[unit.application.slug].update(dict.fromkeys(place[:2] for place in result.summary.objects))
    return kinds


def wired(
    front: Front, units: Sequence[Unit], kinds: Kinds, schemas: KubernetesSchemas, inputs: Inputs, *, whole: bool
) -> Wiring:
    """Return what the platform's GitOps engine needs beside the manifests, nothing where it names none.

    See `wiring` for the arguments.

    Raises:
        CompileError: With what is wrong with it.
    """
    if front.platform.gitops is None:
        return Wiring(schemas=schemas)
    from generator.wiring import wiring

    found = wiring(front, units, kinds, schemas, inputs.read_schema, whole=whole)
    if has_errors(found.findings):
        raise CompileError(found.findings)
    return found


def _reference_findings(
    chosen: Iterable[Unit], compiled: Iterable[tuple[Unit, UnitResult]], compiler: UnitCompiler
) -> list[Diagnostic]:
    """Return what dangles between the objects of one namespace, as far as *chosen* has them."""
    from generator.stages.verify.references import Summary, reference_findings

    summaries: dict[int, list[Summary]] = defaultdict(list)
    applications: dict[int, Application] = {}
    selected_units = {id(each) for each in chosen}
    for unit, result in compiled:
        if id(unit) in selected_units:
            applications[id(unit.application)] = unit.application
            summaries[id(unit.application)].append(result.summary)
    return [
        finding
        for key, application in applications.items()
        for finding in reference_findings(summaries[key], application.external, compiler.locate)
    ]


def _leaks_of_config(files: Files) -> list[Diagnostic]:
    """Return what looks like a secret in the `.sops.yaml` on disk, which a person may have written to."""
    text = (files.read(SOPS_CONFIG) or b"").decode("utf-8", "replace")
    return list(leaks(str(SOPS_CONFIG), text, "this", "remove it, and change it if the file was ever shared"))


def output_of(
    platform: Platform, compiled: Iterable[tuple[Unit, UnitResult]]
) -> tuple[FileTree, dict[PurePosixPath, str]]:
    """Return the files that units became, and the Kubernetes version that each is for."""
    directory = PurePosixPath(platform.directory)
    tree, versions = FileTree(), {}
    for unit, result in compiled:
        for name, content in result.files:
            path = directory / name
            tree.add(path, content)
            versions[path] = unit.kubernetes
    return tree, versions


def _assembled(
    front: Front,
    wired: Wiring,
    compiled: Sequence[tuple[Unit, UnitResult]],
    left: tuple[Remains, list[Diagnostic]],
    *,
    whole: bool,
) -> Compilation:
    directory = PurePosixPath(front.platform.directory)
    tree, versions = output_of(front.platform, compiled)
    for path, content in wired.files:
        tree.add(directory / path, content)
    versions |= {directory / path: version for path, version in wired.manifests.items()}
    scope = (directory, SOPS_CONFIG) if whole else tuple(_scope(front.platform, [unit for unit, _ in compiled]))
    if whole and front.sops_config is not None:
        tree.add(SOPS_CONFIG, front.sops_config)
    remains, findings = left
    return Compilation(
        tree=tree,
        directory=directory,
        layout=front.platform.layout,
        objects=sum(result.objects for _, result in compiled) + wired.objects,
        files=len(tree),
        scope=scope + tuple(directory / path for path in wired.scope),
        versions=versions,
        schemas=wired.schemas,
        remains=remains,
        warnings=in_order(findings),
    )


def _scope(platform: Platform, chosen: Iterable[Unit]) -> Iterable[PurePosixPath]:
    """Yield what a partial compilation decides about: the files of its units, and the folders of its environments."""
    directory = PurePosixPath(platform.directory)
    if platform.layout == "kustomize":
        from generator.kustomize_compiler import scope

        yield from (directory / path for unit in chosen for path in scope(unit))
        return
    for unit in chosen:
        if unit.environment is not None and unit.microservice is None:
            yield directory / unit.path.parent
            continue
        yield directory / unit.path
        for suffix in (".secret.yaml", ".files.secret.yaml"):
            yield (directory / unit.path).with_suffix(suffix)
