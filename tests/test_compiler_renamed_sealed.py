"""A microservice that has sealed values gets another name: git moves their files, and nobody seals anything anew."""

import shlex
import subprocess
from pathlib import Path

import pytest

from generator.model.diagnostics import CompileError, Diagnostic
from tests.sealed_project import MICROSERVICES, RECIPIENT, Project, sealed_project

STAGES = "\n".join(f"- {{ name: {name}, recipients: {{ age: [{RECIPIENT}] }} }}" for name in ("Dev", "Test"))
RENAMED = MICROSERVICES.replace("name: Catalog", "name: Warehouse")
MOVES = [
    "git mv secrets/shop/dev/catalog.files.yaml secrets/shop/dev/warehouse.files.yaml",
    "git mv secrets/shop/dev/catalog.yaml secrets/shop/dev/warehouse.yaml",
    "git mv secrets/shop/test/catalog.files.yaml secrets/shop/test/warehouse.files.yaml",
    "git mv secrets/shop/test/catalog.yaml secrets/shop/test/warehouse.yaml",
]


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two environments with sealed values in git, one of the microservices renamed."""
    made = sealed_project(tmp_path)
    made.write(environments=STAGES)
    made.seal("secrets/shop/test/catalog.yaml", "  API_TOKEN: five\n  DB_PASSWORD: six\n")
    made.seal("secrets/shop/test/catalog.files.yaml", "  keys.json: seven\n")
    made.seal("secrets/shop/test/pricing.yaml", "  LICENCE: eight\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    made.compiled()
    made.write(RENAMED, environments=STAGES)
    return made


def found_in(project: Project) -> list[Diagnostic]:
    with pytest.raises(CompileError) as refused:
        project.compiled()
    return list(refused.value.diagnostics)


def moves(found: list[Diagnostic], code: str) -> list[str]:
    """Return the commands of git in the hints of *code*."""
    hints = [each.hint for each in found if each.code == code]
    return sorted({hint.split("run '")[1].partition("'")[0] for hint in hints})


@pytest.mark.parametrize("code", ["missing-sealed-value", "orphaned-secret-file"])
def test_what_is_missing_and_what_is_left_over_say_what_to_move(project: Project, code: str) -> None:
    assert moves(found_in(project), code) == MOVES


def test_what_they_say_mends_it(project: Project) -> None:
    for move in moves(found_in(project), "orphaned-secret-file"):
        git(project.folder, *shlex.split(move)[1:])

    compiled = {str(path) for path, _ in project.compiled().compilation.tree.items()}

    assert {f"deploy/shop/{stage}/warehouse.secret.yaml" for stage in ("dev", "test")} <= compiled


def test_what_is_left_over_of_one_environment_is_not_moved_to_another(project: Project) -> None:
    project.seal("secrets/shop/dev/warehouse.yaml", "  API_TOKEN: new\n  DB_PASSWORD: new\n")

    (left,) = [each for each in found_in(project) if each.at.file == "secrets/shop/dev/catalog.yaml"]

    assert left.hint == "delete it, or declare what it holds"
