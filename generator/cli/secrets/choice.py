"""The options that say which sealed files a command on secrets is about, and how it is talked about them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click
from msgspec import Struct

from generator.cli.secrets.places import Place, Places
from generator.model.declared_secret import STORAGE_KEYS
from generator.model.diagnostics import CompileError, Diagnostic, did_you_mean, listed
from generator.model.sealed import is_secret_key
from generator.model.sealed_place import Kind
from generator.model.source import Position

F = TypeVar("F", bound=Callable[..., object])


def with_kind(command: F) -> F:
    """Give *command* the options that choose what a sealed file holds; without one it is variables."""
    for kind, words in (
        (Kind.STORAGE, "The application's account for backups."),
        (Kind.REGISTRY, "The application's access to its registry."),
        (Kind.FILES, "The microservice's secret files."),
    ):
        command = click.option(kind.option, "kind", flag_value=kind.value, default=None, help=words)(command)
    return click.option("--store", metavar="NAME", help="The credentials of a store, of the application.")(command)


def with_environments(command: F) -> F:
    """Give *command* the options that choose environments."""
    command = click.option("--all", "everywhere", is_flag=True, help="In every environment that declares it.")(command)
    return click.option(
        "-e", "--environment", "environments", metavar="ENV", multiple=True, help="In this one; may be repeated."
    )(command)


def with_environment(command: F) -> F:
    """Give *command* the option that chooses one environment."""
    return click.option("-e", "--environment", "environment", metavar="ENV", help="In this environment.")(command)


def no_more(words: Sequence[str]) -> None:
    """Refuse arguments behind the key, without repeating them.

    Raises:
        UsageError: When there are any.
    """
    if words:
        raise click.UsageError(
            "a value is never an argument: shells keep a history of those, and process lists show them; "
            "leave it out and type it at the prompt, or pipe it in"
        )


class Choice(Struct, frozen=True, kw_only=True):
    """What the options of `with_kind` and `with_environments` say, as click names them.

    Attributes:
        kind: What is sealed in the files that are meant, None where no option says so.
        store: The name of a store, None for no store.
        environments: Those that are named.
        everywhere: All environments are meant.
        single: The command works on one environment only, and has no option for all.
    """

    kind: str | None
    store: str | None
    environments: tuple[str, ...]
    everywhere: bool
    single: bool = False

    @property
    def chosen_kind(self) -> Kind | None:
        """What is sealed in the files that are meant; None where no option says so.

        Raises:
            UsageError: When two options do.
        """
        if self.store is None:
            return Kind(self.kind) if self.kind else None
        if self.kind:
            raise click.UsageError(f"choose '--{self.kind}' or '--store'")
        return Kind.STORE

    def places(self, places: Places, subject: str, kind: Kind, fits: Callable[[Place], bool]) -> list[Place]:
        """Return the places that a command line means, at least one.

        Args:
            places: All there are.
            subject: `shop/Catalog`, or `shop` for what is the application's own.
            kind: What is sealed there.
            fits: Whether a place is one of those that `--all` means; alone it needs no naming either.

        Raises:
            UsageError: When that means nothing, or could mean several things.
        """
        if kind in {Kind.REGISTRY, Kind.STORAGE}:
            if self.environments or self.everywhere:
                raise click.UsageError(f"what '{kind.option}' means is the application's, in no environment")
            return [places.of_application(subject, kind)]
        if self.environments and self.everywhere:
            raise click.UsageError("choose environments by '-e', or all of them by '--all'")
        if self.store is not None:
            found = places.of_store(subject, self.store, self.environments)
        else:
            found = places.of_microservice(subject, kind, self.environments)
        if self.environments:
            return found
        fitting = [each for each in found if fits(each)] or found
        if self.everywhere or len(fitting) == 1:
            return fitting
        names = listed([each.sealed.environment for each in fitting])
        way = "'-e'" if self.single else "'-e', or '--all'"
        raise click.UsageError(f"say in which environment by {way}; choose from {names}")


def kind_of(places: Places, subject: str, key: str) -> Kind:
    """Return what *key* of a microservice is where no option says so: a secret file where only one is called so."""
    if any(key in each.keys for each in places.of_microservice(subject, Kind.VARIABLES)):
        return Kind.VARIABLES
    if any(key in each.keys for each in places.of_microservice(subject, Kind.FILES)):
        return Kind.FILES
    return Kind.VARIABLES


def refuse_no_key(key: str | None) -> None:
    """Refuse a *key* that can be none, without repeating it: it may be a value.

    Raises:
        CompileError: When no Secret would take it.
        UsageError: When a value seems to follow it.
    """
    if key is not None and "=" in key:
        no_more((key,))
    if key is not None and not is_secret_key(key):
        message = "what is given for KEY is not a key that a Secret takes"
        hint = "use letters, digits, '-', '_' and '.', at most 253; a value is not given there, but asked for"
        raise CompileError([Diagnostic("bad-secret-key", message, Position("<arguments>"), hint)])


def undeclared(key: str, place: Place, at: Position) -> Diagnostic:
    """Return that the document, which describes it *at* a position, declares no *key* at *place*."""
    message = f"the document declares no secret '{key}' for '{place.sealed.name}'"
    meant = did_you_mean(key, place.keys)
    declare = _declaration(key, place.sealed.kind)
    hint = f"{meant} if not, {declare}" if meant.endswith("?") else declare
    return Diagnostic("undeclared-secret", message, at, hint)


def _declaration(key: str, kind: Kind) -> str:
    match kind:
        case Kind.VARIABLES:
            return f"declare it first, below 'env' of the microservice: {key}: {{ secret: true }}"
        case Kind.FILES:
            return f"declare it first, below 'files' of the microservice: - {{ name: {key}, secret: true }}"
        case Kind.STORE:
            return "declare it first, in the credentials of the store"
        case Kind.REGISTRY:
            return "only '.dockerconfigjson' is known, and needed where an image comes from the registry's host"
        case Kind.STORAGE:
            return f"only {listed(STORAGE_KEYS)} are known, and needed where an environment has a backup"
