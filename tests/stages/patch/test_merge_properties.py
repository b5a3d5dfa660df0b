"""What holds for every strategic merge."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Json = Any
Apply = Callable[..., Any]

SCALARS = st.booleans() | st.integers(-3, 3) | st.text("ab$", max_size=3)


def tree(leaves: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    keys = st.sampled_from(["a", "b", "name", "port"])
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    )


def containers_of(values: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    items = st.lists(st.dictionaries(st.sampled_from(["image", "args"]), values, max_size=2), max_size=3)
    return items.map(lambda each: [{"name": f"c{index}", **item} for index, item in enumerate(each)])


NO_NULL = tree(SCALARS)
VALUES = tree(SCALARS | st.none())
NAMED = containers_of(NO_NULL)
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "metadata": VALUES,
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "containers": containers_of(VALUES) | VALUES,
                "other": VALUES,
                "$patch": st.sampled_from(["merge", "replace", "x"]),
            },
        ),
    },
)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)


def object_of(named: Json, other: Json) -> Json:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d", "namespace": "n"},
        "spec": {"containers": named, "other": other},
    }


@QUIET
@given(named=NAMED, other=NO_NULL)
def test_the_object_itself_and_an_empty_map_change_nothing(apply: Apply, named: Json, other: Json) -> None:
    body = object_of(named, other)

    assert apply(body, copy.deepcopy(body)).finding.code == "patch-without-effect"
    assert apply(body, {}).finding.code == "patch-without-effect"


@QUIET
@given(named=NAMED, other=VALUES, patch=PATCHES)
def test_a_merge_never_changes_its_inputs(apply: Apply, named: Json, other: Json, patch: Json) -> None:
    body = object_of(named, other)
    inputs = copy.deepcopy((body, patch))

    apply(body, patch)

    assert (body, patch) == inputs


@QUIET
@given(named=NAMED, other=NO_NULL, patch=PATCHES)
def test_what_was_merged_once_is_without_effect_a_second_time(
    apply: Apply, named: Json, other: Json, patch: Json
) -> None:
    patched = apply(object_of(named, other), patch)
    if not patched.findings:
        assert apply(patched.manifests, patch).finding.code == "patch-without-effect"
