"""What a compilation leaves for the next one to build on."""

from collections.abc import Sequence

from msgspec import Struct

from generator.abridgement import taken_apart
from generator.claims import text_of
from generator.front import Front
from generator.model.footprint import Footprint, neighbours, owners_of
from generator.model.ledger import Ledger, Notes, joined
from generator.model.lock import sha256
from generator.model.unit import Unit
from generator.unit_compiler import UnitResult


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
    front: Front,
    ledger: Ledger,
    shared: Notes,
    compiled: Sequence[tuple[Unit, UnitResult]],
    frames: dict[str, str] | None,
) -> Remains:
    """Return what was read, and what the next compilation can build on.

    Args:
        front: What is known of the platform.
        ledger: What noted what was read to describe it.
        shared: What was read for all units.
        compiled: The units and what they became.
        frames: What they stand in, where these are all units of the platform.
    """
    notes = [front.read, shared, *ledger.owned.values(), *(result.notes for _, result in compiled)]
    together = joined(notes)
    if ledger.refused or together is None or any(result.passing for _, result in compiled):
        return Remains()
    if frames is None:
        return Remains(together)
    read_by = dict(ledger.owned)
    of_microservices = {unit.name: result for unit, result in compiled if unit.microservice is not None}
    for unit, result in compiled:
        if unit.microservice is None:
            shared.add(result.notes)
        else:
            read_by[unit.name] = result.notes
    # A microservice can be compiled while others are not even read, unless it may look at them.
    is_simple = front.platform.layout == "plain" and not front.platform.templates
    claims = text_of(result.claims for result in of_microservices.values())
    footprint = Footprint(
        owners=list(owners_of(front.document.data)),
        texts=taken_apart(front.document) if is_simple else {},
        frames=frames,
        faces={name: result.face for name, result in of_microservices.items()},
        bases={name: result.basis for name, result in of_microservices.items()},
        beside=neighbours(front.platform),
        objects={name: result.objects for name, result in of_microservices.items()},
        outputs={
            name: [*(path for path, _ in result.files), *result.standing] for name, result in of_microservices.items()
        },
        again=[name for name, result in of_microservices.items() if result.findings or result.in_full],
        claims=sha256(claims),
        read_by=read_by,
        read_for_all=shared,
        read_as_document=front.read,
    )
    return Remains(together, footprint, claims)
