"""Whom an edit takes looking at, once it is known what they show to each other.

Only the microservices that are looked at are resolved, with those beside them that this takes. Where one of them shows
its neighbours something else (`model/footprint.py`), these are looked at as well, and so on. Where one comes or goes,
or shows something else to its environment and application (`model/outline.py`), or where these are others themselves,
all others are in their places as silhouettes: with these, everything around microservices is what it would be.
"""

from pathlib import PurePosixPath

from msgspec import Struct

from generator.abridgement import Abridgement, widened
from generator.front import Inputs, checked, schema_of
from generator.model.basis import face, same_places
from generator.model.footprint import Footprint, neighbours, owner_named, stage_of
from generator.model.ledger import Ledger
from generator.model.outline import Silhouette, outline
from generator.model.past import Past
from generator.model.unit import Unit
from generator.stages.resolve.draft import Part
from generator.stages.validate import is_valid
from generator.work import Work, begun_behind


class Noticed(Struct, frozen=True, kw_only=True):
    """What is known before anything is rendered.

    Attributes:
        work: The compilation, of a platform in which not all microservices are resolved.
        edit: What was read.
        looked_at: The microservices' units that are looked at.
        is_whole: All others are in their places, as silhouettes.
    """

    work: Work
    edit: Abridgement
    looked_at: list[Unit]
    is_whole: bool


def noticed(inputs: Inputs, edit: Abridgement, past: Past, layout: str | None, *, whole: bool) -> Noticed | None:
    """Return what is known once all are looked at who notice *edit*, None where all may.

    Args:
        inputs: What there is.
        edit: What was read of it.
        past: The compilation before.
        layout: That of `compile_platform`.
        whole: Whether silhouettes are wanted, whoever notices.

    Raises:
        CompileError: With what is wrong.
    """
    schema, before = schema_of(inputs), past.footprint
    is_whole = whole or not edit.is_inner
    wider: Abridgement | None = edit
    while wider is not None and is_valid(wider.in_full(), schema):
        edit = wider
        is_whole = is_whole or not edit.is_inner
        outlines = edit.outlines(before, whole=is_whole)
        ledger = Ledger(inputs.files, elsewhere=inputs.elsewhere)
        ledger.found.update(map(PurePosixPath, edit.excerpt.read.files))
        front = checked(edit.document, schema, ledger, layout, Part(edit.counted(), outlines))
        work = begun_behind(front, inputs, ledger)
        if work.frames[""] != before.frames.get(""):
            return None  # everything stands in something else
        looked_at = [each for each in work.everything if _is_looked_at(each, edit)]
        then = [name for name in before.faces if edit.looks_at(name)]
        if not is_whole and not _is_unseen(work, looked_at, then, before):
            is_whole = True
            continue
        owners = _noticing(looked_at, then, work, before).intersection(edit.owners)
        stages = _stages_that_changed(work, looked_at, before)
        if owners <= edit.wanted.touched and not stages:
            return Noticed(work=work, edit=edit, looked_at=looked_at, is_whole=is_whole)
        wider = widened(edit, owners, stages, inputs, past)
    return None


def _is_looked_at(unit: Unit, edit: Abridgement) -> bool:
    return unit.microservice is not None and edit.looks_at(unit.name) and not isinstance(unit.microservice, Silhouette)


def _is_unseen(work: Work, looked_at: list[Unit], then: list[str], before: Footprint) -> bool:
    """Say whether no environment or application sees anything else of those that are *looked_at* than *then*."""
    shown = {each.name: outline(each.microservice).shown for each in looked_at if each.microservice}
    known = {name: before.outlines[name].shown for name in then}
    return shown == known and work.frames == before.frames


def _noticing(looked_at: list[Unit], then: list[str], work: Work, before: Footprint) -> set[str]:
    """Return the neighbours, *then* or now, of those of *looked_at* that show another face, or are in other places."""
    now = {each.name: face(each.microservice) for each in looked_at if each.microservice}
    changed = {owner_named(name) for name in {*now, *then} if now.get(name) != before.faces.get(name)}
    if not changed:
        return set()
    beside = neighbours(work.front.platform)
    return {other for owner in changed for those in (before.beside, beside) for other in those.get(owner, ())}


def _stages_that_changed(work: Work, looked_at: list[Unit], before: Footprint) -> set[str]:
    """Return the environments that are others, as far as microservices stand in them that are not *looked_at*."""
    same, known = same_places(before.frames, work.frames), {each.name for each in looked_at}
    others = (each.name for each in work.everything if each.microservice is not None and each.name not in known)
    return {stage_of(name) for name in others}.difference(same)
