"""Which sealed files a platform needs, and which Secret each of them becomes."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct, field

from generator.model.platform import Application, Environment
from generator.model.sealed_place import Kind, SealedPlace, application_place, microservice_place, store_place
from generator.model.source import Path
from generator.model.unit import Unit
from generator.model.upkeep import Upkeep

SOPS_CONFIG = PurePosixPath(".sops.yaml")
"""Where sops looks for its configuration: the project's folder."""

REGISTRY_KEYS = (".dockerconfigjson",)
STORAGE_KEYS = ("azurestorageaccountkey", "azurestorageaccountname")


class DeclaredSecret(Struct, frozen=True, kw_only=True):
    """A Secret that the document asks for; its values are sealed in a file of their own.

    Attributes:
        name: The Secret's name.
        type: The Secret's type.
        place: Where its values are sealed.
        output: Where the compiled Secret goes in the output directory.
        keys: The keys that it must hold, sorted.
        below: What declares the keys: below each of the unit's layers `("env",)` or `("files",)`, for an application
            or the store of an environment the whole path to what needs them.
        purpose: What it is for, in messages.
        otherwise: How to do without, in hints; may be empty.
        upkeep: Who changes each key, and how often, where the document says so.
        places: Where the document asks for each key, where it can tell them apart and *below* does not.
    """

    name: str
    type: str
    place: SealedPlace
    output: PurePosixPath
    keys: tuple[str, ...]
    below: Path
    purpose: str
    otherwise: str = ""
    upkeep: Mapping[str, Upkeep] = field(default_factory=dict)
    places: Mapping[str, Path] = field(default_factory=dict)

    @property
    def source(self) -> PurePosixPath:
        """The sealed file, from the project's folder."""
        return self.place.source


def declared_secrets(unit: Unit) -> Iterator[DeclaredSecret]:
    """Yield the Secrets that *unit* asks for."""
    if unit.microservice is not None:
        yield from _of_microservice(unit)
    elif unit.environment is None:
        yield from _of_application(unit)
    else:
        yield from _of_stores(unit, unit.environment)


def _of_microservice(unit: Unit) -> Iterator[DeclaredSecret]:
    assert unit.environment is not None and unit.microservice is not None  # noqa: PT018, S101  (a unit of a microservice)
    each = unit.microservice
    place = f"{unit.application.slug}/{unit.environment.slug}/{each.slug}"
    names = (unit.application.name, unit.environment.name, each.name)
    if each.variables.secret:
        yield DeclaredSecret(
            name=f"{each.object_name}-secret-env-variables",
            type="Opaque",
            place=microservice_place(*names, Kind.VARIABLES),
            output=PurePosixPath(f"{place}.secret.yaml"),
            keys=each.variables.secret,
            below=("env",),
            purpose=f"the secret variables of '{unit.name}'",
            upkeep=each.variables.upkeep,
        )
    if each.secret_files:
        yield DeclaredSecret(
            name=f"{each.object_name}-secret-config-files",
            type="Opaque",
            place=microservice_place(*names, Kind.FILES),
            output=PurePosixPath(f"{place}.files.secret.yaml"),
            keys=each.secret_files,
            below=("files",),
            purpose=f"the secret files of '{unit.name}'",
            upkeep=each.file_upkeep,
        )


def _of_stores(unit: Unit, environment: Environment) -> Iterator[DeclaredSecret]:
    for store in environment.stores:
        if store.credentials:
            yield DeclaredSecret(
                name=store.beside,
                type="Opaque",
                place=store_place(unit.application.name, environment.name, store.name),
                output=PurePosixPath(f"{unit.application.slug}/{environment.slug}/{store.name}.store.secret.yaml"),
                keys=tuple(key for key, _ in store.credentials),
                below=store.credentials[0][1],
                purpose=f"the credentials of store '{store.name}' in '{unit.name}'",
                upkeep=store.upkeep,
                places=dict(store.credentials),
            )


def _of_application(unit: Unit) -> Iterator[DeclaredSecret]:
    folder = PurePosixPath(unit.application.slug)
    if unit.application.pull_secret:
        yield DeclaredSecret(
            name="acr",
            type="kubernetes.io/dockerconfigjson",
            place=application_place(unit.application.name, Kind.REGISTRY),
            output=folder / "registry.secret.yaml",
            keys=REGISTRY_KEYS,
            below=("registry",),
            purpose=f"pulling images of '{unit.name}' from the registry",
            otherwise="say `pullSecret: false` where the nodes may pull by themselves",
        )
    if unit.application.needs_storage_account:
        yield DeclaredSecret(
            name="storage-account-secret",
            type="Opaque",
            place=application_place(unit.application.name, Kind.STORAGE),
            output=folder / "storage.secret.yaml",
            keys=STORAGE_KEYS,
            below=_backup_path(unit.application),
            purpose=f"the backups of '{unit.name}'",
            otherwise="say `backup: false` in the environment's `storage`",
        )


def _backup_path(application: Application) -> Path:
    """Return where the first environment with a backup says so."""
    return next(
        (
            (*each.path, "storage", "backup")
            for each in application.environments
            if each.storage and each.storage.backup
        ),
        application.path,
    )
