"""What is read of a document after an edit: in full what says something else or is wanted, names for the rest.

What makes that the same as reading all of it:

- Every name that was put in comes out as an item, in its place. There the reader was between two items of one list,
  where all that it knows is how deep it is: what stood there before would have been read as it was then.
- Where nothing but the lines of some microservices is another, these begin and end where they did, and the names are
  those of before, in their order. Else two readings are held together, one of them without any microservice
  (`recognition.py`).
- What is edited stands in its own file, and does not begin to include one.
- Texts with aliases are not taken apart, so no piece says what another one means.

A document that does not come apart is read whole, and what it says of each microservice is held against what it said.
"""

from collections.abc import Collection, Mapping
from typing import TypeAlias

from msgspec import Struct

from generator.dissection import has_names, pieces_of, read_again, sayings
from generator.front import Inputs
from generator.model.footprint import Footprint, owners_of, paths_of
from generator.model.ledger import Notes
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.pieces import Cut, Form, Pieces, cut
from generator.model.remarks import Places
from generator.model.source import Document
from generator.recognition import UNREAD, ExcerptedFiles, Reading, excerpted, owners_of_pieces, read_beside
from generator.stages.parse import is_plain

Abridged: TypeAlias = Mapping[str, tuple[Cut, list[str | None]]]
"""By file, a text that was cut, and the names in the place of pieces; where there is none, the piece is there."""


class Excerpt(Struct, frozen=True, kw_only=True):
    """A document of which most is known.

    Attributes:
        document: The document, of microservices that are known at least the names.
        edited: The owners of which it says something else.
        abridged: What was read of each text, nothing where all was read.
        texts: What is known of its texts now.
        sayings: What is known of what it says, where it was read.
        read: The files that it is made of, and the patterns that found them.
    """

    document: Document
    edited: frozenset[str]
    abridged: Abridged
    texts: dict[str, Pieces]
    sayings: dict[str, str]
    read: Notes

    def places(self) -> Places:
        """Return where things stand, in what was read and in the texts."""
        here = {name: each.beginnings_abridged(names) for name, (each, names) in self.abridged.items()}
        there = {name: each.beginnings() for name, (each, _) in self.abridged.items()}
        return Places(self.document, here, there, {name: self.texts[name].owners for name in self.abridged})


def excerpt(wanted: Collection[str], reading: Reading, inputs: Inputs, past: Past) -> Excerpt | None:
    """Return the document of *reading*, with the owners of *wanted* in full; None where it is not what it seems."""
    before = past.footprint
    in_full = reading.edited.union(wanted)
    names = {
        name: [None if owner is None or owner in in_full else owner.partition("/")[2] for owner in owners]
        for name, owners in reading.owners.items()
    }
    lacking = [name for name, each in names.items() if name not in reading.cuts and None in each]
    beside = read_beside(reading, inputs, lacking, before)
    if beside is None:
        return None
    excerpts = {name: (beside.cuts.get(name, UNREAD), names[name]) for name in names if name in before.texts}
    texts = {name: beside.text(name, said) for name, (_, said) in excerpts.items()}
    files = excerpted(inputs, texts, past)
    document = read_again(inputs.name, texts, files)
    if document is None or not has_names(document.data) or not all(map(is_plain, document.texts.values())):
        return None
    notes = _notes(document, files, beside, before)
    if reading.skeleton is None:
        return _in_place(document, beside, excerpts, notes, before)
    return _out_of_place(document, beside, excerpts, notes, before)


def _in_place(
    document: Document, reading: Reading, excerpts: Abridged, notes: Notes, before: Footprint
) -> Excerpt | None:
    """Return the *document* that was read, None unless the owners of all pieces are those of before."""
    if list(owners_of(document.data)) != before.owners:
        return None
    homes = {owner: name for name, known in before.texts.items() for owner in known.owners if owner in reading.edited}
    for owner, path in paths_of(document.data):
        if owner in reading.edited and document.file_of(path) != homes.get(owner):
            return None  # its lines tell by now in which other file it stands
    pieces = {
        name: pieces_of(each, before.texts[name].form, before.texts[name].owners) for name, each in reading.cuts.items()
    }
    texts = before.texts | pieces
    return Excerpt(document=document, edited=reading.edited, abridged=excerpts, texts=texts, sayings={}, read=notes)


def _out_of_place(
    document: Document, reading: Reading, excerpts: Abridged, notes: Notes, before: Footprint
) -> Excerpt | None:
    """Return the *document* that was read, None unless every piece is an item of its application."""
    owners = owners_of_pieces(reading, document)
    if owners is None:
        return None
    texts, edited = {}, set[str]()
    for name, mine in owners.items():
        if name in before.texts:
            known = reading.cuts.get(name)
            form = before.texts[name].form
            texts[name] = pieces_of(known, form, mine) if known else before.texts[name]
            edited.update(owner for owner, was in zip(mine, reading.owners[name], strict=True) if was is None)
    new = {name: _new_text(name, document) for name in document.texts if name not in texts}
    in_pieces = {owner for each in texts.values() for owner in each.owners}
    if reading.rests or new:
        edited.update(owner for owner in owners_of(document.data) if owner not in in_pieces)
    return Excerpt(
        document=document,
        edited=frozenset(edited),
        abridged={**excerpts, **{name: (each, [None for _ in each.pieces]) for name, (each, _) in new.items()}},
        texts=texts | {name: pieces for name, (_, pieces) in new.items()},
        sayings={},
        read=notes,
    )


def _new_text(name: str, document: Document) -> tuple[Cut, Pieces]:
    """Return the text of a file that is included now, in pieces if it holds one microservice and nothing else."""
    content = document.texts[name].encode()
    owners = [owner for owner, path in paths_of(document.data) if document.origin(path) == (name, ())]
    if len(owners) == 1:
        whole = cut(content, Form.WHOLE)
        return whole, pieces_of(whole, Form.WHOLE, owners)
    undivided = Cut(cut(content, Form.KEYS).text, [])
    return undivided, pieces_of(undivided, Form.KEYS, [])


def _notes(document: Document, files: ExcerptedFiles, reading: Reading, before: Footprint) -> Notes:
    """Return which files the *document* is made of."""
    known = before.read_as_document.files | {name: sha256(text) for name, text in reading.contents.items()}
    found = {name: files.found.get(name) or known[name] for name in document.texts if name != document.name}
    return Notes(found, files.asked)


def unabridged(inputs: Inputs, past: Past) -> Excerpt | None:
    """Return what *inputs* say where their text does not come apart: what they say of each microservice tells."""
    before = past.footprint
    document = read_again(inputs.name, {inputs.name: inputs.text})
    if document is None or not has_names(document.data):
        return None
    now = sayings(document)
    edited = frozenset(owner for owner, said in now.items() if before.sayings.get(owner) != said)
    read = before.read_as_document
    return Excerpt(document=document, edited=edited, abridged={}, texts={}, sayings=now, read=read) if now else None
