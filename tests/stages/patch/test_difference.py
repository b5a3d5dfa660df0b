"""The patch between two versions of an object: it says what differs, and gives the other when applied."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model.manifest import ObjectRef
from generator.model.source import same_json
from generator.stages.patch import patch_between
from generator.stages.patch.json_patch import json_patch
from generator.stages.patch.strategic_merge import strategic_merge

REF = ObjectRef("apps/v1", "Deployment", "shop", "catalog")
KEYS = {("items",): "name", ("items", "ports"): "port"}


class Keys:
    def merge_key(self, _api_version: str, _kind: str, path: tuple[str, ...]) -> str | None:
        return KEYS.get(path)

    def merges_primitives(self, _api_version: str, _kind: str, path: tuple[str, ...]) -> bool:
        return path == ("finalizers",)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"merge": {"b": 3}}),
        ({"a": 1, "b": 2}, {"a": 1}, {"merge": {"b": None}}),
        ({"a": [1, 2]}, {"a": [2]}, {"merge": {"a": [2]}}),
        (
            {"items": [{"name": "x", "v": 1}, {"name": "y", "v": 1}]},
            {"items": [{"name": "x", "v": 2}, {"name": "y", "v": 1}]},
            {"merge": {"items": [{"name": "x", "v": 2}]}},
        ),
        (
            {"items": [{"name": "x"}, {"name": "y"}]},
            {"items": [{"name": "x"}, {"name": "y"}, {"name": "z"}]},
            {"merge": {"items": [{"name": "x"}, {"name": "y"}, {"name": "z"}]}},
        ),
        (
            {"items": [{"name": "x"}, {"name": "y"}]},
            {"items": [{"name": "y"}]},
            {"merge": {"items": [{"name": "x", "$patch": "delete"}]}},
        ),
        ({"finalizers": ["a"]}, {"finalizers": ["b", "a"]}, {"merge": {"finalizers": ["b"]}}),
        ({"finalizers": ["a", "b"]}, {"finalizers": ["b"]}, {"json": [{"op": "remove", "path": "/finalizers/0"}]}),
        ({"a/b": {"~": 1}}, {"a/b": {"~": None}}, {"json": [{"op": "replace", "path": "/a~1b/~0", "value": None}]}),
        ({"a": {"b": 1}}, {"a": "b"}, {"json": [{"op": "replace", "path": "/a", "value": "b"}]}),
    ],
)
def test_the_smallest_patch_is_found(before: Any, after: Any, said: Any) -> None:
    assert patch_between(REF, before, after, Keys()) == said


PLAIN = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a"])
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from("wxyz")},
        optional={
            "v": PLAIN,
            "ports": st.lists(
                st.fixed_dictionaries(
                    {"port": st.integers(1, 3)}, optional={"protocol": st.sampled_from(["TCP", "UDP"]), "n": PLAIN}
                ),
                max_size=3,
            ),
        },
    ),
    max_size=4,
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "items": ITEMS,
        "finalizers": st.lists(st.sampled_from("abc"), unique=True, max_size=3),
        "a": PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.sampled_from(["p", "q/r", "$s"]), PLAIN),
        "b": PLAIN,
    },
)


@settings(max_examples=400, deadline=None)
@given(before=BODIES, after=BODIES)
def test_whatever_differs_the_patch_gives_it(before: Any, after: Any) -> None:
    said = patch_between(REF, before, after, Keys())

    if "merge" in said:
        outcome = strategic_merge(REF, before, said["merge"], Keys())
    else:
        outcome = json_patch(before, said["json"])
    assert not outcome.refusals
    assert same_json(outcome.body, after)
