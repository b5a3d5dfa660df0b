"""Compiling after an edit: only what depends on it, provably as compiling everything would have it.

Only the microservices of which the document says something else, or whose files are others, are read (see
`abridgement.py`), validated and resolved, with those beside them that this takes, and go through every stage as ever.
Where one of them shows its neighbours something else (`model/footprint.py`), these are compiled with it, and so on.
What keeps that honest: the environments and applications around them must be the same, and so must be what they show
to these; what their objects use and claim in the namespace must be there, and nobody else's (`coherence.py`). What was
warned of is said again, where it stands now (`model/remarks.py`); what one microservice alone gives rise to may come
and go with it. Where anything else differs, or there is an error, more is compiled: see `continuation.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from pathlib import PurePosixPath

from msgspec.structs import replace

from generator.abridgement import Abridgement, abridged, widened
from generator.claims import kinds_in, lines_of, spoken_of, text_of
from generator.coherence import is_coherent, wants_of
from generator.compiler import Compilation, output_of
from generator.front import Inputs, checked, schema_of
from generator.left_behind import Remains
from generator.model.basis import face
from generator.model.diagnostics import CompileError, Diagnostic, has_errors, in_order
from generator.model.footprint import Footprint, joined_neighbours, neighbours, owner_named, owner_of
from generator.model.ledger import Ledger, Notes, joined
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.remarks import Remark, Remarks, remarks_on, said_again
from generator.model.repetition import said_once
from generator.model.spread import Spread
from generator.model.unit import Unit
from generator.stages.validate import is_valid
from generator.unit_compiler import UnitResult
from generator.work import Work, begun, begun_behind, compiled_units


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
    before = past.footprint
    try:
        found = _noticed(inputs, edit, before, layout)
        compiled = compiled_units(found[0], found[2], spread) if found else []
    except CompileError:
        return None  # said when everything is looked at, with what else there is to say
    claims = past.read_claims() if compiled else None
    if found is None or claims is None or not all(_fits(unit, result, before) for unit, result in compiled):
        return None
    work, edit, _ = found
    lines = lines_of(claims)
    now = lines | {unit.name: result.claims for unit, result in compiled}
    text = text_of(now.values()) if now != lines else b""
    if not _is_agreed(work, lines, now, text, before) or not _are_paths_free(compiled, before):
        return None
    remarks = _remarks(work, edit, compiled, before)
    if remarks is None:
        return None
    footprint = _footprint(work, edit, remarks, compiled, before)
    return _joined(work, edit, (footprint, text), compiled, past)


def _noticed(
    inputs: Inputs, edit: Abridgement, before: Footprint, layout: str | None
) -> tuple[Work, Abridgement, list[Unit]] | None:
    """Return what is known before anything is rendered once *edit* has all that notice it, and the units of these.

    None where it takes more.

    Raises:
        CompileError: With what is wrong with it.
    """
    schema = schema_of(inputs)
    wider: Abridgement | None = edit
    while wider is not None and is_valid(wider.in_full(), schema):
        edit = wider
        ledger = Ledger(inputs.files, elsewhere=inputs.elsewhere)
        front = checked(edit.document, schema, ledger, layout, {each: each in edit.touched for each in edit.part})
        work = begun_behind(front, inputs, ledger)
        chosen = _stand_as_before(work, edit.touched, before)
        noticing = _noticing(work, chosen, before) - edit.touched
        if not chosen or not noticing:
            return (work, edit, chosen) if chosen else None
        wider = widened(edit, noticing, inputs, before)
    return None


def _noticing(work: Work, chosen: Sequence[Unit], before: Footprint) -> set[str]:
    """Return the neighbours, then or now, of those of *chosen* that show another face."""
    changed = {
        owner_of(each) for each in chosen if each.microservice and face(each.microservice) != before.faces[each.name]
    }
    if not changed:
        return set()
    now = neighbours(work.front.platform)
    return {other for owner in changed for those in (before.beside, now) for other in those.get(owner, ())}


def _stand_as_before(work: Work, touched: Collection[str], before: Footprint) -> list[Unit]:
    """Return the units of *touched*; none unless they are deployed where they were, and what is around is the same."""
    chosen = [each for each in work.everything if each.microservice is not None and owner_of(each) in touched]
    was = {name for name in before.faces if owner_named(name) in touched}
    return chosen if {each.name for each in chosen} == was and work.frames == before.frames else []


def _fits(unit: Unit, result: UnitResult, before: Footprint) -> bool:
    """Say whether *result* may take the place of what *unit* was before, as far as what is around it goes."""
    return (
        not result.notes.beyond
        and not result.passing
        and not has_errors(result.findings)
        and result.outline == before.outlines.get(unit.name)
    )


def _is_agreed(work: Work, were: Mapping[str, bytes], now: Mapping[str, bytes], text: bytes, before: Footprint) -> bool:
    """Say whether the claims *now* agree as those that *were* did, and are about the same kinds where that counts.

    The *text* is all of those of *now*.
    """
    changed = [name for name, line in now.items() if line != were[name]]
    if work.front.platform.gitops and any(kinds_in(now[name]) != kinds_in(were[name]) for name in changed):
        return False  # what an engine may deploy is told to it
    noticing = {name.partition("/")[0] for name in changed if _is_spoken_of(were[name], now[name], text)}
    if not noticing:
        return True
    if before.again and work.front.platform.layout == "kustomize":
        return False  # some have their names in full for the sake of others
    return is_coherent(wants_of(now, noticing), work.front.platform.applications)


def _is_spoken_of(was: bytes, now: bytes, text: bytes) -> bool:
    """Say whether others in *text* may speak of what the line *now* claims otherwise than it *was*, or it of them."""
    words = spoken_of(now, was)
    return words is None or any(text.count(word) > now.count(word) for word in words)


def _are_paths_free(compiled: Sequence[tuple[Unit, UnitResult]], before: Footprint) -> bool:
    """Say whether no path of what was *compiled* leads to another microservice of its environment."""
    now = before.paths | {unit.name: [*result.paths] for unit, result in compiled}
    new = {unit.name for unit, result in compiled if not {*result.paths} <= {*before.paths.get(unit.name, ())}}
    for environment in {name.rpartition("/")[0] for name in new}:
        taken = list(chain.from_iterable(each for name, each in now.items() if name.rpartition("/")[0] == environment))
        if len(set(taken)) < len(taken):
            return False
    return True


def _remarks(
    work: Work, edit: Abridgement, compiled: Sequence[tuple[Unit, UnitResult]], before: Footprint
) -> Remarks | None:
    """Return what is warned of by now; None where some of that may be gone, or may stand somewhere else."""
    was, front = before.said, work.front
    if was == Remarks() and not front.warnings and not any(result.findings for _, result in compiled):
        return was
    if not edit.excerpts:
        return None  # where it may stand by now, nobody knows
    beginnings = edit.beginnings_here()
    around = remarks_on(front.around(), beginnings)
    of_owners = {owner: those for owner, those in was.of_owners.items() if owner not in edit.touched}
    of_units = {name: those for name, those in was.of_units.items() if owner_named(name) not in edit.touched}
    kept = [*was.beyond, *(each for found in (of_owners, of_units) for those in found.values() for each in those)]
    if {*around} != {*was.around} or any(_is_touched(each, edit) for each in kept):
        return None
    own = {owner: those for owner, those in front.of_owners.items() if owner in edit.touched}
    found = {unit.name: result.findings for unit, result in compiled if result.findings}
    return Remarks(
        of_owners=of_owners | {owner: remarks_on(those, beginnings) for owner, those in own.items()},
        of_units=of_units | {name: remarks_on(those, beginnings) for name, those in found.items()},
        around=around,
        beyond=was.beyond,
    )


def _is_touched(remark: Remark, edit: Abridgement) -> bool:
    """Say whether *remark* is about lines that were edited."""
    known = edit.texts.get(remark.file)
    return known is not None and remark.part % 2 == 1 and known.owners[remark.part // 2] in edit.touched


def _joined(
    work: Work,
    edit: Abridgement,
    remains: tuple[Footprint, bytes],
    compiled: Sequence[tuple[Unit, UnitResult]],
    past: Past,
) -> Compilation:
    """Return what *compiled* and the *past* come to together, of which a footprint and claims remain."""
    platform = work.front.platform
    tree, versions = output_of(platform, compiled)
    directory, (footprint, claims) = PurePosixPath(platform.directory), remains
    gone = [each for unit, _ in compiled for each in past.footprint.outputs[unit.name] if directory / each not in tree]
    if claims:
        footprint = replace(footprint, claims=sha256(claims))
    return Compilation(
        tree=tree,
        directory=directory,
        layout=platform.layout,
        objects=past.objects + sum(footprint.objects.values()) - sum(past.footprint.objects.values()),
        files=past.files + _files(footprint, compiled) - _files(past.footprint, compiled),
        scope=(*tree, *(directory / each for each in gone)),
        versions=versions,
        schemas=work.compiler.schemas,
        remains=Remains(joined(footprint.notes()), footprint, claims),
        warnings=in_order(said_once(_warnings(footprint.said, edit), edit.document)),
    )


def _files(footprint: Footprint, compiled: Sequence[tuple[Unit, UnitResult]]) -> int:
    return sum(len(footprint.outputs[unit.name]) for unit, _ in compiled)


def _warnings(remarks: Remarks, edit: Abridgement) -> list[Diagnostic]:
    """Return what *remarks* say, where it stands now."""
    several = [remarks.around, remarks.beyond, *remarks.of_owners.values(), *remarks.of_units.values()]
    said = [each for those in several for each in those]
    return said_again(said, edit.beginnings()) if said else []


def _footprint(
    work: Work,
    edit: Abridgement,
    remarks: Remarks,
    compiled: Sequence[tuple[Unit, UnitResult]],
    before: Footprint,
) -> Footprint:
    """Return the footprint *before* with what is known now in place of what was known then."""
    read_by = dict(before.read_by)
    again = [each for each in before.again if owner_named(each) not in edit.touched]
    paths = dict(before.paths)
    for unit, result in compiled:
        paths[unit.name] = [*result.paths]
        read_by[owner_of(unit)] = work.ledger.owned.get(owner_of(unit), Notes())
        read_by[unit.name] = result.notes
        if result.findings or result.in_full:
            again.append(unit.name)
    return replace(
        before,
        texts=edit.texts,
        sayings=edit.sayings,
        paths=paths,
        faces=before.faces | {unit.name: result.face for unit, result in compiled},
        beside=joined_neighbours(before.beside, work.front.platform, edit.touched),
        bases=before.bases | {unit.name: result.basis for unit, result in compiled},
        objects=before.objects | {unit.name: result.objects for unit, result in compiled},
        outputs=before.outputs | {unit.name: [name for name, _ in result.files] for unit, result in compiled},
        again=again,
        said=remarks,
        read_by=read_by,
        read_as_document=edit.read,
    )
