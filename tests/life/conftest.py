"""One household for all who need a furnished one: founded once, lived in by copies."""

from pathlib import Path

import pytest

from tests.life.household import Household, found, furnish


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Household:
    """Everything is sealed and compiled here; not to be changed."""
    household = found(tmp_path_factory.mktemp("model"))
    furnish(household)
    ended = household.without_anything("compile")
    assert ended.returncode == 0, ended.stderr
    return household


@pytest.fixture
def household(model_home: Household, tmp_path: Path) -> Household:
    """A copy of the furnished one."""
    return model_home.copy(tmp_path)
