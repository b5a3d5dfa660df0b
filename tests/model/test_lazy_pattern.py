import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import generator
from generator.model.lazy_pattern import _Lazy, lazy_pattern


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, _Lazy):
                    yield f"{module.name}.{name}", value  # type: ignore[misc]  # that is what it stands for


def test_it_is_the_pattern_that_it_stands_for() -> None:
    lazy = lazy_pattern("(?P<letter>[a-z])", re.IGNORECASE)

    assert [lazy.fullmatch(each) is not None for each in ("A", "b", "1")] == [True, True, False]
    assert lazy.sub("-", "a1B") == "-1-"
    assert lazy.pattern == "(?P<letter>[a-z])"
    assert lazy.groupindex == {"letter": 1}


def test_it_is_compiled_when_it_is_used() -> None:
    lazy = lazy_pattern("(")

    with pytest.raises(re.error):
        lazy.search("")


def test_every_one_of_the_program_s_compiles() -> None:
    found = dict(patterns())

    assert len(found) > 100
    assert all(each.flags >= 0 for each in found.values())


def test_none_repeats_a_group_possessively() -> None:
    # Python before 3.11.5, Debian 12's among them, gets these wrong: https://github.com/python/cpython/issues/106052.
    everything = {name: str(each.pattern) for name, each in patterns()}

    assert not [name for name, said in everything.items() if re.search(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+", said)]
