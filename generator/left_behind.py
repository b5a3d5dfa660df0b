"""What a compilation leaves for the next one to build on."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from generator.abridgement import Abridgement
from generator.claims import text_of
from generator.dissection import sayings, scopes, taken_apart
from generator.front import Front
from generator.model.diagnostics import Diagnostic
from generator.model.footprint import (
    Footprint,
    joined_neighbours,
    neighbours,
    overrides,
    owner_named,
    owners_of,
    paths_of,
)
from generator.model.ledger import Notes, joined
from generator.model.lock import sha256
from generator.model.pieces import Pieces
from generator.model.remarks import Places, Remark, Remarks
from generator.model.unit import Unit
from generator.unit_compiler import UnitResult
from generator.work import Work


class Remains(Struct, frozen=True):
    """What stays of a compilation.

    Attributes:
        notes: All that was read; None where the same inputs would not give the same findings again.
        footprint: What the next compilation can build on, None where it cannot.
        claims: What the footprint's `claims` is the digest of; empty where that is kept already.
    """

    notes: Notes | None = None
    footprint: Footprint | None = None
    claims: bytes = b""


def left_behind(work: Work, compiled: Sequence[tuple[Unit, UnitResult]], read_between: Notes | None) -> Remains:
    """Return what was read, and what the next compilation can build on.

    Args:
        work: The compilation, of which `shared` is all that was read for more than one unit.
        compiled: The units and what they became.
        read_between: What was read to find what nothing declares; None unless these are all units of the platform.
    """
    ledger, front = work.ledger, work.front
    notes = [front.read, work.shared, *ledger.owned.values(), *(result.notes for _, result in compiled)]
    together = joined([*notes, read_between or Notes()])
    if ledger.refused or together is None or any(result.passing for _, result in compiled):
        return Remains()
    if read_between is None:
        return Remains(together)
    claims = text_of(result.claims for _, result in compiled)
    return Remains(together, _footprint(work, compiled, read_between, sha256(claims)), claims)


def _footprint(work: Work, compiled: Sequence[tuple[Unit, UnitResult]], read_between: Notes, claims: str) -> Footprint:
    """Return what the next compilation can build on; *claims* is the digest of what all units claim."""
    front, document = work.front, work.front.document
    texts, said, remarks = _known(work, compiled)
    owned = work.ledger.owned
    of_owners = {owner: notes for owner, notes in owned.items() if not owner.endswith("/")}
    of_units = {unit.name: result.notes for unit, result in compiled if unit.microservice is not None}
    around = {unit.name: result for unit, result in compiled if unit.microservice is None}
    return Footprint(
        owners=list(owners_of(document.data)),
        texts=texts,
        sayings=said,
        scopes=scopes(document) or {},
        overrides=overrides(document.data),
        frames=work.frames,
        beside=neighbours(front.platform),
        claims=claims,
        said=remarks,
        read_by=of_owners | of_units,
        read_around={name: _read_around(work, name, result) for name, result in around.items()},
        read_between=read_between,
        read_for_all=work.shared,
        read_as_document=front.read,
        **_results(compiled),
    )


def _results(compiled: Sequence[tuple[Unit, UnitResult]]) -> dict[str, Any]:
    """Return what a footprint has of the results of units, by its fields."""
    results = {unit.name: result for unit, result in compiled}
    return {
        "outlines": {name: each.outline for name, each in results.items() if each.outline is not None},
        "paths": {name: [*each.paths] for name, each in results.items() if each.paths},
        "faces": {name: each.face for name, each in results.items() if each.face},
        "bases": {name: each.basis for name, each in results.items()},
        "objects": {name: each.objects for name, each in results.items()},
        "outputs": {name: [*(path for path, _ in each.files), *each.standing] for name, each in results.items()},
        "again": [name for name, each in results.items() if each.findings],
        "in_full": [name for name, each in results.items() if each.in_full],
    }


def _read_around(work: Work, name: str, result: UnitResult) -> Notes:
    """Return what was read for the application or environment of that *name*, to describe it and to compile it."""
    notes = Notes()
    notes.add(work.ledger.owned.get(f"{name}/", Notes()))
    notes.add(result.notes)
    return notes


def _known(
    work: Work, compiled: Sequence[tuple[Unit, UnitResult]]
) -> tuple[dict[str, Pieces], dict[str, str], Remarks]:
    """Return what is to be known of the document's texts, or else of what it says, and all that was warned of.

    Nothing where units may look at each other, and where what was warned of could not be found again.
    """
    if work.looks_around:
        return {}, {}, Remarks()
    document = work.front.document
    texts, beginnings = taken_apart(document)
    places = Places(document, beginnings, beginnings, {name: each.owners for name, each in texts.items()})
    found = {unit.name: result.findings for unit, result in compiled if result.findings}
    try:
        remarks = _remarks(work.front, work.front.of_units, found, places)
    except LookupError:
        return {}, {}, Remarks()
    return texts, {} if texts else sayings(document), remarks


def _remarks(
    front: Front,
    of_descriptions: Mapping[str, Sequence[Diagnostic]],
    of_objects: Mapping[str, Sequence[Diagnostic]],
    places: Places,
) -> Remarks:
    """Return what was warned of.

    Raises:
        LookupError: When one of it could not be found again.
    """
    around = front.around()
    if not around and not of_descriptions and not of_objects:
        return Remarks()
    within = dict(paths_of(places.document.data))
    return Remarks(
        of_descriptions={
            name: places.remarks_on(those, within[owner_named(name)]) for name, those in of_descriptions.items()
        },
        of_objects={
            name: places.remarks_on(those, within.get(owner_named(name), ())) for name, those in of_objects.items()
        },
        around=places.remarks_on(around),
    )


def remarks_after(
    work: Work,
    edit: Abridgement,
    compiled: Sequence[tuple[Unit, UnitResult]],
    there: Collection[str],
    before: Footprint,
) -> Remarks:
    """Return what is warned of after an *edit*.

    Args:
        work: The compilation of it.
        edit: What was read.
        compiled: The units that were compiled, and what they became.
        there: The names of all units that there are.
        before: What was known.

    Raises:
        LookupError: When something that was warned of may stand somewhere else now.
    """
    done = {unit.name for unit, _ in compiled}
    of_descriptions = {
        name: those for name, those in before.said.of_descriptions.items() if name in there and not edit.looks_at(name)
    }
    of_objects = {name: those for name, those in before.said.of_objects.items() if name in there and name not in done}
    if any(
        _is_about(each, edit) for kept in (of_descriptions, of_objects) for those in kept.values() for each in those
    ):
        raise LookupError("about a microservice that was edited")
    described = {name: those for name, those in work.front.of_units.items() if edit.looks_at(name)}
    found = {unit.name: result.findings for unit, result in compiled if result.findings}
    now = _remarks(work.front, described, found, edit.excerpt.places())
    return Remarks(
        of_descriptions=of_descriptions | now.of_descriptions,
        of_objects=of_objects | now.of_objects,
        around=now.around,
    )


def _is_about(remark: Remark, edit: Abridgement) -> bool:
    """Say whether *remark* is about what the document says otherwise of a microservice."""
    if remark.owner:
        return remark.owner in edit.excerpt.edited
    _, application, word, *rest = *remark.place, "", "", ""
    return word == "microservices" and f"{application}/{rest[0]}" in edit.excerpt.edited


def footprint_after(
    work: Work,
    edit: Abridgement,
    compiled: Sequence[tuple[Unit, UnitResult]],
    known: tuple[str, Remarks, Notes | None],
    before: Footprint,
) -> Footprint:
    """Return the footprint *before* with what is known after an *edit* in place of what was known then.

    Args:
        work: The compilation of it.
        edit: What was read.
        compiled: The units that were compiled, and what they became.
        known: The digest of what is claimed, what is warned of, and what was read to find what nothing declares: None
            where that, and what units there are, is as it was.
        before: What was known.
    """
    claims, remarks, read_between = known
    is_whole = read_between is not None
    there = {each.name for each in work.everything} if is_whole else before.bases.keys()
    done, new = {unit.name for unit, _ in compiled}, _results(compiled)
    for name, value in new.items():
        kept: Any = getattr(before, name)
        names = [each for each in kept if each in there and each not in done]
        new[name] = [*names, *value] if isinstance(kept, list) else {each: kept[each] for each in names} | value
    beside = joined_neighbours(before.beside, work.front.platform, edit.wanted.touched, edit.staged)
    return Footprint(
        owners=edit.owners,
        texts=edit.excerpt.texts,
        sayings=edit.excerpt.sayings,
        scopes=edit.scopes,
        overrides=_overrides(edit, before),
        frames=work.frames if is_whole else before.frames,
        beside=_among(beside, edit.owners) | ({"": neighbours(work.front.platform)[""]} if is_whole else {}),
        claims=claims,
        said=remarks,
        read_by=_read_by(work, edit, compiled, there, before),
        read_around={name: notes for name, notes in before.read_around.items() if name in there}
        | {unit.name: _read_around(work, unit.name, each) for unit, each in compiled if unit.microservice is None},
        read_between=before.read_between if read_between is None else read_between,
        read_for_all=before.read_for_all,
        read_as_document=edit.excerpt.read,
        **new,
    )


def _overrides(edit: Abridgement, before: Footprint) -> dict[str, list[str]]:
    """Return which owners say something of environments by now, and of which."""
    counted, owners = edit.counted(), {*edit.owners}
    kept = {owner: said for owner, said in before.overrides.items() if owner in owners and not counted.get(owner)}
    return kept | {owner: said for owner, said in overrides(edit.in_full()).items() if counted.get(owner)}


def _among(beside: Mapping[str, Sequence[str]], owners: Sequence[str]) -> dict[str, list[str]]:
    """Return the neighbours that there are, of those that there are."""
    known = {*owners, ""}
    found = {owner: [each for each in others if each in known] for owner, others in beside.items() if owner in known}
    return {owner: others for owner, others in found.items() if others or not owner}


def _read_by(
    work: Work,
    edit: Abridgement,
    compiled: Sequence[tuple[Unit, UnitResult]],
    there: Collection[str],
    before: Footprint,
) -> dict[str, Notes]:
    """Return what was read by now for each owner and for each unit of a microservice."""
    owners = {*edit.owners}
    found = {name: notes for name, notes in before.read_by.items() if name in owners or name in there}
    for owner, counts in edit.counted().items():
        if not counts:
            continue
        notes = Notes()
        if owner not in edit.wanted.touched:  # in some of its environments it is not looked at
            notes.add(before.read_by.get(owner, Notes()))
        notes.add(work.ledger.owned.get(owner, Notes()))
        found[owner] = notes
    found.update((unit.name, result.notes) for unit, result in compiled if unit.microservice is not None)
    return found
