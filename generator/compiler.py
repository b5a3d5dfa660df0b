"""The order of the stages, and nothing else: text in, a tree of files out."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from generator.front import Front
from generator.left_behind import left_behind
from generator.model.declared_secret import SOPS_CONFIG, declared_secrets
from generator.model.diagnostics import CompileError, Diagnostic, has_errors, in_order
from generator.model.footprint import Footprint
from generator.model.inputs import Files
from generator.model.kubernetes import KubernetesSchemas
from generator.model.leaks import leaks
from generator.model.ledger import Ledger, Notes
from generator.model.platform import Application, Platform
from generator.model.repetition import said_once
from generator.model.sealed_place import FOLDER
from generator.model.selection import WHOLE, Selection, selected
from generator.model.source import Document
from generator.model.tree import FileTree
from generator.model.unit import Unit, units
from generator.unit_compiler import UnitCompiler, UnitResult

Spread: TypeAlias = Callable[[Callable[[Unit], UnitResult], Sequence[Unit]], list[UnitResult]]
"""Applies a function to units and returns the results in their order; possibly in several processes."""


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
        tree: The files that *scope* asks for, by their path from the project's folder; begins with *directory*, but for
            `.sops.yaml`.
        directory: The output directory, from the project's folder.
        objects: How many Kubernetes objects were compiled, now or before.
        files: How many files those are in.
        scope: The paths that this compilation decides about: files, and folders with all that is below them. What lies
            elsewhere in the output directory belongs to parts that were not selected, or is known to be right.
        versions: The Kubernetes version that each file's objects are for.
        schemas: What they were checked against, the platform's own kinds included.
        notes: All that was read; None where there are findings that the same inputs would not give again.
        footprint: What the next compilation can build on, where it can.
        warnings: What was found that does not stop the compiler.
    """

    tree: FileTree
    directory: PurePosixPath
    objects: int
    files: int
    scope: tuple[PurePosixPath, ...]
    versions: Mapping[PurePosixPath, str]
    schemas: KubernetesSchemas
    notes: Notes | None = None
    footprint: Footprint | None = None
    warnings: tuple[Diagnostic, ...] = field(default=())


def one_by_one(function: Callable[[Unit], UnitResult], subjects: Sequence[Unit]) -> list[UnitResult]:
    """Apply *function* to every one of *subjects* in this process."""
    return [function(each) for each in subjects]


def compile_platform(inputs: Inputs, selection: Selection = WHOLE, spread: Spread = one_by_one) -> Compilation:
    """Turn one platform document into the files that deploy it.

    Pure: the same inputs give the same bytes, on any machine, on any day, however the work is spread.

    Raises:
        CompileError: With every finding of the first stage that found an error.
        SelectionError: When *selection* names what is not there.
    """
    ledger = Ledger(inputs.files)
    front = front_of(inputs, ledger)
    chosen = selected(tuple(units(front.platform)), selection)
    compiler = prepared_for(front, inputs, ledger)
    shared = ledger.taken()
    results = spread(compiler.compile, chosen)
    findings = [*front.warnings, *(finding for each in results for finding in each.findings)]
    if not selection.microservices and not has_errors(findings):
        findings += _reference_findings(chosen, results, compiler)
    whole = selection == WHOLE
    if whole:
        findings += [*_orphans(front, ledger), *_leaks_of_config(ledger)]
    findings = said_once(findings, front.document)
    if has_errors(findings):
        raise CompileError(findings)
    compiled = list(zip(chosen, results, strict=True))
    shared.add(ledger.taken())
    notes, footprint = left_behind(front, ledger, shared, compiled, whole=whole)
    tree, versions = output_of(front.platform, compiled)
    if whole and front.sops_config is not None:
        tree.add(SOPS_CONFIG, front.sops_config)
    directory = PurePosixPath(front.platform.directory)
    return Compilation(
        tree=tree,
        directory=directory,
        objects=sum(result.objects for result in results),
        files=len(tree),
        scope=(directory, SOPS_CONFIG) if whole else tuple(scope_of(directory, chosen)),
        versions=versions,
        schemas=compiler.schemas,
        notes=notes,
        footprint=footprint,
        warnings=in_order(findings),
    )


def sops_config_of(inputs: Inputs) -> bytes | None:
    """Return the `.sops.yaml` that the document's recipients ask for, None where it names nobody.

    Sealed values may be missing: it is what they are sealed with.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    return front_of(inputs).sops_config


def read_document(inputs: Inputs, ledger: Ledger) -> tuple[Document, dict[str, Any]]:
    """Return the document of *inputs*, valid, and the schema that it is valid against.

    Raises:
        CompileError: With everything that is wrong with it.
    """
    from generator.stages.parse import parse
    from generator.stages.validate import validate

    schema: dict[str, Any] = json.loads(inputs.read_schema("platform.schema.json"))
    document = parse(inputs.name, inputs.text, ledger)
    validate(document, schema)
    return document, schema


def front_of(inputs: Inputs, ledger: Ledger | None = None) -> Front:
    """Return what a document describes, as far as that is known before its sealed values are; *ledger* notes it.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    noting = ledger or Ledger(inputs.files)
    document, schema = read_document(inputs, noting)
    return checked(document, schema, noting)


def resolved(inputs: Inputs) -> tuple[Document, Platform, list[Diagnostic]]:
    """Return a document, what it means, and warnings, before `check`: perhaps nobody can unseal its secrets yet.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    from generator.stages.resolve import resolve

    ledger = Ledger(inputs.files)
    document, schema = read_document(inputs, ledger)
    platform, warnings = resolve(document, schema, ledger)
    return document, platform, warnings


def checked(document: Document, schema: dict[str, Any], ledger: Ledger, part: Collection[str] | None = None) -> Front:
    """Return what a valid *document* means, or what it means to *part* of its microservices.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    from generator.stages.check import check
    from generator.stages.resolve import resolve
    from generator.stages.seal.recipient_syntax import platform_recipient_findings
    from generator.stages.seal.sops_config import platform_sops_config

    read = ledger.taken()
    platform, warnings = resolve(document, schema, ledger, part)
    warnings += [*check(platform, document), *platform_recipient_findings(platform, document)]
    if has_errors(warnings):
        raise CompileError(warnings)
    return Front(document, platform, warnings, platform_sops_config(platform), read)


def prepared_for(front: Front, inputs: Inputs, ledger: Ledger) -> UnitCompiler:
    """Return what compiles the units of *front*.

    Raises:
        CompileError: With what is wrong with the platform's own templates and custom resources.
    """
    from generator.preparation import prepared
    from generator.sealing import Sealing

    sealing = Sealing(document=front.document, files=ledger)
    return prepared(front.platform, sealing, ledger, inputs.templates, inputs.read_schema)


def _reference_findings(
    chosen: Iterable[Unit], results: Iterable[UnitResult], compiler: UnitCompiler
) -> list[Diagnostic]:
    """Return what dangles between the objects of one namespace."""
    from generator.stages.verify.references import Summary, reference_findings

    summaries: dict[int, list[Summary]] = defaultdict(list)
    applications: dict[int, Application] = {}
    for unit, result in zip(chosen, results, strict=True):
        applications[id(unit.application)] = unit.application
        summaries[id(unit.application)].append(result.summary)
    return [
        finding
        for key, application in applications.items()
        for finding in reference_findings(summaries[key], application.external, compiler.locate)
    ]


def _orphans(front: Front, files: Files) -> list[Diagnostic]:
    from generator.stages.seal.declared import orphaned_files

    expected = {each.source for unit in units(front.platform) for each in declared_secrets(unit)}
    return list(orphaned_files(files.glob(f"{FOLDER}/**/*.yaml"), expected))


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


def scope_of(directory: PurePosixPath, chosen: Iterable[Unit]) -> Iterable[PurePosixPath]:
    """Yield what a partial compilation decides about: the files of its units, and the folders of its environments."""
    for unit in chosen:
        if unit.environment is not None and unit.microservice is None:
            yield directory / unit.path.parent
            continue
        yield directory / unit.path
        for suffix in (".secret.yaml", ".files.secret.yaml"):
            yield (directory / unit.path).with_suffix(suffix)
