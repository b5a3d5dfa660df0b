"""The stages that one unit runs through by itself: render, patch, verify, seal, assemble."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct, field

from generator.claims import claims_of
from generator.configuration import following_patches
from generator.model import yaml_text
from generator.model.basis import basis, basis_around, face
from generator.model.declared_secret import DeclaredSecret, declared_secrets
from generator.model.diagnostics import CompileError, Diagnostic, has_errors
from generator.model.kubernetes import KubernetesSchemas, VersionKeys
from generator.model.ledger import Ledger, Notes
from generator.model.manifest import Manifest, Origin, reference_of
from generator.model.outline import Outline, outline
from generator.model.patch import MergeKeys
from generator.model.roll_out import rolls_out
from generator.model.scope import Scope
from generator.model.sealed_record import vectors_of
from generator.model.source import Path, Position, Spots
from generator.model.trace import position_of
from generator.model.unit import Unit
from generator.read_back import header_data, read_rendered
from generator.roll_out import RollOut, Sealed, claims, digest_of_own
from generator.sealing import Sealing
from generator.stages import assemble
from generator.stages.check.exposure import paths_to
from generator.stages.parse.stream import parse_stream
from generator.stages.render.rendering import Renderer
from generator.stages.seal.carry import carry
from generator.stages.succession import succession_findings
from generator.stages.verify.open_secrets import open_secret_findings
from generator.stages.verify.references import Summary, summarize
from generator.stages.verify.rules import rule_findings
from generator.stages.verify.schema import schema_findings

_AROUND = ("application/", "environment/")
"""The folders of templates that have no part in a microservice, unless another one takes something from there."""


class UnitResult(Struct):
    """What one unit became; plain data, to be sent between processes.

    Attributes:
        files: The paths in the output directory, and what goes there.
        objects: How many Kubernetes objects those hold.
        summary: What the rest of the namespace must know of them.
        findings: What is wrong with them.
        renamed: Kinds and short names of the objects that `kustomize build` names.
        referred: Kinds and names that they hold, where that may write names anew.
        in_full: What others hold kept some of their names from being written anew.
        passing: Some of *findings* are about what stood in their place, and not to be said again.
        outline: What a microservice shows to what it is in; None for other units.
        paths: The paths that lead to it; none for other units.
        face: The digest of what it shows to others of its kind; empty for other units.
        basis: The digest of all that it was compiled from.
        claims: What its objects define, use and claim, as `claims` has it.
        standing: The paths of files that are in place as they would be written, and were not made again.
        notes: What was read for them, but for what stood in their place.
    """

    files: list[tuple[str, bytes]] = field(default_factory=list)
    objects: int = 0
    summary: Summary = field(default_factory=Summary)
    findings: list[Diagnostic] = field(default_factory=list)
    renamed: frozenset[tuple[str, str]] = frozenset()
    referred: frozenset[tuple[str, str]] = frozenset()
    in_full: bool = False
    passing: bool = False
    outline: Outline | None = None
    paths: Sequence[str] = ()
    face: str = ""
    basis: str = ""
    claims: bytes = b""
    standing: Sequence[str] = ()
    notes: Notes = field(default_factory=Notes)

    def add_passing(self, findings: list[Diagnostic]) -> None:
        """Add *findings* about what stood in the place of the files."""
        self.findings += findings
        self.passing = self.passing or bool(findings)


class UnitObjects(Struct, frozen=True):
    """What one unit became before it was laid out: *result* without files, and its objects, in apply order."""

    result: UnitResult
    plain: list[Manifest] = field(default_factory=list)
    sealed: list[tuple[DeclaredSecret, Manifest]] = field(default_factory=list)


class UnitCompiler:
    """Compiles the units of one platform, each by itself and in any order.

    Attributes:
        schemas: What objects are checked against.
        sealing: Where sealed values come from.
        templates: The platform's own, by their path, where they may have a part in microservices.
    """

    def __init__(
        self,
        directory: PurePosixPath,
        schemas: KubernetesSchemas,
        renderer: Renderer,
        sealing: Sealing,
        ledger: Ledger,
        own: Mapping[str, str],
    ) -> None:
        self.schemas = schemas
        self.sealing = sealing
        self.templates = own if any(not name.startswith(_AROUND) for name in own) else {}
        self._own = own
        self._directory = directory
        self._document = sealing.document
        self._ledger = ledger
        self._renderer = renderer
        self._roll_out = RollOut(sealing, self._name)
        self._plain_spots: dict[tuple[str, Path], Spots] = {}

    def compile(self, unit: Unit) -> UnitResult:
        """Return what *unit* becomes in the plain layout; what is wrong with it is in the result."""
        objects = self.objects(unit)
        result = objects.result
        if has_errors(result.findings):
            return result
        content = assemble.stream(unit.name, "the platform document", objects.plain)
        path = str(unit.path)
        result.files.append((path, content))
        before = self.committed(path)
        if before is not None and before != content:
            result.add_passing(succession_findings(objects.plain, before, self.locate))
        for declared, manifest in objects.sealed:
            result.files.append((str(declared.output), assemble.stream(unit.name, str(declared.source), [manifest])))
        self.describe(unit, result)
        return result

    def looks_around(self, *, anywhere: bool = False) -> bool:
        """Say whether own templates of microservices, or *anywhere*, may look at what else an application has."""
        templates = self._own if anywhere else self.templates
        if not templates:
            return False
        from generator.stages.render.outlook import looks_around

        return looks_around(templates, anywhere=anywhere)

    def describe(self, unit: Unit, result: UnitResult) -> None:
        """Add to the *result* of a unit what tells the next compilation whether it still stands."""
        result.notes.add(self._ledger.taken())
        result.claims = claims_of(unit.name, result.summary, result.renamed, result.referred)
        result.basis = self.basis(unit)
        microservice = unit.microservice
        if microservice is not None:
            result.outline = outline(microservice)
            result.paths = paths_to(microservice)
            result.face = face(microservice)

    def basis(self, unit: Unit) -> str:
        """Return the digest of all that *unit* is compiled from, but for what it stands in and for files."""
        if unit.microservice is not None:
            return basis(unit.microservice, exact=bool(self.templates))
        return basis_around(unit.application, unit.environment, self._own)

    def objects(self, unit: Unit) -> UnitObjects:
        """Return the objects of *unit*; the result has no files, and where it has errors, there are no objects."""
        self._ledger.taken()
        objects = self._objects(unit)
        objects.result.notes = self._ledger.taken()
        return objects

    def _objects(self, unit: Unit) -> UnitObjects:
        result = UnitResult()
        sources = self._sources(unit, result.findings)
        try:
            manifests = [*self._rendered(unit, digest_of_own(sources)), *self._plain(unit)]
        except CompileError as error:
            result.findings += error.diagnostics
            return UnitObjects(result)
        sealed = list(self._sealed(unit, sources, result.findings))
        unpatched = [*manifests, *(each for _, each in sealed)]
        manifests, findings = self._patched(unit, unpatched)
        result.findings += [*findings, *claims(unpatched, manifests, self.locate)]
        for manifest in manifests:
            result.findings += self._verified(unit, manifest)
        if has_errors(result.findings):
            return UnitObjects(result)  # what follows trusts every object to have the shape of its kind
        manifests = following_patches(unpatched, manifests)
        if not all(self._is_settled(unit, each) for each in manifests):
            own = {each.ref.name: vectors_of(source) for (_, each), (_, source) in zip(sealed, sources, strict=True)}
            manifests = self._roll_out.announce(unit, manifests, own, result.findings)
        result.summary = summarize([each for each in manifests if each.ref.name])
        result.objects = len(manifests)
        return UnitObjects(result, [each for each in manifests if not each.sealed], sealed)

    def committed(self, path: str) -> bytes | None:
        """Return the file at *path* in the output directory as it is there, None where there is none."""
        try:
            return self._ledger.standing.read(PurePosixPath(f"{self._directory}/{path}"))
        except ValueError:  # a link out of the project: whoever writes will say so
            return None

    def locate(self, manifest: Manifest, path: Path) -> Position:
        """Return where a person decided the node at *path* of *manifest*."""
        return position_of(manifest, path, self._document, self._spots)

    def _rendered(self, unit: Unit, sealed_digest: str) -> Iterator[Manifest]:
        rendered = self._renderer.render(unit, sealed_digest)
        for each, body in zip(rendered, read_rendered(rendered), strict=True):
            if body is None:
                continue
            yield Manifest(ref=reference_of(body), body=body, text=each.text, origin=Origin(each.template, unit.layers))

    def _plain(self, unit: Unit) -> Iterator[Manifest]:
        subject = unit.microservice or unit.environment or unit.application
        for file in subject.manifests:
            for index, document in enumerate(parse_stream(file.name, file.content)):
                body = assemble.in_namespace(document.data, unit.application.namespace)
                yield Manifest(
                    ref=reference_of(body),
                    body=body,
                    text=yaml_text.emit(body),
                    origin=Origin(file.name, file=file.name, inner=(index,)),
                )

    def _is_settled(self, unit: Unit, manifest: Manifest) -> bool:
        """Say whether an object announces its sealed values already: built-in templates see to it, patches do not."""
        origin = manifest.origin
        if not rolls_out(manifest.ref):
            return True
        return not origin.file and origin.layers == unit.layers and self._renderer.prints_as_built_in(origin.template)

    def _sources(self, unit: Unit, findings: list[Diagnostic]) -> Sealed:
        """Return the sound sealed files of *unit*, and add what is wrong with the others."""
        read = [(each, self.sealing.source_of(each, unit, findings)) for each in declared_secrets(unit)]
        return [(declared, source) for declared, source in read if source is not None and not source.findings]

    def _name(self, unit: Unit, declared: DeclaredSecret) -> str:
        """Return what a Secret is called: a template of the platform's own may choose another name."""
        return reference_of(header_data(self._renderer.header(unit, declared))).name

    def _sealed(
        self, unit: Unit, sources: Sealed, findings: list[Diagnostic]
    ) -> Iterator[tuple[DeclaredSecret, Manifest]]:
        for declared, source in sources:
            header = self._renderer.header(unit, declared)
            try:
                body = {**header_data(header), **source.body}
            except CompileError as error:
                findings += error.diagnostics
                continue
            origin = Origin(str(declared.source), self.sealing.layers_of(declared, unit))
            text = carry(header.text, source)
            yield declared, Manifest(ref=reference_of(body), body=body, text=text, origin=origin, sealed=True)

    def _patched(self, unit: Unit, manifests: list[Manifest]) -> tuple[list[Manifest], list[Diagnostic]]:
        subject = unit.microservice or unit.environment or unit.application
        if not subject.patches:
            return manifests, []
        from generator.stages.patch import apply_patches

        keys = self.merge_keys(unit.kubernetes)
        return apply_patches(manifests, subject.patches, keys, self._document.locate, yaml_text.emit)

    def merge_keys(self, version: str) -> MergeKeys:
        """Return how lists merge in one version of Kubernetes."""
        return VersionKeys(self.schemas, version)

    def _verified(self, unit: Unit, manifest: Manifest) -> list[Diagnostic]:
        version = unit.kubernetes
        findings = open_secret_findings(manifest, self.locate) or schema_findings(
            manifest, self.schemas, version, self.locate
        )
        if findings:
            return findings
        scope = Scope(unit.application.namespace, _level(unit), int(version.partition(".")[2]))
        return rule_findings(manifest, scope, self.locate)

    def _spots(self, file: str, inner: Path) -> Spots:
        if (file, inner) not in self._plain_spots:
            content = self._ledger.read(PurePosixPath(file)) or b""
            for index, document in enumerate(parse_stream(file, content)):
                self._plain_spots[file, (index,)] = document.read_spots(file, document.texts[file])
        return self._plain_spots.get((file, inner), {})


def _level(unit: Unit) -> Any:
    """Return the Pod Security level that the pods of *unit* must pass: the namespace's, or their own if stricter."""
    if unit.microservice is not None and unit.microservice.head.pod_security_context.get("runAsNonRoot"):
        return "restricted"
    return unit.application.security
