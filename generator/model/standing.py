"""How secrets stand: which are sealed, missing, forgotten or due, told from names, dates and public keys alone."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath

from msgspec import Struct

from generator.model.diagnostics import Diagnostic
from generator.model.sealed_place import SealedPlace


class State(StrEnum):
    """What is to be said of a key, the worst first."""

    FAULTY = "faulty"
    """Its file cannot be read as a sealed file; findings say why."""
    MISSING = "missing"
    """The document declares it, and nothing is sealed."""
    ORPHANED = "orphaned"
    """It is sealed, and the document does not declare it."""
    DRIFTED = "drifted"
    """It is sealed to others than the document names."""
    OVERDUE = "overdue"
    """It has not been changed for longer than the document says."""
    SEALED = "sealed"
    """All is well."""


class Standing(Struct, frozen=True, kw_only=True):
    """How one key stands in one sealed file.

    Attributes:
        place: The file, and whose it is.
        key: The key in the Secret.
        states: What is to be said of it, the worst first; at least one.
        owner: Who changes it; empty where the document does not say.
        changed: The day of its last change, in UTC, where it is known.
        due: The last day on which it is not overdue, None where it may stay for ever.
    """

    place: SealedPlace
    key: str
    states: tuple[State, ...]
    owner: str = ""
    changed: date | None = None
    due: date | None = None

    @property
    def is_good(self) -> bool:
        """Whether nobody has to do anything."""
        return self.states == (State.SEALED,)

    @property
    def application(self) -> str:
        """The name of the application that it belongs to."""
        return self.place.subject.partition("/")[0]


class Stock(Struct, frozen=True, kw_only=True):
    """The secrets of a platform, or of a part of it.

    Attributes:
        standings: Every key of every file, sorted by application, microservice, kind and key.
        environments: The names of each application's environments, in the order of the document.
        strays: Files among the sealed ones that belong to nothing in the document, or cannot be read.
        faults: What is wrong with files that cannot be read.
        today: The day on which stock was taken, in UTC.
    """

    standings: tuple[Standing, ...]
    environments: Mapping[str, tuple[str, ...]]
    strays: tuple[PurePosixPath, ...]
    faults: tuple[Diagnostic, ...]
    today: date

    @property
    def is_good(self) -> bool:
        """Whether nobody has to do anything."""
        return not self.strays and all(each.is_good for each in self.standings)
