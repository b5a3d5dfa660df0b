"""What `platformc secrets set` refuses: in its own words, without a value, and with nothing changed."""

import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.secrets.workbench import CATALOG, Workbench, set_up

CANARY = "canary-5f1d7c"


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return set_up(tmp_path)


def refused(
    bench: Workbench, *words: str, given: str | bytes = CANARY, keys: str = "dev prod", **variables: str
) -> tuple[int, str]:
    """Run `set`, which must change nothing and repeat no value; its status, and what it said."""
    before = bench.files()

    ended = bench.secrets("set", *words, given=given, keys=keys, **variables)

    assert bench.files() == before
    assert CANARY not in ended.stdout + ended.stderr
    return ended.returncode, ended.stderr


def test_a_file_that_is_not_there(bench: Workbench) -> None:
    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev", "--from", "nowhere")

    assert status == 1
    assert said == (
        "nowhere:1:1: error: 'nowhere' cannot be read: there is no such file [unreadable-file]\n"
        "  = hint: is its name right?\n"
        "1 error\n"
    )


def test_standard_input_that_is_closed(bench: Workbench) -> None:
    command = f"exec {sys.executable} -m generator secrets set Catalog API_KEY -e Dev <&-"

    ended = bench.run("sh", "-c", command)

    assert ended.returncode == 2
    assert "standard input is closed; pipe the value in, or give it by '--from FILE'" in ended.stderr


@pytest.mark.parametrize("command", ["edit", "download"])
def test_commands_on_one_environment_do_not_speak_of_all(bench: Workbench, command: str) -> None:
    words = ("-o", "-") if command == "download" else ()

    ended = bench.secrets(command, "Catalog", *words)

    assert ended.returncode == 2
    assert "say in which environment by '-e'; choose from 'Dev', 'Prod'" in ended.stderr


@pytest.mark.parametrize("words", [("DB_PASSWORD", CANARY), (f"DB_PASSWORD={CANARY}",)])
def test_a_value_among_the_arguments(bench: Workbench, words: tuple[str, ...]) -> None:
    status, said = refused(bench, "Catalog", *words, "-e", "Dev")

    assert status == 2
    assert said.startswith("platformc: a value is never an argument: shells keep a history of those, and process lists")


def test_something_that_is_no_key_and_may_be_a_value(bench: Workbench) -> None:
    status, said = refused(bench, "Catalog", f"{CANARY}!", "-e", "Dev")

    assert status == 1
    assert "what is given for KEY is not a key that a Secret takes [bad-secret-key]" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Catalog", "API_KEY", "-e", "Pord"), "there is no environment 'Pord'; did you mean 'Prod'?"),
        (("Catlog", "API_KEY", "-e", "Dev"), "there is no microservice 'Catlog'; did you mean 'shop/Catalog'?"),
        (("shp", "--registry"), "there is no application 'shp'; did you mean 'shop'?"),
        (("Pricing", "TOKEN", "-e", "Prod"), "'shop/Pricing' is not in 'Prod'; choose from 'Dev'"),
        (("Catalog", "API_KEY"), "say in which environment by '-e', or '--all'; choose from 'Dev', 'Prod'"),
        (("Catalog", "-e", "Dev"), "say which key; choose from 'API_KEY', 'DB_PASSWORD'"),
        (("Catalog", "API_KEY", "--all", "--length", "20"), "'--length' is the length of what '--generate' makes"),
        (("Catalog", "API_KEY", "-f", "-", "-e", "Dev"), "the document comes from standard input"),
        (("shop", "--registry"), "nobody is there to ask; say it by '--username'"),
    ],
)
def test_words_that_mean_nothing(bench: Workbench, words: tuple[str, ...], expected: str) -> None:
    given = bench.text("platform.yaml") if "-" in words else CANARY

    status, said = refused(bench, *words, given=given)

    assert status == 2
    assert expected in said


def test_a_key_that_the_document_does_not_declare(bench: Workbench) -> None:
    status, said = refused(bench, "Catalog", "DB_PASWORD", "-e", "Dev")

    assert status == 1
    assert "error: the document declares no secret 'DB_PASWORD' for 'shop/Dev/Catalog' [undeclared-secret]" in said
    assert "did you mean 'DB_PASSWORD'? if not, declare it first, below 'env'" in said


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (b"\xff\xfe" + CANARY.encode(), "not-utf-8", "the value for 'API_KEY' is not UTF-8"),
        (b"a\0" + CANARY.encode(), "control-character", "the value for 'API_KEY' holds a NUL character"),
        (b"", "empty-secret", "the value for 'API_KEY' is empty"),
        (b"\n", "empty-secret", "the value for 'API_KEY' is empty"),
        (b"a" * (2 << 20), "secret-too-large", "the value for 'API_KEY' has more than the 1048576 bytes of a Secret"),
    ],
)
def test_a_value_that_can_be_none(bench: Workbench, given: bytes, code: str, words: str) -> None:
    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev", given=given)

    assert status == 1
    assert f"error: {words}" in said
    assert f"[{code}]" in said


def test_values_that_are_too_much_together(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a" * 600_000)

    status, said = refused(bench, "Catalog", "DB_PASSWORD", "-e", "Dev", given="b" * 600_000)

    assert status == 1
    assert f"{CATALOG}:1:1: error: the values have 1200000 bytes together" in said


def test_a_file_to_read_that_is_not_there(bench: Workbench) -> None:
    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev", "--from", "nowhere.txt")

    assert status == 1
    assert "'nowhere.txt' cannot be read" in said


def test_a_file_of_which_no_line_is_shown_and_whose_name_is_as_it_was_given(bench: Workbench) -> None:
    bench.path("value.txt").write_bytes(CANARY.encode() + b"\xff\n")
    platform = f"../{bench.root.name}/platform.yaml"

    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev", "--from", "value.txt", "-f", platform)

    assert status == 1
    assert said.startswith("value.txt:1:1: error: the value for 'API_KEY' is not UTF-8")


def test_a_machine_without_sops(bench: Workbench) -> None:
    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev", PATH="/nonexistent")

    assert (status, said) == (
        3,
        "platformc: 'sops' is not on PATH; install it: go install github.com/getsops/sops/v3/cmd/sops@v3.13.2\n",
    )


@pytest.mark.parametrize("says", ["sops 3.10.2 (latest)", "sops 2.0.8", "Incorrect Usage."])
def test_a_sops_that_is_too_old(bench: Workbench, tmp_path: Path, says: str) -> None:
    old = tmp_path / "sops"
    old.write_text(f"#!/bin/sh\necho '{says}'\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)

    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev", PATH=f"{tmp_path}{os.pathsep}/usr/bin:/bin")

    assert status == 3
    assert "expected 3.11 or newer; install it: go install" in said


@pytest.mark.parametrize("keys", ["", "prod"])
def test_a_file_that_no_key_at_hand_opens(bench: Workbench, keys: str) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")

    status, said = refused(bench, "Catalog", "DB_PASSWORD", "-e", "Dev", keys=keys)

    assert status == 1
    assert said.startswith(
        f"{CATALOG}:1:1: error: no key at hand opens '{CATALOG}', so 'DB_PASSWORD' stays as before [no-key]\n"
    )


def test_one_file_that_cannot_be_opened_leaves_the_others_alone_too(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "--all", given="a")

    status, said = refused(bench, "Catalog", "DB_PASSWORD", "--all", keys="dev")

    assert status == 1
    assert "secrets/shop/prod/catalog.yaml:1:1: error: no key at hand" in said


def swapped(text: str) -> str:
    one, other = re.findall(r": (ENC\[AES256_GCM,data:.*type:str\])\n(?=    DB|sops)", text)
    return text.replace(one, "?").replace(other, one).replace("?", other)


@pytest.mark.parametrize(
    ("tampered", "code"),
    [
        pytest.param(lambda _: f"stringData:\n  API_KEY: {CANARY}\n", "not-sealed", id="not a sops file"),
        pytest.param(lambda _: f"{CANARY}: [", "sealed-shape", id="not YAML"),
        pytest.param(lambda text: text.replace("encrypted: true", "encrypted: false"), "sealed-options", id="options"),
        pytest.param(lambda text: text.partition("sops:")[0], "sealed-shape", id="cut off early"),
        pytest.param(lambda text: text[: len(text) * 2 // 3], "sealed-options", id="cut off late"),
        pytest.param(swapped, "mac-mismatch", id="swapped values"),
        pytest.param(lambda text: re.sub(r"    API_KEY: .*\n", "", text), "mac-mismatch", id="a line gone"),
        pytest.param(
            lambda text: re.sub(r"(    API_KEY: ).*\n", rf"\1{CANARY}\n", text), "plaintext-value", id="plaintext"
        ),
    ],
)
def test_a_file_that_is_not_as_sops_left_it(bench: Workbench, tampered: Callable[[str], str], code: str) -> None:
    for key in ("API_KEY", "DB_PASSWORD"):
        bench.secrets("set", "Catalog", key, "-e", "Dev", given="a")
    bench.path(CATALOG).write_text(tampered(bench.text(CATALOG)))

    status, said = refused(bench, "Catalog", "DB_PASSWORD", "-e", "Dev")

    assert status == 1
    assert f"[{code}]" in said
    assert CATALOG in said


def test_sealed_comments_that_a_new_key_would_cost(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")
    bench.run("sops", "edit", CATALOG, EDITOR="sed -i 's/^    API_KEY/    # mine\\n&/'")
    assert "#ENC[" in bench.text(CATALOG)

    status, said = refused(bench, "Catalog", "DB_PASSWORD", "-e", "Dev")
    changed = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="b")

    assert status == 1
    assert "[sealed-comment]" in said
    assert changed.returncode == 0
    assert "#ENC[" in bench.text(CATALOG)
    assert bench.value(CATALOG, "API_KEY") == "b"


def test_a_place_that_a_link_leads_out_of_the_project(bench: Workbench, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    bench.path("secrets").symlink_to(outside)

    status, said = refused(bench, "Catalog", "API_KEY", "-e", "Dev")

    assert status == 1
    assert "[outside-project]" in said
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("given", ["", "\n"])
def test_an_empty_password_of_a_registry_is_called_one(bench: Workbench, given: str) -> None:
    status, said = refused(bench, "shop", "--registry", "--username", "puller", given=given)

    assert status == 1
    assert said == (
        "<stdin>:1:1: error: the password for 'acme.azurecr.io' is empty [empty-secret]\n"
        "  = hint: pipe the password in, name its file by '--from FILE', or type it at a terminal\n"
        "1 error\n"
    )
