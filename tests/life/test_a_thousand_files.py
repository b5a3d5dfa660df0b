"""A thousand sealed files are no other life than three."""

import json
from pathlib import Path

import pytest

from tests.benchmarks import standard_platform
from tests.life.household import Household, found


@pytest.fixture
def crowd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Household:
    """Five hundred microservices in two environments, each with two secrets."""
    household = found(tmp_path)
    monkeypatch.setattr(standard_platform, "RECIPIENT", household.people["ann"][1])
    sealed = standard_platform.seal(tmp_path)
    household.root = tmp_path / "a thousand"
    standard_platform.write_platform(household.root, 500, sealed, environments=("Dev", "Prod"))
    return household


def test_status_tells_of_a_thousand_files_and_of_the_one_that_is_not_like_them(crowd: Household) -> None:
    (crowd.root / "secrets/shop/prod/service-00321.yaml").unlink()

    ended = crowd.without_anything("secrets", "status", "--format", "json")

    stock = json.loads(ended.stdout)["secrets"]
    others = {
        (each["microservice"], each["environment"], *each["states"]) for each in stock if each["states"] != ["sealed"]
    }
    assert ended.returncode == 1
    assert len(stock) == 2_000
    assert others == {("Service-00321", "Prod", "missing")}


def test_verify_opens_the_files_of_many_microservices(crowd: Household) -> None:
    chosen = [word for number in range(100, 130) for word in ("--select", f"Service-00{number}")]

    ended = crowd.platformc("secrets", "verify", "-e", "Dev", *chosen)

    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.endswith("verified 30 files\n")
