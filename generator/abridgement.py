"""Reading a document of which most is known: what its text says otherwise, and names for the rest.

A text that was read once is kept as digests of its pieces (`model/pieces.py`). After an edit, microservices whose lines
are the same as before give way to a line with their names, and what is left is read as any document is. What makes
that the same as reading all of it:

- Nothing but the lines of some microservices is another, and these begin and end where they did: no line of theirs is
  less indented than their first one.
- Every name that was put in comes out as an item, in its place. There the reader was between two items of one list,
  where all that it knows is how deep it is: what stood there before would have been read as it was then.
- What is edited still stands where it stood, and does not begin to include a file.
- Texts with aliases are not taken apart, so no piece says what another one means.

A document that does not come apart is read whole, and what it says of each microservice is held against what it said.

Where something stands is told by its place in a part of a text, which has it in common with the whole one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from generator.dissection import WORTH_IT, has_names, pieces_of, read_again, sayings, with_microservices
from generator.front import Inputs
from generator.model.footprint import Footprint, owner_named, owners_of, paths_of
from generator.model.ledger import Notes
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.pieces import Cut, Form, Pieces, cut
from generator.model.remarks import Beginnings
from generator.model.sightings import REACH, holds_secret
from generator.model.source import Document, Json
from generator.stages.parse import is_plain

_WIDEST = 4
"""Bytes of the longest character."""


Excerpts: TypeAlias = Mapping[str, tuple[Cut, list[str | None]]]
"""By file, a text that was cut, and the names in the place of pieces; where there is none, the piece is there."""


class Reading(Struct, frozen=True):
    """The texts of a document that were looked at after an edit, by file: as they are, cut, and their pieces."""

    contents: dict[str, bytes]
    cuts: dict[str, Cut]
    pieces: dict[str, Pieces]


class Abridgement(Struct, frozen=True, kw_only=True):
    """What is read of a document after an edit.

    Attributes:
        document: The document: microservices in full that are among *part*, of the others at least the names.
        touched: The owners to be compiled: what the document says of them is another, or a file that they read.
        part: Those, and the owners that are to be resolved so that they come out as they do among all.
        reading: What it was told from, None where all was read.
        excerpts: What is read of each text, nothing where all was read.
        texts: What is known of its texts now.
        sayings: What is known of what it says, where it was read.
        read: The files that it is made of, and the patterns that found them.
    """

    document: Document
    touched: frozenset[str]
    part: frozenset[str]
    reading: Reading | None
    excerpts: Excerpts
    texts: dict[str, Pieces]
    sayings: dict[str, str]
    read: Notes

    def beginnings(self) -> Beginnings:
        """Return where the parts of the texts begin."""
        return {name: each.beginnings() for name, (each, _) in self.excerpts.items()}

    def beginnings_here(self) -> Beginnings:
        """Return where these parts begin in what was read of the texts."""
        return {name: each.beginnings_abridged(names) for name, (each, names) in self.excerpts.items()}

    def in_full(self) -> Json:
        """Return the data of the document with the microservices that it has in full, without the others."""
        return with_microservices(self.document.data, self._in_full)

    def _in_full(self, application: str, listed: list[Any]) -> list[Any]:
        return [each for each in listed if f"{application}/{each['name']}" in self.part]


def abridged(inputs: Inputs, past: Past) -> Abridgement | None:
    """Return what *inputs* say now, None where all has to be looked at: more than a few microservices may be others."""
    before = past.footprint
    if _is_beyond(past):
        return None
    if before.sayings:
        return _unabridged(inputs, past)
    contents = _contents(inputs, past) if inputs.name in before.texts else None
    if contents is None:
        return None
    cuts = {name: cut(content, before.texts[name].form) for name, content in contents.items()}
    now = {name: pieces_of(each, before.texts[name].form, before.texts[name].owners) for name, each in cuts.items()}
    edited = _edited(cuts, now, before)
    if edited is None:
        return None
    return _around(edited | _stirred(past), (), Reading(contents, cuts, now), inputs, before)


def widened(edit: Abridgement, more: Collection[str], inputs: Inputs, before: Footprint) -> Abridgement | None:
    """Return *edit* where the owners of *more* are to be compiled as well; None where all may as well be."""
    touched = edit.touched.union(more)
    if edit.reading is not None:
        return _around(touched, edit.part, edit.reading, inputs, before)
    if _are_too_many(touched, before):
        return None
    return replace(edit, touched=touched, part=edit.part.union(_part(touched, before)))


def _around(
    touched: Collection[str], named: Collection[str], reading: Reading, inputs: Inputs, before: Footprint
) -> Abridgement | None:
    """Return what is to be read so that *touched* can be compiled, the owners of *named* among it."""
    part, contents = _part(touched, before).union(named), dict(reading.contents)
    if _are_too_many(touched, before) or not _add_part(contents, part, inputs, before):
        return None
    beside = contents.keys() - reading.cuts.keys()
    cuts = reading.cuts | {name: cut(contents[name], before.texts[name].form) for name in beside}
    excerpts = _excerpts(cuts, part, before)
    texts = {name: each.abridged(names) for name, (each, names) in excerpts.items()}
    document = read_again(inputs.name, texts) if all(_is_plain(texts[name]) for name in contents) else None
    if document is None or list(owners_of(document.data)) != before.owners or _includes(document, touched, before):
        return None
    if not part.issuperset(named := _named(document, touched)):
        return _around(touched, part.union(named), reading, inputs, before)
    read = {name: sha256(content) for name, content in contents.items() if name != inputs.name}
    return Abridgement(
        document=document,
        touched=frozenset(touched),
        part=part,
        reading=reading,
        excerpts=excerpts,
        texts=before.texts | reading.pieces,
        sayings={},
        read=Notes(before.read_as_document.files | read, before.read_as_document.patterns),
    )


def _unabridged(inputs: Inputs, past: Past) -> Abridgement | None:
    """Return what *inputs* say where their text does not come apart: what they say of each microservice tells."""
    before = past.footprint
    document = read_again(inputs.name, {inputs.name: inputs.text})
    if document is None or not has_names(document.data) or list(owners_of(document.data)) != before.owners:
        return None
    now = sayings(document)
    if now.get("") != before.sayings[""]:
        return None
    touched = frozenset(_stirred(past).union(owner for owner, said in now.items() if before.sayings[owner] != said))
    if _are_too_many(touched, before):
        return None
    return Abridgement(
        document=document,
        touched=touched,
        part=_part(touched, before).union(_named(document, touched)),
        reading=None,
        excerpts={},
        texts={},
        sayings=now,
        read=before.read_as_document,
    )


def _are_too_many(touched: Collection[str], before: Footprint) -> bool:
    return len(touched) * WORTH_IT > len(before.owners)


def _is_plain(content: bytes) -> bool:
    try:
        return is_plain(content.decode())
    except UnicodeDecodeError:
        return False


def _is_beyond(past: Past) -> bool:
    """Say whether another is what was read for more than one microservice, or which files the document is made of."""
    of_all, of_document = past.footprint.read_for_all, past.footprint.read_as_document
    return of_all.is_about(past.files_changed, past.patterns_changed) or of_document.is_about({}, past.patterns_changed)


def _stirred(past: Past) -> set[str]:
    """Return the owners for which a file was read that is another now."""
    files, patterns = past.files_changed, past.patterns_changed
    if not files and not patterns:
        return set()
    return {owner_named(name) for name, notes in past.footprint.read_by.items() if notes.is_about(files, patterns)}


def _contents(inputs: Inputs, past: Past) -> dict[str, bytes] | None:
    """Return the texts of the document that are others now, or hold more than one microservice."""
    found = {inputs.name: inputs.text}
    for name, known in past.footprint.texts.items():
        if name != inputs.name and (known.form is not Form.WHOLE or name in past.files_changed):
            content = _content(name, inputs)
            if content is None:
                return None
            found[name] = content
    return found


def _content(name: str, inputs: Inputs) -> bytes | None:
    try:
        return inputs.files.read(PurePosixPath(name))
    except ValueError:  # it leads out of the project, which is said when everything is read
        return None


def _edited(cuts: Mapping[str, Cut], now: Mapping[str, Pieces], before: Footprint) -> set[str] | None:
    """Return the owners whose pieces are others *now*, None where more is, or what may be a secret stands there."""
    edited = set()
    for name, pieces in now.items():
        known = before.texts[name]
        if pieces.rest != known.rest or len(pieces.digests) != len(known.digests):
            return None
        for index, digest in enumerate(pieces.digests):
            if digest != known.digests[index]:
                around = cuts[name].around(index, REACH * _WIDEST)
                if holds_secret(around.decode("utf-8", "ignore")):
                    return None
                edited.add(pieces.owners[index])
    return edited


def _includes(document: Document, touched: Collection[str], before: Footprint) -> bool:
    """Say whether the lines of one that is *touched* tell by now in which other file it stands."""
    homes = {owner: name for name, known in before.texts.items() for owner in known.owners if owner in touched}
    return any(
        document.file_of(path) != homes.get(owner) for owner, path in paths_of(document.data) if owner in touched
    )


def _named(document: Document, touched: Collection[str]) -> set[str]:
    """Return the owners that the texts in what is said of *touched* may name: the last part of one is their name."""
    owners: dict[str, list[str]] = defaultdict(list)
    words: set[str] = set()
    for application in document.data["applications"]:
        for each in application.get("microservices") or ():
            owner = f"{application['name']}/{each['name']}"
            owners[each["name"]].append(owner)
            if owner in touched:
                words.update(_texts(each))
    return {owner for word in words for owner in owners.get(word.rpartition("/")[2], ())}


def _texts(node: Json) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _texts(each)


def _part(touched: Collection[str], before: Footprint) -> frozenset[str]:
    """Return the owners that are to be resolved so that *touched* come out as they do among all."""
    beside = (other for owner in touched for other in before.beside.get(owner, ()))
    return frozenset((*touched, *beside, *before.beside.get("", ())))


def _add_part(contents: dict[str, bytes], part: frozenset[str], inputs: Inputs, before: Footprint) -> bool:
    """Add to *contents* the texts of *part* that are not there, and say whether they could be read."""
    for name in before.texts.keys() - contents.keys():
        if not part.isdisjoint(before.texts[name].owners):
            content = _content(name, inputs)
            if content is None or sha256(content) != before.read_as_document.files.get(name):
                return False
            contents[name] = content
    return True


def _excerpts(cuts: Mapping[str, Cut], part: Collection[str], before: Footprint) -> Excerpts:
    """Return the texts of the document, with the names of the microservices in them that are not in *part*."""
    unread = cut(b"", Form.WHOLE)
    found = {}
    for name, known in before.texts.items():
        names = [None if owner in part else owner.partition("/")[2] for owner in known.owners]
        found[name] = (cuts.get(name, unread), names)
    return found
