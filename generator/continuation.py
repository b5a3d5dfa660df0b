"""Compiling after a change: what would be compiled from the same as before is left as it stands.

The whole document is read, validated, resolved and checked. Then a unit stays as it is if all that it is compiled from
is what it was (`model/basis.py`), the files that were read for it among it, and if nothing was found in it: what is
found is said again, where it stands now. What objects want of each other is held together as ever, for those of units
that stay from what was kept of them (`claims.py`); if anything is amiss there, those units are compiled as well, which
then know where.

In the layout for kustomize the environments of a microservice share a base, and so stay as they are together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from generator.claims import lines_of, read_claims
from generator.coherence import Wants, is_coherent
from generator.compiler import Compilation, finished
from generator.model.basis import same_places
from generator.model.declared_secret import SOPS_CONFIG
from generator.model.diagnostics import has_errors
from generator.model.footprint import Footprint, owner_named, owner_of, stage_of
from generator.model.ledger import Notes
from generator.model.past import Past
from generator.model.selection import WHOLE
from generator.model.spread import Spread
from generator.unit_compiler import UnitResult
from generator.work import Work, compiled_units


def compile_changed(work: Work, past: Past, spread: Spread) -> Compilation:
    """Return the compilation of a whole platform after the *past* one.

    Its tree holds what was compiled now; its scope is that, and what was compiled then and is not any more.

    Raises:
        CompileError: See `compile_platform`.
    """
    standing = _standing_results(work, past)
    changed = [unit for unit in work.everything if unit.name not in standing]
    results = {unit.name: result for unit, result in compiled_units(work, changed, spread)}
    if standing and not _is_settled(work, results, standing):
        standing = {}
        results = {unit.name: result for unit, result in compiled_units(work, work.everything, spread)}
    everything = standing | results
    compiled = [(unit, everything[unit.name]) for unit in work.everything]
    compilation = finished(work, work.everything, compiled, WHOLE, agreed=bool(standing))
    return _narrowed(compilation, past, standing) if standing else compilation


def _is_settled(work: Work, results: Mapping[str, UnitResult], standing: Mapping[str, UnitResult]) -> bool:
    """Say whether *results* are what they would be if those that are *standing* were made again, and so would those."""
    if any(has_errors(each.findings) for each in results.values()):
        return work.front.platform.layout == "plain"  # nobody looks any further
    if any(each.in_full for each in results.values()):
        return False
    units = defaultdict[str, list[Wants]](list)
    for unit in work.everything:
        result = results.get(unit.name) or standing[unit.name]
        units[unit.application.name].append((result.summary, result.renamed, result.referred))
    return is_coherent(units, work.front.platform.applications)


def _standing_results(work: Work, past: Past) -> dict[str, UnitResult]:
    """Return what became of the units that stay as they are, by their names."""
    names = list(_standing(work, past))
    if work.front.platform.layout == "kustomize":
        names = list(_in_whole_groups(work, names, past.footprint))
    kept = past.read_claims() if names else None
    if kept is None:
        return {}
    try:
        all_lines = lines_of(kept)
        lines = [all_lines[each] for each in names]
        claims = list(read_claims(lines))
    except (LookupError, TypeError, ValueError):
        return {}
    before = past.footprint
    return {
        name: UnitResult(
            objects=before.objects[name],
            summary=summary,
            renamed=renamed,
            referred=referred,
            outline=before.outlines.get(name),
            paths=before.paths.get(name, ()),
            face=before.faces.get(name, ""),
            basis=before.bases[name],
            claims=line,
            standing=before.outputs[name],
            notes=before.read_around.get(name) or before.read_by.get(name, Notes()),
        )
        for name, line, (summary, renamed, referred) in zip(names, lines, claims, strict=True)
    }


def _standing(work: Work, past: Past) -> Iterator[str]:
    """Yield the names of the units that would be compiled from what they were compiled from before."""
    before = past.footprint
    same = same_places(before.frames, work.frames)
    is_same_platform = before.frames.get("") == work.frames[""]
    again = past.again()
    for unit in work.everything:
        is_around = unit.microservice is None
        stands = is_same_platform and not work.looks_around if is_around else stage_of(unit.name) in same
        if stands and unit.name not in again and before.bases.get(unit.name) == work.compiler.basis(unit):
            yield unit.name


def _in_whole_groups(work: Work, names: Collection[str], before: Footprint) -> Iterator[str]:
    """Yield those of *names* whose microservices are in the environments in which they were, and stand in all."""
    then, now = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for name in before.faces:
        then[owner_named(name)].append(name)
    kept = set(names)
    for unit in work.everything:
        if unit.microservice is not None:
            now[owner_of(unit)].append(unit.name)
        elif unit.name in kept:
            yield unit.name
    for owner, group in now.items():
        if group == then[owner] and kept.issuperset(group):
            yield from group


def _narrowed(compilation: Compilation, past: Past, standing: Mapping[str, UnitResult]) -> Compilation:
    """Return *compilation* such that it decides about everything but the files that are *standing*."""
    kept = {path for result in standing.values() for path in result.standing}
    gone = (compilation.directory / each for each in past.written if each not in kept)
    return replace(
        compilation,
        files=len(compilation.tree) + len(kept),
        scope=(*compilation.tree, *gone, SOPS_CONFIG),
    )
