"""Which object a patch changes, and what becomes of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from generator.model.manifest import Manifest

Json = Any
Apply = Callable[..., Any]


def config_map(name: str, namespace: str = "shop") -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": {},
    }


def test_a_patched_object_is_a_new_manifest_with_its_own_text_and_origin(
    apply: Apply, manifest: Callable[..., Manifest], deployment: Json
) -> None:
    before = manifest(deployment)

    patched = apply([before], ("Deployment", {"spec": {"replicas": 3}}), ("Deployment", {"spec": {"paused": True}}))

    after = patched.manifests[0]
    assert json.loads(after.text) == after.body
    assert after.body["spec"]["replicas"] == 3
    assert after.ref == before.ref
    assert after.origin == replace(before.origin, layers=(("patches", 1), ("patches", 0), ("layer",)))
    assert before.body["spec"]["replicas"] == 2


def test_the_others_stay_the_same_manifests(apply: Apply, manifest: Callable[..., Manifest], deployment: Json) -> None:
    other = manifest(config_map("one"))

    patched = apply([other, manifest(deployment)], ("Deployment", {"spec": {"replicas": 3}}))

    assert patched.manifests[0] is other
    assert patched.manifests[1].body["spec"]["replicas"] == 3


def test_without_patches_nothing_is_asked(apply: Apply, manifest: Callable[..., Manifest], deployment: Json) -> None:
    before = manifest(deployment)

    patched = apply([before])

    assert patched.manifests == [before]
    assert patched.findings == []


def test_a_name_chooses_among_objects_of_a_kind(apply: Apply, manifest: Callable[..., Manifest]) -> None:
    both = [manifest(config_map("one")), manifest(config_map("two"))]

    patched = apply(both, ("ConfigMap/two", {"data": {"A": "1"}}))

    assert [each.body["data"] for each in patched.manifests] == [{}, {"A": "1"}]


def test_a_kind_of_several_objects_is_ambiguous(apply: Apply, manifest: Callable[..., Manifest]) -> None:
    patched = apply([manifest(config_map("one")), manifest(config_map("two"))], ("ConfigMap", {"data": {"A": "1"}}))

    assert patched.finding.code == "ambiguous-patch-target"
    assert patched.finding.message == "'ConfigMap' is the kind of 2 objects: 'ConfigMap/one', 'ConfigMap/two'"
    assert patched.finding.hint == "name one of them"
    assert patched.asked == [("patches", 0, "target")]


def test_one_name_in_two_namespaces_is_ambiguous(apply: Apply, manifest: Callable[..., Manifest]) -> None:
    both = [manifest(config_map("one", "a")), manifest(config_map("one", "b"))]

    finding = apply(both, ("ConfigMap/one", {"data": {"A": "1"}})).finding

    assert finding.message == "'ConfigMap/one' is the name of 2 objects, in different namespaces or API groups"


@pytest.mark.parametrize(
    ("target", "message", "hint"),
    [
        ("deploymnt", "there is 'ConfigMap', 'Deployment'", "did you mean 'Deployment'?"),
        ("configmap/one", "there is 'ConfigMap', 'Deployment'", "did you mean 'ConfigMap'?"),
        ("ConfigMap/on", "there is 'ConfigMap/one'", "did you mean 'ConfigMap/one'?"),
        ("Secret", "there is 'ConfigMap', 'Deployment'", "choose from 'ConfigMap', 'Deployment'"),
    ],
)
def test_a_target_that_names_nothing_is_told_what_there_is(
    apply: Apply, manifest: Callable[..., Manifest], deployment: Json, target: str, message: str, hint: str
) -> None:
    patched = apply([manifest(deployment), manifest(config_map("one"))], (target, {"data": {"A": "1"}}))

    assert patched.finding.code == "patch-without-target"
    assert patched.finding.message == f"no object is called '{target}': {message}"
    assert patched.finding.hint == hint


def test_many_names_are_not_listed_whole(apply: Apply, manifest: Callable[..., Manifest]) -> None:
    many = [manifest(config_map(f"c{index:02}")) for index in range(10)]

    assert apply(many, ("ConfigMap", {"data": {"A": "1"}})).finding.message.endswith("'ConfigMap/c07' and 2 more")


def test_where_nothing_is_a_patch_has_no_target(apply: Apply) -> None:
    message = apply([], ("Deployment", {"spec": {}})).finding.message

    assert message == "no object is called 'Deployment': there is none to patch here"


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"spec": {}},
        {"spec": {"replicas": 2}},
        {"spec": {"paused": None}},
        {"spec": {"template": {"spec": {"containers": []}}}},
        {"spec": {"template": {"spec": {"containers": [{"name": "no", "$patch": "delete"}]}}}},
        {"spec": {"template": {"spec": {"containers": [{"name": "runtime", "image": "runtime:9.3.0"}]}}}},
        {"spec": {"strategy": {"$patch": "replace", "type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}},
        {"spec": {"template": {"spec": {"tolerations": [{"key": "spot", "operator": "Exists"}]}}}},
        {"metadata": {"finalizers": ["example.com/b"]}},
        {"metadata": {"$setElementOrder/finalizers": ["example.com/a", "example.com/b"]}},
        {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/c"]}},
        [{"op": "replace", "path": "/spec/replicas", "value": 2}],
        [{"op": "test", "path": "/spec/replicas", "value": 2}],
        [{"op": "move", "from": "/spec/replicas", "path": "/spec/replicas"}],
        [{"op": "remove", "path": "/spec/replicas"}, {"op": "add", "path": "/spec/replicas", "value": 2}],
    ],
    ids=json.dumps,
)
def test_a_patch_that_changes_nothing_is_a_finding(
    apply: Apply, manifest: Callable[..., Manifest], deployment: Json, patch: Json
) -> None:
    before = manifest(deployment)

    patched = apply([before], ("Deployment", patch))

    assert patched.finding.code == "patch-without-effect"
    assert patched.finding.message == "the patch changes nothing about 'Deployment/catalog'"
    assert patched.asked == [("patches", 0)]
    assert patched.manifests == [before]


def test_a_patch_with_a_finding_does_not_keep_the_next_from_applying(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, {}, {"spec": {"replicas": 5}})

    assert [each.code for each in patched.findings] == ["patch-without-effect"]
    assert patched.manifests[0].body["spec"]["replicas"] == 5


def test_findings_come_in_the_order_of_their_positions(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, {}, ("No", {}), {"spec": {"replicas": []}})

    assert [each.code for each in patched.findings] == [
        "patch-without-effect",
        "patch-without-target",
        "patch-shape",
    ]


def test_a_sealed_secret_is_left_alone(apply: Apply, manifest: Callable[..., Manifest]) -> None:
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "stringData": {"A": "ENC[…]"},
        "sops": {},
    }
    sealed = manifest(body, sealed=True)

    patched = apply([sealed], ("Secret", {"metadata": {"labels": {"a": "b"}}}))

    assert patched.finding.code == "sealed-patch"
    assert patched.asked == [("patches", 0, "target")]
    assert patched.manifests == [sealed]
