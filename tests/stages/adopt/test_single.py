"""An edit taken apart."""

from generator.stages.adopt import single_edits


def test_each_part_of_an_edit_stands_alone() -> None:
    before = {"a": 1, "b": {"c": [1, 2], "d": "x"}, "e": [1]}
    after = {"a": 2, "b": {"c": [1, 3], "f": "y"}, "e": [1, 2]}

    assert list(single_edits(before, after)) == [
        (("a",), {**before, "a": 2}),
        (("b", "c", 1), {**before, "b": {"c": [1, 3], "d": "x"}}),
        (("b", "d"), {**before, "b": {"c": [1, 2]}}),
        (("b", "f"), {**before, "b": {"c": [1, 2], "d": "x", "f": "y"}}),
        (("e",), {**before, "e": [1, 2]}),
    ]


def test_what_is_the_same_has_no_parts() -> None:
    assert not list(single_edits({"a": [1]}, {"a": [1]}))
