"""An edit of a microservice that others notice: these are compiled with it, and nobody else is."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests.edited_project import Bench, agree, begin, compiled_from_a_part, start

Edit: TypeAlias = Callable[[Bench], set[str]]
"""Edits a platform, and returns the microservices that notice."""


def other_port(bench: Bench) -> set[str]:
    bench.application["microservices"][3]["head"]["port"] = 8088
    return {"Service2", "Service3"}


def other_partition(bench: Bench) -> set[str]:
    bench.application["microservices"][7]["subscribes"][0]["partition"] = "others"
    return {"Service4", "Service7"}


def other_consent(bench: Bench) -> set[str]:
    said = bench.application["microservices"][7]["subscribes"][0]
    said["consent"] = "11aa22bb-33cc-44dd-85ee-66ff77008811"
    return {"Service4", "Service7"}


def no_reference(bench: Bench) -> set[str]:
    del bench.application["microservices"][2]["env"]["NEXT"]
    return {"Service2", "Service3"}


def new_reference(bench: Bench) -> set[str]:
    bench.application["microservices"][5]["env"]["TO"] = {"address": "Service8"}
    return {"Service5", "Service8"}


def new_reference_to_the_first_runtime(bench: Bench) -> set[str]:
    bench.application["microservices"][5]["env"]["TO"] = {"url": "Service1"}
    return {"Service1", "Service5"}


def new_subscription(bench: Bench) -> set[str]:
    stream = {"stream": "2d4c6b8a-0f1e-4d2c-8b3a-9f8e7d6c5b4a", "scope": "6e5d4c3b-2a19-4807-96f5-e4d3c2b1a09f"}
    bench.application["microservices"][1]["subscribes"] = [{"to": "Service4", "partition": "ours", **stream}]
    return {"Service1", "Service4"}


def other_path(bench: Bench) -> set[str]:
    bench.application["microservices"][5]["expose"]["path"] = "/other"
    return {"Service5"}


def other_version(bench: Bench) -> set[str]:
    bench.application["microservices"][1]["runtime"]["version"] = "9.3.2"
    return {"Service1"}


def one_variable_less(bench: Bench) -> set[str]:
    del bench.application["microservices"][5]["env"]["REGION"]
    return {"Service5"}


def other_account(bench: Bench) -> set[str]:
    bench.application["microservices"][5]["head"]["serviceAccount"] = {"annotations": {"example.com/a": "b"}}
    return {"Service5"}


@pytest.mark.parametrize("style", ["block", "json", "files", "line", "aliases"])
@pytest.mark.parametrize("layout", ["plain", "kustomize"])
@pytest.mark.parametrize(
    "edit",
    [
        other_port,
        other_partition,
        other_consent,
        new_reference,
        new_reference_to_the_first_runtime,
        new_subscription,
        no_reference,
        other_path,
        other_version,
        one_variable_less,
        other_account,
    ],
)
def test_who_notices_an_edit_is_compiled_with_it(
    bench: Bench, compiled: list[str], edit: Edit, layout: str, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = style
    begin(bench, layout)

    owners = edit(bench)

    units = {f"shop/{stage}/{owner}" for stage in ("Dev", "Prod") for owner in owners}
    assert set(compiled_from_a_part(bench, compiled, monkeypatch)) == units
    bench.application["microservices"][3]["head"]["port"] = 8099  # its neighbours are known as they are by now
    compiled_from_a_part(bench, compiled, monkeypatch)


@pytest.mark.parametrize("style", ["block", "line"])
def test_the_path_of_another_is_refused_after_an_edit(bench: Bench, style: str) -> None:
    bench.style = style
    start(bench, 10)
    bench.application["environments"][0]["ingress"] = {"gateway": {"name": "way", "namespace": "in"}}
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    bench.application["microservices"][5]["expose"]["path"] = "/api/6/"
    bench.save()
    status, _, said = agree(bench, "compile")

    assert status == 1
    assert "host-path-taken" in said


@pytest.mark.parametrize("style", ["block", "line"])
def test_a_producer_that_gives_way_to_its_like_in_another_environment_is_compiled(bench: Bench, style: str) -> None:
    bench.style = style
    start(bench, 10)
    del bench.application["microservices"][-1]
    dev, prod = bench.application["environments"]
    prod["tenants"][0]["id"] = dev["tenants"][0]["id"]
    said = bench.application["microservices"][7]["subscribes"][0]
    for stage in ("Dev", "Prod", "Dev"):
        said["to"] = f"shop/{stage}/Service4"
        bench.save()
        status, _, words = agree(bench, "compile")
        assert status == 0, words

    assert agree(bench, "check")[0] == 0


@pytest.mark.parametrize("style", ["line", "aliases"])
@pytest.mark.parametrize(
    "broken",
    [
        *({}, {"applications": None}, {"applications": "x"}, {"applications": [None]}, {"applications": [[]]}),
        *({"applications": [{"microservices": []}]}, {"applications": [{"name": "shop", "microservices": 3}]}),
        {"applications": [{"name": "shop", "microservices": ["x"]}]},
        {"applications": [{"name": 5, "microservices": [{"name": None}]}]},
    ],
)
def test_a_document_that_lost_its_shape_gets_its_findings(bench: Bench, broken: dict[str, object], style: str) -> None:
    bench.style = style
    start(bench, 10)
    bench.save()
    assert agree(bench, "compile")[0] == 0

    bench.document.pop("applications")
    bench.document |= broken
    bench.save()

    assert agree(bench, "compile")[0] == 1
