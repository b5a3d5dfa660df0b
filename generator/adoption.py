"""Adoption: the document, edited so that it compiles to what a person left in the output."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator.amendment import Amendment
from generator.compiler import Compilation, compile_platform
from generator.edited_output import EditedOutput, Objects, by_hand, edited_output, objects_of
from generator.edited_overlays import EditedOverlays
from generator.front import Inputs, front_of
from generator.model.adoption import Change, FileEdit, Handmade, Setting, Subject
from generator.model.diagnostics import CompileError
from generator.model.kubernetes import VersionKeys
from generator.model.selection import WHOLE, Selection
from generator.model.source import Document, Json, same_json
from generator.model.spread import Spread
from generator.model.tree import FileTree
from generator.revision import with_edits
from generator.shared_edits import Part, Progress, SharedEdits, merged
from generator.stages.adopt import broader, derived, only_towards, same_text, settings
from generator.stages.patch import patch_between


class Adoption(Struct, frozen=True, kw_only=True):
    """An edit that is known to compile to what a person wants.

    Attributes:
        edits: The files of the project that change, new ones first; none where the document says it all already.
        compiled: What the document then compiles to.
        paths: The files of the output that are to be written anew: those that were edited, and in the kustomize layout
            what is laid out with them.
        settings: What keys of the document say, by the way to each.
        patched: The objects that get patches.
        added: The objects that become plain manifests.
    """

    edits: tuple[FileEdit, ...]
    compiled: Compilation
    paths: tuple[PurePosixPath, ...]
    settings: tuple[Part, ...] = ()
    patched: tuple[Part, ...] = ()
    added: tuple[Part, ...] = ()

    def is_as_written(self, file: Handmade) -> bool:
        """Say whether what is written over the edited *file* has its comments and its layout."""
        return same_text(file.content or b"", self.compiled.tree.get(file.path, b""))


def adoption(
    inputs: Inputs, files: Sequence[Handmade], others: Sequence[Handmade], before: Compilation, spread: Spread
) -> Adoption:
    """Return the edit that takes what was done to *files* into the source. Nothing is written.

    Args:
        inputs: The document, and all that belongs to it.
        files: What was edited by hand, and is to be taken in.
        others: All other files that are not as compiled.
        before: What the document compiles to.
        spread: How compiling is done.

    Raises:
        CompileError: With the edits that no document can say or may hold, and with what is wrong with the objects.
    """
    front = front_of(inputs)
    paths = tuple(each.path for each in files)
    if before.layout == "plain":
        output = edited_output(front, files, before)
        if not output.is_different:
            return Adoption(edits=(), compiled=before, paths=paths)
        return _Adopting(inputs, front.document, output, before, spread).adopted(paths)
    plain = compile_platform(inputs, WHOLE, spread, "plain")
    overlays = EditedOverlays(front, before, plain, files, others)
    output = overlays.edited()
    paths = (*paths, *overlays.beside())
    if not output.is_different:
        return Adoption(edits=(), compiled=before, paths=paths)
    begin = Progress(inputs=inputs, document=front.document, plain=plain, output=output)
    shared = SharedEdits(begin, overlays, spread).said()
    try:
        found = _gone_on(shared, paths, spread)
    except CompileError:
        if not shared.edits:
            raise
        found = _gone_on(begin, paths, spread)
    return _laid_out(found, inputs, overlays, before, spread)


def _gone_on(begin: Progress, paths: tuple[PurePosixPath, ...], spread: Spread) -> Adoption:
    """Return *begin* with all that is left to say."""
    found = Adoption(edits=(), compiled=begin.plain, paths=paths)
    if begin.output.is_different:
        found = _Adopting(begin.inputs, begin.document, begin.output, begin.plain, spread).adopted(paths)
    return replace(
        found,
        edits=merged(begin.edits, found.edits),
        settings=(*begin.settings, *found.settings),
        patched=(*begin.patched, *found.patched),
    )


def _laid_out(
    found: Adoption, inputs: Inputs, overlays: EditedOverlays, before: Compilation, spread: Spread
) -> Adoption:
    """Return *found*, of the plain layout, in the layout of *before*.

    Raises:
        CompileError: When it is not what the edited files build, or would be written over what others wrote.
    """
    edited = with_edits(inputs, {each.file: each.after for each in found.edits})
    try:
        compiled = compile_platform(edited, WHOLE, spread, before.layout)
    except CompileError as error:
        raise CompileError(overlays.output.told(error.diagnostics)) from error
    findings = [*overlays.unlike(compiled.tree, found.compiled.tree)]
    new = [path for path in {*compiled.tree, *before.tree} if compiled.tree.get(path) != before.tree.get(path)]
    findings += overlays.in_the_way(new)
    if findings:
        raise CompileError(findings)
    paths = dict.fromkeys((*found.paths, *sorted(new, key=str)))
    return replace(found, compiled=compiled, paths=tuple(paths))


class _Adopting:
    """One adoption under way: *before* is the plain layout."""

    def __init__(
        self, inputs: Inputs, document: Document, output: EditedOutput, before: Compilation, spread: Spread
    ) -> None:
        self._inputs = inputs
        self._document = document
        self._output = output
        self._subjects = [each for each in output.subjects if each.is_different]
        self._before = before
        self._spread = spread

    def adopted(self, paths: tuple[PurePosixPath, ...]) -> Adoption:
        """Return what it takes."""
        said = self._proven([each for subject in self._subjects for each in settings(subject)])
        amendment = self._amended(said)
        try:
            return self._finished(said, amendment, paths)
        except CompileError:
            if not amendment.has_revised:
                raise
        return self._finished(said, self._amended(said, revising=False), paths)

    def _finished(self, said: Sequence[Setting], amendment: Amendment, paths: tuple[PurePosixPath, ...]) -> Adoption:
        """Return the adoption with all that *amendment* does not say yet added to it."""
        now = self._compiled(amendment, self._selection()).tree if said else self._before.tree
        patched = [part for each in self._subjects for part in self._patched(each, now, amendment)]
        added = []
        for subject in self._subjects:
            for each in subject.additions:
                amendment.bring(subject, each)
                added.append((PurePosixPath(each.at.file), str(each.ref)))
        compiled = self._compiled(amendment, WHOLE)
        self._verify(compiled.tree)
        return Adoption(
            edits=tuple(each for each in amendment.edits() if each.before != each.after),
            compiled=compiled,
            paths=paths,
            settings=tuple(map(self._said_at, said)),
            patched=tuple(patched),
            added=tuple(added),
        )

    def _amended(self, said: Sequence[Setting], *, revising: bool = True) -> Amendment:
        amendment = Amendment(self._inputs, self._document, revising=revising)
        for each in said:
            amendment.set(each)
        return amendment

    def _proven(self, candidates: list[Setting]) -> list[Setting]:
        """Return those of *candidates* that change nothing but what the person changed."""
        if not candidates or self._is_proven(candidates):
            return candidates
        proven: list[Setting] = []
        wide = [each for subject in self._subjects for each in broader(subject)]
        for each in (*candidates, *wide):
            said = any(one.subject is each.subject and one.below[: len(each.below)] == each.below for one in proven)
            if not said and self._is_proven([*proven, each]):
                proven.append(each)
        return proven

    def _is_proven(self, candidates: Sequence[Setting]) -> bool:
        try:
            inputs = self._amended(candidates).inputs()
            now = compile_platform(inputs, self._selection(), self._spread, "plain").tree
        except CompileError as error:
            leaks = [each for each in error.diagnostics if each.code == "secret-looking-value"]
            if leaks:
                raise CompileError(self._output.told(leaks)) from error
            return False
        except ValueError:  # the text cannot be edited there
            return False
        wanted = {self._path(each): each for each in self._subjects}
        return all(
            content == self._before.tree[path] or (path in wanted and self._is_nearer(wanted[path], content))
            for path, content in now.items()
        )

    def _is_nearer(self, subject: Subject, content: bytes) -> bool:
        """Say whether *content* goes from what was compiled to what *subject* is to be, and nowhere else."""
        old, new = self._objects(subject, self._before.tree), objects_of(content)
        return old.keys() == new.keys() and all(
            only_towards(old[ref], new[ref], derived(old[ref], new[ref], subject.objects[ref])) for ref in old
        )

    def _selection(self) -> Selection:
        """Return the microservices that were edited, in their environments, for a first look."""
        units = [each.unit for each in self._subjects]
        names = (f"{each.application.name}/{each.microservice.name}" for each in units if each.microservice)
        environments = (each.environment.name for each in units if each.environment and each.microservice)
        return Selection(tuple(dict.fromkeys(environments)), tuple(dict.fromkeys(names)))

    def _patched(self, subject: Subject, now: FileTree, amendment: Amendment) -> Iterator[Part]:
        """Add the patches that are left, after what is compiled *now*, and yield what they are for."""
        compiled = self._objects(subject, now)
        kinds = Counter(ref.kind for ref in compiled)
        for change in subject.changes:
            said = self._said(subject, change, compiled[change.ref])
            if said is not None:
                ref = change.ref
                amendment.patch(subject, ref.kind if kinds[ref.kind] == 1 else str(ref), said)
                yield PurePosixPath(change.at.file), str(ref)

    def _said(self, subject: Subject, change: Change, now: Mapping[str, Json]) -> Json:
        wanted = derived(change.before, now, change.after)
        if same_json(now, wanted):
            return None
        keys = VersionKeys(self._before.schemas, subject.unit.kubernetes)
        try:
            return patch_between(change.ref, now, wanted, keys)
        except ValueError as error:
            raise CompileError([by_hand(subject)]) from error

    def _objects(self, subject: Subject, tree: FileTree) -> Objects:
        """Return the objects of *subject* in *tree*, which has all or some of the files."""
        path = self._path(subject)
        return objects_of(tree.get(path, self._before.tree[path]))

    def _path(self, subject: Subject) -> PurePosixPath:
        """Return where the objects of *subject* stand in the plain layout."""
        return self._before.directory / subject.unit.path

    def _compiled(self, amendment: Amendment, selection: Selection) -> Compilation:
        try:
            return compile_platform(amendment.inputs(), selection, self._spread, "plain")
        except CompileError as error:
            raise CompileError(self._output.told(error.diagnostics)) from error
        except ValueError as error:
            raise CompileError(map(by_hand, self._subjects)) from error

    def _verify(self, tree: FileTree) -> None:
        """Hold what was compiled against what was edited, object for object, and everything else against before.

        Raises:
            CompileError: When they differ.
        """
        edited = {self._path(each) for each in self._subjects}
        others = {*tree, *self._before.tree} - edited
        wrong = [each for each in self._subjects if not self._is_as_wanted(each, tree)]
        if not all(tree.get(path) == self._before.tree.get(path) for path in others):
            wrong = self._subjects
        if wrong:
            raise CompileError(map(by_hand, wrong))

    def _is_as_wanted(self, subject: Subject, tree: FileTree) -> bool:
        before, now = self._objects(subject, self._before.tree), self._objects(subject, tree)
        return now.keys() == subject.objects.keys() and all(
            same_json(body, derived(before.get(ref, body), body, subject.objects[ref])) for ref, body in now.items()
        )

    def _said_at(self, setting: Setting) -> Part:
        """Return where *setting* was edited, and its name; and of what, where a file is about more than that."""
        file, name = PurePosixPath(setting.at.file), ".".join(setting.below)
        return file, name if file == self._path(setting.subject) else f"{name} of {setting.subject.unit.name}"
