"""`platformc secrets status`: without a key, without sops."""

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.secrets.team import DEV, PROD, Team, open_shop


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return open_shop(tmp_path)


def rows(output: str) -> list[str]:
    """The lines of a table, ages left out and blanks joined."""
    return [re.sub(r" +", " ", re.sub(r" \d+d", "", line)) for line in output.splitlines()]


def test_all_is_well_without_a_key_and_without_sops(team: Team) -> None:
    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 0
    assert rows(ended.stdout) == [
        "shop Dev Prod",
        "Catalog API_KEY sealed sealed",
        "Catalog DB_PASSWORD sealed sealed team-payments",
    ]
    assert ended.stderr == "4 secrets: 4 sealed\n"


def test_the_age_of_a_value_stands_beside_its_state(team: Team) -> None:
    team.date(DEV, datetime.now(UTC).date() - timedelta(days=12))

    ended = team.without_sops("secrets", "status", "-e", "Dev")

    assert re.search(r"^Catalog API_KEY +sealed 1[23]d$", ended.stdout, re.MULTILINE)


def test_what_asks_for_something_ends_in_status_1_and_says_what_to_do(team: Team) -> None:
    team.date(DEV, date(2020, 1, 1))
    (team.root / PROD).unlink()
    team.seal_for("secrets/shop/prod/catalog.files.yaml", ["ann"], **{"old.pem": "canary"})

    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 1
    assert rows(ended.stdout) == [
        "shop Dev Prod",
        "Catalog old.pem (file) - orphaned",
        "Catalog API_KEY sealed missing",
        "Catalog DB_PASSWORD overdue missing team-payments",
    ]
    assert ended.stderr.splitlines() == [
        "5 secrets: 2 missing, 1 orphaned, 1 overdue, 1 sealed",
        "missing: seal each, as by: platformc secrets set shop/Catalog API_KEY -e Prod",
        (
            "orphaned: declare it, rename or delete its file, "
            "or remove the value: platformc secrets unset shop/Catalog old.pem --files -e Prod"
        ),
        "overdue: change it where it is from, then seal it: platformc secrets set shop/Catalog DB_PASSWORD -e Dev",
    ]


def test_recipients_that_differ_from_the_document_have_drifted(team: Team) -> None:
    team.write(["ann"], ["ann"])

    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 1
    assert "Catalog API_KEY drifted sealed" in rows(ended.stdout)
    assert "drifted: seal it to whom the document names: platformc secrets rekey\n" in ended.stderr


def test_a_document_that_names_nobody_yet_can_be_asked_about(team: Team) -> None:
    document = team.root / "platform.yaml"
    document.write_text(re.sub(r"recipients: .*", "tenants: []", document.read_text()))

    assert "no-recipients" in team.without_sops("validate").stderr
    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 1
    assert "Catalog API_KEY drifted drifted" in rows(ended.stdout)


def test_a_file_in_the_clear_is_faulty_and_found_without_its_values(team: Team) -> None:
    (team.root / DEV).write_text("stringData:\n  API_KEY: canary-in-the-clear\n")

    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 1
    assert "Catalog API_KEY faulty sealed" in rows(ended.stdout)
    assert f"{DEV}:1:1: error: " in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("what", ["a folder", "a symbolic link"])
def test_something_else_where_a_sealed_file_belongs_is_said_and_not_taken_for_a_missing_file(
    team: Team, what: str
) -> None:
    (team.root / DEV).unlink()
    if what == "a folder":
        (team.root / DEV).mkdir()
    else:
        (team.root / DEV).symlink_to("nowhere.yaml")

    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 1
    assert rows(ended.stdout)[1:] == [
        "Catalog API_KEY faulty sealed",
        "Catalog DB_PASSWORD faulty sealed team-payments",
    ]
    assert f"{DEV}:1:1: error: '{DEV}' cannot be read: {what} stands where a file is needed" in ended.stderr
    assert "4 secrets: 2 faulty, 2 sealed" in ended.stderr


def test_an_environment_can_be_chosen_and_a_wrong_one_names_the_nearest(team: Team) -> None:
    (team.root / PROD).unlink()

    dev = team.without_sops("secrets", "status", "-e", "Dev")
    wrong = team.without_sops("secrets", "status", "-e", "Pord")

    assert (dev.returncode, rows(dev.stdout)[0]) == (0, "shop Dev")
    assert wrong.returncode == 2
    assert "did you mean 'Prod'?" in wrong.stderr


def test_the_commands_name_the_document_where_it_was_named(team: Team) -> None:
    (team.root / PROD).unlink()
    team.write(["ann"], ["ann"])

    ended = team.run(sys.executable, "-m", "generator", "secrets", "status", "-f", str(team.root / "platform.yaml"))

    document = f" -f {team.root / 'platform.yaml'}\n"
    assert f"seal each, as by: platformc secrets set shop/Catalog API_KEY -e Prod{document}" in ended.stderr
    assert f"seal it to whom the document names: platformc secrets rekey{document}" in ended.stderr


def test_json_has_a_member_for_each_key_and_environment(team: Team) -> None:
    team.date(DEV, date(2020, 1, 1))

    ended = team.without_sops("secrets", "status", "--format", "json", "-e", "Dev")

    said = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert ended.stderr == ""
    assert said["findings"] == said["strays"] == []
    assert said["secrets"][1] == {
        "application": "shop",
        "microservice": "Catalog",
        "environment": "Dev",
        "kind": "variables",
        "store": None,
        "key": "DB_PASSWORD",
        "file": DEV,
        "states": ["overdue"],
        "owner": "team-payments",
        "changed": "2020-01-01",
        "due": "2020-03-31",
    }


def test_a_bad_term_is_a_finding_at_its_place(team: Team) -> None:
    document = team.root / "platform.yaml"
    document.write_text(document.read_text().replace("90d", "quarterly"))

    ended = team.without_sops("secrets", "status")

    assert ended.returncode == 1
    assert "platform.yaml:16:53: error: env.DB_PASSWORD.rotateEvery of 'Catalog' is not a time such as " in ended.stderr
    assert " 90d, 12w, 6mo or 1y [bad-format]" in ended.stderr


def test_rotation_and_owner_do_not_change_what_is_compiled(team: Team) -> None:
    assert team.platformc("compile").returncode == 0
    before = {name: content for name, content in team.contents().items() if name.startswith("deploy/")}
    document = team.root / "platform.yaml"
    document.write_text(document.read_text().replace(", rotateEvery: 90d, owner: team-payments", ""))

    assert team.platformc("check").returncode == 0
    assert {name: content for name, content in team.contents().items() if name.startswith("deploy/")} == before


def test_a_thousand_files_are_all_counted(team: Team) -> None:
    lines = [
        f"      - {{ name: S{number}, head: {{ image: nginx:1.27.3 }}, env: {{ API_KEY: {{ secret: true }} }} }}"
        for number in range(500)
    ]
    document = team.root / "platform.yaml"
    head = document.read_text().partition("      - name: Catalog")[0]
    document.write_text(head + "\n".join(lines) + "\n")
    for stage, source in (("dev", DEV), ("prod", PROD)):
        content = (team.root / source).read_text()
        for number in range(500):
            (team.root / f"secrets/shop/{stage}/s{number}.yaml").write_text(content)

    ended = team.without_sops("secrets", "status", "--format", "json", "--select", "S499")
    whole = team.without_sops("secrets", "status", "--select", "shop/S0", "-e", "Prod")
    everything = team.without_sops("secrets", "status")

    assert [(each["key"], each["states"]) for each in json.loads(ended.stdout)["secrets"]] == [
        *(("API_KEY", ["sealed"]), ("API_KEY", ["sealed"])),
        *(("DB_PASSWORD", ["orphaned"]), ("DB_PASSWORD", ["orphaned"])),
    ]
    assert len(whole.stdout.splitlines()) == 3
    assert everything.stderr.startswith("2,004 secrets: 1004 orphaned, 1000 sealed\n")
