"""`platformc secrets verify`, with real sops and age."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.secrets.team import DEV, PROD, REGISTRY, Team, open_shop


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return open_shop(tmp_path)


def test_what_a_key_opens_is_verified_and_nothing_is_written(team: Team) -> None:
    before = team.contents()

    ended = team.platformc("secrets", "verify")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "verified 2 files\n")
    assert team.contents() == before


def test_files_for_other_keys_are_named_with_who_could_open_them(team: Team) -> None:
    ann = team.people["ann"][1]

    ended = team.platformc("secrets", "verify", at_hand="ben")

    assert ended.returncode == 0
    assert ended.stderr == (f"verified 1 file, 1 for other keys\nnot opened, for {ann[:8]}…{ann[-6:]}:\n  {PROD}\n")


def test_with_require_all_they_fail(team: Team) -> None:
    assert team.platformc("secrets", "verify", "--require-all", at_hand="ben").returncode == 1
    assert team.platformc("secrets", "verify", "--require-all").returncode == 0


def test_a_key_that_opens_nothing_has_verified_nothing(team: Team) -> None:
    team.join("eve")

    ended = team.platformc("secrets", "verify", at_hand="eve")

    assert ended.returncode == 1
    assert ended.stderr.startswith("verified 0 files, 2 for other keys\n")


def test_values_that_changed_places_do_not_pass_their_check(team: Team) -> None:
    team.swap_values(DEV)

    ended = team.platformc("secrets", "verify")

    assert ended.returncode == 1
    assert f"{DEV}:1:1: error: " in ended.stderr
    assert "[mac-mismatch]" in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr


def test_a_line_that_was_dropped_is_found(team: Team) -> None:
    lines = team.text(DEV).splitlines(keepends=True)
    (team.root / DEV).write_text("".join(line for line in lines if "DB_PASSWORD" not in line))

    ended = team.platformc("secrets", "verify")

    assert ended.returncode == 1
    assert "[mac-mismatch]" in ended.stderr


def test_a_plaintext_that_was_pasted_is_found_and_not_shown(team: Team) -> None:
    (team.root / DEV).write_text(re.sub(r"API_KEY: ENC\[.*", "API_KEY: canary-pasted", team.text(DEV)))

    ended = team.platformc("secrets", "verify")

    assert ended.returncode == 1
    assert "[plaintext-value]" in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr


def test_accidents_are_warnings_at_the_key_and_never_show_a_value(team: Team) -> None:
    (team.root / DEV).unlink()
    team.seal_for(DEV, ["ann"], API_KEY="canary-of-prod-1", OTHER='"canary-with-a-break\\n"')

    ended = team.platformc("secrets", "verify")

    assert ended.returncode == 0
    assert f"{DEV}:3:5: warning: 'OTHER' ends in a line break [stray-blanks]\n" in ended.stderr
    assert (
        f"{PROD}:2:5: warning: 'API_KEY' has the same value as 'API_KEY' of 'shop/Dev/Catalog' [repeated-value]\n"
    ) in ended.stderr
    assert ended.stderr.endswith("2 warnings\nverified 2 files\n")
    assert "canary" not in ended.stdout + ended.stderr


def test_a_login_for_another_registry_fails(team: Team) -> None:
    team.write(["ann", "ben"], ["ann"], image="acme.azurecr.io/catalog:1.4.0")
    config = '{"auths":{"other.azurecr.io":{"auth":"canary"}}}'
    team.seal_for(REGISTRY, ["ann", "ben"], **{".dockerconfigjson": f"'{config}'"})

    ended = team.platformc("secrets", "verify")

    assert ended.returncode == 1
    assert f"{REGISTRY}:2:5: error: " in ended.stderr
    assert "[bad-docker-config]" in ended.stderr
    assert "canary" not in ended.stderr


def test_a_file_that_nothing_declares_is_verified_too(team: Team) -> None:
    team.seal_for("secrets/shop/dev/gone.yaml", ["ann"], OLD="changeme")

    ended = team.platformc("secrets", "verify", "-e", "Dev")

    assert "secrets/shop/dev/gone.yaml:2:5: warning: 'OLD' holds a placeholder [placeholder-value]\n" in ended.stderr
    assert ended.stderr.endswith("verified 2 files\n")


def test_json_has_findings_and_what_was_not_opened(team: Team) -> None:
    ann = team.people["ann"][1]
    team.seal_for("secrets/shop/dev/gone.yaml", ["ben"], OLD="changeme")

    ended = team.platformc("secrets", "verify", "--format", "json", at_hand="ben")

    said = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [(each["code"], each["severity"]) for each in said["findings"]] == [("placeholder-value", "warning")]
    assert said["opened"] == 2
    assert said["locked"] == [{"file": PROD, "readers": [f"{ann[:8]}…{ann[-6:]}"]}]


def test_without_sops_the_status_says_that_a_tool_is_missing(team: Team) -> None:
    ended = team.without_sops("secrets", "verify")

    assert ended.returncode == 3
    assert "'sops' is not on PATH" in ended.stderr


def test_many_files_are_each_opened_once_and_told_in_order(team: Team) -> None:
    (team.root / DEV).unlink()
    content = team.text(PROD)
    team.write(["ann"], ["ann"])
    (team.root / "secrets/shop/dev").mkdir(exist_ok=True)
    for number in range(60):
        (team.root / f"secrets/shop/dev/s{number:02}.yaml").write_text(content)

    ended = team.platformc("secrets", "verify", "--format", "json")

    said = json.loads(ended.stdout)
    assert said["opened"] == 61
    repeated = [each["file"] for each in said["findings"] if each["code"] == "repeated-value"]
    assert repeated == [PROD, PROD]


@pytest.mark.parametrize("what", ["a folder", "a symbolic link"])
def test_something_else_where_a_sealed_file_belongs_is_a_finding(team: Team, what: str) -> None:
    (team.root / DEV).unlink()
    if what == "a folder":
        (team.root / DEV).mkdir()
    else:
        (team.root / DEV).symlink_to("nowhere.yaml")

    ended = team.platformc("secrets", "verify")

    assert ended.returncode == 1
    assert f"{DEV}:1:1: error: '{DEV}' cannot be read: {what} stands where a file is needed" in ended.stderr
    assert "verified 1 file\n" in ended.stderr
