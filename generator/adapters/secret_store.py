"""The sealed values of a project: changed together, written only when all of them could be sealed."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum, auto
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator.adapters.secret_files import SecretFiles
from generator.adapters.sops import Sops
from generator.adapters.unsealable import Reason, Unsealable
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.sealed import LARGEST_SECRET, SealedSource, read_sealed
from generator.model.sealed_record import recorded
from generator.model.source import Position


class Outcome(Enum):
    """What became of one sealed file."""

    CREATED = auto()
    CHANGED = auto()
    UNCHANGED = auto()
    REMOVED = auto()
    """Its last value is gone, and so is the file: an empty one says nothing."""


def utc_today() -> date:
    """Return the day, in UTC, as SOPS counts days too."""
    return datetime.now(UTC).date()


class SecretStore(Struct, frozen=True, kw_only=True):
    """Changes sealed files through `sops`.

    Attributes:
        files: Where they are.
        sops: What opens and seals them; found when it is first needed.
        config: The compiled `.sops.yaml`: who can unseal a new file.
        today: The day in UTC that the record gets for changed values.
    """

    files: SecretFiles
    sops: Callable[[], Sops]
    config: bytes
    today: date

    def values(self, path: PurePosixPath) -> dict[str, str]:
        """Return what is sealed in the file *path*; nothing where there is none.

        Raises:
            CompileError: With what is wrong with the file.
            Unsealable: When it cannot be opened.
        """
        content = self.files.read(path)
        return {} if content is None else self._opened(path, content)

    def change(self, changes: Mapping[PurePosixPath, Mapping[str, str | None]]) -> dict[PurePosixPath, Outcome]:
        """Give files other values, and return what became of each; all are sealed before the first one is written.

        Untouched values keep their ciphertext, and a file in which nothing changes keeps every byte. Keys come into
        order. The record of each value's last change is kept.

        Args:
            changes: For each file the keys to change: their new values, None to remove one.

        Raises:
            CompileError: With everything that keeps the files from being opened or sealed; none was written.
            UnwritableFileError: When the system refuses.
        """
        with self.files.turn():
            sealed: dict[PurePosixPath, tuple[bytes | None, Outcome]] = {}
            findings: list[Diagnostic] = []
            for path, values in changes.items():
                try:
                    sealed[path] = self._changed(path, values)
                except Unsealable as error:
                    findings.append(_about(error.diagnostic, values))
                except CompileError as error:
                    findings += error.diagnostics
            if findings:
                raise CompileError(findings)
            for path, (content, outcome) in sealed.items():
                if outcome is Outcome.REMOVED:
                    self.files.remove(path)
                elif content is not None and outcome is not Outcome.UNCHANGED:
                    self.files.write(path, content)
        return {path: outcome for path, (_, outcome) in sealed.items()}

    def _changed(self, path: PurePosixPath, changes: Mapping[str, str | None]) -> tuple[bytes | None, Outcome]:
        content = self.files.read(path)
        if content is None:
            values = {key: value for key, value in changes.items() if value is not None}
            if not values:
                return None, Outcome.UNCHANGED
            _refuse_too_much(path, values)
            return self.finished(path, self.sops().create(path, values, self.config), None), Outcome.CREATED
        before = read_sealed(str(path), content)
        gone = {key for key, value in changes.items() if value is None}
        if not before.findings and gone >= set(before.keys) and len(gone) == len(changes):
            return None, Outcome.REMOVED
        values = self._opened(path, content)
        wanted = {key: value for key, value in {**values, **changes}.items() if value is not None}
        if not wanted:
            return None, Outcome.REMOVED
        if wanted == values and not before.findings:
            return content, Outcome.UNCHANGED
        _refuse_too_much(path, wanted)
        after = self.sops().replace(path, content, wanted)
        return self.finished(path, after, before), Outcome.CHANGED

    def accept(self, path: PurePosixPath, edited: bytes, before: bytes | None) -> Outcome:
        """Put a sealed file that somebody edited with `sops` into its place: checked, in order, with its record.

        Args:
            path: Where it belongs.
            edited: The file as it was left.
            before: What was there when the editing began; None for nothing.

        Raises:
            CompileError: When it would not compile, or another command changed the file meanwhile.
            Unsealable: When it cannot be opened.
            UnwritableFileError: When the system refuses.
        """
        values = self._opened(path, edited)
        _refuse_too_much(path, values)
        if list(values) != sorted(values):
            edited = self.sops().replace(path, edited, values)
        with self.files.turn():
            if self.files.read(path) != before:
                message = "the file was changed while it was being edited, and is left as that change made it"
                hint = "edit it again"
                raise CompileError([Diagnostic("changed-meanwhile", message, Position(str(path)), hint)])
            old = None if before is None else read_sealed(str(path), before)
            self.files.write(path, self.finished(path, edited, old))
        return Outcome.CREATED if before is None else Outcome.CHANGED

    def finished(self, path: PurePosixPath, sealed: bytes, before: SealedSource | None) -> bytes:
        """Return the file *path* as it goes to disk: *sealed*, with the record of its changes since *before*.

        Raises:
            CompileError: When it would not compile.
        """
        after = read_sealed(str(path), sealed)
        if after.findings:
            raise CompileError(after.findings)
        return recorded(after, before, self.today).encode()

    def _opened(self, path: PurePosixPath, content: bytes) -> dict[str, str]:
        """Return the values in *content*; where that fails, what can be seen without a key says more."""
        try:
            return self.sops().decrypt(path, content)
        except Unsealable as error:
            source = read_sealed(str(path), content)
            if error.reason is not Reason.NO_KEY and source.findings:
                raise CompileError(source.findings) from None
            raise


def _refuse_too_much(path: PurePosixPath, values: Mapping[str, str]) -> None:
    size = sum(len(value.encode()) for value in values.values())
    if size > LARGEST_SECRET:
        message = f"the values have {size} bytes together, over the {LARGEST_SECRET} of a Secret"
        hint = "keep what is large in a vault or a volume"
        raise CompileError([Diagnostic("secret-too-large", message, Position(str(path)), hint)])


def _about(finding: Diagnostic, changes: Mapping[str, str | None]) -> Diagnostic:
    """Return *finding* with the keys that it kept from being changed."""
    keys = ", ".join(f"'{key}'" for key in sorted(changes))
    return replace(
        finding, message=f"{finding.message}, so {keys} {'stays' if len(changes) == 1 else 'stay'} as before"
    )
