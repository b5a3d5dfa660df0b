"""Where sealed values come from, and what is said when they are not there."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct, field

from generator.model.declared_secret import DeclaredSecret, declared_secrets, declared_sources
from generator.model.diagnostics import Diagnostic
from generator.model.drift import wanted_recipients
from generator.model.inputs import Files
from generator.model.leaks import comments_of, leaks
from generator.model.platform import Platform
from generator.model.sealed import SealedSource, read_sealed
from generator.model.sealed_place import FOLDER
from generator.model.source import Document, Path, Position
from generator.model.unit import Unit, units, units_of
from generator.stages.resolve.sources import item_path
from generator.stages.seal.declared import orphaned_files, sealed_findings, stray_files, told_why
from generator.stages.seal.drift import drift_findings
from generator.stages.seal.moved import moves, said_of_folders


class Sealing(Struct, frozen=True, kw_only=True):
    """The sealed files of one project.

    Attributes:
        document: What declares the secrets.
        files: The project's files.
        strays: By folder, what `_strays` found there: a folder with many missing files is looked at once.
    """

    document: Document
    files: Files
    strays: dict[PurePosixPath, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def problems(self, unit: Unit) -> list[Diagnostic]:
        """Return what is wrong with the sealed values that *unit* declares."""
        findings: list[Diagnostic] = []
        for declared in declared_secrets(unit):
            self.source_of(declared, unit, findings)
        return findings

    def source_of(self, declared: DeclaredSecret, unit: Unit, findings: list[Diagnostic]) -> SealedSource | None:
        """Return the sealed file of *declared*, None where there is none, and add what is wrong with it."""
        content = self.files.read(declared.source)
        source = None if content is None else read_sealed(str(declared.source), content)
        if source is None or source.findings or source.keys != declared.keys:
            places = {key: self._place(key, declared, unit) for key in declared.keys}
            strays = self._strays(declared, unit) if source is None else {}
            findings += (self._told(each, declared) for each in sealed_findings(places, source, declared.place, strays))
        if source is not None and not source.findings:
            hint = "remove the comment, seal the value, and change it if the file was ever shared"
            findings += leaks(str(declared.source), comments_of(source.text), "a comment", hint)
            findings += drift_findings(source, wanted_recipients(unit))
        return source

    def layers_of(self, declared: DeclaredSecret, unit: Unit) -> tuple[Path, ...]:
        """Return where the document says that there is such a Secret, the strongest layer first."""
        if unit.microservice is None:
            return (declared.below,)
        return tuple((*layer, *declared.below) for layer in unit.layers)

    def _strays(self, declared: DeclaredSecret, unit: Unit) -> Mapping[str, tuple[str, ...]]:
        """Return the keys of the files beside that of *declared* that nothing declares."""
        folder = declared.source.parent
        if folder not in self.strays:
            beside = self.files.glob(f"{folder}/*.yaml")
            expected = frozenset(declared_sources(units_of(unit.application)) if beside else ())
            self.strays[folder] = {path: _keys(self.files, path) for path in stray_files(beside, expected)}
        return self.strays[folder]

    def _told(self, finding: Diagnostic, declared: DeclaredSecret) -> Diagnostic:
        """Return *finding* with why the value is needed, and what else there is to do."""
        if finding.code != "missing-sealed-value" or not declared.otherwise:
            return finding
        return told_why(finding, declared.purpose, declared.otherwise)

    def _place(self, key: str, declared: DeclaredSecret, unit: Unit) -> Position:
        """Return where the document asks for *key*."""
        if unit.microservice is None:
            return self.document.locate(declared.places.get(key, declared.below))
        if declared.below == ("env",):
            return self.document.locate(self.document.first_of(unit.layers, ("env", key)))
        return self.document.locate(item_path(self.document, unit.layers, ("files", "name"), key))


def orphans(platform: Platform, files: Files) -> tuple[Diagnostic, ...]:
    """Return a finding for each of *files* in the secrets' folder that nothing in *platform* declares."""
    existing = files.glob(f"{FOLDER}/**/*.yaml")
    expected = frozenset(declared_sources(units(platform)))
    strays = stray_files(existing, expected)
    lacking = expected.difference(map(str, existing)) if strays else frozenset[str]()
    wanted = _keys_wanted(platform, lacking)
    return orphaned_files(strays, lacking, lambda stray, each: not wanted[each].isdisjoint(_keys(files, stray)))


def with_moved_folders(
    findings: Sequence[Diagnostic], platform: Platform, files: Files, document: Document
) -> list[Diagnostic]:
    """Return *findings* with one in place of all that come of an environment or application with another name."""
    if all(each.code != "missing-sealed-value" for each in findings):
        return list(findings)
    existing = {*files.glob(f"{FOLDER}/**/*"), *files.glob(f"{FOLDER}/**/.*")}
    found = moves(platform, existing, _keys_wanted(platform), lambda path: _keys(files, path))
    return list(said_of_folders(findings, found, document))


def _keys_wanted(platform: Platform, of: Collection[str] | None = None) -> Mapping[str, frozenset[str]]:
    """Return the keys of each declared file, or of each of the files *of*."""
    if of is not None and not of:
        return {}
    return {
        str(each.source): frozenset(each.keys)
        for unit in units(platform)
        for each in declared_secrets(unit)
        if of is None or str(each.source) in of
    }


def _keys(files: Files, path: str) -> tuple[str, ...]:
    """Return the keys of the sealed file at *path*; none where it is not a sound one."""
    source = read_sealed(path, files.read(PurePosixPath(path)) or b"")
    return () if source.findings else source.keys
