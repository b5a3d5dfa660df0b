"""What tests of committed output have in common."""

from collections.abc import Iterator

import pytest

from tests.committed.killing import Forks


@pytest.fixture(scope="module", params=["with a cache", "without a cache"])
def forks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """What runs platformc, in one module, once with a cache and once without."""
    cache = str(tmp_path_factory.mktemp("cache")) if request.param == "with a cache" else "off"
    forks = Forks({"PLATFORMC_CACHE": cache, "NO_COLOR": "1"})
    yield forks
    forks.end()
