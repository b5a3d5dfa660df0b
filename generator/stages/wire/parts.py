"""What is deployed in one go, and in which order: an application's own, an environment's own, its microservices."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct

from generator.model.declared_secret import declared_secrets
from generator.model.platform import Application, Environment
from generator.model.recipients import Recipients
from generator.model.unit import Unit

Kind = Literal["application", "environment", "microservices"]


class Part(Struct, frozen=True, kw_only=True):
    """One part of an application; *environment* is None for its own objects.

    Attributes:
        units: What it consists of.
        wave: How many parts must be there before it.
    """

    kind: Kind
    application: Application
    environment: Environment | None
    units: tuple[Unit, ...]
    wave: int

    @property
    def names(self) -> tuple[str, ...]:
        """What tells it from the platform's other parts."""
        stage = () if self.environment is None else (self.environment.slug,)
        return (self.application.slug, *stage, self.kind)

    @property
    def before(self) -> tuple[str, ...]:
        """The names of the part that must be ready before it, empty for none."""
        application = self.application.slug
        if self.kind == "application" or self.environment is None:
            return ()
        own = (application, self.environment.slug, "environment")
        return (application, "application") if self.kind == "environment" else own

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the engine's object for it: those of what it deploys."""
        return dict((self.environment or self.application).labels)

    @property
    def subject(self) -> str:
        """What it is, in the words of the document."""
        name = self.application.name
        return name if self.environment is None else f"{name}/{self.environment.name}"

    @property
    def plain(self) -> tuple[PurePosixPath, ...]:
        """Its files without secrets, in the plain layout, from the output directory."""
        return tuple(each.path for each in self.units)

    @property
    def sealed(self) -> tuple[PurePosixPath, ...]:
        """Its sealed files, likewise."""
        return tuple(declared.output for unit in self.units for declared in declared_secrets(unit))

    @property
    def recipients(self) -> tuple[tuple[Environment, Recipients], ...]:
        """Who can unseal what is sealed in it: an application's own files are sealed to all its environments."""
        stages = self.application.environments if self.environment is None else (self.environment,)
        return tuple((each, each.recipients) for each in stages)


def parts(application: Application) -> Iterator[Part]:
    """Yield the parts of *application* in the order in which they are to be applied."""
    yield Part(kind="application", application=application, environment=None, units=(Unit(application),), wave=0)
    for environment in application.environments:
        own = (Unit(application, environment),)
        yield Part(kind="environment", application=application, environment=environment, units=own, wave=1)
        units = tuple(Unit(application, environment, each) for each in environment.microservices)
        if units:
            yield Part(kind="microservices", application=application, environment=environment, units=units, wave=2)
