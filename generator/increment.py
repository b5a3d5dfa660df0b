"""Compiling after an edit: only what depends on it, provably as compiling everything would have it.

Only the microservices of which the document says something else, or whose files are others, are read (see
`abridgement.py`), validated and resolved, with those that notice (`noticing.py`), and go through every stage as ever;
and so do the environments and applications that are made of something else. What keeps that honest: whatever a unit is
compiled from is known (`model/basis.py`), and what its objects use and claim in the namespace must be there, and nobody
else's (`coherence.py`). What was warned of is said again, where it stands now (`model/remarks.py`). Where there is an
error, or nothing was kept, all is compiled: see `continuation.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from generator.abridgement import Abridgement, abridged
from generator.claims import kinds_in, lines_of, text_of
from generator.coherence import are_paths_free, is_still_coherent
from generator.compiler import Compilation, found_between, output_of, wired
from generator.dissection import OWN
from generator.front import Inputs
from generator.left_behind import Remains, footprint_after, remarks_after
from generator.model.basis import same_places
from generator.model.declared_secret import SOPS_CONFIG
from generator.model.diagnostics import CompileError, Diagnostic, has_errors, in_order
from generator.model.footprint import Footprint, owner_named, stage_of
from generator.model.ledger import Notes, joined
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.remarks import Remarks
from generator.model.repetition import said_once
from generator.model.spread import Spread
from generator.model.unit import Unit
from generator.model.wiring import Wiring
from generator.noticing import Noticed, noticed
from generator.unit_compiler import UnitResult
from generator.work import Work, begun, compiled_units


class _Compiled(Struct, frozen=True, kw_only=True):
    """What was compiled after an edit.

    Attributes:
        seen: What was known before.
        units: The units that were compiled, and what they became.
        claims: What all units claim now, as it is kept; empty where that is what it was.
        remarks: What is warned of by now.
        wired: What the platform's GitOps engine needs beside the units, None where that is as it was.
        between: What was read to find what nothing declares, None where that is as it was.
    """

    seen: Noticed
    units: Sequence[tuple[Unit, UnitResult]]
    claims: bytes
    remarks: Remarks
    wired: Wiring | None
    between: Notes | None


def compile_since(inputs: Inputs, past: Past, spread: Spread, layout: str | None = None) -> Compilation:
    """Return the compilation of a whole platform, of which the *past* one is known.

    Its tree holds what was compiled now, its scope says what that decides about; the counts are of everything. *layout*
    is that of `compile_platform`.

    Raises:
        CompileError: See `compile_platform`.
    """
    edit = abridged(inputs, past, layout)
    compilation = None if edit is None else _compile_edit(inputs, edit, past, spread, layout)
    if compilation is not None:
        return compilation
    from generator.continuation import compile_changed

    return compile_changed(begun(inputs, layout), past, spread)


def _compile_edit(
    inputs: Inputs, edit: Abridgement, past: Past, spread: Spread, layout: str | None
) -> Compilation | None:
    """Return the compilation of what was edited, None where it takes more."""
    try:
        seen = noticed(inputs, edit, past, layout, whole=False)
        compiled = None if seen is None else _compiled(inputs, seen, past, spread)
        if seen is not None and compiled is None and not seen.is_whole:
            seen = noticed(inputs, seen.edit, past, layout, whole=True)
            compiled = None if seen is None else _compiled(inputs, seen, past, spread)
        return None if compiled is None else _joined(compiled, past)
    except (CompileError, LookupError):
        return None  # said when everything is looked at, with what else there is to say


def _compiled(inputs: Inputs, seen: Noticed, past: Past, spread: Spread) -> _Compiled | None:
    """Return what became of what is *seen* to depend on an edit, None where others have to do with it.

    Raises:
        CompileError, LookupError: With what takes looking at everything.
    """
    work, before = seen.work, past.footprint
    chosen = list(_chosen(seen, past))
    units = compiled_units(work, chosen, spread) if chosen else []
    kept = past.read_claims()
    if kept is None or not all(_fits(result, seen) for _, result in units):
        return None
    were = lines_of(kept)
    there = dict.fromkeys((each.name for each in work.everything) if seen.is_whole else were)
    known = were | {unit.name: result.claims for unit, result in units}
    now = {name: known[name] for name in there}
    if not seen.is_whole and work.front.platform.gitops and _are_other_kinds(units, were):
        return None  # what an engine may deploy is told to it
    if not is_still_coherent(were, now, _otherwise_related(seen, before), work, before):
        return None
    if not are_paths_free(units, there, before):
        return None
    found, between = found_between(work) if seen.is_whole else ((), None)
    if found:
        return None
    return _Compiled(
        seen=seen,
        units=units,
        claims=text_of(now.values()) if now != were else b"",
        remarks=remarks_after(work, seen.edit, units, there, before),
        wired=_wired(inputs, work, now) if seen.is_whole else None,
        between=between,
    )


def _chosen(seen: Noticed, past: Past) -> Iterator[Unit]:
    """Yield the units that are to be compiled: those that are made of something else, or of other files."""
    work, before = seen.work, past.footprint
    same = same_places(before.frames, work.frames)
    again = past.again()
    for unit in work.everything if seen.is_whole else ():
        if unit.microservice is None and (
            unit.name in again or before.bases.get(unit.name) != work.compiler.basis(unit)
        ):
            yield unit
    alike = {
        unit.name
        for unit in seen.looked_at
        if unit.name not in again
        and stage_of(unit.name) in same
        and before.bases.get(unit.name) == work.compiler.basis(unit)
    }
    if work.front.platform.layout == "kustomize":
        alike -= _in_broken_groups(seen.looked_at, alike, before)
    yield from (each for each in seen.looked_at if each.name not in alike)


def _in_broken_groups(looked_at: Iterable[Unit], alike: Collection[str], before: Footprint) -> set[str]:
    """Return the units whose microservices are not in the environments in which they were, or not *alike* in one."""
    then, now = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for name in before.faces:
        then[owner_named(name)].add(name)
    for unit in looked_at:
        now[owner_named(unit.name)].add(unit.name)
    return {name for owner, group in now.items() if group != then[owner] or not group <= {*alike} for name in group}


def _otherwise_related(seen: Noticed, before: Footprint) -> set[str]:
    """Return the applications whose objects may be related otherwise, though they claim the same.

    Something else is said of what they refer to elsewhere, or they are in another order: of two that define the same,
    it is the last one that counts.
    """
    now = seen.edit.scopes
    applications = [each.name for each in seen.work.front.platform.applications]
    found = {name for name in applications if now.get(name + OWN) != before.scopes.get(name + OWN)}
    for were, those in ((before.owners, seen.edit.owners), (list(before.scopes), list(now))):
        both = {*were} & {*those}
        pairs = zip((each for each in were if each in both), (each for each in those if each in both), strict=True)
        found.update(one.partition("/")[0] for one, other in pairs if one != other)
    return found.intersection(applications)


def _fits(result: UnitResult, seen: Noticed) -> bool:
    """Say whether *result* may take the place of what its unit was before."""
    return not has_errors(result.findings) and (seen.is_whole or not result.notes.beyond)


def _are_other_kinds(units: Iterable[tuple[Unit, UnitResult]], were: Mapping[str, bytes]) -> bool:
    """Say whether any of *units* has objects of other kinds than before."""
    return any(kinds_in(result.claims) != kinds_in(were[unit.name]) for unit, result in units)


def _wired(inputs: Inputs, work: Work, lines: Mapping[str, bytes]) -> Wiring:
    """Return what the platform's GitOps engine needs beside the units, all of which claim what *lines* say."""
    kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    if work.front.platform.gitops is not None:
        for unit in work.everything:
            named = (each.partition(" ") for each in kinds_in(lines[unit.name]))
            kinds[unit.application.slug].update((api_version, kind) for api_version, _, kind in named)
    return wired(work.front, work.everything, kinds, work.compiler.schemas, inputs, whole=True)


def _joined(compiled: _Compiled, past: Past) -> Compilation:
    """Return what was *compiled* and the *past* come to together."""
    seen, before = compiled.seen, past.footprint
    work, platform = seen.work, seen.work.front.platform
    directory = PurePosixPath(platform.directory)
    claims = sha256(compiled.claims) if compiled.claims else before.claims
    footprint = footprint_after(work, seen.edit, compiled.units, (claims, compiled.remarks, compiled.between), before)
    tree, versions = output_of(platform, compiled.units)
    kept = {path for paths in footprint.outputs.values() for path in paths}
    gone = [each for paths in before.outputs.values() for each in paths if each not in kept]
    objects = past.objects - sum(before.objects.values())
    files = past.files - sum(map(len, before.outputs.values()))
    schemas = work.compiler.schemas
    scope = []
    if compiled.wired is not None:
        objects, files, schemas = compiled.wired.objects, len(compiled.wired.files), compiled.wired.schemas
        for path, content in compiled.wired.files:
            tree.add(directory / path, content)
        versions |= {directory / path: version for path, version in compiled.wired.manifests.items()}
        kept.update(str(path) for path, _ in compiled.wired.files)
        gone = [each for each in past.written if each not in kept]
        scope.append(SOPS_CONFIG)
        if work.front.sops_config is not None:
            tree.add(SOPS_CONFIG, work.front.sops_config)
            files += 1
    return Compilation(
        tree=tree,
        directory=directory,
        layout=platform.layout,
        objects=objects + sum(footprint.objects.values()),
        files=files + sum(map(len, footprint.outputs.values())),
        scope=(*tree, *(directory / each for each in gone), *scope),
        versions=versions,
        schemas=schemas,
        remains=_remains(compiled, footprint),
        warnings=_warnings(compiled.remarks, seen.edit),
    )


def _remains(compiled: _Compiled, footprint: Footprint) -> Remains:
    """Return what the next compilation can build on: nothing where something was found in what stood there before."""
    if compiled.seen.work.ledger.refused or any(result.passing for _, result in compiled.units):
        return Remains()
    return Remains(joined(footprint.notes()), footprint, compiled.claims)


def _warnings(remarks: Remarks, edit: Abridgement) -> tuple[Diagnostic, ...]:
    """Return what *remarks* say, where it stands now.

    Raises:
        LookupError: When what one is about is gone.
    """
    several = [remarks.around, *remarks.of_descriptions.values(), *remarks.of_objects.values()]
    said = [each for those in several for each in those]
    if not said:
        return ()
    places = edit.excerpt.places()
    return in_order(said_once([places.said_again(each) for each in said], edit.document))
