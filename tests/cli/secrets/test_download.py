"""`platformc secrets download`: values in the clear, to a terminal or a file that only one person can read."""

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml_rs

from tests.cli.secrets.repository import Repository
from tests.cli.secrets.shop import APPLICATION, CATALOG_DEV, FILES_DEV, new_shop

VALUES = {"API_KEY": "canary 'quoted' $1", "DB_PASSWORD": "canary"}


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    made = new_shop(tmp_path)
    recipient = made.do("age-keygen", "-y", str(made.key)).strip()
    made.seal(recipient, CATALOG_DEV, **dict.fromkeys(VALUES, "x"))
    made.change(CATALOG_DEV, **VALUES)
    made.seal(recipient, FILES_DEV, **{"tls.key": "x"})
    made.change(FILES_DEV, **{"tls.key": "-----BEGIN\ncanary\n"})
    return made


def download(shop: Repository, *words: str) -> "subprocess.CompletedProcess[str]":
    return shop.run("platformc", "secrets", "download", *words)


def test_dotenv_is_what_import_reads_again(shop: Repository) -> None:
    ended = download(shop, "shop/Catalog", "-e", "Dev", "-o", "-")
    before = shop.text(CATALOG_DEV)

    shop.do("platformc", "secrets", "import", "-", "shop/Catalog", "-e", "Dev", given=ended.stdout)

    assert ended.stdout == "API_KEY=\"canary 'quoted' \\$1\"\nDB_PASSWORD=canary\n"
    assert ended.stderr == ""
    assert shop.text(CATALOG_DEV) == before


@pytest.mark.parametrize("form", ["dotenv", "json", "yaml"])
def test_every_format_is_read_again_as_the_same(shop: Repository, form: str) -> None:
    file = shop.root.parent / f"out.{form}"
    shop.do("platformc", "secrets", "download", "shop/Catalog", "-e", "Dev", "--as", form, "-o", str(file))
    shop.change(CATALOG_DEV, API_KEY="other")

    shop.do("platformc", "secrets", "import", str(file), "shop/Catalog", "-e", "Dev")

    assert shop.opened(CATALOG_DEV) == VALUES


def test_yaml_is_a_secret_by_the_name_that_it_has_in_the_cluster(shop: Repository) -> None:
    ended = download(shop, "shop/Catalog", "-e", "Dev", "--as", "yaml", "-o", "-")

    assert yaml_rs.loads(ended.stdout) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "dev-catalog-secret-env-variables", "namespace": f"application-{APPLICATION}"},
        "type": "Opaque",
        "stringData": VALUES,
    }


def test_one_key_is_its_bare_value_byte_for_byte(shop: Repository) -> None:
    assert download(shop, "Catalog", "DB_PASSWORD", "-e", "Dev", "-o", "-").stdout == "canary"
    assert download(shop, "Catalog", "tls.key", "-e", "Dev", "-o", "-").stdout == "-----BEGIN\ncanary\n"


def test_secret_files_are_asked_for_by_an_option(shop: Repository) -> None:
    ended = download(shop, "shop/Catalog", "-e", "Dev", "--files", "-o", "-")

    assert ended.stdout == 'tls.key="-----BEGIN\\ncanary\\n"\n'


def test_a_pipe_gets_nothing_unless_it_is_said(shop: Repository) -> None:
    ended = download(shop, "shop/Catalog", "-e", "Dev")

    assert ended.returncode == 2
    assert "standard output is no terminal; say '-o -' if values may go there, or '-o FILE'" in ended.stderr
    assert ended.stdout == ""


def test_a_terminal_gets_the_value_on_a_line_of_its_own(shop: Repository) -> None:
    ours, theirs = pty.openpty()
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SOPS_AGE_KEY_FILE": str(shop.key),
    }
    words = ["platformc", "secrets", "download", "shop/Catalog", "DB_PASSWORD", "-e", "Dev"]

    ended = subprocess.run(words, cwd=shop.root, env=environment, stdout=theirs, check=False, timeout=60)

    os.close(theirs)
    assert ended.returncode == 0
    assert os.read(ours, 100) == b"canary\r\n"
    os.close(ours)


def test_a_file_is_for_one_person_whatever_the_umask(shop: Repository) -> None:
    file = shop.root.parent / "out.env"
    words = "platformc secrets download shop/Catalog -e Dev -o ../out.env"

    said = shop.do("sh", "-c", f"umask 000; {words}")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert said == "../out.env: holds values in the clear, readable by you alone; delete it when it has served\n"


@pytest.mark.parametrize("there", ["file", "link"])
def test_what_is_there_is_never_written_over(shop: Repository, there: str) -> None:
    file = shop.root.parent / "out.env"
    if there == "file":
        file.write_text("mine")
    else:
        file.symlink_to(shop.root.parent / "elsewhere")

    ended = download(shop, "shop/Catalog", "-e", "Dev", "-o", str(file))

    assert ended.returncode == 2
    assert "there is already something at " in ended.stderr
    assert not (shop.root.parent / "elsewhere").exists()
    assert there == "link" or file.read_text() == "mine"


def test_a_place_where_git_would_commit_it_is_refused(shop: Repository) -> None:
    ended = download(shop, "shop/Catalog", "-e", "Dev", "-o", "out.env")

    assert ended.returncode == 2
    assert "'out.env' lies in a git work tree, where values in the clear could be committed" in ended.stderr
    assert not (shop.root / "out.env").exists()


def test_a_file_that_git_ignores_may_be_written(shop: Repository) -> None:
    (shop.root / ".gitignore").write_text("*.env\n")

    shop.do("platformc", "secrets", "download", "shop/Catalog", "-e", "Dev", "-o", "out.env")

    assert (shop.root / "out.env").read_text().endswith("DB_PASSWORD=canary\n")


def test_a_folder_that_is_not_there_is_told_in_a_line(shop: Repository) -> None:
    ended = download(shop, "shop/Catalog", "-e", "Dev", "-o", "/nowhere/at/all.env")

    assert ended.returncode == 3
    assert ended.stderr == "platformc: '/nowhere/at/all.env' cannot be written: the folder vanished\n"


def test_without_a_key_nothing_comes_out(shop: Repository, tmp_path: Path) -> None:
    shop.key = tmp_path / "none"

    ended = download(shop, "shop/Catalog", "-e", "Dev", "-o", "-")

    assert ended.returncode == 1
    assert "[no-key]" in ended.stderr
    assert ended.stdout == ""


def test_a_value_that_no_dotenv_file_can_hold_asks_for_another_format(shop: Repository) -> None:
    shop.change(CATALOG_DEV, DB_PASSWORD="can\x01ary")  # noqa: S106  (a canary)

    ended = download(shop, "shop/Catalog", "-e", "Dev", "-o", "-")

    assert ended.returncode == 2
    assert "'DB_PASSWORD' has characters that a dotenv file cannot hold; say '--as json'" in ended.stderr
    assert download(shop, "shop/Catalog", "-e", "Dev", "-o", "-", "--as", "json").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shop/Catalog", "DB_PASWORD", "-e", "Dev"], "did you mean 'DB_PASSWORD'?"),
        (["shop/Catalog", "-e", "Prod"], "nothing is sealed in 'secrets/shop/prod/catalog.yaml'"),
        (["shop/Catalog"], "say in which environment by '-e'"),
        (["shop/Catalog", "-e", "Pord"], "there is no environment 'Pord'; did you mean 'Prod'?"),
    ],
)
def test_a_name_that_means_nothing_is_refused(shop: Repository, words: list[str], said: str) -> None:
    ended = download(shop, *words, "-o", "-")

    assert ended.returncode == 2
    assert said in ended.stderr
