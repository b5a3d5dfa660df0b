"""Files of the kustomize layout as a person left them: the objects that they build, beside those that are compiled."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from msgspec.structs import replace

from generator.captured_names import captured_names
from generator.compiler import Compilation
from generator.edited_output import (
    OVERWRITE,
    EditedOutput,
    Found,
    Objects,
    by_hand,
    objects_of,
    subject_in,
    subject_of,
    unadoptable,
)
from generator.front import Front
from generator.model.adoption import Handmade, Subject
from generator.model.declared_secret import DeclaredSecret, declared_secrets
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.group import groups
from generator.model.ksops import GENERATOR
from generator.model.manifest import reference_of
from generator.model.on_disk import KUSTOMIZATION
from generator.model.source import Json, Position, same_json
from generator.model.tree import FileTree
from generator.model.unit import Unit, units
from generator.overlays import (
    Contents,
    Documents,
    Overlay,
    built,
    documents_of,
    objects_built,
    overlays_of,
    single_edits_of,
)
from generator.stages.layout.files import AS_NAMED, building
from generator.stages.layout.rebuilt import Built
from generator.stages.parse.stream import parse_stream

_WIRING = (KUSTOMIZATION, GENERATOR)
"""The files that say what is built of what."""

_Group = tuple[Overlay, ...]


class EditedOverlays:
    """Edited files of the kustomize layout.

    Attributes:
        output: What was done to them, once `edited` has found it.

    Args:
        front: What the document describes.
        before: What it compiles to.
        plain: The same in the plain layout.
        files: What was edited by hand, and is to be taken in.
        others: All other files that are not as compiled.
    """

    def __init__(
        self,
        front: Front,
        before: Compilation,
        plain: Compilation,
        files: Sequence[Handmade],
        others: Sequence[Handmade],
    ) -> None:
        everything = list(units(front.platform))
        directory = before.directory
        self.output = EditedOutput(())
        self._document = front.document
        self._before = before
        self._plain = plain
        self._files = files
        self._others = others
        grouped = (each for each in groups(everything, everything) if each.units[0].microservice is not None)
        self._groups = [overlays_of(directory, each) for each in grouped]
        self._folders = {folder: group for group in self._groups for each in group for folder in each.folders}
        self._overlays = {id(each.unit): each for group in self._groups for each in group}
        self._complete = {directory / building(each.path): each for each in everything if each.microservice is None}
        self._secrets = {
            directory / place: (unit, each)
            for unit in everything
            for each in declared_secrets(unit)
            for place in _places(unit, each)
        }

    def edited(self) -> EditedOutput:
        """Return what was done to the files.

        Raises:
            CompileError: With every edit that no document can say, or that none may hold.
        """
        findings: list[Diagnostic] = []
        subjects: list[Subject] = []
        for work in (*map(self._of_file, self._files), *map(self._of_group, self._concerned())):
            try:
                subjects += work
            except CompileError as error:
                findings += error.diagnostics
        findings = list(dict.fromkeys(findings)) or [
            *captured_names(subjects, self._overlays.values(), self._before.tree)
        ]
        if findings:
            raise CompileError(findings)
        self.output = EditedOutput(tuple(subjects))
        return self.output

    def beside(self) -> Iterator[PurePosixPath]:
        """Yield the files that were compiled from an earlier document, and are laid out with what is taken in."""
        concerned = self._concerned()
        for each in self._others:
            if self._group_of(each.path) in concerned and not each.is_edited and not each.is_foreign:
                yield each.path

    def is_shared(self, subject: Subject, at: Position) -> bool:
        """Say whether what stands *at* a place is for all environments of the microservice of *subject*."""
        overlay = self._overlays.get(id(subject.unit))
        return overlay is not None and PurePosixPath(at.file).parent == overlay.base

    def unlike(self, tree: FileTree, plain: FileTree) -> Iterator[Diagnostic]:
        """Yield a finding for what the files of *tree* do not build as *plain* has it, though it was edited."""
        for each in self.output.subjects:
            if each.is_different and not self._builds(each, tree, objects_of(plain[self._plain_path(each.unit)])):
                yield by_hand(each)

    def in_the_way(self, paths: Iterable[PurePosixPath]) -> Iterator[Diagnostic]:
        """Yield a finding for each of *paths* that is to be written anew, and was edited too or is not ours."""
        others = {each.path: each for each in self._others if each.is_edited or (each.is_foreign and each.content)}
        for path in sorted(others.keys() & set(paths), key=str):
            yield self._left(others[path])

    def _builds(self, subject: Subject, tree: FileTree, objects: Objects) -> bool:
        overlay = self._overlays.get(id(subject.unit))
        if overlay is None:
            return _same(objects_of(tree[subject.file.path]), objects)
        try:
            return _same(objects_built(self._built(overlay, documents_of(overlay, tree), tree)), objects)
        except CompileError:
            return False

    def _group_of(self, path: PurePosixPath) -> _Group | None:
        """Return the microservice that the file at *path* is a part of."""
        folder = path.parent.parent if path.parent.name == AS_NAMED else path.parent
        return self._folders.get(folder)

    def _is_laid_out(self, path: PurePosixPath) -> bool:
        """Say whether *path* belongs to an application."""
        slugs = {each.unit.application.slug for each in self._overlays.values()}
        directory = self._before.directory
        return path.is_relative_to(directory) and path.relative_to(directory).parts[0] in slugs

    def _concerned(self) -> list[_Group]:
        """Return the microservices of whose objects files were edited."""
        found = (self._group_of(each.path) for each in self._files if self._is_read(each))
        return list(dict.fromkeys(each for each in found if each is not None))

    def _is_read(self, file: Handmade) -> bool:
        """Say whether *file* holds objects or patches of a microservice, and can be looked at."""
        theirs = file.is_foreign or file.content is None or file.path in self._secrets
        return not theirs and file.path.name not in _WIRING and self._group_of(file.path) is not None

    def _of_file(self, file: Handmade) -> Iterator[Subject]:
        """Yield the subject that *file* alone has all objects of; one of a microservice is looked at with others."""
        unit = self._complete.get(file.path)
        if self._is_read(file):
            return
        if file.is_foreign or file.content is None or file.path not in self._before.tree:
            raise CompileError([unadoptable(file, self._secrets.get(file.path), self._before)])
        compiled = self._before.tree[file.path]
        if unit is not None:
            yield subject_in(unit, file, compiled, self._document)
        elif file.path.name not in _WIRING or not self._is_laid_out(file.path):
            raise CompileError([unadoptable(file, self._secrets.get(file.path), self._before)])
        elif not same_json(_data(file.path, file.content), _data(file.path, compiled)):
            message = f"'{file.path}' says what is built of what, which follows from the document"
            hint = (
                f"write what it is for into the document: a key, an entry of 'patches' or of 'manifests'; {OVERWRITE}"
            )
            raise CompileError([Diagnostic("unadoptable-edit", message, Position(str(file.path)), hint)])

    def _of_group(self, group: _Group) -> Iterator[Subject]:
        """Yield the environments of a microservice, with the objects that its edited files build."""
        files = [each for each in self._files if self._is_read(each) and self._group_of(each.path) == group]
        others = [
            each for each in self._others if self._group_of(each.path) == group and each.path not in self._secrets
        ]
        left = [each for each in others if each.is_edited]
        if left:
            raise CompileError(map(self._left, left))
        is_current = all(each.is_current for each in (*files, *others))
        contents = self._contents(files, [] if is_current else others)
        compiled = [documents_of(each, self._before.tree) for each in group]
        written = [documents_of(each, contents, known) for each, known in zip(group, compiled, strict=True)]
        findings: list[Diagnostic] = []
        for overlay, known, now in zip(group, compiled, written, strict=True):
            own = next((each for each in files if each.path.is_relative_to(overlay.folder)), files[0])
            try:
                self._prove(overlay, known, own)
                found = [_found(each, own) for each in self._built(overlay, now, contents)]
                before = self._compiled(overlay.unit)
                yield subject_of(overlay.unit, replace(own, is_current=is_current), found, before, self._document)
            except CompileError as error:
                findings += error.diagnostics
        if is_current and not findings:
            findings += self._idle(group, compiled, written)
        if findings:
            raise CompileError(findings)

    def _contents(self, files: Sequence[Handmade], others: Sequence[Handmade]) -> Contents:
        """Return the compiled files with what *files* and *others* have instead."""
        there = {each.path: each.content for each in (*files, *others) if each.content is not None}
        gone = {each.path for each in others if each.content is None}
        return {path: content for path, content in ChainMap(there, dict(self._before.tree)).items() if path not in gone}

    def _prove(self, overlay: Overlay, compiled: Documents, file: Handmade) -> None:
        """Make sure that what is known of kustomize explains the compiled files.

        Raises:
            CompileError: When it does not.
        """
        found = objects_built(self._built(overlay, compiled, self._before.tree))
        if not _same(found, self._compiled(overlay.unit)):
            message = f"what kustomize makes of the edit of '{file.path}' is not certain"
            hint = f"write it into the document, {OVERWRITE}"
            raise CompileError([Diagnostic("unadoptable-edit", message, Position(str(file.path)), hint)])

    def _idle(self, group: _Group, compiled: Sequence[Documents], written: Sequence[Documents]) -> Iterator[Diagnostic]:
        """Yield a finding for each part of an edit that changes nothing that is built: it would be lost."""
        paths = dict.fromkeys(path for each in written for path in each)
        for path in paths:
            known = next((each[path] for each in compiled if path in each), ())
            now = next(each[path] for each in written if path in each)
            for at, place, alone in single_edits_of(known, now, is_patches=path.name == group[0].patches.name):
                if not any(
                    self._differs(overlay, {**each, path: alone})
                    for overlay, each in zip(group, compiled, strict=True)
                    if path in overlay.files
                ):
                    message = f"'{place}' was edited, and nothing that is built changes by that"
                    hint = f"a patch may say the field as well, or its base says the same: edit it there; {OVERWRITE}"
                    yield Diagnostic("unadoptable-edit", message, at, hint)

    def _differs(self, overlay: Overlay, documents: Documents) -> bool:
        try:
            found = objects_built(self._built(overlay, documents, self._before.tree))
        except CompileError:  # not by itself, but with the rest of the edit
            return True
        return not _same(found, self._compiled(overlay.unit))

    def _built(self, overlay: Overlay, documents: Documents, contents: Contents) -> list[Built]:
        return built(overlay, documents, contents, self._before.schemas)

    def _compiled(self, unit: Unit) -> Objects:
        return objects_of(self._plain.tree[self._plain_path(unit)])

    def _plain_path(self, unit: Unit) -> PurePosixPath:
        return self._plain.directory / unit.path

    def _left(self, file: Handmade) -> Diagnostic:
        """Say that *file* was edited as well."""
        if file.is_foreign:
            return unadoptable(file, None, self._before)
        message = f"'{file.path}' was edited as well, and is built together with what is to be taken in"
        hint = "name it as well, or run 'platformc adopt' to take all edits"
        return Diagnostic("unadoptable-edit", message, Position(str(file.path)), hint)


def _found(each: Built, file: Handmade) -> Found:
    """Return an object with the line of the edit: of the last part of it that was edited."""
    edited = [part.at for part in each.sources if part.is_edited]
    return Found(reference_of(each.body), each.body, each.body, edited[-1] if edited else Position(str(file.path)))


def _data(path: PurePosixPath, content: bytes) -> list[Json]:
    return [each.data for each in parse_stream(str(path), content)]


def _places(unit: Unit, secret: DeclaredSecret) -> Iterator[PurePosixPath]:
    """Yield where the file of *secret* may stand in the output directory."""
    name = secret.output.name
    if unit.microservice is None:
        yield building(unit.path).with_name(name)
        return
    folder = PurePosixPath(str(building(unit.path).parent))
    yield folder / name
    yield folder / AS_NAMED / name


def _same(ones: Objects, others: Objects) -> bool:
    return ones.keys() == others.keys() and all(same_json(body, others[ref]) for ref, body in ones.items())
