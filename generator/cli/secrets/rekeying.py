"""Sealing files to other recipients: each by itself and in memory, so that all can be tried before one is written."""

from datetime import date

from msgspec import Struct

from generator.adapters.sops import Sops
from generator.adapters.unsealable import Reason, Unsealable
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.sealed import SealedSource, read_sealed
from generator.model.sealed_record import recorded
from generator.stages.seal.drift import drift_findings
from generator.stages.seal.targets import Target


class Rekeyed(Struct, frozen=True, kw_only=True):
    """What became of one file.

    Attributes:
        target: The file as it was.
        content: Its bytes as they are to be, None where it could not be done.
        findings: Why not.
    """

    target: Target
    content: bytes | None = None
    findings: tuple[Diagnostic, ...] = ()


class Rekeying(Struct, frozen=True, kw_only=True):
    """How files are sealed anew.

    Attributes:
        sops: What seals them.
        config: The compiled `.sops.yaml`, which names the recipients.
        rotate: They get a new data key, too.
        today: The day, in UTC.
    """

    sops: Sops
    config: bytes
    rotate: bool
    today: date

    def rekeyed(self, target: Target) -> Rekeyed:
        """Return *target* sealed to whom it is to be sealed; nothing is written."""
        try:
            return Rekeyed(target=target, content=self._sealed(target))
        except Unsealable as error:
            return Rekeyed(target=target, findings=(error.diagnostic,))
        except CompileError as error:
            return Rekeyed(target=target, findings=error.diagnostics)

    def _sealed(self, target: Target) -> bytes:
        if target.source.findings:
            raise CompileError(target.source.findings)
        path, content = target.declared.source, target.content
        if target.drift:
            content = self.sops.update_keys(path, content, self.config)
        if self.rotate:
            rotated = self._read(target, self._rotated(target, content))
            # A rotated file bears today's date: what its values had before goes into their record.
            content = recorded(rotated, target.source, self.today).encode()
        after = self._read(target, content)
        if left := drift_findings(after, target.wanted):
            raise CompileError(left)
        return content

    def _rotated(self, target: Target, content: bytes) -> bytes:
        """Return *content*, which is *target* for its new recipients, under a new data key.

        In this order, who is removed need not be reached to seal to. Who removes the key at hand can only open the
        file as it was, so it gets the new data key first, and new recipients then.
        """
        path = target.declared.source
        try:
            return self.sops.rotate(path, content)
        except Unsealable as error:
            if error.reason is not Reason.NO_KEY or not target.drift:
                raise
        return self.sops.update_keys(path, self.sops.rotate(path, target.content), self.config)

    def _read(self, target: Target, content: bytes) -> SealedSource:
        source = read_sealed(str(target.declared.source), content)
        if source.findings:
            raise CompileError(source.findings)
        return source
