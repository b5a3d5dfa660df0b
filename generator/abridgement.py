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

Where something stands is told by its place in a part of a text, which has it in common with the whole one.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from msgspec import Struct

from generator.front import Inputs
from generator.model.diagnostics import CompileError
from generator.model.footprint import Footprint, owner_named, owners_of, paths_of
from generator.model.inputs import FilesInMemory
from generator.model.ledger import Notes
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.pieces import Cut, Form, Pieces, cut
from generator.model.remarks import Beginnings
from generator.model.sightings import REACH, holds_secret
from generator.model.source import Document, Json
from generator.stages.parse import is_plain, parse

WORTH_IT = 2
"""Where more than one of so many microservices is to be compiled, all may as well be."""

_WIDEST = 4
"""Bytes of the longest character."""


Excerpts: TypeAlias = Mapping[str, tuple[Cut, list[str | None]]]
"""By file, a text that was cut, and the names in the place of pieces; where there is none, the piece is there."""


class Abridgement(Struct, frozen=True):
    """What is read of a document after an edit.

    Attributes:
        document: The document: microservices in full that are among *part*, the names of the others.
        touched: The owners to be compiled: what the document says of them is another, or a file that they read.
        part: Those, and the owners that are to be resolved so that they come out as they do among all.
        texts: What is known of its texts now.
        excerpts: What is read of each text.
        read: The files that it is made of, and the patterns that found them.
    """

    document: Document
    touched: frozenset[str]
    part: frozenset[str]
    texts: dict[str, Pieces]
    excerpts: Excerpts
    read: Notes

    def beginnings(self) -> Beginnings:
        """Return where the parts of the texts begin."""
        return {name: each.beginnings() for name, (each, _) in self.excerpts.items()}

    def beginnings_here(self) -> Beginnings:
        """Return where these parts begin in what was read of the texts."""
        return {name: each.beginnings_abridged(names) for name, (each, names) in self.excerpts.items()}

    def in_full(self) -> Json:
        """Return the data of the document with the microservices that it has in full, without the others."""
        return _with_microservices(self.document.data, self._in_full)

    def _in_full(self, application: str, listed: list[Any]) -> list[Any]:
        return [each for each in listed if f"{application}/{each['name']}" in self.part]


def taken_apart(document: Document) -> tuple[dict[str, Pieces], Beginnings]:
    """Return what is to be known of the texts of a valid *document*, and where their parts begin.

    Nothing where they do not come apart.
    """
    texts = document.texts.items()
    if sum(1 for _ in owners_of(document.data)) < WORTH_IT or not all(is_plain(text) for _, text in texts):
        return {}, {}
    forms = _forms(document)
    cuts = {name: cut(text.encode(), forms.get(name, Form.KEYS)) for name, text in texts}
    names = {name: [f"{name}:{index}" for index, _ in enumerate(each.pieces)] for name, each in cuts.items()}
    outline = _read(document.name, {name: each.abridged(names[name]) for name, each in cuts.items()})
    if outline is None or outline.splices != document.splices:
        return {}, {}
    owners = _owners_of_names(document.data, outline.data)
    if owners is None or owners.keys() != {each for several in names.values() for each in several}:
        return {}, {}
    pieces = {
        name: _pieces(each, forms.get(name, Form.KEYS), [owners[one] for one in names[name]])
        for name, each in cuts.items()
    }
    return pieces, {name: each.beginnings() for name, each in cuts.items()}


def abridged(inputs: Inputs, past: Past) -> Abridgement | None:
    """Return what *inputs* say now, None where all has to be read: more than a few microservices may be others."""
    before = past.footprint
    if inputs.name not in before.texts or _is_beyond(past):
        return None
    contents = _contents(inputs, past)
    if contents is None:
        return None
    cuts = {name: cut(content, before.texts[name].form) for name, content in contents.items()}
    now = {name: _pieces(each, before.texts[name].form, before.texts[name].owners) for name, each in cuts.items()}
    edited = _edited(cuts, now, before)
    if edited is None:
        return None
    touched = edited | _stirred(past)
    part = _part(touched, before)
    if len(touched) * WORTH_IT > len(before.owners) or not _add_part(contents, part, inputs, before):
        return None
    cuts |= {name: cut(contents[name], before.texts[name].form) for name in contents.keys() - cuts.keys()}
    excerpts = _excerpts(cuts, part, before)
    texts = {name: each.abridged(names) for name, (each, names) in excerpts.items()}
    document = _read(inputs.name, texts) if all(_is_plain(texts[name]) for name in contents) else None
    if document is None or list(owners_of(document.data)) != before.owners or _includes(document, touched, before):
        return None
    read = {name: sha256(content) for name, content in contents.items() if name != inputs.name}
    notes = Notes(before.read_as_document.files | read, before.read_as_document.patterns)
    return Abridgement(document, frozenset(touched), part, before.texts | now, excerpts, notes)


def _forms(document: Document) -> dict[str, Form]:
    """Return how each text holds microservices; those that hold none are left out."""
    forms = {}
    for _, path in paths_of(document.data):
        file, inner = document.origin(path)
        forms[file] = Form.KEYS if len(inner) > 1 else Form.LIST if inner else Form.WHOLE
    return forms


def _pieces(each: Cut, form: Form, owners: list[str]) -> Pieces:
    return Pieces(form, each.rest(), each.digests(), owners)


def _read(name: str, texts: Mapping[str, bytes]) -> Document | None:
    """Return the document that *texts* are, None where there is anything to say about it."""
    try:
        return parse(name, texts[name], FilesInMemory(texts))
    except CompileError:
        return None


def _is_plain(content: bytes) -> bool:
    try:
        return is_plain(content.decode())
    except UnicodeDecodeError:
        return False


def _owners_of_names(data: Json, outline: Json) -> dict[str, str] | None:
    """Return whose the names are that stand in *outline*; None where it says anything else than *data*."""
    if _with_microservices(data, _nothing) != _with_microservices(outline, _nothing):
        return None
    found = {}
    for application, outlined in zip(data["applications"], outline["applications"], strict=True):
        listed, names = (each.get("microservices") or () for each in (application, outlined))
        if len(listed) != len(names):
            return None
        for each, stub in zip(listed, names, strict=True):
            if each == stub:
                continue
            if stub.keys() != {"name"} or stub["name"] in found:  # a file may be included by two applications
                return None
            found[stub["name"]] = f"{application['name']}/{each['name']}"
    return found


def _with_microservices(data: Json, changed: Callable[[str, list[Any]], list[Any]]) -> Json:
    """Return *data* with the microservices of each application as they are *changed*."""
    applications = [
        {**each, "microservices": changed(each["name"], each["microservices"])} if each.get("microservices") else each
        for each in data["applications"]
    ]
    return {**data, "applications": applications}


def _nothing(_application: str, _listed: list[Any]) -> list[Any]:
    return []


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
