"""An edit of what is around microservices, or of which there are: only what depends on it is resolved and compiled."""

import json
from collections.abc import Callable
from typing import TypeAlias

import pytest

from generator.model.microservice import Microservice
from generator.stages.resolve.draft import Draft
from generator.stages.resolve.horizon import Horizon
from generator.stages.resolve.microservice import Surroundings
from generator.stages.resolve.microservice import microservice as microservice_of
from tests.edited_project import Bench, agree, begin, compiled_from_a_part, environment

Expected: TypeAlias = tuple[set[str], set[str]]
"""The microservices that may be resolved, by unit, and all units that are compiled, without the application's name."""

BOTH = ("Dev", "Prod")


def in_both(*names: str) -> set[str]:
    return {f"{stage}/{name}" for stage in BOTH for name in names}


WITH_NEIGHBOURS = in_both("Service2", "Service3", "Service4", "Service6", "Service7")


def around(*stages: str) -> set[str]:
    """Return the application's unit and those of *stages*."""
    return {"", *stages}


def new(bench: Bench) -> Expected:
    said = {"name": "New", "head": {"image": "nginx:1.27.3"}}
    bench.application["microservices"].insert(4, said)
    return in_both("New"), in_both("New") | around(*BOTH)


def new_with_a_reference(bench: Bench) -> Expected:
    said = {"name": "New", "head": {"image": "nginx:1.27.3"}, "env": {"TO": {"url": "Service8"}}}
    bench.application["microservices"].append(said)
    return in_both("New", "Service8"), in_both("New", "Service8") | around(*BOTH)


def new_that_is_read_from(bench: Bench) -> Expected:
    said: dict[str, object] = {"name": "New", "head": {"image": "nginx:1.27.3"}, "runtime": {"version": "9.3.3"}}
    stream = {"stream": "2d4c6b8a-0f1e-4d2c-8b3a-9f8e7d6c5b4a", "scope": "6e5d4c3b-2a19-4807-96f5-e4d3c2b1a09f"}
    said["subscribes"] = [{"to": "Service4", "partition": "prices", **stream}]
    bench.application["microservices"].insert(0, said)
    beside = in_both("New", "Service4", "Service6", "Service7")
    return beside, in_both("New", "Service4") | around(*BOTH)


def gone(bench: Bench) -> Expected:
    del bench.application["microservices"][5]
    return set(), around(*BOTH)


def gone_with_its_reference(bench: Bench) -> Expected:
    del bench.application["microservices"][2]
    return in_both("Service3"), in_both("Service3") | around(*BOTH)


def renamed(bench: Bench) -> Expected:
    bench.application["microservices"][5]["name"] = "Renamed"
    return in_both("Renamed"), in_both("Renamed") | around(*BOTH)


def renamed_with_its_reference(bench: Bench) -> Expected:
    one, other = bench.application["microservices"][2:4]
    other["name"], one["env"]["NEXT"]["url"] = "Renamed", "Renamed"
    return in_both("Renamed", "Service2"), in_both("Renamed", "Service2") | around(*BOTH)


def not_deployed_to_prod(bench: Bench) -> Expected:
    bench.application["microservices"][5]["environments"] = {"Prod": {"deploy": False}}
    return in_both("Service5"), around("Prod")


def further_port(bench: Bench) -> Expected:
    bench.application["microservices"][5]["head"]["ports"] = {"admin": 9000}
    return in_both("Service5"), in_both("Service5") | around(*BOTH)


def in_another_order(bench: Bench) -> Expected:
    bench.application["microservices"].reverse()
    return set(), around(*BOTH)


def recipients_of_prod(bench: Bench) -> Expected:
    bench.application["environments"][1]["recipients"]["age"].append(
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    )
    names = {f"Prod/Service{number}" for number in range(1, 9)}
    return names | WITH_NEIGHBOURS, names | around("Prod")


def kubernetes_but_for_prod(bench: Bench) -> Expected:
    bench.document["kubernetes"] = "1.33"
    bench.application["environments"][1]["kubernetes"] = "1.34"
    names = {"Dev/Catalog", *(f"Dev/Service{number}" for number in range(1, 9))}
    return names | WITH_NEIGHBOURS, names | around("Dev")


def defaults_of_prod(bench: Bench) -> Expected:
    bench.application["environments"][1]["defaults"] = {"head": {"replicas": 2}}
    names = {f"Prod/Service{number}" for number in range(1, 9)}
    return names | WITH_NEIGHBOURS, names


def defaults_of_the_application(bench: Bench) -> Expected:
    bench.application["defaults"] = {"head": {"replicas": 2}}
    names = in_both(*(f"Service{number}" for number in range(1, 9))) | {"Dev/Catalog"}
    return names, names


def another_environment(bench: Bench) -> Expected:
    bench.application["environments"].append(environment("Staging"))
    names = {f"Staging/Service{number}" for number in range(1, 9)}
    bench.application["microservices"][0]["environments"]["Staging"] = {"deploy": False}
    return names | WITH_NEIGHBOURS | in_both("Catalog"), names | around("Staging")


def one_environment_less(bench: Bench) -> Expected:
    del bench.application["environments"][1]
    del bench.application["microservices"][0]["environments"]
    beside = {f"Dev/Service{number}" for number in (2, 3, 4, 6, 7)}
    return beside | {"Dev/Catalog"}, around()


def access(bench: Bench) -> Expected:
    bench.application["access"] = {"groups": ["developers"]}
    return set(), around()


def patch_of_dev(bench: Bench) -> Expected:
    merge = {"metadata": {"annotations": {"example.com/a": "b"}}}
    bench.application["environments"][0]["patches"] = [{"target": "StatefulSet", "merge": merge}]
    return set(), {"Dev"}


def larger_storage(bench: Bench) -> Expected:
    bench.application["environments"][1]["storage"]["size"] = "20Gi"  # of which is warned: it is immutable
    return set(), around("Prod")


def manifest_of_dev(bench: Bench) -> Expected:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: dev-own }\ndata: { a: b }\n"
    bench.write("own.yaml", text.encode())
    bench.application["environments"][0]["manifests"] = ["own.yaml"]
    return set(), {"Dev"}


def who_deploys(bench: Bench) -> Expected:
    repository = {"url": "https://github.com/acme/platform.git"}
    bench.document["output"]["gitops"] = {"engine": "flux", "repository": repository, "name": "another"}
    return set(), set()


EDITS = [
    *(new, new_with_a_reference, new_that_is_read_from, gone, gone_with_its_reference, renamed),
    *(renamed_with_its_reference, not_deployed_to_prod, further_port, in_another_order, recipients_of_prod),
    *(
        kubernetes_but_for_prod,
        defaults_of_prod,
        defaults_of_the_application,
        another_environment,
        one_environment_less,
        access,
        patch_of_dev,
        larger_storage,
        manifest_of_dev,
        who_deploys,
    ),
]


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The microservices' units that are resolved from here on."""
    seen: list[str] = []

    def noted(draft: Draft, horizon: Horizon, security: str, around: Surroundings) -> Microservice:
        seen.append(f"{draft.stage.application.name}/{draft.stage.name}/{draft.name}")
        return microservice_of(draft, horizon, security, around)

    monkeypatch.setattr("generator.stages.resolve.microservice", noted)
    return seen


@pytest.mark.parametrize(
    ("layout", "style"),
    [
        *(("plain", each) for each in ("block", "json", "files", "line", "aliases")),
        *(("kustomize", each) for each in ("block", "line")),
    ],
)
@pytest.mark.parametrize("edit", EDITS)
def test_only_what_depends_on_an_edit_is_resolved_and_compiled(  # noqa: PLR0913, PLR0917  (fixtures)
    bench: Bench,
    all_compiled: list[str],
    resolved: list[str],
    edit: Callable[[Bench], Expected],
    layout: str,
    style: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench.style = style
    begin(bench, layout)
    alone = {"name": "Alone", "head": {"image": "nginx:1.27.3"}}
    depot = {"name": "depot", "environments": [{"name": "Dev", "kubernetes": "1.34"}], "microservices": [alone]}
    bench.document["applications"].insert(0, depot)
    bench.document["output"]["gitops"] = {
        "engine": "flux",
        "repository": {"url": "https://github.com/acme/platform.git"},
    }
    bench.save()
    assert agree(bench, "compile")[0] == 0

    may, wanted = edit(bench)

    if (edit, style) == (in_another_order, "json"):  # behind the last one there is no comma
        may = in_both("Catalog", "Service8")
    if layout == "kustomize":
        may, wanted = with_all_environments(bench, edit, may, wanted)
    bench.save()
    resolved.clear()
    with monkeypatch.context() as patched:
        patched.setattr("generator.increment.begun", None)
        bench.run(bench.warm, "check")
    assert {each.removeprefix("shop/") for each in resolved} <= may
    units = {f"shop/{each}".rstrip("/") for each in wanted}
    assert set(compiled_from_a_part(bench, all_compiled, monkeypatch)) == units
    bench.application["microservices"][3]["env"]["MORE"] = "x"  # and what is known by now is right
    compiled_from_a_part(bench, all_compiled, monkeypatch)


def with_all_environments(bench: Bench, edit: Callable[[Bench], Expected], may: set[str], wanted: set[str]) -> Expected:
    """Return what is to be expected where all environments of a microservice share a base."""
    others = [f"Dev/{each['name']}" for each in bench.application["microservices"][1:]]
    wanted = wanted | {*others} if edit is one_environment_less else wanted
    wanted = wanted | {"Dev/Service5"} if edit is not_deployed_to_prod else wanted
    stages = [each["name"] for each in bench.application["environments"]]
    lists = ([each.rpartition("/")[2] for each in names if "/" in each] for names in (may | wanted, wanted))
    could, must = ({f"{stage}/{owner}" for stage in stages for owner in owners} for owners in lists)
    nowhere = {"Prod/Catalog", "Staging/Catalog"} | ({"Prod/Service5"} if edit is not_deployed_to_prod else set())
    return could, (wanted | must) - nowhere


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_of_files_that_a_pattern_matches_those_are_read_that_come_and_change(
    bench: Bench, compiled: list[str], resolved: list[str], layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = "block"
    begin(bench, layout)
    described = bench.application["microservices"]
    bench.application["microservices"] = [{"include": "parts/*.yaml"}]
    for each in described:
        each["files"] = [f"../{name}" for name in each["files"]]
        bench.write(f"parts/{each['name']}.yaml", json.dumps(each).encode())
    bench.save()
    assert agree(bench, "compile")[0] == 0

    resolved.clear()
    bench.write("parts/New.yaml", b"name: New\nhead: { image: nginx:1.27.3 }\n")
    assert set(compiled_from_a_part(bench, compiled, monkeypatch)) == {"shop/Dev/New", "shop/Prod/New"}
    bench.write("parts/New.yaml", b"name: New\nhead: { image: nginx:1.27.4 }\n")
    assert set(compiled_from_a_part(bench, compiled, monkeypatch)) == {"shop/Dev/New", "shop/Prod/New"}
    bench.write("parts/New.yaml", None)
    assert not compiled_from_a_part(bench, compiled, monkeypatch)
    bench.write("parts/Service2.yaml", None)
    assert set(compiled_from_a_part(bench, compiled, monkeypatch)) == {"shop/Dev/Service3", "shop/Prod/Service3"}
    assert agree(bench, "check")[0] == 0


def test_a_store_concerns_those_that_take_values_from_it(
    bench: Bench, all_compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = "block"
    begin(bench)
    provider = {"vault": {"server": "https://vault.example.com", "path": "kv", "auth": {"kubernetes": {"role": "a"}}}}
    bench.document["stores"] = {"vault": {"provider": provider}}
    bench.application["microservices"][5]["env"]["PASSWORD"] = {"vault": {"store": "vault", "key": "a"}}
    bench.save()
    assert agree(bench, "compile")[0] == 0

    provider["vault"]["path"] = "other"
    assert set(compiled_from_a_part(bench, all_compiled, monkeypatch)) == {"shop/Dev", "shop/Prod"}
    bench.document["stores"]["vault"] = {"secretStoreRef": {"kind": "ClusterSecretStore", "name": "shared"}}
    units = {"shop/Dev", "shop/Prod", "shop/Dev/Service5", "shop/Prod/Service5"}
    assert set(compiled_from_a_part(bench, all_compiled, monkeypatch)) == units
