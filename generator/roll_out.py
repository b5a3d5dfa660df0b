"""Which pods a changed secret restarts: every workload announces the sealed values that its pods consume."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from generator.model import yaml_text
from generator.model.declared_secret import DeclaredSecret, declared_secrets
from generator.model.diagnostics import Diagnostic
from generator.model.ledger import look_beyond
from generator.model.manifest import Manifest
from generator.model.platform import Application
from generator.model.roll_out import (
    ANNOTATION,
    ANNOTATIONS,
    Vectors,
    announced,
    consumed,
    digest_of,
    rolls_out,
    with_announcement,
)
from generator.model.sealed import SealedSource
from generator.model.sealed_record import vectors_of
from generator.model.source import Path, Position
from generator.model.unit import Unit, units_of
from generator.sealing import Sealing

Sealed = Sequence[tuple[DeclaredSecret, SealedSource]]
"""The sealed files of one unit."""


class RollOut:
    """Announces what pods consume, also of Secrets that belong to other units of their application."""

    def __init__(self, sealing: Sealing, named: Callable[[Unit, DeclaredSecret], str]) -> None:
        """Prepare for the units of one platform.

        Args:
            sealing: Where sealed values come from.
            named: Returns what a Secret is called once it is compiled.
        """
        self._sealing = sealing
        self._named = named
        self._secrets: dict[str, dict[str, tuple[Unit, DeclaredSecret]]] = {}
        self._elsewhere: dict[tuple[str, str], tuple[Vectors, tuple[Diagnostic, ...]]] = {}

    def announce(
        self, unit: Unit, manifests: Sequence[Manifest], own: Mapping[str, Vectors], findings: list[Diagnostic]
    ) -> list[Manifest]:
        """Return the objects of *unit*, each with the annotation that its pods ask for, and with no other.

        Args:
            unit: Whose objects they are.
            manifests: Of sound shape.
            own: What the Secrets of the unit hold, by their names.
            findings: Gets what keeps sealed values of other units, which pods consume, from being read.
        """

        def sealed(name: str) -> Vectors:
            return own[name] if name in own else self._of_another(unit.application, name, findings)

        return [_announcing(each, sealed) if rolls_out(each.ref) else each for each in manifests]

    def _of_another(self, application: Application, name: str, findings: list[Diagnostic]) -> Vectors:
        look_beyond(self._sealing.files, f"the Secrets of application '{application.name}'")
        if application.id not in self._secrets:
            self._secrets[application.id] = {
                self._named(unit, declared): (unit, declared)
                for unit in units_of(application)
                for declared in declared_secrets(unit)
            }
        key = (application.id, name)
        if key not in self._elsewhere:
            owner = self._secrets[application.id].get(name)
            self._elsewhere[key] = ({}, ()) if owner is None else self._read(*owner)
        elif owner := self._secrets[application.id].get(name):
            self._sealing.files.read(owner[1].source)  # so that it is noted for this unit as well
        vectors, faults = self._elsewhere[key]
        findings += faults
        return vectors

    def _read(self, unit: Unit, declared: DeclaredSecret) -> tuple[Vectors, tuple[Diagnostic, ...]]:
        faults: list[Diagnostic] = []
        source = self._sealing.source_of(declared, unit, faults)
        if source is None or source.findings:
            return {}, tuple(faults)
        return vectors_of(source), ()


def digest_of_own(sealed: Sealed) -> str:
    """Return the digest of all values of *sealed*, for pods that consume them and no others; empty for none."""
    return digest_of({declared.name: vectors_of(source) for declared, source in sealed})


def claims(
    before: Sequence[Manifest], after: Sequence[Manifest], locate: Callable[[Manifest, Path], Position]
) -> Iterator[Diagnostic]:
    """Yield `reserved-label` for every object in which a person wrote what is for `RollOut` to say.

    Args:
        before: The objects of a unit.
        after: The same, in the same order, with the person's patches.
        locate: Returns where a path in an object was written.
    """
    for old, new in zip(before, after, strict=True):
        if new is old and not new.origin.file:
            continue  # compiled, and nobody patched it: nearly all are
        said = announced(new.body)
        if said == announced(old.body) and (said is None or not new.origin.file):
            continue
        message = f"the annotation '{ANNOTATION}' in the pod template of '{new.ref}' is for platformc to write"
        hint = "leave it out: it is computed from the sealed values that the pods consume"
        yield Diagnostic("reserved-label", message, locate(new, (*ANNOTATIONS, ANNOTATION)), hint)


def _announcing(manifest: Manifest, sealed: Callable[[str], Vectors]) -> Manifest:
    digest = digest_of(consumed(manifest.body, sealed))
    if digest == (announced(manifest.body) or ""):
        return manifest
    body = with_announcement(manifest.body, digest)
    return replace(manifest, body=body, text=yaml_text.emit(body))
