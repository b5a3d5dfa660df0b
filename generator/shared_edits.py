"""Edits of what environments share, said once in the document: by the microservice instead of by every override."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator.amendment import Amendment
from generator.compiler import Compilation, compile_platform
from generator.edited_output import EditedOutput, objects_of
from generator.edited_overlays import EditedOverlays
from generator.front import Inputs, front_of
from generator.model.adoption import Change, FileEdit, Setting, Subject
from generator.model.diagnostics import CompileError
from generator.model.kubernetes import VersionKeys
from generator.model.selection import WHOLE
from generator.model.source import Document, Json, same_json
from generator.model.spread import Spread
from generator.revision import with_edits
from generator.stages.adopt import broader, derived, only_towards, settings
from generator.stages.patch import patch_between

Part = tuple[PurePosixPath, str]
"""A file of the output, and the name of something in it."""


class SharedPatch(Struct, frozen=True):
    """A patch that several environments of one microservice are to have, *at* the file of the edit."""

    subjects: tuple[Subject, ...]
    target: str
    said: Mapping[str, Json]
    part: Part


class Progress(Struct, frozen=True, kw_only=True):
    """An adoption, some of which is done.

    Attributes:
        inputs: The document, edited.
        document: The same, read.
        plain: What it compiles to in the plain layout.
        output: What is left to say.
        edits: The files that were edited.
        settings: What keys of microservices say.
        patched: The patches of microservices.
    """

    inputs: Inputs
    document: Document
    plain: Compilation
    output: EditedOutput
    edits: tuple[FileEdit, ...] = ()
    settings: tuple[Part, ...] = ()
    patched: tuple[Part, ...] = ()


class SharedEdits:
    """Finds what environments share in an edit, and says that first."""

    def __init__(self, begin: Progress, overlays: EditedOverlays, spread: Spread) -> None:
        self._begin = begin
        self._overlays = overlays
        self._spread = spread

    def said(self) -> Progress:
        """Return what is done once all that is shared is said; no environment is what nobody wants."""
        now = self._proven(self._begin, list(_settings(self._begin.output, self._overlays)))
        return self._proven(now, list(_patches(now, self._overlays)))

    def _proven(self, begin: Progress, candidates: Sequence[Setting | SharedPatch]) -> Progress:
        """Return *begin* with all *candidates*, or with each that changes nothing but what the person changed."""
        together = self._advanced(begin, candidates) if candidates else begin
        if together is not None:
            return together
        for each in candidates:
            begin = self._advanced(begin, [each]) or begin
        return begin

    def _advanced(self, begin: Progress, said: Sequence[Setting | SharedPatch]) -> Progress | None:
        """Return *begin* with what is *said* as well, None where that changes something else."""
        amendment = Amendment(begin.inputs, begin.document)
        for each in said:
            if isinstance(each, Setting):
                amendment.set(each)
            else:
                amendment.patch(each.subjects[0], each.target, each.said, each.subjects[1:])
        try:
            edits = tuple(amendment.edits())
            inputs = with_edits(begin.inputs, {each.file: each.after for each in edits})
            plain = compile_platform(inputs, WHOLE, self._spread, "plain")
        except (CompileError, ValueError):  # said for each environment, it is looked at again
            return None
        subjects = [_left(each, begin.plain, plain) for each in begin.output.subjects]
        kept = {plain.directory / each.unit.path for each in begin.output.subjects}
        same = all(plain.tree.get(path) == content for path, content in begin.plain.tree.items() if path not in kept)
        if None in subjects or not same or plain.tree.keys() != begin.plain.tree.keys():
            return None
        named = [each for each in said if isinstance(each, Setting)]
        return Progress(
            inputs=inputs,
            document=front_of(inputs).document,
            plain=plain,
            output=EditedOutput(tuple(each for each in subjects if each is not None)),
            edits=merged(begin.edits, edits),
            settings=(*begin.settings, *((PurePosixPath(each.at.file), _name(each)) for each in named)),
            patched=(*begin.patched, *(each.part for each in said if isinstance(each, SharedPatch))),
        )


def merged(ones: Sequence[FileEdit], others: Sequence[FileEdit]) -> tuple[FileEdit, ...]:
    """Return the edits *ones* followed by *others*, one for each file."""
    found = {each.file: each for each in ones}
    for each in others:
        found[each.file] = replace(each, before=found[each.file].before) if each.file in found else each
    return tuple(found.values())


def _settings(output: EditedOutput, overlays: EditedOverlays) -> Iterator[Setting]:
    """Yield each key that says the same for several environments, edited in what they share."""
    found: dict[tuple[object, ...], list[Setting]] = {}
    for kind in (settings, broader):
        for subject in output.subjects:
            for each in kind(subject):
                if overlays.is_shared(subject, each.at):
                    key = (*_owner(subject), each.below, _text(each.value))
                    found.setdefault(key, []).append(each)
    yield from (replace(each[0], everywhere=True) for each in found.values() if len(each) > 1)


def _patches(begin: Progress, overlays: EditedOverlays) -> Iterator[SharedPatch]:
    """Yield each patch that is the same for several environments, edited in what they share."""
    found: dict[tuple[object, ...], list[tuple[Subject, Change, Json]]] = {}
    for subject in begin.output.subjects:
        kinds = Counter(ref.kind for ref in subject.objects)
        keys = VersionKeys(begin.plain.schemas, subject.unit.kubernetes)
        for change in subject.changes:
            if kinds[change.ref.kind] == 1 and overlays.is_shared(subject, change.at):
                try:
                    said = patch_between(change.ref, change.before, change.after, keys)
                except ValueError:  # whoever patches it by itself says so
                    continue
                found.setdefault((*_owner(subject), change.ref.kind, _text(said)), []).append((subject, change, said))
    for each in found.values():
        if len(each) > 1:
            subjects = tuple(subject for subject, _, _ in each)
            _, change, said = each[0]
            names = ", ".join(str(one.ref) for _, one, _ in each)
            yield SharedPatch(subjects, change.ref.kind, said, (PurePosixPath(change.at.file), names))


def _left(subject: Subject, before: Compilation, now: Compilation) -> Subject | None:
    """Return what is left to say of *subject*; None where *now* has what nobody wants."""
    path = before.directory / subject.unit.path
    old, new = objects_of(before.tree[path]), objects_of(now.tree[path])
    wanted = {
        ref: derived(old[ref], new[ref], body) if ref in old and ref in new else body
        for ref, body in subject.objects.items()
    }
    if old.keys() != new.keys() or not all(only_towards(old[ref], new[ref], wanted[ref]) for ref in old):
        return None
    changes = tuple(
        replace(each, before=new[each.ref], after=wanted[each.ref])
        for each in subject.changes
        if not same_json(new[each.ref], wanted[each.ref])
    )
    return replace(subject, objects=wanted, changes=changes)


def _owner(subject: Subject) -> tuple[str, ...]:
    """Return whose edit it is, whatever the environment."""
    unit = subject.unit
    return (unit.application.slug, "" if unit.microservice is None else unit.microservice.slug)


def _name(setting: Setting) -> str:
    unit = setting.subject.unit
    owner = "" if unit.microservice is None else unit.microservice.name
    return f"{'.'.join(setting.below)} of {unit.application.name}/{owner}"


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
