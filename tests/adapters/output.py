"""A small tree, written to a real folder."""

from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.disk import Output
from generator.model.diagnostics import CompileError
from generator.model.tree import FileTree

DEPLOY = PurePosixPath("deploy")
CATALOG, PRICING = "deploy/shop/dev/catalog.yaml", "deploy/shop/prod/pricing.yaml"


def tree(files: dict[str, bytes]) -> FileTree:
    return FileTree({PurePosixPath(name): content for name, content in files.items()})


def update(root: Path, files: dict[str, bytes], *, overwrite: bool = False) -> None:
    Output(root, DEPLOY).update(tree(files), compiler="1", overwrite=overwrite)


def refused(root: Path, files: dict[str, bytes]) -> list[tuple[str, str]]:
    with pytest.raises(CompileError) as caught:
        update(root, files)
    return [(each.code, each.at.file) for each in caught.value.diagnostics]


def on_disk(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".platformc.lock"
    }


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in root.rglob("*")}
