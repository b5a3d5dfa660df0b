"""Opening sealed files one by one, in memory; what is kept of a file is no value."""

from pathlib import PurePosixPath

from msgspec import Struct

from generator.adapters.sops import Sops
from generator.adapters.unsealable import Reason, Unsealable
from generator.model.diagnostics import Diagnostic
from generator.model.drift import recipient_names
from generator.model.inputs import Files
from generator.model.sealed import read_sealed
from generator.model.sealed_place import SealedPlace
from generator.stages.seal.accidents import Fingerprint, accidents, fingerprints


class Verdict(Struct, frozen=True, kw_only=True):
    """What was found out about one file.

    Attributes:
        file: The file, from the project's folder.
        opened: A key at hand opens it.
        findings: What is wrong with it.
        readers: Who could open it, in short.
        fingerprints: Its values, to tell equal ones within this process.
    """

    file: PurePosixPath
    opened: bool
    findings: tuple[Diagnostic, ...] = ()
    readers: tuple[str, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()


class Verifying(Struct, frozen=True, kw_only=True):
    """How files are verified.

    Attributes:
        sops: What opens them.
        files: The project's files.
        host: The registry that pods pull from; empty for none.
        pepper: Random bytes of this run, with which values are compared.
    """

    sops: Sops
    files: Files
    host: str
    pepper: bytes

    def verdict(self, place: SealedPlace) -> Verdict:
        """Return what is to be said of the file at *place*, which is there."""
        content = self.files.read(place.source) or b""
        source = read_sealed(str(place.source), content)
        if source.findings:
            return Verdict(file=place.source, opened=False, findings=source.findings)
        readers = recipient_names(source.recipients)
        try:
            values = self.sops.decrypt(place.source, content)
        except Unsealable as error:
            findings = () if error.reason is Reason.NO_KEY else (error.diagnostic,)
            return Verdict(file=place.source, opened=False, findings=findings, readers=readers)
        return Verdict(
            file=place.source,
            opened=True,
            findings=tuple(accidents(source, values, place.kind, self.host)),
            readers=readers,
            fingerprints=fingerprints(source, values, place, self.pepper),
        )
