"""The life of a secret, from its first value to the day a colleague leaves, by the real command line, sops and age."""

import difflib
import json
import re
from pathlib import Path

from tests.life.household import CATALOG_DEV, CATALOG_PROD, FILES_DEV, VALUES, Household, found, furnish

DEV = "deploy/shop/dev/catalog.secret.yaml"


def changed_lines(before: str, after: str) -> list[str]:
    """Return the lines of *after* that *before* does not have, without what is random about them."""
    added = [each[2:] for each in difflib.ndiff(before.splitlines(), after.splitlines()) if each.startswith("+ ")]
    return [re.sub(r"ENC\[.*|\"?\d{4}-\d\d-\d\d.*", "…", each) for each in added]


def changed_files(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_before_anything_is_sealed_status_and_compile_say_what_is_missing(tmp_path: Path) -> None:
    household = found(tmp_path)

    status = household.without_anything("secrets", "status")
    compiled = household.without_anything("compile")

    assert (status.returncode, compiled.returncode) == (1, 1)
    assert status.stdout.count("missing") == len(VALUES) + 3
    for microservice, key, environment in VALUES:
        option = " --files" if "." in key else ""
        command = f"platformc secrets set shop/{microservice} {key}{option} -e {environment}"
        assert f"run '{command}'" in compiled.stderr
    assert not (household.root / "deploy").exists()


def test_when_everything_is_sealed_status_says_so(household: Household) -> None:
    ended = household.without_anything("secrets", "status", "--format", "json")

    stock = json.loads(ended.stdout)["secrets"]
    assert ended.returncode == 0
    assert len(stock) == len(VALUES) + 3
    assert {tuple(each["states"]) for each in stock} == {("sealed",)}


def test_every_compiled_secret_unseals_with_its_code_verified(household: Household) -> None:
    compiled = sorted(str(each.relative_to(household.root)) for each in household.root.rglob("*.secret.yaml"))

    values = {name: household.opened(name) for name in compiled}

    assert len(compiled) == 8
    for (microservice, key, environment), value in VALUES.items():
        kind = "files.secret" if "." in key else "secret"
        assert values[f"deploy/shop/{environment.lower()}/{microservice.lower()}.{kind}.yaml"][key] == value
    assert json.loads(values["deploy/shop/registry.secret.yaml"][".dockerconfigjson"])["auths"]["acme.azurecr.io"]
    assert values["deploy/shop/storage.secret.yaml"].keys() == {"azurestorageaccountkey", "azurestorageaccountname"}


def test_a_changed_value_changes_its_line_and_the_pods_that_consume_it(household: Household) -> None:
    before = dict(household.files())

    household.do("secrets", "set", "shop/Catalog", "DB_PASSWORD", "-e", "Dev", given="another password")
    sealed = dict(household.files())
    assert household.without_anything("compile").returncode == 0

    assert changed_files(before, sealed) == {CATALOG_DEV}
    own = ["# changed: DB_PASSWORD …", "    DB_PASSWORD: …", "    lastmodified: …", "    mac: …"]
    assert changed_lines(before[CATALOG_DEV].decode(), sealed[CATALOG_DEV].decode()) in (own, own[1:])
    after = dict(household.files())
    pods, lock = "deploy/shop/dev/catalog.yaml", "deploy/.platformc.lock"
    assert changed_files(sealed, after) == {DEV, pods, lock}
    assert changed_lines(before[DEV].decode(), after[DEV].decode()) == own[1:]
    (line,) = changed_lines(before[pods].decode(), after[pods].decode())
    assert line.strip().startswith("platformc.dev/sealed: ")
    assert "another password" in household.opened(DEV).values()


def test_the_same_value_again_touches_nothing(household: Household) -> None:
    before, times = household.files(), household.times()

    for (microservice, key, environment), value in VALUES.items():
        household.do("secrets", "set", f"shop/{microservice}", key, "-e", environment, given=value)
    household.do("compile")
    household.do("secrets", "rekey")

    assert household.files() == before
    assert household.times() == times


def test_a_colleague_who_joins_reads_what_was_sealed_before_and_no_pod_restarts(household: Household) -> None:
    workloads = household.workloads()
    household.declare(["ann", "ben", "cleo"], ["ann"])
    drifted = [household.without_anything(each) for each in ("compile", "check")]
    status = household.without_anything("secrets", "status")

    household.do("secrets", "rekey")

    for each in drifted:
        assert each.returncode == 1
        drifts = re.findall(
            r"^(\S*):\d+:\d+: error: .*\((and \d more like it)\) \[recipient-drift\]", each.stderr, re.MULTILINE
        )
        assert drifts == [(FILES_DEV, "and 2 more like it"), ("secrets/shop/registry.yaml", "and 1 more like it")]
        assert "run 'platformc secrets rekey'" in each.stderr
    assert "drifted" in status.stdout
    assert household.without_anything("compile").returncode == 0
    assert household.without_anything("secrets", "status").returncode == 0
    for file in (CATALOG_DEV, FILES_DEV, DEV):
        assert household.opened(file, at_hand="cleo") == household.opened(file)
    assert household.run("sops", "decrypt", CATALOG_PROD, at_hand="cleo").returncode == 128
    assert household.workloads() == workloads


def test_new_data_keys_change_every_ciphertext_and_restart_no_pod(household: Household) -> None:
    before, workloads = household.files(), household.workloads()
    values = {file: household.opened(file) for file in before if file.startswith("secrets/")}

    household.do("secrets", "rekey", "--all", "--rotate")
    assert household.without_anything("compile").returncode == 0

    assert {file: household.opened(file) for file in values} == values
    for file in values:
        sealed = re.findall(rb"data:([\w+/=]+)", before[file])
        assert sealed
        assert not any(each in (household.root / file).read_bytes() for each in sealed)
    assert household.workloads() == workloads


def test_a_colleague_who_leaves_reads_no_more_and_what_they_knew_is_named(household: Household) -> None:
    workloads = household.workloads()
    household.declare(["ann"], ["ann"])
    ben = household.people["ben"][1]

    told = household.do("secrets", "rekey", "--rotate")

    assert f"removed: {ben[:8]}…{ben[-6:]}" in told
    assert "    Catalog: API_KEY, DB_PASSWORD (team-payments)\n    Catalog: tls.key\n" in told
    assert "    Pricing: API_KEY\n" in told
    assert "Prod" not in told
    assert household.without_anything("compile").returncode == 0
    assert household.run("sops", "decrypt", CATALOG_DEV, at_hand="ben").returncode == 128
    assert household.run("sops", "decrypt", DEV, at_hand="ben").returncode == 128
    assert household.workloads() == workloads


def test_a_value_that_goes_leaves_its_microservice_alone_to_restart(household: Household) -> None:
    before = dict(household.files())
    document = household.text("platform.yaml").replace("files: [{ name: tls.key, secret: true }]", "files: []")
    (household.root / "platform.yaml").write_text(document)
    orphaned = household.without_anything("compile")

    household.do("secrets", "unset", "shop/Catalog", "tls.key", "--all")
    household.do("compile")

    assert orphaned.returncode == 1
    assert orphaned.stderr.count("hint: delete it, or declare what it holds") == 2
    assert changed_files(before, dict(household.files())) == {
        "platform.yaml",
        "deploy/.platformc.lock",
        *(f"deploy/shop/{each}/catalog{kind}.yaml" for each in ("dev", "prod") for kind in ("", ".files.secret")),
        *(f"secrets/shop/{each}/catalog.files.yaml" for each in ("dev", "prod")),
    }


def test_a_life_leaves_no_more_behind_than_the_project(tmp_path: Path) -> None:
    household = found(tmp_path)
    furnish(household)
    household.do("compile")

    folders = {name.partition("/")[0] for name in household.files()}
    assert folders == {".sops.yaml", "deploy", "platform.yaml", "secrets"}
