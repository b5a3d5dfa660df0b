"""What one environment takes over from another."""

from typing import Any

import pytest

from generator.model.promotion import Plan
from generator.stages.promote import planned

Said = dict[str, Any]


def plan(source: Said, target: Said, override: Said | None = None, *, image_only: bool = False) -> Plan:
    return planned(source, target, override or {}, image_only=image_only, key_of=lambda item: str(item["name"]))


def taken(found: Plan) -> dict[str, Any]:
    return {each.name: each.value for each in found.takings}


def test_an_image_is_taken_over_wherever_it_is_said() -> None:
    found = plan({"head": {"image": "shop:2"}}, {"head": {"image": "shop:1"}})

    assert taken(found) == {"head.image": "shop:2"}
    assert (found.takings[0].version, found.takings[0].before) == ("shop:2", "shop:1")


def test_a_runtime_is_taken_over_by_version_or_by_image() -> None:
    found = plan({"head": {}, "runtime": {"image": "runtime:9"}}, {"head": {}, "runtime": {"version": "9.3.3"}})

    assert taken(found) == {"runtime.version": None, "runtime.image": "runtime:9"}


def test_a_runtime_that_only_one_of_them_has_is_no_version() -> None:
    found = plan({"head": {}, "runtime": {"version": "9.3.3"}}, {"head": {}})

    assert taken(found) == {}
    assert found.staying == ("runtime.version",)


@pytest.mark.parametrize("setting", ["replicas", "resources", "autoscaling", "strategy", "labels", "serviceAccount"])
def test_how_much_runs_and_who_it_is_stays(setting: str) -> None:
    said = {"head": {setting: {"any": 1}}}

    assert plan(said, {"head": {}}, said) == Plan((), (f"head.{setting}",))


def test_what_both_share_is_not_taken_over() -> None:
    both = {"head": {"image": "shop:1", "args": ["-v"]}, "env": {"LEVEL": "info"}}

    assert plan(both, both, {"env": {"LEVEL": "info"}}) == Plan((), ())


def test_a_value_of_its_own_that_the_other_does_not_override_stays() -> None:
    found = plan({"head": {}, "env": {"LEVEL": "info"}}, {"head": {}, "env": {"LEVEL": "warn"}})

    assert found == Plan((), ("env.LEVEL",))


def test_a_probe_is_taken_over_as_a_whole_and_the_others_are_left() -> None:
    override = {"head": {"probes": {"readiness": {"path": "/b", "periodSeconds": 5}}}}
    target = {"head": {"probes": {"readiness": {"path": "/a", "periodSeconds": 5}, "liveness": {"path": "/a"}}}}

    assert taken(plan(target, target, override)) == {
        "head.probes.readiness": {"path": "/b", "periodSeconds": 5},
    }


@pytest.mark.parametrize(
    ("mine", "yours"),
    [({"secret": True}, "plain"), ("plain", {"secret": True})],
)
def test_a_secret_and_a_value_do_not_take_each_others_place(mine: Any, yours: Any) -> None:
    found = plan({"head": {}, "env": {"A": yours}}, {"head": {}, "env": {"A": mine}}, {"env": {"A": yours}})

    assert found == Plan((), ("env.A",))


def test_removing_what_is_not_there_is_nothing_to_do() -> None:
    override = {"env": {"OLD": None}, "files": [{"name": "a", "$patch": "delete"}]}

    assert plan({"head": {}}, {"head": {}}, override) == Plan((), ())


def test_the_settings_whose_members_merge_are_those_of_the_schema() -> None:
    import json

    from generator.adapters.package import read_schema
    from generator.stages.promote import _MAPS, HEAD

    head = json.loads(read_schema("platform.schema.json"))["definitions"]["head"]["properties"]
    merging = [name for name in HEAD if "object" in head[name]["type"] and head[name].get("x-merge") != "replace"]

    assert sorted(merging) == sorted(_MAPS)
