"""What a JSON patch does beside what kustomize does, and what it refuses."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Json = Any
Apply = Callable[..., Any]
CONTAINERS = "/spec/template/spec/containers"
HEAD = f"{CONTAINERS}/0"
IN_SPEC = "'/spec' is an object with 'replicas', 'selector', 'strategy', 'template'"


@pytest.mark.parametrize(
    ("operation", "message", "hint"),
    [
        (
            {"op": "replace", "path": "/spec/replica", "value": 1},
            f"'/spec/replica' leads nowhere: {IN_SPEC}, without 'replica'",
            "did you mean 'replicas'?",
        ),
        (
            {"op": "remove", "path": "/spec/template/spec/containers/2"},
            f"'{CONTAINERS}/2' leads nowhere: '{CONTAINERS}' is a list of 2, without '2'",
            "count from 0",
        ),
        (
            {"op": "add", "path": "/spec/template/spec/containers/3", "value": {}},
            f"'{CONTAINERS}/3' leads nowhere: '{CONTAINERS}' is a list of 2, without '3'",
            "count from 0",
        ),
        (
            {"op": "add", "path": "/spec/template/spec/containers/-1", "value": {}},
            f"'{CONTAINERS}/-1' leads nowhere: '{CONTAINERS}' is a list, without '-1'",
            "count from 0, or append with '-'",
        ),
        (
            {"op": "replace", "path": f"{HEAD}/args/00", "value": "x"},
            f"'{HEAD}/args/00' leads nowhere: '{HEAD}/args' is a list, without '00'",
            "count from 0",
        ),
        (
            {"op": "remove", "path": f"{HEAD}/args/-"},
            f"'{HEAD}/args/-' leads nowhere: '{HEAD}/args' is a list, without '-'",
            "count from 0",
        ),
        (
            {"op": "add", "path": "/spec/replicas/x", "value": 1},
            "'/spec/replicas/x' leads nowhere: '/spec/replicas' is a plain value, without 'x'",
            "",
        ),
        (
            {"op": "test", "path": "/metadata/labels/no", "value": None},
            "'/metadata/labels/no' leads nowhere: '/metadata/labels' is an object with 'app', without 'no'",
            "choose from 'app'",
        ),
        (
            {"op": "add", "path": "spec/x", "value": 1},
            "'spec/x' is not a JSON pointer",
            "did you mean '/spec/x'?",
        ),
        (
            {"op": "add", "path": "/spec/~x", "value": 1},
            "'/spec/~x' is not a JSON pointer",
            "write '~' as '~0' and '/' as '~1'",
        ),
        (
            {"op": "test", "path": "/spec/replicas", "value": "secret"},
            "the test of '/spec/replicas' failed: another value stands there",
            "",
        ),
        (
            {"op": "move", "from": "/spec", "path": "/spec/template/x"},
            "'/spec' cannot be moved into itself, to '/spec/template/x'",
            "",
        ),
        (
            {"op": "copy", "from": "/spec/no", "path": "/spec/x"},
            f"'/spec/no' leads nowhere: {IN_SPEC}, without 'no'",
            "choose from 'replicas', 'selector', 'strategy', 'template'",
        ),
        (
            {"op": "remove", "path": ""},
            "a patch cannot remove the object",
            "change in the document what the object is made from",
        ),
        (
            {"op": "replace", "path": "", "value": []},
            "the whole object can only be replaced by an object",
            "",
        ),
        ({"op": "add", "path": "/spec/x"}, "the operation 'add' needs a 'value'", ""),
        ({"op": "move", "path": "/spec/x"}, "'from' must be a JSON pointer", ""),
        (
            {"op": "increment", "path": "/spec/x"},
            "'op' must be one of add, remove, replace, move, copy, test",
            "",
        ),
    ],
)
def test_an_operation_that_does_not_fit_is_refused(
    apply: Apply, deployment: Json, operation: Json, message: str, hint: str
) -> None:
    patched = apply(deployment, [operation])

    assert patched.finding.code == "patch-shape"
    assert patched.finding.message == f"{message}, in 'Deployment/catalog'"
    assert patched.finding.hint == hint
    assert patched.asked[0][:4] == ("patches", 0, "json", 0)
    assert patched.manifests[0].body is deployment


def test_the_first_operation_that_does_not_fit_is_named_and_none_applies(apply: Apply, deployment: Json) -> None:
    before = copy.deepcopy(deployment)

    patched = apply(
        deployment, [{"op": "remove", "path": "/spec/replicas"}, {"op": "remove", "path": "/spec/replicas"}]
    )

    assert patched.asked == [("patches", 0, "json", 1, "path")]
    assert patched.manifests[0].body == before


def test_a_wrong_from_is_looked_for_at_from(apply: Apply, deployment: Json) -> None:
    assert apply(deployment, [{"op": "move", "from": "/no", "path": "/spec/x"}]).asked == [
        ("patches", 0, "json", 0, "from")
    ]


def test_the_root_is_called_the_root(apply: Apply) -> None:
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}

    message = apply(widget, [{"op": "remove", "path": "/spec/size"}]).finding.message

    assert message.startswith("'/spec/size' leads nowhere: the root is an object with 'apiVersion', 'kind',")


def test_a_large_map_is_not_listed_whole(apply: Apply, deployment: Json) -> None:
    deployment["metadata"]["labels"] = {f"key-{index:02}": "x" for index in range(14)}

    message = apply(deployment, [{"op": "remove", "path": "/metadata/labels/no"}]).finding.message

    assert "'key-11' and 2 more, without 'no'" in message


def test_no_value_of_the_object_or_the_patch_is_said(apply: Apply, deployment: Json) -> None:
    deployment["spec"] = {"inner": "hunter2"}

    message = str(apply(deployment, [{"op": "test", "path": "/spec/inner", "value": "hunter3"}]).finding)

    assert "hunter" not in message


def test_true_is_not_one(apply: Apply, deployment: Json) -> None:
    deployment["spec"]["paused"] = 1

    assert apply(deployment, [{"op": "test", "path": "/spec/paused", "value": True}]).finding.code == "patch-shape"
    assert apply(deployment, [{"op": "replace", "path": "/spec/paused", "value": True}]).body["spec"]["paused"] is True


def test_the_whole_object_can_be_replaced(apply: Apply, deployment: Json) -> None:
    smaller = {key: deployment[key] for key in ("apiVersion", "kind", "metadata")}
    smaller["spec"] = {**deployment["spec"], "replicas": 1}

    assert apply(deployment, [{"op": "replace", "path": "", "value": smaller}]).body == smaller


def test_numbers_are_keys_in_a_map(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, [{"op": "add", "path": "/metadata/labels/0", "value": "x"}])

    assert patched.body["metadata"]["labels"] == {"app": "catalog", "0": "x"}


PATHS = st.sampled_from(["", "/a", "/a/0", "/a/-", "/a/1", "/b", "/b/c", "/b/c/0", "/b/c/-", "/~0", "x", "/metadata"])
SMALL: st.SearchStrategy[Json] = st.integers(0, 2) | st.just([]) | st.just({}) | st.just(["x"])
OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]),
            "path": PATHS,
            "from": PATHS,
            "value": SMALL,
        }
    ),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(operations=OPERATIONS)
def test_any_operations_apply_or_are_refused_and_never_change_their_inputs(apply: Apply, operations: Json) -> None:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "a": [1, 2], "b": {"c": [3]}}
    inputs = json.dumps((body, operations))

    patched = apply(body, operations)

    assert json.dumps((body, operations)) == inputs
    assert patched.findings or patched.manifests[0].body != body
