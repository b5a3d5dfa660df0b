"""A microservice that has sealed values gets another name: git moves their files, and nobody seals anything anew."""

import shlex
import subprocess
from pathlib import Path

import pytest

from generator.model.diagnostics import CompileError, Diagnostic
from tests.sealed_project import COLLEAGUE, MICROSERVICES, RECIPIENT, Project, sealed_project

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
    return sorted({hint.split("run `")[1].partition("`")[0] for hint in hints})


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


LIVE = (
    f"- {{ name: Dev, recipients: {{ age: [{RECIPIENT}] }} }}\n- {{ name: Live, recipients: {{ age: [{RECIPIENT}] }} }}"
)


def test_a_renamed_environment_is_said_once_with_the_folder_to_move(project: Project) -> None:
    project.write(environments=LIVE)

    (told,) = found_in(project)

    assert (told.code, told.at.file) == ("missing-sealed-value", "platform.yaml")
    assert told.message == (
        "nothing is sealed for environment 'Live' in 'secrets/shop/live',"
        " and nothing declares what is in 'secrets/shop/test'"
    )
    assert told.hint == (
        "if environment 'Live' was called 'test', run `git mv secrets/shop/test secrets/shop/live`;"
        " if not, seal what 'platformc secrets status' calls missing"
    )
    assert "name: Live" in (project.folder / "platform.yaml").read_text().splitlines()[told.at.line - 1]

    git(project.folder, *shlex.split(moves([told], told.code)[0])[1:])

    assert "deploy/shop/live/catalog.secret.yaml" in {
        str(path) for path, _ in project.compiled().compilation.tree.items()
    }


def test_a_renamed_application_is_said_once_with_the_folder_to_move(project: Project) -> None:
    project.write(environments=STAGES)
    document = project.folder / "platform.yaml"
    document.write_text(document.read_text().replace("name: shop", "name: store"))

    (told,) = found_in(project)

    assert told.message == (
        "nothing is sealed for application 'store' in 'secrets/store', and nothing declares what is in 'secrets/shop'"
    )
    assert moves([told], told.code) == ["git mv secrets/shop secrets/store"]

    git(project.folder, *shlex.split(moves([told], told.code)[0])[1:])

    project.compiled()


def test_what_was_moved_to_an_environment_with_others_to_seal_to_is_to_be_sealed_to_those(project: Project) -> None:
    project.write(
        environments=LIVE.replace(
            f"Live, recipients: {{ age: [{RECIPIENT}]", f"Live, recipients: {{ age: [{COLLEAGUE}]"
        )
    )
    (told,) = found_in(project)

    git(project.folder, *shlex.split(moves([told], told.code)[0])[1:])

    assert {each.code for each in found_in(project)} == {"recipient-drift"}


def test_what_a_renamed_environment_needs_besides_is_said_as_well(project: Project) -> None:
    project.write(MICROSERVICES.replace("LICENCE: {", "OTHER: { secret: true }, LICENCE: {"), environments=LIVE)

    found = {each.message.partition(" and nothing")[0] for each in found_in(project)}

    assert found == {
        "nothing is sealed for environment 'Live' in 'secrets/shop/live',",
        "'OTHER' has no sealed value in 'secrets/shop/dev/pricing.yaml'",
        "'OTHER' has no sealed value in 'secrets/shop/live/pricing.yaml'",
    }


@pytest.mark.parametrize(
    "stages",
    [
        LIVE + LIVE.splitlines()[1].join(("\n", "")).replace("Live", "Prod"),
        LIVE.replace("Dev", "Play"),
    ],
    ids=["two new ones", "two old and two new ones"],
)
def test_where_it_is_in_doubt_which_environment_was_renamed_nothing_is_to_be_moved(
    project: Project, stages: str
) -> None:
    project.write(environments=stages)

    found = found_in(project)

    assert {each.code for each in found} == {"missing-sealed-value", "orphaned-secret-file"}
    assert not [each for each in found if "git mv" in each.hint]


def test_an_environment_in_whose_folder_there_is_a_file_is_not_the_place_to_move_another_to(project: Project) -> None:
    project.write(environments=LIVE)
    (project.folder / "secrets/shop/live").mkdir()
    (project.folder / "secrets/shop/live/.gitkeep").touch()

    assert not [each for each in found_in(project) if "git mv" in each.hint]
