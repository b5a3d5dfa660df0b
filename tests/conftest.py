"""What all tests have in common."""

import os
import signal
from collections.abc import Iterator

import pytest

# What a shell runs in the background ignores Ctrl-C, and so does all that it starts: tests of that would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what runs of platformc leave behind in a folder of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        patch.delitem(os.environ, "PLATFORMC_CACHE", raising=False)
        yield
