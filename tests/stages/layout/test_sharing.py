from typing import Any

import pytest

from generator.stages.layout.sharing import ABSENT, InexpressibleError, difference, shared

KEYS = {("containers",): "name", ("containers", "ports"): "containerPort"}


def key(names: tuple[str, ...]) -> str | None:
    return KEYS.get(names)


def base(*values: Any) -> Any:
    return shared(values, key)


def test_what_all_have_alike_is_shared() -> None:
    assert base({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 2]}) == {"a": 1, "b": [1, 2]}


def test_what_two_have_differently_is_in_no_base() -> None:
    assert base({"replicas": 1, "kind": "x"}, {"replicas": 3, "kind": "x"}) == {"kind": "x"}


def test_what_most_have_is_in_the_base() -> None:
    assert base({"replicas": 1}, {"replicas": 1}, {"replicas": 3}) == {"replicas": 1}


def test_what_begins_with_a_tab_takes_the_place_of_nothing() -> None:
    assert base({"a": "x\ny", "b": 1}, {"a": "x\ny", "b": 1}, {"a": "\tx", "b": 1}) == {"b": 1}
    assert base({"a": "\tx"}, {"a": "\tx"}) == {"a": "\tx"}


def test_half_is_not_most() -> None:
    assert base({"a": 1, "r": 1}, {"a": 1, "r": 1}, {"a": 1, "r": 3}, {"a": 1, "r": 3}) == {"a": 1}


def test_what_one_of_three_lacks_is_removed_by_its_patch() -> None:
    having = {"a": 1, "selector": {"disk": "ssd"}}

    common = base(having, having, {"a": 1})

    assert common == having
    assert difference(common, {"a": 1}, key) == {"selector": None}


def test_a_label_is_never_removed_by_null() -> None:
    having = {"metadata": {"labels": {"a": "1", "b": "2"}}}

    assert base(having, having, {"metadata": {"labels": {"a": "1"}}}) == {"metadata": {"labels": {"a": "1"}}}


def test_a_number_and_a_string_share_nothing() -> None:
    assert base({"a": 1, "memory": "1"}, {"a": 1, "memory": "1"}, {"a": 1, "memory": 1}) == {"a": 1}


def test_true_is_not_one() -> None:
    assert base({"a": True, "b": 0}, {"a": 1, "b": 0}) == {"b": 0}


def test_a_map_that_shares_nothing_is_not_in_the_base() -> None:
    assert base({"data": {"a": "1"}, "kind": "x"}, {"data": {"a": "2"}, "kind": "x"}) == {"kind": "x"}


def test_nothing_is_shared_by_different_things() -> None:
    assert base({"a": 1}, {"b": 1}) is ABSENT


def test_lists_without_a_key_are_shared_as_a_whole_or_not_at_all() -> None:
    assert base({"args": ["a"], "x": 1}, {"args": ["a"], "x": 1}) == {"args": ["a"], "x": 1}
    assert base({"args": ["a"], "x": 1}, {"args": ["a"], "x": 1}, {"args": ["b"], "x": 1}) == {"x": 1}


def test_lists_with_a_key_are_shared_item_by_item() -> None:
    dev = {"containers": [{"name": "head", "image": "a:1"}, {"name": "runtime", "image": "r:1"}]}
    prod = {"containers": [{"name": "head", "image": "a:2"}, {"name": "runtime", "image": "r:1"}]}

    common = base(dev, prod)

    assert common == {"containers": [{"name": "head"}, {"name": "runtime", "image": "r:1"}]}
    assert difference(common, prod, key) == {"containers": [{"name": "head", "image": "a:2"}]}


def test_a_patch_mentions_what_must_stay_in_front_of_a_change() -> None:
    common = {"containers": [{"name": "head"}, {"name": "runtime"}, {"name": "last"}]}
    target = {"containers": [{"name": "head"}, {"name": "new", "image": "n"}, {"name": "runtime"}, {"name": "last"}]}

    assert difference(common, target, key) == {"containers": [{"name": "head"}, {"name": "new", "image": "n"}]}


def test_lists_in_different_orders_share_nothing() -> None:
    one, two = {"name": "one"}, {"name": "two"}

    assert base({"x": 1, "containers": [one, two]}, {"x": 1, "containers": [two, one]}) == {"x": 1}


def test_items_of_one_name_share_nothing() -> None:
    twice = {"x": 1, "containers": [{"name": "one"}, {"name": "one"}]}

    assert base(twice, {**twice, "containers": [{"name": "one"}]}) == {"x": 1}


def test_ports_are_told_apart_by_their_protocol_too() -> None:
    udp, tcp = {"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "TCP"}
    dev = {"containers": [{"name": "head", "ports": [udp, {**tcp, "name": "dns"}]}]}
    prod = {"containers": [{"name": "head", "ports": [udp, {**tcp, "name": "names"}]}]}

    common = base(dev, prod)

    assert common == {"containers": [{"name": "head", "ports": [udp, tcp]}]}
    said = [{"containerPort": 53, "protocol": "TCP", "name": "names"}]
    assert difference(common, prod, key) == {"containers": [{"name": "head", "ports": said}]}


def test_nothing_is_said_of_what_is_the_same() -> None:
    assert difference({"a": {"b": [1]}}, {"a": {"b": [1]}}, key) is ABSENT


@pytest.mark.parametrize(
    ("common", "target"),
    [
        ({"args": ["a"]}, {"args": ["b"]}),
        ({"a": 1}, {"a": {"b": 1}}),
        ({"metadata": {"labels": {"a": "1"}}}, {"metadata": {"labels": {}}}),
        ({"a": 1}, {"a": 1, "$patch": "replace"}),
        ({"a": 1}, {"a": None}),
    ],
    ids=["a list as a whole", "another shape", "a label less", "a directive", "null"],
)
def test_some_differences_no_patch_says(common: Any, target: Any) -> None:
    with pytest.raises(InexpressibleError):
        difference(common, target, key)
