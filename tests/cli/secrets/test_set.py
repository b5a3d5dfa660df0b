"""`platformc secrets set`, with real sops and age."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.secrets.terminal import on_a_terminal
from tests.cli.secrets.workbench import CATALOG, DOCUMENT, Workbench, set_up


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return set_up(tmp_path)


def test_a_first_value_makes_a_file_that_plain_sops_opens(bench: Workbench) -> None:
    ended = bench.secrets("set", "shop/Catalog", "DB_PASSWORD", "-e", "Dev", given="correct horse\n")

    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == f"{CATALOG}: now holds 'DB_PASSWORD'\n"
    assert bench.value(CATALOG, "DB_PASSWORD") == "correct horse"
    assert "encrypted_regex: ^(data|stringData)$\n" in bench.text(CATALOG)
    assert "mac_only_encrypted: true\n" in bench.text(CATALOG)
    assert bench.path(CATALOG).stat().st_mode & 0o777 == 0o644


def test_values_set_one_after_the_other_compile(bench: Workbench) -> None:
    bench.path("platform.yaml").write_text(DOCUMENT.partition("      - name: Pricing")[0])
    bench.secrets("set", "shop", "--registry", "--username", "puller", given="p")
    bench.secrets("set", "Catalog", "tls.key", "--all", given="k")
    bench.secrets("set", "Catalog", "DB_PASSWORD", "--all", given="b")
    bench.secrets("set", "Catalog", "API_KEY", "--all", given="a")

    compiled = bench.run(sys.executable, "-m", "generator", "compile", PATH="/nonexistent", keys="")

    assert compiled.returncode == 0, compiled.stderr
    assert bench.value("deploy/shop/dev/catalog.secret.yaml", "DB_PASSWORD") == "b"


def test_it_does_not_matter_what_sops_would_read_from_its_configuration_or_the_environment(bench: Workbench) -> None:
    bench.path(".sops.yaml").write_text("creation_rules: [{ age: nobody }]\n")
    stranger = "age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn"

    ended = bench.secrets(
        "set", "Catalog", "API_KEY", "-e", "Dev", given="a", SOPS_AGE_RECIPIENTS=stranger, SOPS_CONFIG="elsewhere"
    )

    assert ended.returncode == 0, ended.stderr
    assert stranger not in bench.text(CATALOG)
    assert bench.value(CATALOG, "API_KEY") == "a"


def test_a_new_value_changes_its_line_the_code_the_time_and_its_record(bench: Workbench) -> None:
    for key in ("DB_PASSWORD", "API_KEY"):
        bench.secrets("set", "Catalog", key, "-e", "Dev", given="old")
    before = bench.text(CATALOG).splitlines()

    bench.secrets("set", "Catalog", "DB_PASSWORD", "-e", "Dev", given="new")

    after = bench.text(CATALOG).splitlines()
    changed = {new.strip().partition(":")[0] for old, new in zip(before, after, strict=True) if old != new}
    assert changed - {"lastmodified"} == {"DB_PASSWORD", "mac", "# changed"}
    assert [line for line in before if "API_KEY" in line] == [line for line in after if "API_KEY" in line]


def test_keys_come_into_code_point_order(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "DB_PASSWORD", "-e", "Dev", given="b")
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")

    assert re.findall(r"^    ([A-Z_]+): ENC", bench.text(CATALOG), re.MULTILINE) == ["API_KEY", "DB_PASSWORD"]


def test_the_same_value_again_changes_no_byte_and_no_time(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")
    before, time = bench.text(CATALOG), bench.path(CATALOG).stat().st_mtime_ns

    ended = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")

    assert (ended.returncode, ended.stderr) == (0, f"{CATALOG}: already holds that value of 'API_KEY'\n")
    assert (bench.text(CATALOG), bench.path(CATALOG).stat().st_mtime_ns) == (before, time)


@pytest.mark.parametrize(
    ("given", "sealed"),
    [
        ("a\n", "a"),
        ("a\r\n", "a"),
        ("a\n\n", "a\n"),
        (" a ", " a "),
        ("å😀\t", "å😀\t"),
        ("a: !b 'c' \"d\"", "a: !b 'c' \"d\""),
    ],
)
def test_one_line_end_at_the_end_of_a_variable_is_left_out(bench: Workbench, given: str, sealed: str) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given=given)

    assert bench.value(CATALOG, "API_KEY") == sealed


def test_a_secret_file_keeps_every_byte(bench: Workbench) -> None:
    source = bench.path("tls.key")
    source.write_bytes(b"-----BEGIN-----\r\nx\x00y\n\n")

    ended = bench.secrets("set", "Catalog", "tls.key", "-e", "Dev", "--from", "tls.key")

    assert ended.stderr == "secrets/shop/dev/catalog.files.yaml: now holds 'tls.key'\n"
    assert bench.run("sops", "decrypt", "--output-type", "json", "secrets/shop/dev/catalog.files.yaml").stdout == (
        '{\n\t"stringData": {\n\t\t"tls.key": "-----BEGIN-----\\r\\nx\\u0000y\\n\\n"\n\t}\n}\n'
    )


def test_one_value_goes_to_several_environments(bench: Workbench) -> None:
    ended = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", "-e", "Prod", given="a", keys="")

    assert ended.returncode == 0
    assert bench.value("secrets/shop/prod/catalog.yaml", "API_KEY") == bench.value(CATALOG, "API_KEY") == "a"


def test_one_is_made_for_each_environment_and_shown_to_nobody(bench: Workbench) -> None:
    ended = bench.secrets("set", "Catalog", "API_KEY", "--all", "--generate", "--length", "20")

    made = [bench.value(f"secrets/shop/{each}/catalog.yaml", "API_KEY") for each in ("dev", "prod")]
    assert made[0] != made[1]
    assert all(re.fullmatch("[A-Za-z0-9]{20}", each) for each in made)
    assert not any(each in ended.stdout + ended.stderr for each in made)


def test_all_means_the_environments_that_have_it_and_one_needs_no_naming(bench: Workbench) -> None:
    ended = bench.secrets("set", "Pricing", "TOKEN", "--all", given="a")
    again = bench.secrets("set", "Pricing", "TOKEN", given="b")

    assert (ended.returncode, again.returncode) == (0, 0)
    assert not bench.path("secrets/shop/prod").exists()
    assert bench.value("secrets/shop/dev/pricing.yaml", "TOKEN") == "b"


def test_a_registry_is_told_as_kubernetes_wants_it(bench: Workbench) -> None:
    ended = bench.secrets("set", "shop", "--registry", "--username", "puller", given="pass\n")

    assert ended.returncode == 0, ended.stderr
    assert json.loads(bench.value("secrets/shop/registry.yaml", ".dockerconfigjson")) == {
        "auths": {"acme.azurecr.io": {"username": "puller", "password": "pass", "auth": "cHVsbGVyOnBhc3M="}}
    }


def test_a_registry_takes_a_whole_configuration_too_if_it_is_one(bench: Workbench) -> None:
    whole = '{"auths": {"a.example.com": {"auth": "eDp5"}}}'

    good = bench.secrets("set", "shop", ".dockerconfigjson", "--registry", given=whole)
    bad = bench.secrets("set", "shop", ".dockerconfigjson", "--registry", given="canary")

    assert (good.returncode, bad.returncode) == (0, 1)
    assert bench.value("secrets/shop/registry.yaml", ".dockerconfigjson") == whole
    assert "[bad-docker-config]" in bad.stderr
    assert "canary" not in bad.stderr


def test_a_value_is_asked_for_twice_on_a_terminal_and_not_shown(bench: Workbench) -> None:
    words = (sys.executable, "-m", "generator", "secrets", "set", "Catalog", "API_KEY", "-e", "Dev")

    status, shown = on_a_terminal(
        words, bench.root, bench.variables("dev"), ["canary-1", "canary-2", "canary-1", "canary-1"]
    )

    assert status == 0, shown
    assert "API_KEY of shop/Dev/Catalog: " in shown
    assert "canary" not in shown
    assert bench.value(CATALOG, "API_KEY") == "canary-1"


def test_a_comment_of_a_person_and_the_dates_of_other_values_stay(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")
    dated = re.sub(r"(# changed: API_KEY) \S+", r"# ours\n\1 2024-02-03", bench.text(CATALOG))
    bench.path(CATALOG).write_text(dated)

    bench.secrets("set", "Catalog", "DB_PASSWORD", "-e", "Dev", given="b")

    first, second, third, fourth, *_ = bench.text(CATALOG).splitlines()
    assert first == "# ours"
    assert second.startswith("# changed: API_KEY 2024-02-03 ")
    assert third.startswith("# changed: DB_PASSWORD 20")
    assert fourth == "stringData:"


def test_an_order_that_kustomize_would_change_is_mended(bench: Workbench) -> None:
    config = bench.run(sys.executable, "-m", "generator", "sops-config").stdout
    bench.path(".sops.yaml").write_text(config)
    bench.path(CATALOG).parent.mkdir(parents=True)
    bench.path(CATALOG).write_text("stringData:\n  B: x\n  API_KEY: y\n")
    assert bench.run("sops", "encrypt", "--in-place", CATALOG).returncode == 0

    ended = bench.secrets("set", "Catalog", "DB_PASSWORD", "-e", "Dev", given="b")

    assert ended.returncode == 0, ended.stderr
    assert re.findall(r"^    ([A-Z_]+): ENC", bench.text(CATALOG), re.MULTILINE) == ["API_KEY", "B", "DB_PASSWORD"]


def test_the_credentials_of_a_store_are_set_like_other_secrets(tmp_path: Path) -> None:
    root = tmp_path / "large"
    shutil.copytree(Path(__file__).parents[3] / "samples" / "large", root)
    bench = Workbench(root)
    file = "secrets/shop/dev/main.store.yaml"
    bench.path(file).unlink()

    sealed = bench.secrets("set", "shop", "clientId", "--store", "main", "-e", "Dev", given="a")
    lost = bench.secrets("set", "shop", "clientId", "--store", "main", "-e", "Prod", given="a")

    assert (sealed.returncode, sealed.stderr) == (0, f"{file}: now holds 'clientId'\n")
    assert lost.returncode == 2
    assert "store 'main' of 'shop' is not in 'Prod'; choose from 'Dev'" in lost.stderr
