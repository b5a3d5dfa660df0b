from typing import Any

import pytest

from generator.stages.layout.surroundings import Surroundings

DEV = Surroundings(folder="dev", namespace="n", prefix="dev-", labels={"environment": "Dev"})


def policy(**spec: Any) -> dict[str, Any]:
    metadata = {"name": "dev-catalog", "namespace": "n", "labels": {"environment": "Dev"}}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def config(**metadata: Any) -> dict[str, Any]:
    own = {"name": "dev-catalog", "namespace": "n", "labels": {"environment": "Dev", "tier": "x"}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {**own, **metadata}}


def test_a_name_loses_its_prefix_and_a_label_goes() -> None:
    bare = DEV.undressed(config())

    assert bare["metadata"] == {"name": "catalog", "namespace": "n", "labels": {"tier": "x"}}
    assert DEV.dressed(bare) == config()


def test_selectors_of_own_pods_lose_the_label_and_those_of_others_keep_it() -> None:
    own = {"podSelector": {"matchLabels": {"environment": "Dev", "a": "1"}}}
    ingress = [{"from": [{"podSelector": {"matchLabels": {"environment": "Dev"}}}]}]

    bare = DEV.undressed(policy(**own, ingress=ingress))

    assert bare["spec"] == {"podSelector": {"matchLabels": {"a": "1"}}, "ingress": ingress}


@pytest.mark.parametrize(
    "body",
    [
        config(name="catalog"),
        config(name="dev-"),
        config(namespace="elsewhere"),
        config(labels={"environment": "Prod"}),
        config(labels={}),
        policy(podSelector={"matchLabels": {"a": "1"}}),
        policy(podSelector={"matchLabels": "none"}),
        {**config(), "kind": "Namespace"},
    ],
    ids=[
        "without the prefix",
        "with nothing but the prefix",
        "of another namespace",
        "labelled otherwise",
        "without the label",
        "with a selector that has no such label",
        "with something else where labels go",
        "of a kind whose name kustomize leaves alone",
    ],
)
def test_an_object_stays_as_it_is(body: dict[str, Any]) -> None:
    assert DEV.undressed(body) is None
