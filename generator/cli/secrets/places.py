"""Which sealed file a command line means: the document's places for secrets, looked up by what a person names."""

from collections.abc import Iterable, Iterator, Sequence

import click
from msgspec import Struct

from generator.front import Front
from generator.model.declared_secret import DeclaredSecret, declared_secrets
from generator.model.diagnostics import did_you_mean, listed
from generator.model.platform import Application
from generator.model.sealed_place import Kind, SealedPlace, application_place, microservice_place
from generator.model.unit import Unit, units


class Place(Struct, frozen=True, kw_only=True):
    """A place for sealed values.

    Attributes:
        sealed: Where they are.
        unit: What they belong to.
        declared: What the document asks for there; None where it asks for nothing.
    """

    sealed: SealedPlace
    unit: Unit
    declared: DeclaredSecret | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the document declares there, sorted."""
        return () if self.declared is None else self.declared.keys


class Places:
    """Every place for sealed values of one platform."""

    def __init__(self, front: Front) -> None:
        self._places = [place for unit in units(front.platform) for place in _places_of(unit)]
        self._applications = front.platform.applications

    def all(self) -> list[Place]:
        """Return every place, whether or not the document asks for values there, in the order of the document."""
        return list(self._places)

    def declared(self) -> list[Place]:
        """Return every place where the document asks for values, in the order of the document."""
        return [each for each in self._places if each.declared is not None]

    def of_application(self, name: str, kind: Kind) -> Place:
        """Return where the *kind* of secrets that are the application's own is sealed.

        Raises:
            UsageError: When there is no application of that *name*.
        """
        for each in self._places:
            if each.sealed.subject == name and each.sealed.kind is kind:
                return each
        raise _unknown("application", name, (each.name for each in self._applications))

    def of_microservice(self, name: str, kind: Kind, environments: Sequence[str] = ()) -> list[Place]:
        """Return where the *kind* of secrets of a microservice is sealed, in the order of the document.

        Args:
            name: The microservice, as `shop/Catalog`, or as `Catalog` where only one application has it.
            kind: Variables or files.
            environments: Names of environments that it is deployed to; none for all of them.

        Raises:
            UsageError: When a name means nothing, or several things.
        """
        subject = self._subject(name)
        found = [each for each in self._places if each.sealed.subject == subject and each.sealed.kind is kind]
        present = [each.sealed.environment for each in found]
        for environment in environments:
            if environment not in present:
                raise self._absent(subject, environment, present, f"'{subject}'")
        return [each for each in found if not environments or each.sealed.environment in environments]

    def of_store(self, application: str, store: str, environments: Sequence[str] = ()) -> list[Place]:
        """Return where the credentials of a *store* of an application are sealed, in the order of the document.

        Args:
            application: The application's name.
            store: The store's name.
            environments: Names of environments that have the store; none for all of them.

        Raises:
            UsageError: When a name means nothing.
        """
        self.of_application(application, Kind.REGISTRY)  # says which applications there are
        stores = [each for each in self._places if each.sealed.subject == application and each.sealed.store]
        found = [each for each in stores if each.sealed.store == store]
        if not found:
            raise _unknown("store with sealed credentials", store, (each.sealed.store for each in stores))
        present = [each.sealed.environment for each in found]
        for environment in environments:
            if environment not in present:
                raise self._absent(application, environment, present, f"store '{store}' of '{application}'")
        return [each for each in found if not environments or each.sealed.environment in environments]

    def _subject(self, name: str) -> str:
        subjects = dict.fromkeys(each.sealed.subject for each in self._places if each.unit.microservice is not None)
        if name in subjects:
            return name
        found = [each for each in subjects if each.partition("/")[2] == name]
        if not found:
            raise _unknown("microservice", name, subjects)
        if len(found) > 1:
            raise click.UsageError(f"several applications have a microservice '{name}'; choose from {listed(found)}")
        return found[0]

    def _absent(self, subject: str, environment: str, present: Iterable[str], what: str) -> click.UsageError:
        application: Application = next(each for each in self._applications if each.name == subject.partition("/")[0])
        known = [each.name for each in application.environments]
        if environment not in known:
            return _unknown("environment", environment, known)
        return click.UsageError(f"{what} is not in '{environment}'; choose from {listed(list(present))}")


def _places_of(unit: Unit) -> Iterator[Place]:
    declared = {each.place.kind: each for each in declared_secrets(unit)}
    application = unit.application.name
    if unit.environment is None:
        for kind in (Kind.REGISTRY, Kind.STORAGE):
            yield Place(sealed=application_place(application, kind), unit=unit, declared=declared.get(kind))
    elif unit.microservice is None:
        for each in declared_secrets(unit):
            yield Place(sealed=each.place, unit=unit, declared=each)
    else:
        for kind in (Kind.VARIABLES, Kind.FILES):
            sealed = microservice_place(application, unit.environment.name, unit.microservice.name, kind)
            yield Place(sealed=sealed, unit=unit, declared=declared.get(kind))


def _unknown(kind: str, name: str, known: Iterable[str]) -> click.UsageError:
    hint = did_you_mean(name, known)
    return click.UsageError(f"there is no {kind} '{name}'" + (f"; {hint}" if hint else ""))
