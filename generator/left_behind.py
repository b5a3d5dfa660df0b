"""What a compilation leaves for the next one to build on."""

from collections.abc import Sequence

from msgspec import Struct

from generator.claims import text_of
from generator.dissection import sayings, taken_apart
from generator.front import Front
from generator.model.diagnostics import Diagnostic
from generator.model.footprint import Footprint, neighbours, owners_of
from generator.model.ledger import Notes, joined
from generator.model.lock import sha256
from generator.model.remarks import Beginnings, Remarks, remarks_on
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


def left_behind(
    work: Work, compiled: Sequence[tuple[Unit, UnitResult]], between: Sequence[Diagnostic] | None
) -> Remains:
    """Return what was read, and what the next compilation can build on.

    Args:
        work: The compilation, of which `shared` is all that was read for more than one unit.
        compiled: The units and what they became.
        between: What was found between them, and in none of them; None unless these are all units of the platform.
    """
    ledger, front = work.ledger, work.front
    notes = [front.read, work.shared, *ledger.owned.values(), *(result.notes for _, result in compiled)]
    together = joined(notes)
    if ledger.refused or together is None or any(result.passing for _, result in compiled):
        return Remains()
    if between is None:
        return Remains(together)
    claims = text_of(result.claims for _, result in compiled)
    return Remains(together, _footprint(work, compiled, between, sha256(claims)), claims)


def _footprint(
    work: Work, compiled: Sequence[tuple[Unit, UnitResult]], between: Sequence[Diagnostic], claims: str
) -> Footprint:
    """Return what the next compilation can build on; *claims* is the digest of what all units claim."""
    front, read_by = work.front, dict(work.ledger.owned)
    of_microservices = {unit.name: result for unit, result in compiled if unit.microservice is not None}
    for unit, result in compiled:
        if unit.microservice is None:
            work.shared.add(result.notes)
        else:
            read_by[unit.name] = result.notes
    # A microservice can be compiled while others are not even read, unless it may look at them.
    texts, beginnings = ({}, {}) if work.looks_around else taken_apart(front.document)
    said = _remarks(front, compiled, between, beginnings)
    told = not texts and not work.looks_around and said == Remarks()  # where something was found, its line may move
    return Footprint(
        owners=list(owners_of(front.document.data)),
        texts=texts,
        sayings=sayings(front.document) if told else {},
        frames=work.frames,
        outlines={name: result.outline for name, result in of_microservices.items()},
        paths={name: [*result.paths] for name, result in of_microservices.items() if result.paths},
        faces={name: result.face for name, result in of_microservices.items()},
        bases={name: result.basis for name, result in of_microservices.items()},
        beside=neighbours(front.platform),
        objects={name: result.objects for name, result in of_microservices.items()},
        outputs={
            name: [*(path for path, _ in result.files), *result.standing] for name, result in of_microservices.items()
        },
        again=[name for name, result in of_microservices.items() if result.findings or result.in_full],
        claims=claims,
        said=said if texts else Remarks(),
        read_by=read_by,
        read_for_all=work.shared,
        read_as_document=front.read,
    )


def _remarks(
    front: Front,
    compiled: Sequence[tuple[Unit, UnitResult]],
    between: Sequence[Diagnostic],
    beginnings: Beginnings,
) -> Remarks:
    """Return all that was warned of, each with what gave rise to it."""
    found = [(unit, result.findings) for unit, result in compiled if result.findings]
    beyond = [*between, *(each for unit, those in found if unit.microservice is None for each in those)]
    return Remarks(
        of_owners={owner: remarks_on(those, beginnings) for owner, those in front.of_owners.items()},
        of_units={unit.name: remarks_on(those, beginnings) for unit, those in found if unit.microservice is not None},
        around=remarks_on(front.around(), beginnings),
        beyond=remarks_on(beyond, beginnings),
    )
