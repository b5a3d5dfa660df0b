import json
from typing import NamedTuple

import pytest

from generator.model.plain_data import packed, unpacked
from generator.model.source import Position


class Pair(NamedTuple):
    first: object
    second: object


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1.5,
        "text",
        [1, [2]],
        (),
        ("a", 1, ("b",)),
        frozenset({"a", "b"}),
        {},
        {("a", 1): None, "b": [{}]},
        Pair("a", (1, 2)),
        Position("file", 1, 2, 3),
        {"": {"{}": {"{:}": ()}}},
    ],
)
def test_a_value_travels_as_json_and_comes_back(value: object) -> None:
    again = unpacked(json.loads(json.dumps(packed(value))), (Pair, Position))

    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize("plain", [{}, {"a": [], "b": []}, {"Unknown": []}, {"Position": []}, {"{:}": [1]}, {"": 3}])
def test_what_was_never_packed_is_refused(plain: object) -> None:
    with pytest.raises(ValueError, match="not what was packed"):
        unpacked(plain, (Position,))


def test_what_has_no_place_in_json_is_refused() -> None:
    with pytest.raises(TypeError):
        packed(object())
