"""A changed secret restarts exactly the pods that consume it, whoever changed it with whatever command of sops."""

import re
from pathlib import Path

import pytest

from tests.sealed_project import (
    CATALOG,
    COLLEAGUE,
    DEV,
    FILES,
    MICROSERVICES,
    PRICING,
    RECIPIENT,
    Project,
    announced,
    differing,
    sealed_project,
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sealed_project(tmp_path)


def test_pods_that_consume_sealed_values_say_so_and_others_do_not(project: Project) -> None:
    compiled = project.compiled()

    assert re.fullmatch("[0-9a-f]{16}", announced(compiled, "dev-catalog") or "")
    assert announced(compiled, "dev-pricing") not in (None, announced(compiled, "dev-catalog"))
    assert announced(compiled, "dev-website") is None


@pytest.mark.parametrize(("path", "key"), [(CATALOG, "DB_PASSWORD"), (FILES, "keys.json")])
def test_a_value_that_sops_set_changes_one_line_of_the_workload_that_consumes_it(
    project: Project, path: str, key: str
) -> None:
    before = project.compiled()

    project.change(path, key, "changed")

    secret = Path(path).with_suffix(".secret.yaml").name
    assert project.changed(before) == sorted([secret, "catalog.yaml"])
    lines = differing(before.file("dev/catalog.yaml"), project.compiled().file("dev/catalog.yaml"))
    assert lines == ["platformc.dev/sealed"]


def test_a_value_that_was_edited_changes_the_workload_that_consumes_it(project: Project) -> None:
    before = project.compiled()
    editor = project.folder / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/four/five/' \"$1\"\n")
    editor.chmod(0o755)

    project.sops("edit", PRICING, EDITOR=str(editor))

    assert project.changed(before) == ["pricing.secret.yaml", "pricing.yaml"]


def test_a_new_data_key_restarts_nothing(project: Project) -> None:
    before = project.compiled()

    project.sops("rotate", "-i", CATALOG)

    assert project.changed(before) == ["catalog.secret.yaml"]
    assert set(differing(before.file("catalog.secret.yaml"), project.compiled().file("catalog.secret.yaml"))) > {
        "API_TOKEN",
        "DB_PASSWORD",
    }


def test_a_new_recipient_restarts_nothing(project: Project) -> None:
    before = project.compiled()
    project.write(environments=DEV.replace(RECIPIENT, f"{RECIPIENT}, {COLLEAGUE}"))

    for path in (CATALOG, FILES, PRICING):
        project.sops("updatekeys", "--yes", path)

    assert COLLEAGUE in project.compiled().file("catalog.secret.yaml")
    changed = project.changed(before)
    assert [each for each in changed if not each.endswith(".secret.yaml")] == [".sops.yaml"]
    assert len(changed) == 4


def test_a_recipient_that_was_added_to_one_file_by_hand_restarts_nothing(project: Project) -> None:
    before = announced(project.compiled(), "dev-pricing")
    project.write(environments=DEV.replace(RECIPIENT, f"{RECIPIENT}, {COLLEAGUE}"))

    for path in (CATALOG, FILES, PRICING):
        project.sops("rotate", "-i", "--add-age", COLLEAGUE, path)

    assert announced(project.compiled(), "dev-pricing") == before


def test_a_value_that_is_changed_and_changed_back_restarts_twice(project: Project) -> None:
    first = announced(project.compiled(), "dev-pricing")
    project.change(PRICING, "LICENCE", "five")
    second = announced(project.compiled(), "dev-pricing")
    project.change(PRICING, "LICENCE", "four")
    third = announced(project.compiled(), "dev-pricing")

    assert len({first, second, third}) == 3


def test_the_same_value_again_restarts_nothing(project: Project) -> None:
    before = project.compiled()

    project.sops("set", "--idempotent", PRICING, '["stringData"]["LICENCE"]', '"four"')

    assert project.changed(before) == []


def test_the_last_secret_takes_the_annotation_with_it(project: Project) -> None:
    project.write(MICROSERVICES.replace("  env: { LICENCE: { secret: true } }\n", ""))
    (project.folder / PRICING).unlink()

    assert announced(project.compiled(), "dev-pricing") is None


def test_a_key_that_joins_restarts_its_own_head_alone(project: Project) -> None:
    before = project.compiled()
    project.write(
        MICROSERVICES.replace("LICENCE: { secret: true }", "LICENCE: { secret: true }, PIN: { secret: true }")
    )
    project.sops("set", PRICING, '["stringData"]["PIN"]', '"1"')

    assert project.changed(before) == ["pricing.secret.yaml", "pricing.yaml"]
    assert announced(project.compiled(), "dev-pricing") != announced(before, "dev-pricing")
