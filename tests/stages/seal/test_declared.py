"""What the document declares, held against what is sealed."""

from pathlib import PurePosixPath
from typing import Any

import pytest

from generator.model.sealed import read_sealed
from generator.model.sealed_place import Kind, application_place, microservice_place
from generator.model.source import Position
from generator.stages.seal.declared import orphaned_files, sealed_findings, stray_files

Project = Any  # the folder of conftest.py

CATALOG = PurePosixPath("secrets/shop/dev/catalog.yaml")
PLACE = microservice_place("shop", "Dev", "Catalog", Kind.VARIABLES)


def test_declared_keys_that_are_sealed_are_no_finding(project: Project) -> None:
    source = project.seal(str(CATALOG), "  A: one\n  B: two\n")

    assert sealed_findings({"B": Position("p", 2), "A": Position("p", 1)}, source, PLACE) == ()


def test_declared_key_without_a_value_is_found_where_it_is_declared(project: Project) -> None:
    source = project.seal(str(CATALOG), "  A: one\n  C: two\n")
    declared = {"A": Position("p", 1), "B": Position("platform.yaml", 7, 11), "C": Position("p", 2)}

    (found,) = sealed_findings(declared, source, PLACE)

    assert str(found) == (
        "platform.yaml:7:11: error: 'B' has no sealed value in 'secrets/shop/dev/catalog.yaml' [missing-sealed-value]"
    )
    assert found.hint == "run 'platformc secrets set shop/Catalog B -e Dev'"


def test_sealed_value_that_nothing_declares_is_found_in_its_file(project: Project) -> None:
    source = project.seal(str(CATALOG), "  DB_PASWORD: canary\n")

    found = sealed_findings({"DB_PASSWORD": Position("platform.yaml", 7)}, source, PLACE)

    assert [each.code for each in found] == ["missing-sealed-value", "undeclared-sealed-value"]
    assert str(found[1].at) == "secrets/shop/dev/catalog.yaml:2:5"
    assert found[1].message == "'DB_PASWORD' is sealed, and nothing declares it"
    assert found[1].hint == (
        "did you mean 'DB_PASSWORD'? if not, "
        "run 'platformc secrets unset shop/Catalog DB_PASWORD -e Dev', or declare it"
    )
    assert "canary" not in repr(found)


def test_faults_of_the_file_itself_are_said_instead() -> None:
    source = read_sealed(str(CATALOG), b"stringData:\n  A: canary\n")

    found = sealed_findings({"B": Position("platform.yaml")}, source, PLACE)

    assert [each.code for each in found] == ["not-sealed"]


def test_missing_file_is_found_for_each_key_with_the_command_that_makes_it() -> None:
    found = sealed_findings({"B": Position("p", 2), "A": Position("p", 1)}, None, PLACE)

    assert {(str(each.at), each.code) for each in found} == {
        ("p:1:1", "missing-sealed-value"),
        ("p:2:1", "missing-sealed-value"),
    }
    assert {each.hint for each in found} == {
        "run 'platformc secrets set shop/Catalog A -e Dev'",
        "run 'platformc secrets set shop/Catalog B -e Dev'",
    }


def test_the_command_for_a_secret_file_says_that_it_is_one() -> None:
    (found,) = sealed_findings({"tls.key": Position("p")}, None, microservice_place("shop", "Dev", "Api", Kind.FILES))

    assert found.message == "'tls.key' has no sealed value in 'secrets/shop/dev/api.files.yaml'"
    assert found.hint == "run 'platformc secrets set shop/Api tls.key --files -e Dev'"


def test_the_command_for_a_registry_names_no_key_and_so_asks_for_user_and_password() -> None:
    (found,) = sealed_findings({".dockerconfigjson": Position("p")}, None, application_place("shop", Kind.REGISTRY))

    assert found.hint == "run 'platformc secrets set shop --registry'"


def test_the_command_of_a_plaintext_file_seals_it(project: Project) -> None:
    file = project.root / CATALOG
    file.parent.mkdir(parents=True)
    file.write_text("stringData:\n  A: canary\n")

    run_hint(project)

    assert project.read(str(CATALOG)).keys == ("A",)


def test_the_command_for_wrong_options_seals_again(project: Project) -> None:
    file = project.root / CATALOG
    file.parent.mkdir(parents=True)
    compiled = (project.root / ".sops.yaml").read_text()
    (project.root / ".sops.yaml").write_text(compiled.replace("mac_only_encrypted: true", ""))
    file.write_text("stringData:\n  A: canary\n")
    assert project.run("sops", "encrypt", "--in-place", str(CATALOG)).returncode == 0
    (project.root / ".sops.yaml").write_text(compiled)

    run_hint(project)

    assert project.read(str(CATALOG)).keys == ("A",)


def test_the_command_for_wrong_options_leaves_a_file_that_it_cannot_read(project: Project) -> None:
    project.seal(str(CATALOG), "  A: one\n")
    file = project.root / CATALOG
    file.write_text(file.read_text().replace("mac_only_encrypted: true", "mac_only_encrypted: false"))
    before = file.read_text()

    run_hint(project)

    assert file.read_text() == before


def run_hint(project: Project) -> None:
    """Run the command in the hint of the only finding in the sealed file of the catalog."""
    (found,) = project.faults(str(CATALOG))
    project.run("sh", "-c", found.hint.split("`")[1])


def test_file_that_belongs_to_nothing_is_found() -> None:
    existing = [
        PurePosixPath("secrets/shop/dev/catalogue.yaml"),
        PurePosixPath("secrets/notes.txt"),
        PurePosixPath("secrets/README.md"),
    ]
    expected = {str(CATALOG), "secrets/shop/registry.yaml"}

    found = orphaned_files(stray_files(existing, expected), expected, lambda _one, _other: True)

    assert [(str(each.at), each.code) for each in found] == [
        ("secrets/notes.txt:1:1", "orphaned-secret-file"),
        ("secrets/shop/dev/catalogue.yaml:1:1", "orphaned-secret-file"),
    ]
    assert found[0].hint == "delete it, or declare what it holds"
    assert found[1].hint == (
        "if its owner was renamed, run `git mv secrets/shop/dev/catalogue.yaml secrets/shop/dev/catalog.yaml`; "
        "if not, delete it, or declare what it holds"
    )


@pytest.mark.parametrize(
    "lacking",
    [
        "secrets/shop/test/catalog.yaml",
        "secrets/store/dev/catalog.yaml",
        "secrets/shop/dev/catalog.files.yaml",
        "secrets/shop/dev/catalog.store.yaml",
    ],
)
def test_a_file_is_never_moved_to_another_environment_or_kind(lacking: str) -> None:
    (found,) = orphaned_files(["secrets/shop/dev/catalogue.yaml"], {lacking}, lambda _one, _other: True)

    assert found.hint == "delete it, or declare what it holds"


def test_a_file_without_the_keys_of_another_is_not_moved_there() -> None:
    (found,) = orphaned_files(["secrets/shop/dev/catalogue.yaml"], {str(CATALOG)}, lambda _one, _other: False)

    assert found.hint == "delete it, or declare what it holds"


def test_of_several_missing_files_the_one_of_a_near_name_is_meant() -> None:
    lacking = {str(CATALOG), "secrets/shop/dev/pricing.yaml"}

    near, far = orphaned_files(
        ["secrets/shop/dev/catalogue.yaml", "secrets/shop/dev/ordering.yaml"], lacking, lambda _one, _other: True
    )

    assert "run `git mv secrets/shop/dev/catalogue.yaml secrets/shop/dev/catalog.yaml`" in near.hint
    assert far.hint.startswith(
        "if its owner was renamed, 'git mv' it to one of 'secrets/shop/dev/catalog.yaml', "
        "'secrets/shop/dev/pricing.yaml'; if not,"
    )


def test_many_missing_files_are_counted() -> None:
    lacking = {f"secrets/shop/dev/catalog{number}.yaml" for number in range(40)}

    (found,) = orphaned_files(["secrets/shop/dev/ordering.yaml"], lacking, lambda _one, _other: True)

    assert "'git mv' it to one of 40 files in 'secrets/shop/dev'; if not," in found.hint


def test_missing_file_may_be_there_under_an_old_name_with_the_key() -> None:
    strays = {"secrets/shop/dev/goods.yaml": ["B"], "secrets/shop/test/goods.yaml": ["A", "B"]}

    found = sealed_findings({"B": Position("p", 2), "A": Position("p", 1)}, None, PLACE, strays)

    assert [each.hint for each in found] == [
        (
            "if 'shop/Catalog' was renamed, run `git mv secrets/shop/dev/goods.yaml secrets/shop/dev/catalog.yaml`; "
            "if not, run 'platformc secrets set shop/Catalog B -e Dev'"
        ),
        "run 'platformc secrets set shop/Catalog A -e Dev'",
    ]


def test_registry_holds_one_key_and_no_other(project: Project) -> None:
    path = PurePosixPath("secrets/shop/registry.yaml")
    source = project.seal(str(path), '  .dockerconfigjson: "{}"\n  password: canary\n')

    place = application_place("shop", Kind.REGISTRY)
    (found,) = sealed_findings({".dockerconfigjson": Position("platform.yaml", 5)}, source, place)

    assert str(found).startswith("secrets/shop/registry.yaml:3:5: error: 'password' is sealed")
