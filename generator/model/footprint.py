"""What a compilation without errors leaves behind, so that the next one need not do all of it again.

Digests, names and counts: nothing that was compiled, and no text of anybody's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from msgspec import DecodeError, Struct, field
from msgspec.json import decode, encode

from generator.model.ledger import Notes
from generator.model.microservice import Microservice
from generator.model.outline import Outline, outline
from generator.model.pieces import Pieces
from generator.model.platform import Platform
from generator.model.remarks import Remarks
from generator.model.source import Json, Path
from generator.model.unit import Unit


class Footprint(Struct, kw_only=True):
    """What a compilation of a whole platform leaves behind.

    An *owner* is a microservice, as `application/microservice`; a unit goes by its name.

    Attributes:
        owners: All of them, in the document's order.
        texts: By file, the texts that the document is made of, in pieces; none where an edit takes reading all.
        sayings: By owner, the digest of what the document says of it, where there are no texts; none where an edit
            takes resolving all.
        scopes: By unit, the digest of what the document says of each application and environment; "" is the platform.
        frames: By unit, the digest of each of these without what is in it; see `model.basis`.
        overrides: By owner, the environments of which its description says something, by the names of their units.
        outlines: By unit, what each microservice shows to what it is in.
        paths: By unit, the paths that lead to each microservice, for those that are exposed.
        faces: By unit, the digest of what each microservice shows to others.
        bases: By unit, the digest of all that each was compiled from.
        beside: By owner, the owners whose descriptions it takes to describe it.
        objects: By unit, how many objects it has.
        outputs: By unit, the files that it became, from the output folder.
        again: The units in which something was found.
        in_full: The units of which what others hold has a part in their names.
        claims: The SHA-256 of what the objects of all units want of each other, which is kept beside.
        said: What was warned of.
        read_by: By owner, what was read to describe it, and by unit of a microservice, what was read to compile it.
        read_around: By unit of an application or environment, what was read for it.
        read_between: What was read to find what nothing declares.
        read_for_all: What was read for more than one of these, but for the document itself.
        read_as_document: What the document's text is made of: its included files.
    """

    owners: list[str]
    texts: dict[str, Pieces]
    sayings: dict[str, str]
    scopes: dict[str, str]
    frames: dict[str, str]
    overrides: dict[str, list[str]]
    outlines: dict[str, Outline]
    paths: dict[str, list[str]]
    faces: dict[str, str]
    bases: dict[str, str]
    beside: dict[str, list[str]]
    objects: dict[str, int]
    outputs: dict[str, list[str]]
    again: list[str]
    in_full: list[str]
    claims: str
    said: Remarks = field(default_factory=Remarks)
    read_by: dict[str, Notes] = field(default_factory=dict)
    read_around: dict[str, Notes] = field(default_factory=dict)
    read_between: Notes = field(default_factory=Notes)
    read_for_all: Notes = field(default_factory=Notes)
    read_as_document: Notes = field(default_factory=Notes)

    def notes(self) -> Iterator[Notes]:
        """Yield all that was read."""
        yield self.read_as_document
        yield self.read_for_all
        yield self.read_between
        yield from self.read_around.values()
        yield from self.read_by.values()


def owner_of(unit: Unit) -> str:
    """Return the owner of a microservice's *unit*."""
    return f"{unit.application.name}/{unit.microservice.name if unit.microservice else ''}"


def owner_named(name: str) -> str:
    """Return the owner that *name* is, or whose unit it is."""
    application, _, rest = name.partition("/")
    return f"{application}/{rest.rpartition('/')[2]}"


def stage_of(name: str) -> str:
    """Return the name of the unit of the environment in which the microservice's unit *name* is."""
    return name.rpartition("/")[0]


def owners_of(data: Json) -> Iterator[str]:
    """Yield the owners in the *data* of a document, of which what is said of microservices need not be valid."""
    return (owner for owner, _ in paths_of(data))


def paths_of(data: Json) -> Iterator[tuple[str, Path]]:
    """Yield the owners in the *data* of a document, as `owners_of` does, and the path of each."""
    for index, application in enumerate(data["applications"]):
        for place, each in enumerate(application.get("microservices") or ()):
            name = each.get("name", "") if isinstance(each, dict) else ""
            yield f"{application['name']}/{name}", ("applications", index, "microservices", place)


def overrides(data: Json) -> dict[str, list[str]]:
    """Return the owners in the *data* of a document that say something of environments, and the units of these."""
    return {
        f"{application['name']}/{each['name']}": [f"{application['name']}/{name}" for name in each["environments"]]
        for application in data["applications"]
        for each in application.get("microservices") or ()
        if each.get("environments")
    }


def neighbours(platform: Platform) -> dict[str, list[str]]:
    """Return by owner the owners that it is resolved with: when one of the two is another, so may be the other.

    As "" those by which what is around them has what it has for the sake of microservices.
    """
    ids: dict[str, set[str]] = defaultdict(set)
    for owner, each in _microservices(platform):
        ids[each.id].add(owner)
    found: dict[str, set[str]] = defaultdict(set)
    for owner, each in _microservices(platform):
        application = owner.partition("/")[0]
        others = {f"{application}/{name}" for name, _ in each.variables.references}
        for other in (*(producer.id for producer in each.producers), *(consent.consumer for consent in each.consents)):
            others |= ids[other]
        for other in others - {owner}:
            found[owner].add(other)
            found[other].add(owner)
    witnesses = set(_witnesses(platform))
    return {"": sorted(witnesses), **{owner: sorted(others) for owner, others in found.items()}}


def joined_neighbours(
    before: Mapping[str, Collection[str]], platform: Platform, touched: Collection[str], partly: Collection[str]
) -> dict[str, list[str]]:
    """Return the neighbours of all owners.

    Args:
        before: Those of before.
        platform: What the owners of *touched* and *partly*, and their neighbours, are now.
        touched: Whose neighbours may be others.
        partly: Who may have more neighbours: in some environments they were not looked at.
    """
    found = {owner: set(others).difference(touched) for owner, others in before.items() if owner not in touched}
    looked_at = {*touched, *partly}
    for owner, others in neighbours(platform).items():
        seen = found.setdefault(owner, set())
        seen.update(others if owner in looked_at else (other for other in others if other in looked_at))
    return {owner: sorted(others) for owner, others in found.items() if others} | {"": list(before[""])}


def _witnesses(platform: Platform) -> Iterator[str]:
    """Yield the owners by which environments and applications have what they have for the sake of microservices."""
    for application in platform.applications:
        for environment in application.environments:
            seen: set[str] = set()
            for each in environment.microservices:
                asked_for = set(_asked_for(each))
                if not asked_for <= seen:
                    yield f"{application.name}/{each.name}"
                seen |= asked_for


def _asked_for(microservice: Microservice) -> Iterator[str]:
    """Yield what *microservice* asks of its surroundings: storage, a pull secret, stores."""
    shown = outline(microservice)
    if shown.has_runtime:
        yield "storage"
    if shown.pull_secret:
        yield "pull secret"
    yield from (f"store {name}" for name in shown.stores)


def _microservices(platform: Platform) -> Iterator[tuple[str, Microservice]]:
    for application in platform.applications:
        for environment in application.environments:
            for each in environment.microservices:
                yield f"{application.name}/{each.name}", each


def to_json(footprint: Footprint) -> bytes:
    """Return *footprint* as JSON.

    Raises:
        ValueError: When a name in it is no text, which a file may have that nobody here wrote.
    """
    return encode(footprint)


def from_json(text: bytes) -> Footprint:
    """Return the footprint that `to_json` made *text* of.

    Raises:
        ValueError: When it did not.
    """
    try:
        return decode(text, type=Footprint)
    except DecodeError as error:
        raise ValueError("not a footprint") from error
