"""Output that a person edits."""

from pathlib import Path
from typing import Any

import yaml

CATALOG = "deploy/shop/dev/catalog.yaml"


def edit(file: str, old: str, new: str) -> None:
    """Edit *file* as a person would: the first *old* becomes *new*."""
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def objects(file: str = CATALOG) -> dict[str, Any]:
    documents = yaml.safe_load_all(Path(file).read_text(encoding="utf-8"))
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in documents}
