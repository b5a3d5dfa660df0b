"""Which sealed files a platform needs, and which Secret each of them becomes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from generator.model.platform import Application
from generator.model.source import Path
from generator.model.unit import Unit

FOLDER = PurePosixPath("secrets")
"""Where sealed files are kept, from the project's folder."""

SOPS_CONFIG = PurePosixPath(".sops.yaml")
"""Where sops looks for its configuration: the project's folder."""

REGISTRY_KEYS = (".dockerconfigjson",)
STORAGE_KEYS = ("azurestorageaccountkey", "azurestorageaccountname")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSecret:
    """A Secret that the document asks for; its values are sealed in a file of their own.

    Attributes:
        name: The Secret's name.
        type: The Secret's type.
        source: The sealed file, from the project's folder.
        output: Where the compiled Secret goes in the output directory.
        keys: The keys that it must hold, sorted.
        below: What declares the keys: below each of the unit's layers `("env",)` or `("files",)`, for an application
            the whole path to what needs them.
        purpose: What it is for, in messages.
        otherwise: How to do without, in hints; may be empty.
    """

    name: str
    type: str
    source: PurePosixPath
    output: PurePosixPath
    keys: tuple[str, ...]
    below: Path
    purpose: str
    otherwise: str = ""


def declared_secrets(unit: Unit) -> Iterator[DeclaredSecret]:
    """Yield the Secrets that *unit* asks for."""
    if unit.microservice is not None:
        yield from _of_microservice(unit)
    elif unit.environment is None:
        yield from _of_application(unit)


def _of_microservice(unit: Unit) -> Iterator[DeclaredSecret]:
    assert unit.environment is not None and unit.microservice is not None  # noqa: PT018, S101  (a unit of a microservice)
    each = unit.microservice
    place = f"{unit.application.slug}/{unit.environment.slug}/{each.slug}"
    if each.variables.secret:
        yield DeclaredSecret(
            name=f"{each.object_name}-secret-env-variables",
            type="Opaque",
            source=PurePosixPath(f"{FOLDER}/{place}.yaml"),
            output=PurePosixPath(f"{place}.secret.yaml"),
            keys=each.variables.secret,
            below=("env",),
            purpose=f"the secret variables of '{unit.name}'",
        )
    if each.secret_files:
        yield DeclaredSecret(
            name=f"{each.object_name}-secret-config-files",
            type="Opaque",
            source=PurePosixPath(f"{FOLDER}/{place}.files.yaml"),
            output=PurePosixPath(f"{place}.files.secret.yaml"),
            keys=each.secret_files,
            below=("files",),
            purpose=f"the secret files of '{unit.name}'",
        )


def _of_application(unit: Unit) -> Iterator[DeclaredSecret]:
    folder = PurePosixPath(unit.application.slug)
    if unit.application.pull_secret:
        yield DeclaredSecret(
            name="acr",
            type="kubernetes.io/dockerconfigjson",
            source=FOLDER / folder / "registry.yaml",
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
            source=FOLDER / folder / "storage.yaml",
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
