"""What is rendered together, into one file: an application, an environment, or a microservice in an environment."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from generator.model.microservice import Microservice
from generator.model.platform import Application, Environment, Platform
from generator.model.source import Path


class Unit(Struct, frozen=True):
    """One file of manifests, and its subject; *environment* and *microservice* are None above them."""

    application: Application
    environment: Environment | None = None
    microservice: Microservice | None = None

    @property
    def scope(self) -> str:
        """The folder of templates that render it."""
        if self.microservice is not None:
            return "microservice"
        return "application" if self.environment is None else "environment"

    @property
    def path(self) -> PurePosixPath:
        """Where its manifests go in the output directory."""
        if self.environment is None:
            return PurePosixPath(f"{self.application.slug}/application.yaml")
        file = "environment" if self.microservice is None else self.microservice.slug
        return PurePosixPath(f"{self.application.slug}/{self.environment.slug}/{file}.yaml")

    @property
    def name(self) -> str:
        """Its name in messages: `shop`, `shop/Dev` or `shop/Dev/Catalog`."""
        parts = (self.application, self.environment, self.microservice)
        return "/".join(each.name for each in parts if each is not None)

    @property
    def layers(self) -> tuple[Path, ...]:
        """Where it is described, the strongest layer first."""
        if self.microservice is not None:
            return self.microservice.layers
        return ((self.environment or self.application).path,)

    @property
    def kubernetes(self) -> str:
        """The Kubernetes version that its objects are for."""
        return (self.environment or self.application).kubernetes


def units(platform: Platform) -> Iterator[Unit]:
    """Yield every unit of *platform*, applications and environments before what is in them."""
    for application in platform.applications:
        yield from units_of(application)


def units_of(application: Application) -> Iterator[Unit]:
    """Yield every unit of *application*, environments before what is in them."""
    yield Unit(application)
    for environment in application.environments:
        yield Unit(application, environment)
        for microservice in environment.microservices:
            yield Unit(application, environment, microservice)
