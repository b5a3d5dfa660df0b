"""`platformc secrets rekey`, with real sops and age."""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from generator.model.sealed import read_sealed
from generator.model.sealed_record import dates_of
from tests.cli.secrets.team import DEV, PROD, REGISTRY, Team, open_shop


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return open_shop(tmp_path)


def test_nothing_is_written_where_nobody_came_or_went(team: Team) -> None:
    before = team.contents()

    ended = team.platformc("secrets", "rekey")

    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == "nothing to do: every file is sealed to whom the document names\n"
    assert team.contents() == before


def test_a_colleague_who_joins_can_open_exactly_the_files_of_that_environment(team: Team) -> None:
    team.join("cleo")
    team.write(["ann", "ben", "cleo"], ["ann"])
    before = team.contents()
    stopped = team.platformc("compile")

    ended = team.platformc("secrets", "rekey")

    after = team.contents()
    assert stopped.returncode == 1
    assert "[recipient-drift]" in stopped.stderr
    assert "run 'platformc secrets rekey'" in stopped.stderr
    assert (ended.returncode, ended.stderr) == (0, "sealed 1 file; next: platformc compile\n")
    assert {name for name in after if after[name] != before[name]} == {DEV}
    assert team.opened(DEV, key=team.people["cleo"][0])["API_KEY"] == "canary-of-dev-1"
    assert team.platformc("compile").returncode == 0


def test_no_ciphertext_changes_and_so_no_pod_restarts(team: Team) -> None:
    assert team.platformc("compile").returncode == 0
    compiled = (team.root / "deploy/shop/dev/catalog.yaml").read_bytes()
    lines = [each for each in team.text(DEV).splitlines() if "ENC[" in each]
    team.join("cleo")
    team.write(["ann", "ben", "cleo"], ["ann"])

    assert team.platformc("secrets", "rekey").returncode == 0
    assert team.platformc("compile").returncode == 0

    assert [each for each in team.text(DEV).splitlines() if "ENC[" in each] == lines
    assert (team.root / "deploy/shop/dev/catalog.yaml").read_bytes() == compiled


def test_a_colleague_who_leaves_is_named_with_what_is_to_be_changed(team: Team) -> None:
    team.write(["ann"], ["ann"])

    ended = team.platformc("secrets", "rekey")

    ben = team.people["ben"][1]
    assert ended.returncode == 0
    assert ended.stderr == (
        "sealed 1 file; next: platformc compile\n\n"
        f"removed: {ben[:8]}…{ben[-6:]}\n"
        "Older commits still hold these values for them. Change each where it comes from,\n"
        "then run 'platformc secrets set':\n"
        "  shop, Dev\n"
        "    Catalog: API_KEY, DB_PASSWORD (team-payments)\n\n"
        "They may also have kept the data keys: 'platformc secrets rekey --all --rotate' makes new ones\n"
    )
    assert team.run("sops", "decrypt", DEV, key=team.people["ben"][0]).returncode != 0


def test_rotate_gives_the_same_files_new_data_keys_and_keeps_vectors_and_dates(team: Team) -> None:
    team.write(["ann"], ["ann"])
    team.date(DEV, date(2020, 1, 1))
    before, vectors = team.contents(), team.vectors(DEV)

    ended = team.platformc("secrets", "rekey", "--rotate")

    after = team.contents()
    source = read_sealed(DEV, after[DEV])
    assert ended.returncode == 0
    assert "kept the data keys" not in ended.stderr
    assert {name for name in after if after[name] != before[name]} == {DEV}
    assert source.body["sops"]["mac"].encode() not in before[DEV]
    assert team.vectors(DEV) == vectors
    assert set(dates_of(source).values()) == {date(2020, 1, 1)}
    assert team.opened(DEV)["API_KEY"] == "canary-of-dev-1"


def test_rotate_lets_somebody_put_another_key_in_the_place_of_the_one_at_hand(team: Team) -> None:
    team.join("cleo")
    team.write(["cleo", "ben"], ["ann"])

    ended = team.platformc("secrets", "rekey", "--rotate", "-e", "Dev")

    assert ended.returncode == 0, ended.stderr
    assert team.opened(DEV, key=team.people["cleo"][0])["API_KEY"] == "canary-of-dev-1"
    assert team.run("sops", "decrypt", DEV, key=team.people["ann"][0]).returncode != 0


def test_a_date_that_only_the_file_knew_goes_into_the_record(team: Team) -> None:
    text = team.text(PROD)
    before = dates_of(read_sealed(PROD, text.encode()))

    assert team.platformc("secrets", "rekey", "--all", "--rotate", "-e", "Prod").returncode == 0

    assert "# changed: " not in text
    assert team.text(PROD).startswith("# changed: API_KEY ")
    assert dates_of(read_sealed(PROD, team.text(PROD).encode())) == before


def test_all_with_rotate_means_every_file_of_the_selection(team: Team) -> None:
    before = team.contents()

    ended = team.platformc("secrets", "rekey", "--all", "--rotate", "-e", "Prod")

    after = team.contents()
    assert (ended.returncode, ended.stderr) == (0, "sealed 1 file under new data keys; next: platformc compile\n")
    assert {name for name in after if after[name] != before[name]} == {PROD}


def test_all_without_rotate_is_refused(team: Team) -> None:
    ended = team.platformc("secrets", "rekey", "--all")

    assert ended.returncode == 2
    assert "--all goes with --rotate" in ended.stderr


def test_a_file_that_cannot_be_opened_keeps_every_other_from_being_written(team: Team) -> None:
    team.join("cleo")
    team.write(["ann", "ben", "cleo"], ["ann", "cleo"])
    before = team.contents()

    ended = team.platformc("secrets", "rekey", at_hand="ben")

    assert ended.returncode == 1
    assert f"{PROD}:1:1: error: no key at hand opens '{PROD}' [no-key]" in ended.stderr
    assert ended.stderr.endswith("nothing was written; --keep-going leaves out what cannot be opened\n")
    assert team.contents() == before


def test_keep_going_writes_the_others_and_still_says_no(team: Team) -> None:
    team.join("cleo")
    team.write(["ann", "ben", "cleo"], ["ann", "cleo"])
    before = team.contents()

    ended = team.platformc("secrets", "rekey", "--keep-going", at_hand="ben")

    after = team.contents()
    assert ended.returncode == 1
    assert "[no-key]" in ended.stderr
    assert "sealed 1 file" in ended.stderr
    assert {name for name in after if after[name] != before[name]} == {DEV}


def test_a_damaged_file_is_no_reason_to_write_half(team: Team) -> None:
    team.write(["ann"], ["ann"])
    (team.root / PROD).write_text("stringData:\n  API_KEY: canary-in-the-clear\n")
    before = team.contents()

    ended = team.platformc("secrets", "rekey")

    assert ended.returncode == 1
    assert "[not-sealed]" in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr
    assert team.contents() == before


def test_tampering_is_found_before_a_new_data_key_would_hide_it(team: Team) -> None:
    team.swap_values(DEV)

    ended = team.platformc("secrets", "rekey", "--all", "--rotate", "-e", "Dev")

    assert ended.returncode == 1
    assert "[mac-mismatch]" in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr


def test_the_application_s_own_files_are_for_everybody_of_any_environment(team: Team) -> None:
    team.write(["ann", "ben"], ["ann"], image="acme.azurecr.io/catalog:1.4.0")
    config = '{"auths":{"acme.azurecr.io":{"auth":"eDp5"}}}'
    team.seal_for(REGISTRY, ["ann"], **{".dockerconfigjson": f"'{config}'"})

    assert team.platformc("secrets", "rekey").returncode == 0

    assert team.opened(REGISTRY, key=team.people["ben"][0]) == {".dockerconfigjson": config}


def test_a_key_that_was_split_between_groups_is_one_again(team: Team) -> None:
    config = team.root.parent / "groups.yaml"
    ann, ben = (team.people[each][1] for each in ("ann", "ben"))
    config.write_text(
        "creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n"
        f"    shamir_threshold: 2\n    key_groups: [{{ age: [{ann}] }}, {{ age: [{ben}] }}]\n"
    )
    both = team.root.parent / "both.agekey"
    both.write_text("".join(team.people[each][0].read_text() for each in ("ann", "ben")))
    (team.root / DEV).write_text(
        team.do(
            *("sops", "--config", str(config), "encrypt", "--input-type", "yaml", "--output-type", "yaml"),
            *("--filename-override", DEV, "/dev/stdin"),
            given="stringData:\n  API_KEY: canary-1\n  DB_PASSWORD: canary-2\n",
        )
    )
    found = team.platformc("validate")

    ended = team.run("platformc", "secrets", "rekey", key=both)

    assert "with its key split between groups [recipient-drift]" in found.stderr
    assert ended.returncode == 0, ended.stderr
    assert team.opened(DEV, key=team.people["ben"][0])["API_KEY"] == "canary-1"
    assert team.platformc("validate").returncode == 0


def test_json_says_what_was_sealed_and_who_came_and_went(team: Team) -> None:
    team.join("cleo")
    team.write(["ann", "cleo"], ["ann"])

    ended = team.platformc("secrets", "rekey", "--format", "json")

    said = json.loads(ended.stdout)
    ben, cleo = (f"{key[:8]}…{key[-6:]}" for key in (team.people["ben"][1], team.people["cleo"][1]))
    assert (ended.returncode, said["findings"], said["rotated"]) == (0, [], False)
    assert said["sealed"] == [
        {"file": DEV, "environment": "Dev", "keys": ["API_KEY", "DB_PASSWORD"], "added": [cleo], "removed": [ben]}
    ]


def test_without_sops_the_status_says_that_a_tool_is_missing(team: Team) -> None:
    team.write(["ann"], ["ann"])
    before = team.contents()

    ended = team.without_sops("secrets", "rekey")

    assert ended.returncode == 3
    assert "'sops' is not on PATH" in ended.stderr
    assert team.contents() == before


def test_files_of_an_environment_that_drifted_alike_are_one_finding(team: Team) -> None:
    document = team.root / "platform.yaml"
    team.write(["ann"], ["ann"])
    more = document.read_text().partition("      - name: Catalog")[2].replace("      - name: Catalog", "")
    document.write_text(f"{document.read_text()}      - name: Pricing{more}")
    for source in (DEV, PROD):
        (team.root / source).with_name("pricing.yaml").write_text(team.text(source))

    ended = team.platformc("validate")

    ben = team.people["ben"][1]
    words = f"with {ben[:8]}…{ben[-6:]} (and 1 more like it) [recipient-drift]"
    assert f"{DEV}:4:1: error: the file is not sealed to whom the document names: {words}\n" in ended.stderr
    assert ended.stderr.endswith("\n1 error\n")


def test_killed_at_any_moment_every_file_is_old_or_new_and_the_next_run_goes_on(team: Team) -> None:
    document = team.root / "platform.yaml"
    team.write(["ann"], ["ann"])
    head, _, more = document.read_text().partition("      - name: Catalog")
    document.write_text(head + "".join(f"      - name: S{number}{more}" for number in range(12)))
    files = [f"secrets/shop/dev/s{number}.yaml" for number in range(12)]
    for stage, source in (("dev", DEV), ("prod", PROD)):
        for number in range(12):
            (team.root / f"secrets/shop/{stage}/s{number}.yaml").write_text(team.text(source))
        (team.root / source).unlink()
    old = (team.root / files[0]).read_bytes()

    for seconds in (0.3, 0.6, 0.9):
        killed = subprocess.Popen(
            [sys.executable, "-m", "generator", "secrets", "rekey"],
            cwd=team.root,
            env={**os.environ, "SOPS_AGE_KEY_FILE": str(team.key)},
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        killed.kill()
        killed.wait()
        for file in files:
            content = (team.root / file).read_bytes()
            assert content == old or not read_sealed(file, content).findings

    assert team.platformc("secrets", "rekey").returncode == 0
    assert team.platformc("validate").returncode == 0
    assert not [each for each in team.contents() if ".platformc-" in each]
