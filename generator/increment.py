"""Compiling after an edit: only what depends on it, provably as compiling everything would have it.

Only the microservices of which the document says something else, or whose files are others, are read (see
`abridgement.py`), validated and resolved, with those beside them that this takes, and go through every stage as ever.
What keeps that honest: each of them must show the others the same as before (`model/footprint.py`), the environments
and applications around them must be the same, and so must be what their objects define, use and claim in the namespace,
which the files in place tell. Where any of this differs, or anything at all is found, more is compiled: see
`continuation.py`.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from msgspec.structs import replace

from generator.abridgement import Abridgement, abridged
from generator.compiler import Compilation, begun, output_of, prepared_for
from generator.front import Front, Inputs, checked, schema_of
from generator.left_behind import Remains
from generator.model.basis import frames
from generator.model.diagnostics import CompileError
from generator.model.footprint import Footprint, owner_named, owner_of
from generator.model.ledger import Ledger, Notes, joined
from generator.model.manifest import Manifest, Origin, reference_of
from generator.model.past import Past
from generator.model.spread import Spread
from generator.model.unit import Unit, units
from generator.stages.validate import is_valid
from generator.unit_compiler import UnitCompiler, UnitResult


def compile_since(inputs: Inputs, past: Past, spread: Spread, layout: str | None = None) -> Compilation:
    """Return the compilation of a whole platform, of which the *past* one is known.

    Its tree holds what was compiled now, its scope says what that decides about; the counts are of everything. *layout*
    is that of `compile_platform`.

    Raises:
        CompileError: See `compile_platform`.
    """
    edit = abridged(inputs, past)
    compilation = None if edit is None else _compile_edit(inputs, edit, past, spread, layout)
    if compilation is not None:
        return compilation
    from generator.continuation import compile_changed

    return compile_changed(begun(inputs, layout), past, spread)


def _compile_edit(
    inputs: Inputs, edit: Abridgement, past: Past, spread: Spread, layout: str | None
) -> Compilation | None:
    """Return the compilation of what was edited, None where it takes more."""
    schema = schema_of(inputs)
    if not is_valid(edit.in_full(), schema):
        return None
    ledger = Ledger(inputs.files)
    try:
        front = checked(edit.document, schema, ledger, layout, edit.part)
        if front.warnings or not _stands_as_before(front, edit.touched, past.footprint):
            return None
        compiler = prepared_for(front, inputs, ledger)
        chosen = list(_units(front, edit.touched))
        compiled = list(zip(chosen, spread(compiler.compile, chosen), strict=True))
    except CompileError:
        return None  # said when everything is looked at, with what else there is to say
    if not all(_fits(unit, result, past, ledger, front) for unit, result in compiled):
        return None
    return _joined(front, compiler, _footprint(edit, ledger, compiled, past), compiled, past)


def _units(front: Front, touched: Collection[str]) -> Iterator[Unit]:
    return (each for each in units(front.platform) if each.microservice is not None and owner_of(each) in touched)


def _stands_as_before(front: Front, touched: Collection[str], before: Footprint) -> bool:
    """Say whether what *touched* stand in is the same, and they are deployed where they were."""
    deployed = {each.name for each in _units(front, touched)}
    was = {name for name in before.faces if owner_named(name) in touched}
    return deployed == was and frames(front.platform, front.sops_config) == before.frames


def _fits(unit: Unit, result: UnitResult, past: Past, ledger: Ledger, front: Front) -> bool:
    """Say whether *result* may take the place of what *unit* was before, without anybody else taking notice."""
    from generator.stages.verify.references import summarize

    before = past.footprint
    outputs = [name for name, _ in result.files]
    if (
        result.notes.beyond
        or result.findings
        or result.face != before.faces.get(unit.name)
        or outputs != before.outputs.get(unit.name)
    ):
        return False
    directory = PurePosixPath(front.platform.directory)
    now, was = (
        summarize(list(_objects(contents)))
        for contents in (
            [content for _, content in result.files],
            [ledger.files.read(directory / name) for name in outputs],
        )
    )
    return now == was


def _objects(contents: Sequence[bytes | None]) -> Iterator[Manifest]:
    """Yield the objects of compiled files; where they came from does not matter here."""
    import yaml_rs

    for content in contents:
        read = yaml_rs.loads((content or b"").decode(), parse_datetime=False)
        for body in read if isinstance(read, list) else [read]:
            yield Manifest(ref=reference_of(body), body=body, text="", origin=Origin(""))


def _joined(
    front: Front, compiler: UnitCompiler, footprint: Footprint, compiled: list[tuple[Unit, UnitResult]], past: Past
) -> Compilation:
    """Return what *compiled* and the *past* come to together."""
    tree, versions = output_of(front.platform, compiled)
    objects = dict(footprint.objects) | {unit.name: result.objects for unit, result in compiled}
    return Compilation(
        tree=tree,
        directory=PurePosixPath(front.platform.directory),
        layout=front.platform.layout,
        objects=past.objects + sum(objects.values()) - sum(footprint.objects.values()),
        files=past.files,
        scope=tuple(tree),
        versions=versions,
        schemas=compiler.schemas,
        remains=Remains(joined(footprint.notes()), replace(footprint, objects=objects)),
    )


def _footprint(edit: Abridgement, ledger: Ledger, compiled: list[tuple[Unit, UnitResult]], past: Past) -> Footprint:
    """Return the footprint of the *past* with what was read now in place of what was read then."""
    before = past.footprint
    read_by = dict(before.read_by)
    for unit, result in compiled:
        read_by[owner_of(unit)] = ledger.owned.get(owner_of(unit), Notes())
        read_by[unit.name] = result.notes
    bases = before.bases | {unit.name: result.basis for unit, result in compiled}
    return replace(before, texts=edit.texts, bases=bases, read_by=read_by, read_as_document=edit.read)
