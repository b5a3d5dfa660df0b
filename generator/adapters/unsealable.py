"""Why a sealed file can be neither opened nor sealed, in plain words."""

from enum import Enum, auto
from pathlib import PurePosixPath
from typing import assert_never

from generator.model.diagnostics import Diagnostic
from generator.model.source import Position


class Reason(Enum):
    """Why `sops` did not do its work on a file."""

    NO_KEY = auto()
    """No key at hand opens it: there is none, or it is not among the recipients."""
    BAD_MAC = auto()
    """Something in it was changed, moved, added or removed by other means than SOPS."""
    NOT_SEALED = auto()
    """It is no SOPS file."""
    DAMAGED = auto()
    """It is one and cannot be read: cut off, or not a map `stringData` of strings."""
    COMMENTED = auto()
    """It cannot be changed so without losing comments that are sealed between its values."""
    NO_RECIPIENT = auto()
    """Nobody is named for whom to seal it."""
    UNREACHABLE = auto()
    """It cannot be sealed to one of its recipients: a key service does not answer, or a public key is not known."""


class Unsealable(Exception):  # noqa: N818  (what a file is)
    """A file that `sops` cannot open, or cannot seal; nothing was written.

    Attributes:
        path: The file, from the project's folder.
        reason: Why.
    """

    def __init__(self, path: PurePosixPath, reason: Reason) -> None:
        self.path = path
        self.reason = reason
        super().__init__(path, reason)  # what it is made of again in another process

    def __str__(self) -> str:
        return self.diagnostic.message

    @property
    def diagnostic(self) -> Diagnostic:
        """The same as a finding, at the beginning of the file."""
        name, at = str(self.path), Position(str(self.path))
        match self.reason:
            case Reason.NO_KEY:
                hint = "use a key of one of its recipients, for age in SOPS_AGE_KEY_FILE, or ask somebody who has one"
                found = Diagnostic("no-key", f"no key at hand opens '{name}'", at, hint)
            case Reason.BAD_MAC:
                message = f"the values of '{name}' do not pass their check: it was changed by other means than SOPS"
                hint = "restore it from version control, then change it by 'platformc secrets set' or 'sops edit'"
                found = Diagnostic("mac-mismatch", message, at, hint)
            case Reason.NOT_SEALED:
                hint = "move it away, seal its values by 'platformc secrets set', and change them if it was ever shared"
                found = Diagnostic("not-sealed", f"'{name}' is not sealed, and may hold plaintext", at, hint)
            case Reason.DAMAGED:
                hint = "restore the file from version control: it is not whole"
                found = Diagnostic("sealed-shape", f"'{name}' is damaged, and SOPS cannot read it", at, hint)
            case Reason.COMMENTED:
                message = f"sealed comments stand between the values of '{name}', and would be lost"
                hint = f"run 'sops edit {name}', and keep the keys in order or move the comments above 'stringData'"
                found = Diagnostic("sealed-comment", message, at, hint)
            case Reason.NO_RECIPIENT:
                hint = "say who can unseal, as in recipients: { age: [age1…] }"
                found = Diagnostic("no-recipients", f"there is nobody to seal '{name}' to", at, hint)
            case Reason.UNREACHABLE:
                message = f"'{name}' cannot be sealed to one of its recipients"
                hint = (
                    "is its key service within reach, are you signed in there, and is its public key on this machine?"
                )
                found = Diagnostic("unreachable-recipient", message, at, hint)
            case _:
                assert_never(self.reason)
        return found
