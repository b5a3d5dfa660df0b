"""What a compilation leaves for the next one to build on."""

from collections.abc import Sequence

from generator.front import Front
from generator.model.footprint import Footprint, frames, neighbours, owner_of, said_by
from generator.model.ledger import Ledger, Notes, joined
from generator.model.unit import Unit
from generator.unit_compiler import UnitResult


def left_behind(
    front: Front, ledger: Ledger, shared: Notes, compiled: Sequence[tuple[Unit, UnitResult]], *, whole: bool
) -> tuple[Notes | None, Footprint | None]:
    """Return what was read, and what the next compilation can build on.

    Templates of the platform's own may look at whatever they like of whomever, and bases are made of what several
    environments share: then there is nothing to build on.
    """
    notes = [front.read, shared, *ledger.owned.values(), *(result.notes for _, result in compiled)]
    together = joined(notes)
    if ledger.refused or together is None or any(result.passing for _, result in compiled):
        return None, None
    if not whole or front.platform.templates or front.platform.layout != "plain":
        return together, None
    read_by = dict(ledger.owned)
    for unit, result in compiled:
        if unit.microservice is None:
            shared.add(result.notes)
        else:
            read_by.setdefault(owner_of(unit), Notes()).add(result.notes)
    context, said = said_by(front.document)
    of_microservices = [(unit, result) for unit, result in compiled if unit.microservice is not None]
    footprint = Footprint(
        context=context,
        said=said,
        frames=frames(front.platform, front.sops_config),
        faces={unit.name: result.face for unit, result in of_microservices},
        beside=neighbours(front.platform),
        objects={unit.name: result.objects for unit, result in of_microservices},
        outputs={unit.name: [name for name, _ in result.files] for unit, result in of_microservices},
        read_by=read_by,
        read_for_all=shared,
        read_as_document=front.read,
    )
    return together, footprint
