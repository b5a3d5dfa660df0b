"""What the distribution carries beside its code: schemas and templates."""

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def _folder(name: str) -> Path:
    """Return the folder *name*: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / f"_{name}"
    return installed if installed.is_dir() else package.parent / name


def read_schema(name: str) -> bytes:
    """Return the bytes of one file of `schemas/`, named by its path in there.

    Raises:
        FileNotFoundError: When the distribution carries no such file.
    """
    return (_folder("schemas") / name).read_bytes()


def schema_names(prefix: str) -> tuple[str, ...]:
    """Return the files of `schemas/` whose path in there begins with *prefix*, sorted."""
    root = _folder("schemas")
    names = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return tuple(sorted(name for name in names if name.startswith(prefix)))


def read_templates() -> dict[str, str]:
    """Return the text of every built-in template, by its path in `templates/`."""
    root = _folder("templates")
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.j2"))}


def identity() -> str:
    """Return a digest that is another one when the program is: its own files, its libraries, the interpreter.

    Files are not read: sizes and times tell. Libraries are installed and removed by name and version, which changes
    the folder that they are in.
    """
    parts = [sys.version, *(each for name in ("", "schemas", "templates") for each in _stamps(_root(name)))]
    for place in (each for each in sys.path if each.endswith(("site-packages", "dist-packages"))):
        try:
            parts.append(f"{place} {os.stat(place).st_mtime_ns}")  # noqa: PTH116  (in every run, however short)
        except OSError:
            continue
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _root(name: str) -> str:
    return str(_folder(name) if name else Path(__file__).resolve().parent.parent)


def _stamps(folder: str) -> Iterator[str]:
    """Yield what tells one state of *folder* from another."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _stamps(entry.path)
            else:
                found = entry.stat()
                yield f"{entry.path} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
