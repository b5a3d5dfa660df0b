"""Which microservices an edit takes looking at, and what is read of a document for that.

Those of which the document says something else, and those for which a file was read that is another now. What is said
around microservices is known as digests (`dissection.py`): where one is another, those that it is around are looked at;
where one is gone, those that had to do with it are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from generator.dissection import OUTPUT, OWN, STORES, scopes, with_microservices
from generator.excerpt import Excerpt, excerpt, unabridged
from generator.front import Inputs
from generator.model.footprint import Footprint, owner_named, owners_of, stage_of
from generator.model.outline import Outline
from generator.model.past import Past
from generator.model.source import Document, Json
from generator.recognition import Reading, out_of_place, recognized


class Wanted(Struct, frozen=True):
    """Whom to look at, whatever the document says.

    Attributes:
        touched: Owners.
        stages: Environments, by the names of their units, of which all that is deployed there is looked at.
        in_full: Owners that are to be read.
        layout: `plain` or `kustomize`, None for what the document says.
    """

    touched: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    in_full: frozenset[str] = frozenset()
    layout: str | None = None


class Abridgement(Struct, frozen=True, kw_only=True):
    """What is read of a document after an edit.

    Attributes:
        excerpt: The document: microservices in full that are among *part*, of the others at least the names.
        reading: What it was told from, None where all was read.
        owners: All of them by now.
        scopes: What is known of what it says around microservices.
        is_inner: There are the microservices that there were, and what is around them is the same.
        wanted: Whom it takes looking at.
        staged: The owners in the environments that this is about.
        beside: The owners that are to be resolved so that those come out as they do among all.
        part: All owners that are read in full.
    """

    excerpt: Excerpt
    reading: Reading | None
    owners: list[str]
    scopes: dict[str, str]
    is_inner: bool
    wanted: Wanted
    staged: frozenset[str]
    beside: frozenset[str]
    part: frozenset[str]

    @property
    def document(self) -> Document:
        """What was read."""
        return self.excerpt.document

    def looks_at(self, name: str) -> bool:
        """Say whether the microservice's unit of that *name* is looked at."""
        return owner_named(name) in self.wanted.touched or stage_of(name) in self.wanted.stages

    def in_full(self) -> Json:
        """Return the data of the document with the microservices that it has in full, without the others."""
        return with_microservices(self.document.data, self._in_full)

    def _in_full(self, application: str, listed: list[Any]) -> list[Any]:
        return [each for each in listed if f"{application}/{each['name']}" in self.part]

    def counted(self) -> dict[str, bool]:
        """Return the owners of the part, and whether more counts than what others see of each."""
        return {each: each in self.wanted.touched or each in self.staged for each in self.part}

    def outlines(self, before: Footprint, *, whole: bool) -> dict[str, Outline]:
        """Return by unit what was known *before* of the microservices that need not be resolved.

        Of all of them, or unless *whole* of those by which what is around them has what it has for their sake.
        """
        witnesses = before.beside.get("", ())
        return {
            name: known
            for name, known in before.outlines.items()
            if (whole or owner_named(name) in witnesses)
            and not self.looks_at(name)
            and owner_named(name) not in self.beside
        }


def abridged(inputs: Inputs, past: Past, layout: str | None = None) -> Abridgement | None:
    """Return what *inputs* say now, None where all has to be looked at; *layout* is that of `compile_platform`."""
    before = past.footprint
    if before.read_for_all.is_about(past.files_changed, past.patterns_changed):
        return None
    if not before.texts and not before.sayings:
        return None
    reading = recognized(inputs, past) if before.texts else None
    if reading is None and before.texts:
        return None
    wanted = Wanted(touched=frozenset(_stirred(past)), layout=layout)
    edit = _around(wanted, reading, inputs, past)
    if edit is None and reading is not None and reading.skeleton is None:
        reading = out_of_place(reading, inputs, past)
        edit = None if reading is None else _around(wanted, reading, inputs, past)
    return edit


def widened(
    edit: Abridgement, more: Collection[str], stages: Collection[str], inputs: Inputs, past: Past
) -> Abridgement | None:
    """Return *edit* where the owners of *more*, and all in *stages*, are looked at as well; None where all is."""
    wanted = replace(edit.wanted, touched=edit.wanted.touched.union(more), stages=edit.wanted.stages.union(stages))
    return _around(wanted, edit.reading, inputs, past)


def _around(wanted: Wanted, reading: Reading | None, inputs: Inputs, past: Past) -> Abridgement | None:
    """Return what is to be read so that those that are *wanted*, and those that are others now, can be compiled."""
    read = _guessed(wanted, reading, past) if reading else frozenset()
    found = excerpt(read, reading, inputs, past) if reading else unabridged(inputs, past)
    edit = None if found is None else _weighed(found, wanted, reading, past)
    if found is None or edit is None or reading is None or edit.part <= read | found.edited:
        return edit
    return _around(replace(edit.wanted, in_full=read | edit.part), reading, inputs, past)


def _guessed(wanted: Wanted, reading: Reading, past: Past) -> frozenset[str]:
    """Return the owners that will be read in any case."""
    centre = wanted.touched | reading.edited
    beside = (other for owner in centre for other in past.footprint.beside.get(owner, ()))
    return wanted.in_full.union(centre, beside)


def _weighed(found: Excerpt, wanted: Wanted, reading: Reading | None, past: Past) -> Abridgement | None:
    """Return whom it takes looking at: who is *wanted*, and who was *found* to be another; None for all."""
    before, document = past.footprint, found.document
    owners, now = list(owners_of(document.data)), scopes(document)
    if now is None or now[""] != before.scopes.get("") or len(set(owners)) < len(owners):
        return None
    in_place = reading is None or reading.skeleton is None
    is_inner = in_place and owners == before.owners and [*now.items()] == [*before.scopes.items()]
    is_inner = is_inner and not _stirs_around(past)
    touched, stages = set(wanted.touched | found.edited), set(wanted.stages)
    if not is_inner:
        _add_around(touched, stages, owners, now, before)
        if document.data.get("templates"):
            touched.update(_shifted(owners, before))
        if _layout(wanted, document) == "kustomize":  # what environments share is made of all of them
            touched |= _staged(owners, stages | (before.scopes.keys() - now.keys()), before)
            stages = set()
    touched.intersection_update(owners)
    if touched.issuperset(owners) or (stages and stages.issuperset(_stages(document.data))):
        return None
    staged = _staged(owners, stages, before)
    centre = touched | staged
    beside = {other for owner in centre for other in before.beside.get(owner, ())} | _named(document, centre)
    beside.intersection_update(owners)
    return Abridgement(
        excerpt=found,
        reading=reading,
        owners=owners,
        scopes=now,
        is_inner=is_inner,
        wanted=replace(wanted, touched=frozenset(touched), stages=frozenset(stages)),
        staged=frozenset(staged),
        beside=frozenset(beside),
        part=frozenset(centre | beside),
    )


def _add_around(
    touched: set[str], stages: set[str], owners: Sequence[str], now: dict[str, str], before: Footprint
) -> None:
    """Add whom it takes looking at because of who is gone, and because of what is said around them."""
    gone = {*before.owners}.difference(owners)
    gone.update(owner_named(unit) for unit in before.outlines if stage_of(unit) not in now)
    touched.update(other for owner in gone for other in before.beside.get(owner, ()))
    lost = before.scopes.keys() - now.keys()
    touched.update(owner for owner, stages_named in before.overrides.items() if not lost.isdisjoint(stages_named))
    touched.update(owner_named(name) for name, notes in before.read_by.items() if notes.beyond)
    for name, digest in now.items():
        if before.scopes.get(name) == digest or name.endswith((OUTPUT, OWN)):
            continue
        if name.endswith(STORES):
            stage = name.removesuffix(STORES)
            fetching = (unit for unit, each in before.outlines.items() if each.stores and stage_of(unit) == stage)
            touched.update(map(owner_named, fetching))
        elif "/" in name:
            stages.add(name)
        else:
            touched.update(owner for owner in owners if owner.startswith(f"{name}/"))


def _shifted(owners: Sequence[str], before: Footprint) -> Iterator[str]:
    """Yield the owners whose place in their application is another: templates of the platform's own may print it."""
    known = set(_numbered(before.owners))
    return (owner for number, owner in _numbered(owners) if (number, owner) not in known)


def _numbered(owners: Sequence[str]) -> Iterator[tuple[int, str]]:
    numbers: dict[str, int] = defaultdict(int)
    for owner in owners:
        application = owner.partition("/")[0]
        yield numbers[application], owner
        numbers[application] += 1


def _layout(wanted: Wanted, document: Document) -> Json:
    output = document.data.get("output")
    return wanted.layout or (isinstance(output, dict) and output.get("layout"))


def _staged(owners: Sequence[str], stages: Collection[str], before: Footprint) -> set[str]:
    """Return those of *owners* that are deployed to one of *stages*; any in its application may be, to a new one."""
    new = tuple(f"{stage.partition('/')[0]}/" for stage in stages if stage not in before.scopes)
    there = {owner_named(unit) for unit in before.outlines if stage_of(unit) in stages}
    return {owner for owner in owners if owner in there or owner.startswith(new)}


def _stages(data: Json) -> Iterator[str]:
    for application in data["applications"]:
        yield from (f"{application['name']}/{each['name']}" for each in application["environments"])


def _stirs_around(past: Past) -> bool:
    """Say whether another is what was read for an application or an environment, or what nothing may declare."""
    files, patterns = past.files_changed, past.patterns_changed
    notes = (past.footprint.read_between, *past.footprint.read_around.values())
    return any(each.is_about(files, patterns) for each in notes)


def _stirred(past: Past) -> set[str]:
    """Return the owners for which a file was read that is another now."""
    files, patterns = past.files_changed, past.patterns_changed
    if not files and not patterns:
        return set()
    return {owner_named(name) for name, notes in past.footprint.read_by.items() if notes.is_about(files, patterns)}


def _named(document: Document, centre: Collection[str]) -> set[str]:
    """Return the owners that the texts in what is said of *centre* may name: the last part of one is their name."""
    owners: dict[str, list[str]] = defaultdict(list)
    words: set[str] = set()
    for application in document.data["applications"]:
        for each in application.get("microservices") or ():
            owner = f"{application['name']}/{each['name']}"
            owners[each["name"]].append(owner)
            if owner in centre:
                words.update(_texts([value for key, value in each.items() if key != "name"]))
    return {owner for word in words for owner in owners.get(word.rpartition("/")[2], ())}


def _texts(node: Json) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _texts(each)
