"""Where values are sealed: one file for each kind of secret of a microservice in an environment, or an application."""

from enum import StrEnum
from pathlib import PurePosixPath
from shlex import quote

from msgspec import Struct

FOLDER = PurePosixPath("secrets")
"""Where sealed files are kept, from the project's folder."""


class Kind(StrEnum):
    """What a sealed file holds."""

    VARIABLES = "variables"
    FILES = "files"
    REGISTRY = "registry"
    STORAGE = "storage"
    STORE = "store"

    @property
    def option(self) -> str:
        """The option of commands on secrets that means it; empty for variables."""
        return "" if self is Kind.VARIABLES else f"--{self.value}"


class SealedPlace(Struct, frozen=True, kw_only=True):
    """The place of one sealed file, whether or not it is there, or anything declares it.

    Attributes:
        subject: Whose values it holds: `shop/Catalog`, or `shop` for what is the application's own.
        environment: The environment's name; empty for what is the application's own.
        kind: What it holds.
        source: The file, from the project's folder.
        store: The store whose credentials it holds; empty for other kinds.
    """

    subject: str
    environment: str
    kind: Kind
    source: PurePosixPath
    store: str = ""

    @property
    def name(self) -> str:
        """How messages name whose values it holds: `shop/Dev/Catalog`, or `shop`."""
        application, _, microservice = self.subject.partition("/")
        return "/".join(each for each in (application, self.environment, microservice) if each)

    def command(self, verb: str, *words: str) -> str:
        """Return the command line of `platformc secrets` with *verb*, about this place and what *words* name."""
        parts = ["platformc", "secrets", verb, quote(self.subject), *(quote(each) for each in words)]
        parts += [self.kind.option] if self.kind.option else []
        parts += [quote(self.store)] if self.store else []
        parts += ["-e", quote(self.environment)] if self.environment else []
        return " ".join(parts)


def microservice_place(application: str, environment: str, microservice: str, kind: Kind) -> SealedPlace:
    """Return where the *kind* of secrets of a *microservice* in an *environment* is sealed; all by their names."""
    suffix = ".files.yaml" if kind is Kind.FILES else ".yaml"
    place = f"{FOLDER}/{application}/{environment}/{microservice}".lower()
    return SealedPlace(
        subject=f"{application}/{microservice}",
        environment=environment,
        kind=kind,
        source=PurePosixPath(place + suffix),
    )


def application_place(application: str, kind: Kind) -> SealedPlace:
    """Return where the *kind* of secrets that are the *application*'s own is sealed."""
    source = FOLDER / application.lower() / f"{kind.value}.yaml"
    return SealedPlace(subject=application, environment="", kind=kind, source=source)


def store_place(application: str, environment: str, store: str) -> SealedPlace:
    """Return where the credentials of a *store* in an *environment* are sealed; all by their names."""
    folder = FOLDER / application.lower() / environment.lower()
    source = folder / f"{store}.store.yaml"
    return SealedPlace(subject=application, environment=environment, kind=Kind.STORE, source=source, store=store)
