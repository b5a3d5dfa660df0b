"""`platformc secrets list`."""

import json
from pathlib import Path

import pytest

from tests.cli.secrets.workbench import CATALOG, DOCUMENT, Workbench, set_up


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """The password of the catalog is sealed in both environments, its key in Dev."""
    bench = set_up(tmp_path)
    bench.secrets("set", "Catalog", "DB_PASSWORD", "--all", given="canary")
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="canary")
    return bench


def test_names_and_environments_are_listed_without_key_or_sops(bench: Workbench) -> None:
    ended = bench.secrets("list", keys="", PATH="/nonexistent")

    assert ended.returncode == 0
    assert ended.stdout.splitlines() == [
        "shop/Catalog  tls.key            (Dev), (Prod)",
        "shop/Catalog  API_KEY            Dev, (Prod)",
        "shop/Catalog  DB_PASSWORD        Dev, Prod",
        "shop/Pricing  TOKEN              (Dev)",
        "shop          .dockerconfigjson  (all)",
    ]


def test_a_program_reads_what_is_declared_and_sealed(bench: Workbench) -> None:
    bench.path("platform.yaml").write_text(DOCUMENT.replace("API_KEY: { secret: true }, ", ""))

    ended = bench.secrets("list", "-e", "Dev", "--select", "shop/Catalog", "--format", "json")

    assert [(each["key"], each["declared"], each["sealed"]) for each in json.loads(ended.stdout)["secrets"]] == [
        ("tls.key", True, False),
        ("API_KEY", False, True),
        ("DB_PASSWORD", True, True),
    ]
    assert json.loads(ended.stdout)["secrets"][1] == {
        "application": "shop",
        "environment": "Dev",
        "microservice": "Catalog",
        "kind": "variables",
        "store": None,
        "key": "API_KEY",
        "file": CATALOG,
        "declared": False,
        "sealed": True,
    }
    assert "canary" not in ended.stdout


def test_an_environment_that_is_not_there(bench: Workbench) -> None:
    ended = bench.secrets("list", "-e", "Pord")

    assert ended.returncode == 2
    assert "there is no environment 'Pord'; did you mean 'Prod'?" in ended.stderr
