"""`platformc secrets unset`, with real sops and age."""

from pathlib import Path

import pytest

from tests.cli.secrets.workbench import CATALOG, DOCUMENT, Workbench, set_up


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """Both variables of the catalog are sealed in Dev."""
    bench = set_up(tmp_path)
    for key in ("API_KEY", "DB_PASSWORD"):
        bench.secrets("set", "Catalog", key, "-e", "Dev", given="a")
    return bench


def test_one_value_goes_and_the_other_keeps_its_ciphertext(bench: Workbench) -> None:
    before = bench.text(CATALOG)

    ended = bench.secrets("unset", "shop/Catalog", "API_KEY", "-e", "Dev")

    assert (ended.returncode, ended.stderr) == (0, f"{CATALOG}: holds no longer 'API_KEY'\n")
    assert "API_KEY" not in bench.text(CATALOG)
    assert {line for line in bench.text(CATALOG).splitlines() if "DB_PASSWORD" in line} <= set(before.splitlines())
    assert bench.value(CATALOG, "DB_PASSWORD") == "a"


def test_with_the_last_value_the_file_goes_and_needs_no_key_for_that(bench: Workbench) -> None:
    bench.secrets("unset", "Catalog", "API_KEY", "-e", "Dev")

    ended = bench.secrets("unset", "Catalog", "DB_PASSWORD", "--all", keys="", PATH="/nonexistent")

    assert (ended.returncode, ended.stderr) == (0, f"{CATALOG}: removed: it held nothing else than 'DB_PASSWORD'\n")
    assert not bench.path("secrets").exists()


def test_what_the_document_no_longer_declares_can_go(bench: Workbench) -> None:
    bench.path("platform.yaml").write_text(DOCUMENT.replace("API_KEY: { secret: true }, ", ""))

    ended = bench.secrets("unset", "Catalog", "API_KEY", "-e", "Dev")

    assert ended.returncode == 0
    assert "API_KEY" not in bench.text(CATALOG)


def test_what_is_not_sealed_is_a_finding_with_the_nearest_name(bench: Workbench) -> None:
    before = bench.files()

    ended = bench.secrets("unset", "Catalog", "DB_PASWORD", "-e", "Dev")

    assert ended.returncode == 1
    assert ended.stderr.startswith(
        f"{CATALOG}:1:1: error: there is no sealed value 'DB_PASWORD' for 'shop/Dev/Catalog' to remove "
        "[nothing-sealed]\n  = hint: did you mean 'DB_PASSWORD'?\n"
    )
    assert bench.files() == before


def test_without_a_key_nothing_changes(bench: Workbench) -> None:
    before = bench.files()

    ended = bench.secrets("unset", "Catalog", "API_KEY", "-e", "Dev", keys="prod")

    assert ended.returncode == 1
    assert "[no-key]" in ended.stderr
    assert bench.files() == before


def test_a_secret_file_is_found_by_its_name(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "tls.key", "-e", "Dev", given="k")

    ended = bench.secrets("unset", "Catalog", "tls.key", "-e", "Dev")

    assert ended.returncode == 0
    assert not bench.path("secrets/shop/dev/catalog.files.yaml").exists()
