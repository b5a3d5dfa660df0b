"""The order of the stages, and nothing else: text in, a tree of files out."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar

from generator.model.declared_secret import FOLDER, SOPS_CONFIG, declared_secrets
from generator.model.diagnostics import CompileError, Diagnostic, has_errors, in_order
from generator.model.inputs import Files, NotedFiles
from generator.model.kubernetes import KubernetesSchemas
from generator.model.platform import Application, Platform
from generator.model.repetition import said_once
from generator.model.selection import WHOLE, Selection, selected
from generator.model.source import Document
from generator.model.tree import FileTree
from generator.model.unit import Unit, units
from generator.model.wiring import Wiring
from generator.unit_compiler import UnitCompiler, UnitResult

Subject = TypeVar("Subject")
Result = TypeVar("Result")


class Spread(Protocol):
    """Applies a function to many subjects and returns the results in their order; possibly in several processes."""

    def __call__(self, function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
        """Return what *function* makes of each of *subjects*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a compilation depends on.

    Attributes:
        name: The document's file name, as findings name it; its folder is the project.
        text: The document.
        files: The project's other files.
        read_schema: Reads one file of the distribution's schemas, by its path there.
        templates: The distribution's templates, by their path.
    """

    name: str
    text: bytes
    files: Files
    read_schema: Callable[[str], bytes]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What came out.

    Attributes:
        tree: Every file, by its path from the project's folder; begins with *directory*, but for `.sops.yaml`.
        directory: The output directory, from the project's folder.
        layout: `plain` or `kustomize`.
        objects: How many Kubernetes objects the tree holds.
        scope: The paths that this compilation decides about: files, and folders with all that is below them. What lies
            elsewhere in the output directory belongs to parts that were not selected.
        versions: The Kubernetes version that each file's objects are for.
        schemas: What they were checked against, the platform's own kinds included.
        warnings: What was found that does not stop the compiler.
    """

    tree: FileTree
    directory: PurePosixPath
    layout: str
    objects: int
    scope: tuple[PurePosixPath, ...]
    versions: Mapping[PurePosixPath, str]
    schemas: KubernetesSchemas
    warnings: tuple[Diagnostic, ...] = field(default=())


def one_by_one(function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
    """Apply *function* to every one of *subjects* in this process."""
    return [function(each) for each in subjects]


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
    front = _front(inputs, layout)
    everything = tuple(units(front.platform))
    chosen = selected(everything, selection)
    compiler = _prepared(front, inputs)
    if front.platform.layout == "kustomize":
        compiled = _kustomized(front.platform, compiler, everything, chosen, spread)
    else:
        compiled = list(zip(chosen, spread(compiler.compile, chosen), strict=True))
    findings = [*front.warnings, *(finding for _, each in compiled for finding in each.findings)]
    if not selection.microservices and not has_errors(findings):
        findings += _reference_findings(chosen, compiled, compiler)
    whole = selection == WHOLE
    if whole:
        findings += _orphans(front, inputs.files)
    findings = said_once(findings, front.document)
    if has_errors(findings):
        raise CompileError(findings)
    wired = _wired(front, compiled, compiler.schemas, inputs, whole=whole)
    return _assembled(front, wired, compiled, findings, selection)


def sops_config_of(inputs: Inputs) -> bytes | None:
    """Return the `.sops.yaml` that the document's recipients ask for, None where it names nobody.

    Sealed values may be missing: it is what they are sealed with.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    return _front(inputs).sops_config


@dataclass(frozen=True, slots=True)
class _Front:
    """What the stages before rendering found out."""

    document: Document
    platform: Platform
    warnings: list[Diagnostic]
    sops_config: bytes | None


def _front(inputs: Inputs, layout: str | None = None) -> _Front:
    from generator.stages.check import check
    from generator.stages.check.output import output_findings
    from generator.stages.parse import parse
    from generator.stages.resolve import resolve
    from generator.stages.seal.recipient_syntax import platform_recipient_findings
    from generator.stages.seal.sops_config import platform_sops_config
    from generator.stages.validate import validate

    schema: dict[str, Any] = json.loads(inputs.read_schema("platform.schema.json"))
    files = NotedFiles(inputs.files)
    document = parse(inputs.name, inputs.text, files)
    validate(document, schema)
    platform, warnings = resolve(document, schema, files)
    platform = replace(platform, layout=layout or platform.layout)
    warnings += [*check(platform, document), *platform_recipient_findings(platform, document)]
    warnings += output_findings(platform, files.noted, document)
    if has_errors(warnings):
        raise CompileError(warnings)
    return _Front(document, platform, warnings, platform_sops_config(platform))


def _prepared(front: _Front, inputs: Inputs) -> UnitCompiler:
    from generator.preparation import prepared
    from generator.sealing import Sealing

    prepared_to_seal = front.sops_config is None or inputs.files.read(SOPS_CONFIG) == front.sops_config
    sealing = Sealing(document=front.document, files=inputs.files, prepared=prepared_to_seal)
    return prepared(front.platform, sealing, inputs.templates, inputs.read_schema)


def _kustomized(
    platform: Platform, compiler: UnitCompiler, everything: Sequence[Unit], chosen: Sequence[Unit], spread: Spread
) -> list[tuple[Unit, UnitResult]]:
    """Return the units of *chosen*, and those that they share a base with, and what they became."""
    from generator.kustomize_compiler import KustomizeCompiler, captured, groups

    grouped = groups(everything, chosen)
    laid_out = KustomizeCompiler(compiler, platform)
    results = spread(laid_out.compile, grouped)
    while again := captured(list(zip(grouped, results, strict=True))):
        for index, group in again.items():
            grouped[index], results[index] = group, laid_out.compile(group)
    return [
        (unit, result)
        for group, those in zip(grouped, results, strict=True)
        for unit, result in zip(group.units, those, strict=True)
    ]


def _wired(
    front: _Front,
    compiled: Sequence[tuple[Unit, UnitResult]],
    schemas: KubernetesSchemas,
    inputs: Inputs,
    *,
    whole: bool,
) -> Wiring:
    """Return what the platform's GitOps engine needs beside the manifests, nothing where it names none."""
    if front.platform.gitops is None:
        return Wiring(schemas=schemas)
    from generator.wiring import wiring

    wired = wiring(front.platform, compiled, schemas, inputs.read_schema, front.document, whole=whole)
    if has_errors(wired.findings):
        raise CompileError(wired.findings)
    return wired


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


def _orphans(front: _Front, files: Files) -> list[Diagnostic]:
    from generator.stages.seal.declared import orphaned_files

    expected = {each.source for unit in units(front.platform) for each in declared_secrets(unit)}
    return list(orphaned_files(files.glob(f"{FOLDER}/**/*.yaml"), expected))


def _assembled(
    front: _Front,
    wired: Wiring,
    compiled: Sequence[tuple[Unit, UnitResult]],
    findings: list[Diagnostic],
    selection: Selection,
) -> Compilation:
    whole = selection == WHOLE
    directory = PurePosixPath(front.platform.directory)
    tree, versions = FileTree(), {}
    for unit, result in compiled:
        for name, content in result.files:
            path = directory / name
            tree.add(path, content)
            versions[path] = unit.kubernetes
    for path, content in wired.files:
        tree.add(directory / path, content)
    versions |= {directory / path: version for path, version in wired.manifests.items()}
    selected_units = [unit for unit, _ in compiled]
    scope = (directory, SOPS_CONFIG) if whole else tuple(_scope(front.platform, selected_units))
    scope += tuple(directory / path for path in wired.scope)
    if whole and front.sops_config is not None:
        tree.add(SOPS_CONFIG, front.sops_config)
    return Compilation(
        tree=tree,
        directory=directory,
        layout=front.platform.layout,
        objects=sum(result.objects for _, result in compiled) + wired.objects,
        scope=scope,
        versions=versions,
        schemas=wired.schemas,
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
