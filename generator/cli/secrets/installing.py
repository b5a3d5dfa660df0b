"""Making `platformc secrets merge` git's merge driver for sealed files."""

import shutil
from pathlib import PurePosixPath

import click

from generator.adapters.git import WorkTree
from generator.adapters.secret_files import SecretFiles
from generator.cli.session import Session, on_a_document, refusals
from generator.cli.status import Status
from generator.model.declared_secret import SOPS_CONFIG
from generator.model.lock import LOCK_NAME
from generator.model.sealed_place import FOLDER

DRIVER = "platformc-secrets"

_SETTINGS = {
    f"merge.{DRIVER}.name": "sealed files, merged value by value",
    f"merge.{DRIVER}.driver": "platformc secrets merge %O %A %B %P",
    # In criss-cross histories git merges ancestors first; a conflict there must not become a value that nobody set.
    f"merge.{DRIVER}.recursive": "binary",
}

_ATTRIBUTES = PurePosixPath(".gitattributes")


@on_a_document
def install_driver(session: Session) -> int:
    """Write what git needs to know, and say what was written; a second time changes nothing."""
    project = session.project
    tree = WorkTree.around(project.folder)
    if tree is None:
        raise click.UsageError(f"'{project.folder.absolute()}' is in no git work tree; run 'git init' first")
    platform = session.front().platform
    with refusals(project.prefix):
        said = _configured(tree)
        said += _attributed(SecretFiles(project.folder), project.prefix, _lines(platform.directory))
    if shutil.which("platformc") is None:
        said.append("git looks for 'platformc' on the PATH, and there is none: install it there")
    for words in said:
        session.say(words)
    return Status.CLEAN


def _lines(directory: str) -> list[str]:
    """Return the attributes: what is compiled stays as one side has it, until it is compiled anew.

    But for the inventory, which may hold the lines of both sides.
    """
    return [
        f"/{FOLDER}/**/*.yaml merge={DRIVER}",
        f"{_pattern(f'/{directory}/**')} -merge",
        f"{_pattern(f'/{directory}/{LOCK_NAME}')} merge=union",
        f"/{SOPS_CONFIG} -merge",
    ]


def _pattern(path: str) -> str:
    """Return *path* as the attributes' file takes it: in quotes where it holds white space (gitattributes(5))."""
    return path if path.split() == [path] else '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _configured(tree: WorkTree) -> list[str]:
    said = []
    for name, value in _SETTINGS.items():
        known = tree.configured(name) == value
        if not known:
            tree.configure(name, value)
        said.append(f"{'already' if known else 'set'} in this repository's configuration: {name} = {value}")
    return said


def _attributed(files: SecretFiles, prefix: str, lines: list[str]) -> list[str]:
    """Add those of *lines* that are missing to the project's `.gitattributes`."""
    with files.turn():
        content = files.read(_ATTRIBUTES) or b""
        known = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
        missing = [line for line in lines if line not in known]
        if missing:
            begin = content if content.endswith(b"\n") or not content else content + b"\n"
            files.write(_ATTRIBUTES, begin + "".join(f"{line}\n" for line in missing).encode())
    name = f"{prefix}{_ATTRIBUTES}"
    said = [f"{'added to' if line in missing else 'already in'} {name}: {line}" for line in lines]
    if not missing:
        return said
    return [*said, f"commit {name}; the configuration is this clone's own, so each clone runs this command once"]
