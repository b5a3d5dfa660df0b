"""Whose sealed file a path is, which git names from the top of its work tree: with the document, or without."""

from pathlib import Path, PurePosixPath
from shlex import quote

import click

from generator.cli.project import DEFAULT, open_project
from generator.model.sealed_place import (
    FOLDER,
    Kind,
    SealedPlace,
    application_place,
    microservice_place,
    store_place,
)


def command_for(path: PurePosixPath, key: str) -> str:
    """Return the command that sets *key* in the sealed file *path*, to be run where that is its name."""
    place = _declared_place(path) or _place_by_name(path)
    if place is None:
        return f"sops edit {quote(str(path))}"
    return named(place.setting(key), path)


def named(command: str, path: PurePosixPath) -> str:
    """Return *command* of platformc with the document that the sealed file *path* belongs to."""
    split = _split(path)
    folder = split[0] if split else PurePosixPath()
    return command if folder == PurePosixPath() else f"{command} -f {quote(str(folder / DEFAULT))}"


def _split(path: PurePosixPath) -> tuple[PurePosixPath, PurePosixPath] | None:
    """Return the project's folder and the file in there, None where *path* is not below a folder of secrets."""
    parts = path.parts
    for index in range(len(parts) - 2, -1, -1):
        if parts[index] == FOLDER.name:
            return PurePosixPath(*parts[:index]), PurePosixPath(*parts[index:])
    return None


def _declared_place(path: PurePosixPath) -> SealedPlace | None:
    """Return the place as the document names it, None where there is no document that can be read now.

    While a merge is going on, it may not be one.
    """
    split = _split(path)
    if split is None:
        return None
    from generator.cli.secrets.places import Places
    from generator.front import front_to_seal
    from generator.model.diagnostics import CompileError

    try:
        front = front_to_seal(open_project(str(Path(split[0]) / DEFAULT)).inputs())
    except (click.ClickException, CompileError, OSError):
        return None
    return next((each.sealed for each in Places(front).all() if each.sealed.source == split[1]), None)


def _place_by_name(path: PurePosixPath) -> SealedPlace | None:
    """Return the place as its file alone tells: in lower case, which is how files are called."""
    split = _split(path)
    parts = split[1].parts[1:] if split else ()
    match parts:
        case (application, file) if file in {"registry.yaml", "storage.yaml"}:
            return application_place(application, Kind(file.removesuffix(".yaml")))
        case (application, environment, file) if file.endswith(".files.yaml"):
            return microservice_place(application, environment, file.removesuffix(".files.yaml"), Kind.FILES)
        case (application, environment, file) if file.endswith(".store.yaml"):
            return store_place(application, environment, file.removesuffix(".store.yaml"))
        case (application, environment, file):
            return microservice_place(application, environment, file.removesuffix(".yaml"), Kind.VARIABLES)
        case _:
            return None
