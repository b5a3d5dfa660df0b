"""Files of the output as a person left them: which objects they changed and added, and what no document can say."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from shlex import join

from msgspec import Struct
from msgspec.structs import replace

from generator.compiler import Compilation
from generator.front import Front
from generator.model.adoption import Addition, Change, Handmade, Subject
from generator.model.declared_secret import SOPS_CONFIG, DeclaredSecret, declared_secrets
from generator.model.diagnostics import CompileError, Diagnostic, Severity
from generator.model.manifest import ObjectRef, reference_of
from generator.model.refusals import TO_KEEP_MOVED, is_adoptable
from generator.model.source import Document, Json, Position, same_json
from generator.model.unit import Unit, units
from generator.stages import assemble
from generator.stages.adopt import derived, new_texts
from generator.stages.check.leaks import looks_secret, promises_secret
from generator.stages.parse.stream import parse_stream

Objects = Mapping[ObjectRef, Mapping[str, Json]]

OVERWRITE = "or run 'platformc compile --overwrite' to lose the edit"


class Found(Struct, frozen=True):
    """An object that edited files hold: what it is, as it is compiled, as it was *written*, and where."""

    ref: ObjectRef
    body: Mapping[str, Json]
    written: Mapping[str, Json]
    at: Position


class EditedOutput(Struct, frozen=True):
    """The edited files, those included in which nothing but comments and layout is new."""

    subjects: tuple[Subject, ...]

    @property
    def is_different(self) -> bool:
        """Whether more than comments and layout was edited."""
        return any(each.is_different for each in self.subjects)

    def told(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield the errors of *findings*, about a document that nobody has seen, at the edits that they come from."""
        edits: list[Change | Addition] = []
        for each in self.subjects:
            edits += [*each.changes, *each.additions]
        for finding in findings:
            if finding.severity is Severity.ERROR:
                named = (edit for edit in edits if f"'{edit.ref}'" in finding.message)
                yield replace(finding, at=next(named, edits[0]).at)


def edited_output(front: Front, files: Sequence[Handmade], before: Compilation) -> EditedOutput:
    """Return what was done to *files*, whose document compiles to *before*.

    Raises:
        CompileError: With every edit that no document can say, or that none may hold.
    """
    directory = before.directory
    everything = list(units(front.platform))
    of_units = {directory / each.path: each for each in everything}
    secrets = {directory / each.output: (unit, each) for unit in everything for each in declared_secrets(unit)}
    findings: list[Diagnostic] = []
    subjects: list[Subject] = []
    for file in files:
        unit = of_units.get(file.path)
        try:
            if unit is None or file.is_foreign or file.content is None:
                findings.append(unadoptable(file, secrets.get(file.path), before))
            else:
                subjects.append(subject_in(unit, file, before.tree[file.path], front.document))
        except CompileError as error:
            findings += error.diagnostics
    if findings:
        raise CompileError(findings)
    return EditedOutput(tuple(subjects))


def objects_of(content: bytes) -> Objects:
    """Return the objects of a compiled file."""
    return {reference_of(each.data): each.data for each in parse_stream("", content)}


def by_hand(subject: Subject) -> Diagnostic:
    """Say that no edit of the document says what was done to *subject*."""
    first = subject.changes[0] if subject.changes else subject.additions[0]
    message = f"the document cannot be edited so that it says this, and nothing else: '{subject.file.path}'"
    hint = "is it shared through an anchor, or written by a template of your own? write it there yourself"
    return Diagnostic("unadoptable-edit", message, first.at, hint)


def unadoptable(file: Handmade, secret: tuple[Unit, DeclaredSecret] | None, before: Compilation) -> Diagnostic:
    """Say why nothing of *file* can be taken in."""
    name, at = str(file.path), Position(str(file.path))
    if file.is_foreign:
        message = f"'{name}' stands where a compiled file belongs, and platformc did not write it: no edit to take in"
        hint = "move it away, or run 'platformc compile --overwrite' to lose it"
        return Diagnostic("foreign-file", message, at, hint)
    if secret is not None:
        message = f"the sealed '{name}' was edited by hand, and what is sealed has its source in '{secret[1].source}'"
        return Diagnostic("sealed-edit", message, at, f"{_setting(*secret)}, then run 'platformc compile --overwrite'")
    if file.content is None:
        message = f"'{name}' is no file any more: there is no edit to take in"
        return Diagnostic("unadoptable-edit", message, at, "move away what stands there, then run 'platformc compile'")
    if file.is_moved and is_adoptable(file.path):
        message = f"'{name}' was edited by hand, and is compiled to another folder now"
        return Diagnostic("unadoptable-edit", message, at, f"{TO_KEEP_MOVED}; {OVERWRITE}")
    if file.path not in before.tree:
        message = f"'{name}' was edited by hand, and is no longer compiled: nothing in the document describes it"
        return Diagnostic("unadoptable-edit", message, at, f"move it away, {OVERWRITE}")
    what = "from the recipients" if file.path == SOPS_CONFIG else "from what 'output' says of GitOps"
    message = f"'{name}' is compiled {what}, which no patch changes"
    return Diagnostic("unadoptable-edit", message, at, f"change that in the document, {OVERWRITE}")


def _setting(unit: Unit, secret: DeclaredSecret) -> str:
    """Return a hint with the command that seals a value of *secret*."""
    key = secret.keys[0] if len(secret.keys) == 1 else "KEY"
    if unit.microservice is not None and unit.environment is not None:
        subject = f"{unit.application.name}/{unit.microservice.name}"
        return f"seal a value with 'platformc secrets set {subject} {key} -e {unit.environment.name}'"
    return "seal a value with 'platformc secrets set'; see 'platformc secrets set --help'"


def subject_in(unit: Unit, file: Handmade, compiled: bytes, document: Document) -> Subject:
    """Return what *file*, which holds all objects of *unit*, has that *compiled* has not; *document* describes it.

    Raises:
        CompileError: When it is no YAML, or has what no document can say.
    """
    before = objects_of(compiled)
    found = []
    for each in parse_stream(str(file.path), file.content or b""):
        ref = _reference(each.data, unit, before)
        found.append(Found(ref, _placed(ref, each.data, before, unit), each.data, each.locate(())))
    return subject_of(unit, file, found, before, document)


def subject_of(unit: Unit, file: Handmade, found: Sequence[Found], before: Objects, document: Document) -> Subject:
    """Return how the objects of *unit* that were *found* differ from what is compiled, *before*.

    Args:
        unit: Whose objects they are.
        file: The edited file, or one of them; whether it is current counts for all.
        found: All of them.
        before: What is compiled.
        document: What describes them.

    Raises:
        CompileError: When no document can say it, or none may.
    """
    name = str(file.path)
    findings = [*_repeated(found), *_gone(name, before, {each.ref for each in found})]
    changes = tuple(
        Change(ref=each.ref, before=before[each.ref], after=each.body, at=each.at)
        for each in found
        if each.ref in before and not same_json(before[each.ref], each.body)
    )
    additions = tuple(Addition(ref=each.ref, body=each.written, at=each.at) for each in found if each.ref not in before)
    for change in changes:
        findings += _leaks(change.ref, change.before, change.after, change.at)
    for addition in additions:
        findings += [*_nameless(addition), *_leaks(addition.ref, {}, addition.body, addition.at)]
    if not file.is_current and not findings:
        if additions or not _are_derived(changes):
            findings.append(_outdated(name, document))
        changes = ()
    if findings:
        raise CompileError(findings)
    objects = {each.ref: each.body for each in found}
    return Subject(file=file, unit=unit, objects=objects, changes=changes, additions=additions)


def _reference(body: Mapping[str, Json], unit: Unit, before: Objects) -> ObjectRef:
    plain = reference_of(body)
    return plain if plain in before else reference_of(assemble.in_namespace(body, unit.application.namespace))


def _placed(ref: ObjectRef, body: Mapping[str, Json], before: Objects, unit: Unit) -> Mapping[str, Json]:
    """Return *body* as it is compiled where it names no namespace."""
    if ref in before and reference_of(body) == ref:
        return body
    placed: Mapping[str, Json] = assemble.in_namespace(body, unit.application.namespace)
    return placed


def _repeated(found: Sequence[Found]) -> Iterator[Diagnostic]:
    seen: set[ObjectRef] = set()
    for each in found:
        if each.ref in seen:
            message = f"'{each.ref}' stands here twice, and one of them would be lost"
            yield Diagnostic("unadoptable-edit", message, each.at, "remove one of them, then adopt again")
        seen.add(each.ref)


def _gone(file: str, before: Objects, found: Collection[ObjectRef]) -> Iterator[Diagnostic]:
    for ref in sorted(before.keys() - set(found)):
        message = f"'{ref}' is gone from '{file}' or has another name, and no patch can say that"
        hint = (
            "put it back, then adopt again; to do without, say so in the document (a microservice: 'deploy: false'), or"
            " write a template of your own that prints nothing"
        )
        yield Diagnostic("unadoptable-edit", message, Position(file), hint)


def _nameless(addition: Addition) -> Iterator[Diagnostic]:
    ref = addition.ref
    if not (ref.api_version and ref.kind and ref.name):
        message = "an object that was added has no 'apiVersion', 'kind' or 'metadata.name'"
        yield Diagnostic("unadoptable-edit", message, addition.at, "complete it or remove it, then adopt again")


def _leaks(ref: ObjectRef, before: Json, after: Json, at: Position) -> Iterator[Diagnostic]:
    """Yield a finding for each name under which something new looks like a secret: the document would show it."""
    names = (name for name, text in new_texts(before, after) if looks_secret(text) or promises_secret(name, text))
    for name in dict.fromkeys(names):
        message = f"'{name}' of '{ref}' looks like a secret, and everybody who can read the document could read it"
        hint = "take it out of the file, declare it as { secret: true } and run 'platformc secrets set'"
        yield Diagnostic("secret-looking-value", message, at, hint)


def _are_derived(changes: Iterable[Change]) -> bool:
    """Say whether *changes* are none but of what the compiler works out: an adoption was cut short."""
    return all(same_json(each.before, derived(each.after, each.before, each.after)) for each in changes)


def _outdated(file: str, document: Document) -> Diagnostic:
    message = f"the document has changed since '{file}' was compiled, and its changes cannot be told from the edit"
    # git takes a change back beside another one of the same file once that is in the index
    names = join(sorted(document.texts))
    hint = (
        "adopt with the document as it was then; a change that is not committed is put aside and taken back by"
        f" `git stash push -- {names}`, 'platformc adopt', `git add -- {names}`, `git stash pop`, one after the other;"
        f" {OVERWRITE}"
    )
    return Diagnostic("unadoptable-edit", message, Position(file), hint)
