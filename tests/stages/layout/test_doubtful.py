"""Patches of a person, and where it is not certain what kustomize makes of them."""

from typing import Any

import pytest

from generator.stages.layout.doubtful import doubtful, voids

START = {
    "metadata": {"labels": {"a": "b"}},
    "spec": {
        "replicas": 1,
        "args": ["a"],
        "containers": [{"name": "head", "image": "a:1"}],
        "ports": [{"port": 80, "protocol": "TCP"}],
    },
}


def keys(names: tuple[str, ...]) -> str | None:
    return {"containers": "name", "ports": "port"}.get(names[-1])


@pytest.mark.parametrize(
    "patch",
    [
        {"spec": {"replicas": 2}},
        {"spec": {"replicas": None}},
        {"spec": {"paused": True, "selector": {"matchLabels": {"a": "b"}}}},
        {"spec": {"args": ["a"]}},
        {"spec": {"volumes": [{"name": "new"}]}},
        {"spec": {"containers": [{"name": "head", "image": "a:2"}, {"name": "new"}]}},
        {"spec": {"ports": [{"port": 80, "protocol": "UDP"}]}},
        {"metadata": {"labels": {"c": "d"}}},
    ],
)
def test_what_compiled_patches_do_is_certain(patch: Any) -> None:
    assert not list(doubtful(START, patch, keys))


@pytest.mark.parametrize(
    ("patch", "where"),
    [
        ({"spec": {"replicas": "2"}}, "spec.replicas"),
        ({"spec": {"paused": None}}, "spec.paused"),
        ({"spec": {"paused": {"deep": None}}}, "spec.paused.deep"),
        ({"spec": {"$patch": "replace"}}, "spec.$patch"),
        ({"spec": {"args": ["b"]}}, "spec.args"),
        ({"spec": {"containers": [{"image": "a:2"}]}}, "spec.containers"),
        ({"spec": {"containers": [{"name": "head", "$patch": "delete"}]}}, "spec.containers.$patch"),
        ({"spec": {"ports": [{"port": 80}]}}, "spec.ports"),
        ({"metadata": {"labels": {"a": None}}}, "metadata.labels.a"),
        ({"metadata": {"labels": {"c": 5}}}, "metadata.labels.c"),
        ({"metadata": {"annotations": {}}}, "metadata.annotations"),
        ({"metadata": {"labels": {"a": "\tb"}}}, "metadata.labels.a"),
    ],
)
def test_what_goes_beyond_is_named(patch: Any, where: str) -> None:
    assert list(doubtful(START, patch, keys)) == [where]


def test_what_kustomize_leaves_out_of_an_object_is_named() -> None:
    body = {
        "metadata": {"name": "a", "labels": {}, "annotations": {"a": {"b": "c"}}},
        "spec": [{"x": None}],
        "data": {},
    }

    assert list(voids(body)) == ["metadata.labels", "metadata.annotations.a", "spec.x"]
