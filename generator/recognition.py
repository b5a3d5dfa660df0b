"""What the texts of a document have in common with those of before: the pieces that say the same.

A piece says what it said if its text is the same, wherever it stands by now among those of its application. That it is
one, and whose, is told by reading the texts with a name in the place of each piece: every name must come out as an
item, once, and between two items of a list all that a reader knows is how deep it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct, field
from msgspec.structs import replace

from generator.dissection import has_names, owners_of_names, pieces_of, read_again
from generator.front import Inputs
from generator.model.footprint import Footprint, paths_of
from generator.model.inputs import Files, FilesInMemory
from generator.model.ledger import digest_of_matches
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.pieces import Cut, Form, Pieces, cut
from generator.model.sightings import REACH, sightings
from generator.model.source import Document

_WIDEST = 4
"""Bytes of the longest character."""

UNREAD = cut(b"", Form.WHOLE)
"""Stands for the text of a file that holds one microservice, and needs not be read."""


class Reading(Struct, frozen=True, kw_only=True):
    """The texts of a document that were looked at after an edit, by file.

    Attributes:
        contents: As they are.
        cuts: In pieces.
        owners: Whose each piece is, also of the texts that were not looked at; None where it says something else.
        edited: Whose pieces say something else, if *skeleton* is None: only there is that known.
        rests: The files of which something outside of pieces is another.
        skeleton: What the texts say with a name in the place of each piece; None where every piece is where it was, and
            nothing around them is another.
    """

    contents: dict[str, bytes]
    cuts: dict[str, Cut]
    owners: dict[str, list[str | None]]
    edited: frozenset[str]
    rests: frozenset[str]
    skeleton: Document | None = None

    def text(self, file: str, names: Sequence[str | None]) -> bytes:
        """Return the text of *file* with *names* in the place of pieces; where there is none, the piece stays."""
        known = self.cuts.get(file, UNREAD)
        return known.abridged(names) if known.pieces else self.contents[file]


class ExcerptedFiles(Struct):
    """The files of a project, of which some are read as *texts* say.

    Attributes:
        texts: By name.
        files: All of them.
        known: The digests of what patterns match, where that is all among *texts*.
        asked: The same for all patterns that were looked up.
        found: The digests of the files that were read as they are.
    """

    texts: Mapping[str, bytes]
    files: Files
    known: Mapping[str, str]
    asked: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def read(self, path: PurePosixPath) -> bytes | None:
        """See `Files.read`."""
        text = self.texts.get(str(path))
        if text is not None:
            return text
        content = self.files.read(path)
        if content is not None:
            self.found[str(path)] = sha256(content)
        return content

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """See `Files.glob`."""
        if pattern in self.known:
            self.asked[pattern] = self.known[pattern]
            return FilesInMemory(self.texts).glob(pattern)
        found = self.files.glob(pattern)
        self.asked[pattern] = digest_of_matches(found)
        return found


def excerpted(inputs: Inputs, texts: Mapping[str, bytes], past: Past) -> ExcerptedFiles:
    """Return the files of *inputs*, of which the documents' own are read as *texts*."""
    patterns = past.footprint.read_as_document.patterns
    known = {each: digest for each, digest in patterns.items() if each not in past.patterns_changed}
    return ExcerptedFiles(texts, inputs.files, known)


def recognized(inputs: Inputs, past: Past) -> Reading | None:
    """Return what is known of the texts of *inputs*; None where that takes reading all of them."""
    before = past.footprint
    contents = _contents(inputs, past) if inputs.name in before.texts else None
    if contents is None:
        return None
    cuts = {name: cut(content, before.texts[name].form) for name, content in contents.items()}
    now = {name: pieces_of(each, before.texts[name].form, before.texts[name].owners) for name, each in cuts.items()}
    if any(each.excuses != before.texts[name].excuses for name, each in now.items()):
        return None
    rests = frozenset(name for name, each in now.items() if each.rest != before.texts[name].rest)
    patterns = before.read_as_document.patterns.keys()
    in_place = all(len(each.digests) == len(before.texts[name].digests) for name, each in now.items())
    if in_place and not rests and patterns.isdisjoint(past.patterns_changed):
        return _in_place(Reading(contents=contents, cuts=cuts, owners={}, edited=frozenset(), rests=rests), now, before)
    return out_of_place(Reading(contents=contents, cuts=cuts, owners={}, edited=frozenset(), rests=rests), inputs, past)


def out_of_place(reading: Reading, inputs: Inputs, past: Past) -> Reading | None:
    """Return *reading* such that pieces may stand anywhere, and be others'; None where that takes reading all."""
    before = past.footprint
    owners: dict[str, list[str | None]] = {name: [*known.owners] for name, known in before.texts.items()}
    owners |= {name: _matched(each.digests(), before.texts[name]) for name, each in reading.cuts.items()}
    if _may_hide_secrets(reading.cuts, owners, reading.rests):
        return None
    return _settled(replace(reading, owners=owners, edited=frozenset()), inputs, past)


def piece_name(file: str, index: int) -> str:
    """Return the name that stands for a piece in a skeleton; no microservice can have it."""
    return f"{file}:{index}"


def read_beside(reading: Reading, inputs: Inputs, names: Sequence[str], before: Footprint) -> Reading | None:
    """Return *reading* with the texts *names*, which are as they were; None where they are not."""
    contents = dict(reading.contents)
    for name in names:
        content = inputs.files.read(PurePosixPath(name))
        if content is None or sha256(content) != before.read_as_document.files.get(name):
            return None
        contents[name] = content
    cuts = reading.cuts | {name: cut(contents[name], before.texts[name].form) for name in names}
    return replace(reading, contents=contents, cuts=cuts)


def _contents(inputs: Inputs, past: Past) -> dict[str, bytes] | None:
    """Return the texts of the document that are others now, or hold more than one microservice, if they are there.

    None where one cannot be read.
    """
    found = {inputs.name: inputs.text}
    for name, known in past.footprint.texts.items():
        if name != inputs.name and (known.form is not Form.WHOLE or name in past.files_changed):
            try:
                content = inputs.files.read(PurePosixPath(name))
            except ValueError:  # it leads out of the project, which is said when everything is read
                return None
            if content is not None:
                found[name] = content
    return found


def _in_place(reading: Reading, now: Mapping[str, Pieces], before: Footprint) -> Reading | None:
    """Return *reading* where every piece is where it was; None where a secret may begin in one and end elsewhere."""
    edited = set()
    for name, pieces in now.items():
        known = before.texts[name]
        for index, digest in enumerate(pieces.digests):
            if digest != known.digests[index]:
                piece = reading.cuts[name].pieces[index]
                if _are_crossed(reading.cuts[name].text, (piece.start, piece.end)):
                    return None
                edited.add(pieces.owners[index])
    owners: dict[str, list[str | None]] = {name: [*known.owners] for name, known in before.texts.items()}
    return replace(reading, owners=owners, edited=frozenset(edited))


def _matched(digests: Sequence[str], known: Pieces) -> list[str | None]:
    """Return whose each piece with one of *digests* was; None for those that say what none said."""
    found: dict[str, list[str]] = defaultdict(list)
    for digest, owner in zip(reversed(known.digests), reversed(known.owners), strict=True):
        found[digest].append(owner)
    return [found[digest].pop() if found.get(digest) else None for digest in digests]


def _may_hide_secrets(
    cuts: Mapping[str, Cut], owners: Mapping[str, Sequence[str | None]], rests: frozenset[str]
) -> bool:
    """Say whether what may be a secret reaches from what is another into what is the same.

    In one of them alone it is found where that is read, or was.
    """
    for name, each in cuts.items():
        pieces = zip(each.pieces, owners[name], strict=True)
        edges = {edge for piece, owner in pieces if owner is None for edge in (piece.start, piece.end)}
        edges.update(edge for ends in (each.ends() if name in rests else ()) for edge in ends)
        if _are_crossed(each.text, edges):
            return True
    return False


def _are_crossed(text: bytes, edges: Iterable[int]) -> bool:
    """Say whether anything that looks like a secret stands on both sides of one of the *edges* in *text*."""
    reach = REACH * _WIDEST
    for edge in edges:
        before = text[max(0, edge - reach) : edge].decode("utf-8", "ignore")
        found = sightings(before + text[edge : edge + reach].decode("utf-8", "ignore"))
        if any(each.start < len(before) < each.end for each in found):
            return True
    return False


def _settled(reading: Reading, inputs: Inputs, past: Past) -> Reading | None:
    """Return *reading* with its skeleton, and without the owners that are in another application by now.

    None where a piece is none.
    """
    names = {name: [piece_name(name, index) for index, _ in enumerate(each)] for name, each in reading.owners.items()}
    texts = {
        name: reading.text(name, each)
        for name, each in names.items()
        if name in reading.cuts or name not in past.files_changed
    }
    skeleton = read_again(inputs.name, texts, excerpted(inputs, texts, past))
    if skeleton is None or not has_names(skeleton.data):
        return None
    wanted = {each: (name, index) for name in skeleton.texts for index, each in enumerate(names.get(name, ()))}
    owners: dict[str, list[str | None]] = {name: [*reading.owners.get(name, ())] for name in skeleton.texts}
    seen = set()
    for owner, _ in paths_of(skeleton.data):
        application, _, name = owner.partition("/")
        if name not in wanted:
            continue
        if name in seen:
            return None
        seen.add(name)
        file, index = wanted[name]
        if (owners[file][index] or "").partition("/")[0] != application:
            owners[file][index] = None
    return replace(reading, owners=owners, skeleton=skeleton) if len(seen) == len(wanted) else None


def owners_of_pieces(reading: Reading, document: Document) -> dict[str, list[str]] | None:
    """Return by file whose each piece is in *document*; None where that says something else than the skeleton.

    See `Reading`; *document* has some pieces in full.
    """
    skeleton = reading.skeleton
    found = None if skeleton is None else owners_of_names(document.data, skeleton.data)
    if skeleton is None or found is None or document.texts.keys() != skeleton.texts.keys():
        return None
    homes = {owner: document.file_of(path) for owner, path in paths_of(document.data)}
    owners: dict[str, list[str]] = {}
    for file, known in reading.owners.items():
        owners[file] = [found.get(piece_name(file, index), "") for index, _ in enumerate(known)]
        for owner, was in zip(owners[file], known, strict=True):
            if homes.get(owner) != file or was not in {None, owner}:
                return None
    return owners
