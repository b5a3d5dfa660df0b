"""Output that a person edits."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.main import main

CATALOG = "deploy/shop/dev/catalog.yaml"
CANARY = "hunter2canary"


def edit(file: str, old: str, new: str) -> None:
    """Edit *file* as a person would: the first *old* becomes *new*."""
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def objects(file: str = CATALOG) -> dict[str, Any]:
    documents = yaml.safe_load_all(Path(file).read_text(encoding="utf-8"))
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in documents}


def refused(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 1) -> str:
    """Adopt, and return what was said; nothing was written or shown."""
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert main(["adopt", "--yes", *arguments]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert CANARY not in said.err
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    return said.err


def adopt_in_two_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adopt, cut short before the output is written, and adopt again: the document stays, the output follows."""
    with monkeypatch.context() as patched:
        patched.setattr("generator.cli.destination.Destination.replace", lambda *_: None)
        assert main(["adopt", "--yes", "-q"]) == 0
    document = Path("platform.yaml").read_bytes()

    assert main(["adopt", "--yes", "-q"]) == 0

    assert Path("platform.yaml").read_bytes() == document
    assert main(["check", "-q"]) == 0
