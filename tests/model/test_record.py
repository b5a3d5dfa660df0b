"""Dataclasses of our own do what those of the standard library do."""

import dataclasses
import operator
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from generator.model.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Made by us."""

    name: str
    size: int = 3
    tags: list[str] = dataclasses.field(default_factory=list)
    hidden: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """Made by the standard library."""

    name: str
    size: int = 3
    tags: list[str] = dataclasses.field(default_factory=list)
    hidden: str = dataclasses.field(default="", repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """In a row, and checked."""

    line: int
    column: int = 1

    def __post_init__(self) -> None:
        if self.line < 1:
            raise ValueError("no such line")


@dataclass(frozen=True, slots=True)
class Single:
    """Of one field."""

    only: tuple[int, ...]


@dataclass(slots=True)
class Open:
    """To be changed."""

    found: dict[str, int] = dataclasses.field(default_factory=dict)


@pytest.mark.parametrize("make", [Ours, Theirs])
def test_fields_have_their_values_and_defaults(make: Callable[..., Any]) -> None:
    made = make(name="Catalog")

    assert (made.name, made.size, made.tags, made.hidden) == ("Catalog", 3, [], "")
    assert made.tags is not make(name="Catalog").tags
    assert made.__slots__ == ("name", "size", "tags", "hidden")


@pytest.mark.parametrize("make", [Ours, Theirs])
@pytest.mark.parametrize("given", [{}, {"name": "a", "color": "red"}])
def test_what_a_class_does_not_take_it_refuses(make: Callable[..., Any], given: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=r"__init__\(\)"):
        make(**given)
    with pytest.raises(TypeError, match="positional"):
        make("Catalog")


@pytest.mark.parametrize("make", [Ours, Theirs])
def test_a_frozen_one_cannot_be_changed(make: Callable[..., Any]) -> None:
    made = make(name="Catalog")

    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'size'"):
        made.size = 4
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'size'"):
        del made.size


def test_it_prints_as_ever() -> None:
    ours, theirs = Ours(name="50%", tags=["a"], hidden="x"), Theirs(name="50%", tags=["a"], hidden="x")

    assert repr(ours).removeprefix("Ours") == repr(theirs).removeprefix("Theirs")
    assert repr(Single((1, 2))) == "Single(only=(1, 2))"


def test_those_of_one_class_and_one_content_are_equal_and_have_one_hash() -> None:
    assert Place(3, 4) == Place(3, 4)
    assert len({Place(3, 4), Place(3, 4), Place(3, 5)}) == 2
    assert not operator.eq(Place(3, 4), (3, 4))
    assert not operator.eq(Ours(name="a"), Theirs(name="a"))
    assert Single((1,)) == Single((1,))
    assert Open({"a": 1}) == Open({"a": 1})


def test_what_can_be_changed_has_no_hash() -> None:
    made = Open()
    made.found = {"a": 1}

    assert made == Open({"a": 1})
    with pytest.raises(TypeError, match="unhashable"):
        hash(made)


def test_they_are_ordered_by_their_fields_where_they_are_to_be() -> None:
    assert sorted([Place(3, 2), Place(1, 9), Place(3)]) == [Place(1, 9), Place(3, 1), Place(3, 2)]
    assert Place(1) < Place(2) <= Place(2)
    assert Place(2) > Place(1) >= Place(1)
    with pytest.raises(TypeError):
        operator.lt(Place(1), (1, 1))


def test_a_class_may_look_at_what_it_was_given() -> None:
    with pytest.raises(ValueError, match="no such line"):
        Place(0)


def test_they_can_be_replaced_looked_through_matched_and_sent() -> None:
    place = Place(3, 4)

    assert dataclasses.replace(place, column=5) == Place(3, 5)
    assert [each.name for each in dataclasses.fields(place)] == ["line", "column"]
    for each in (place, Open({"a": 1})):
        assert pickle.loads(pickle.dumps(each)) == each  # noqa: S301  (what was just made)
    match place:
        case Place(line, column):
            assert (line, column) == (3, 4)
