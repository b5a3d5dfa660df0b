"""What the distribution carries beside its code: schemas and templates."""

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
