"""What `platformc secrets import` refuses: then nothing is written, and no line of a source is shown."""

import json
from pathlib import Path

import pytest

from tests.cli.secrets.repository import Repository
from tests.cli.secrets.shop import CATALOG_PROD, new_shop


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    return new_shop(tmp_path)


def sealed_files(shop: Repository) -> list[str]:
    return sorted(str(each.relative_to(shop.root)) for each in shop.root.glob("secrets/**/*.yaml"))


def write(shop: Repository, name: str, text: str) -> None:
    (shop.root / name).write_text(text)


def test_all_findings_of_all_sources_come_before_anything_is_written_and_show_no_line(shop: Repository) -> None:
    write(shop, "a.env", "DB_PASSWORD=canary$x\nAPI_KEY=`canary`\n")
    write(shop, "b.json", '{"API_KEY": "canary"')
    write(shop, "c.yaml", "kind: Secret\ndata: { API_KEY: 'canary!' }\n")
    write(shop, "d.yaml", "kind: Secret\ndata: { API_KEY: canary, API_KEY: canary }\n")
    (shop.root / "e.env").write_bytes(b"DB_PASSWORD=ok\nAPI_KEY=canary\xff\n")

    files = ("a.env", "b.json", "c.yaml", "d.yaml", "e.env")
    ended = shop.run("platformc", "secrets", "import", *files, "shop/Catalog", "-e", "Dev")

    assert ended.returncode == 1
    places = [line.split(": error: ")[0] for line in ended.stderr.splitlines() if ": error: " in line]
    assert places == ["a.env:1:19", "a.env:2:9", "b.json:1:21", "c.yaml:2:9", "d.yaml:2:26", "e.env:2:1"]
    assert "unreadable-secret" in ended.stderr
    assert "canary" not in ended.stderr
    assert sealed_files(shop) == []


def test_one_key_with_two_values_is_refused(shop: Repository) -> None:
    write(shop, "a.env", "DB_PASSWORD=canary1\nAPI_KEY=same\n")
    write(shop, "b.env", "API_KEY=same\nDB_PASSWORD=canary2\n")

    ended = shop.run("platformc", "secrets", "import", "a.env", "b.env", "shop/Catalog", "-e", "Dev")

    assert ended.returncode == 1
    assert "b.env:2:1: error: 'DB_PASSWORD' of 'shop/Dev/Catalog' is there twice" in ended.stderr
    assert "the first is at a.env:1:1" in ended.stderr
    assert "canary" not in ended.stderr
    assert sealed_files(shop) == []


def test_a_file_that_cannot_be_opened_keeps_all_others_as_they_are(shop: Repository) -> None:
    _, stranger = shop.new_key("stranger")
    shop.seal(stranger, CATALOG_PROD, DB_PASSWORD="canary-before")  # noqa: S106  (a canary)
    before = shop.text(CATALOG_PROD)
    write(shop, ".env", "DB_PASSWORD=canary\n")

    ended = shop.run("platformc", "secrets", "import", ".env", "shop/Catalog", "--all")

    assert ended.returncode == 1
    assert f"no key at hand opens '{CATALOG_PROD}'" in ended.stderr
    assert sealed_files(shop) == [CATALOG_PROD]
    assert shop.text(CATALOG_PROD) == before


def test_a_registry_secret_that_no_kubelet_would_take_is_refused(shop: Repository) -> None:
    write(shop, "acr.json", json.dumps({".dockerconfigjson": "canary"}))

    ended = shop.run("platformc", "secrets", "import", "acr.json", "shop", "--registry")

    assert ended.returncode == 1
    assert "[bad-docker-config]" in ended.stderr
    assert "canary" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([".env"], "'.env' does not say whose values it holds; name the microservice behind it"),
        (
            [".env", "shop/Catalgo", "-e", "Dev"],
            "there is no microservice 'shop/Catalgo'; did you mean 'shop/Catalog'?",
        ),
        ([".env", "shop/Catalog"], "say in which environment by '-e', or '--all'; choose from 'Dev', 'Prod'"),
        ([".env", "shop/Catalog", "-e", "Pord"], "there is no environment 'Pord'; did you mean 'Prod'?"),
        (["-", "-f", "-"], "document and values cannot both come from standard input"),
    ],
)
def test_a_command_line_that_says_too_little_is_refused(shop: Repository, words: list[str], said: str) -> None:
    write(shop, ".env", "DB_PASSWORD=canary\n")

    ended = shop.run("platformc", "secrets", "import", *words)

    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_source_that_is_not_there_is_a_finding(shop: Repository) -> None:
    ended = shop.run("platformc", "secrets", "import", "none.env")

    assert ended.returncode == 1
    assert "'none.env' cannot be read" in ended.stderr


def test_without_sops_nothing_changes_and_the_message_says_what_to_install(shop: Repository, tmp_path: Path) -> None:
    write(shop, ".env", "DB_PASSWORD=canary\n")
    platformc = shop.do("sh", "-c", "command -v platformc").strip()
    words = (platformc, "secrets", "import", ".env", "shop/Catalog", "-e", "Dev")

    ended = shop.run("env", f"PATH={tmp_path}", *words)

    assert ended.returncode == 3
    assert "'sops' is not on PATH; install it" in ended.stderr
    assert sealed_files(shop) == []
