"""What a strategic merge does beside what kustomize does, and what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

Json = Any
Apply = Callable[..., Any]


POD = "spec.template.spec"


def pod(spec: Json) -> Json:
    return {"spec": {"template": {"spec": spec}}}


def containers(patched: Any) -> Json:
    return patched.body["spec"]["template"]["spec"]["containers"]


def test_null_removes_a_label(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, {"metadata": {"labels": {"app": None, "tier": "web"}}})

    assert patched.body["metadata"]["labels"] == {"tier": "web"}


def test_a_port_without_its_protocol_is_the_port_of_that_number(apply: Apply, deployment: Json) -> None:
    ports = [{"containerPort": 80, "name": "web"}]

    patched = apply(deployment, pod({"containers": [{"name": "head", "ports": ports}]}))

    assert containers(patched)[0]["ports"] == [{"containerPort": 80, "name": "web", "protocol": "TCP"}]


def test_a_port_that_could_be_two_is_refused(apply: Apply, service: Json) -> None:
    patched = apply(service, {"spec": {"ports": [{"port": 53, "name": "names"}]}})

    assert patched.finding.code == "patch-shape"
    assert "an item of 'spec.ports' matches several by its 'port'" in patched.finding.message
    assert patched.finding.hint == "add 'protocol'"


def test_deleting_a_port_by_number_deletes_it_for_every_protocol(apply: Apply, service: Json) -> None:
    patched = apply(service, {"spec": {"ports": [{"port": 53, "$patch": "delete"}]}})

    assert [port["port"] for port in patched.body["spec"]["ports"]] == [80]


def test_a_list_that_a_patch_mentions_without_changing_it_keeps_its_order(apply: Apply, deployment: Json) -> None:
    same = {"name": "runtime", "image": "runtime:9.3.0"}

    patched = apply(deployment, {"spec": {"replicas": 3, **pod({"containers": [same]})["spec"]}})

    assert [each["name"] for each in containers(patched)] == ["head", "runtime"]


def test_the_merge_directive_says_what_happens_anyway(apply: Apply, deployment: Json) -> None:
    patched = apply(
        deployment,
        pod({"$patch": "merge", "containers": [{"name": "head", "$patch": "merge", "image": "h:2"}]}),
    )

    assert containers(patched)[0]["image"] == "h:2"
    assert "$patch" not in containers(patched)[0]


def test_a_delete_item_without_a_key_removes_the_list(apply: Apply, deployment: Json) -> None:
    assert "volumes" not in apply(deployment, pod({"volumes": [{"$patch": "delete"}]})).body["spec"]["template"]["spec"]


def test_directives_do_not_survive_in_what_is_new(apply: Apply, deployment: Json) -> None:
    volumes = [
        {"name": "config", "$patch": "delete"},
        {"name": "tmp", "emptyDir": {"$patch": "replace", "medium": "Memory"}},
    ]

    patched = apply(deployment, pod({"volumes": volumes}))

    assert patched.body["spec"]["template"]["spec"]["volumes"] == [{"name": "tmp", "emptyDir": {"medium": "Memory"}}]


def test_retain_keys_removes_the_rest(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}})

    assert patched.body["spec"]["strategy"] == {"type": "Recreate"}


def test_set_element_order_sorts_the_merged_list(apply: Apply, deployment: Json) -> None:
    patched = apply(
        deployment,
        pod(
            {
                "$setElementOrder/containers": [{"name": "runtime"}, {"name": "proxy"}, {"name": "head"}],
                "containers": [{"name": "proxy", "image": "p:1"}],
            }
        ),
    )

    assert [each["name"] for each in containers(patched)] == ["runtime", "proxy", "head"]


def test_what_set_element_order_does_not_name_keeps_its_place(apply: Apply, deployment: Json) -> None:
    deployment["spec"]["template"]["spec"]["containers"].append({"name": "last", "image": "l:1"})

    patched = apply(deployment, pod({"$setElementOrder/containers": [{"name": "last"}, {"name": "head"}]}))

    assert [each["name"] for each in containers(patched)] == ["runtime", "last", "head"]


def test_what_set_element_order_names_stays_before_what_it_stood_before(apply: Apply, deployment: Json) -> None:
    deployment["spec"]["template"]["spec"]["containers"] += [{"name": "c"}, {"name": "d"}]
    order = [{"name": "head"}, {"name": "d"}, {"name": "c"}]

    patched = apply(deployment, pod({"$setElementOrder/containers": order}))

    assert [each["name"] for each in containers(patched)] == ["head", "runtime", "d", "c"]


def test_set_element_order_need_not_name_what_is_deleted(apply: Apply, deployment: Json) -> None:
    patched = apply(
        deployment,
        pod(
            {
                "$setElementOrder/containers": [{"name": "runtime"}],
                "containers": [{"name": "head", "$patch": "delete"}],
            }
        ),
    )

    assert [each["name"] for each in containers(patched)] == ["runtime"]


def test_set_element_order_sorts_plain_values(apply: Apply, deployment: Json) -> None:
    order = ["example.com/b", "example.com/a"]

    patched = apply(deployment, {"metadata": {"$setElementOrder/finalizers": order}})

    assert patched.body["metadata"]["finalizers"] == ["example.com/b", "example.com/a"]


def test_delete_from_primitive_list_removes_plain_values(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/a", "no"]}})

    assert patched.body["metadata"]["finalizers"] == ["example.com/b"]


@pytest.mark.parametrize(
    ("patch", "message", "below"),
    [
        (
            pod({"containers": {"name": "head"}}),
            f"'{POD}.containers' is a list, for which the patch has an object",
            ("spec", "template", "spec", "containers"),
        ),
        (
            {"spec": {"strategy": "x"}},
            "'spec.strategy' is an object, for which the patch has a plain value",
            ("spec", "strategy"),
        ),
        (
            {"spec": {"replicas": [1]}},
            "'spec.replicas' is a plain value, for which the patch has a list",
            ("spec", "replicas"),
        ),
        (
            pod({"containers": [{"image": "x:1"}]}),
            f"an item of '{POD}.containers' lacks 'name', by which its items are told apart",
            ("spec", "template", "spec", "containers", 0),
        ),
        (
            pod({"volumes": ["x"]}),
            f"every item of '{POD}.volumes' must be an object with 'name'",
            ("spec", "template", "spec", "volumes", 0),
        ),
        (
            {"spec": {"strategy": {"$patch": "remove"}}},
            "'$patch' in 'spec.strategy' must be 'delete', 'merge' or 'replace'",
            ("spec", "strategy", "$patch"),
        ),
        (
            pod({"containers": [{"name": "head", "$patch": "remove"}]}),
            f"'$patch' in '{POD}.containers' must be 'delete', 'merge' or 'replace'",
            ("spec", "template", "spec", "containers", 0, "$patch"),
        ),
        (
            pod({"containers": [{"name": "head", "$patch": "replace", "image": "x:1"}]}),
            f"'$patch: replace' in an item of '{POD}.containers' that has a 'name' is not what it seems",
            ("spec", "template", "spec", "containers", 0, "$patch"),
        ),
        (
            pod({"tolerations": [{"$patch": "replace"}]}),
            f"'{POD}.tolerations' is replaced as a whole, so '$patch' has no meaning in its items",
            ("spec", "template", "spec", "tolerations", 0, "$patch"),
        ),
        (
            {"spec": {"$retainkeys": ["x"]}},
            "unknown directive '$retainkeys' in 'spec'",
            ("spec", "$retainkeys"),
        ),
        ({"$patch": "delete"}, "a patch cannot remove the object", ()),
        (
            {"spec": {"strategy": {"$retainKeys": "type"}}},
            "'$retainKeys' in 'spec.strategy' must be a list of names",
            ("spec", "strategy", "$retainKeys"),
        ),
        (
            {"spec": {"strategy": {"$retainKeys": [], "type": "Recreate"}}},
            "'$retainKeys' in 'spec.strategy' leaves out what the patch sets: 'type'",
            ("spec", "strategy", "$retainKeys"),
        ),
        (
            pod({"$setElementOrder/tolerations": []}),
            f"'{POD}.tolerations' is replaced as a whole, so '$setElementOrder/tolerations' has no meaning",
            ("spec", "template", "spec", "$setElementOrder/tolerations"),
        ),
        (
            pod({"$setElementOrder/containers": ["head"]}),
            "'$setElementOrder/containers' must be a list of objects with 'name'",
            ("spec", "template", "spec", "$setElementOrder/containers"),
        ),
        (
            pod(
                {
                    "$setElementOrder/containers": [{"name": "runtime"}],
                    "containers": [{"name": "head", "image": "x"}],
                }
            ),
            "'$setElementOrder/containers' must name every item that the patch sets, in the same order",
            ("spec", "template", "spec", "$setElementOrder/containers"),
        ),
        (
            pod({"$deleteFromPrimitiveList/volumes": ["head"]}),
            "'$deleteFromPrimitiveList/volumes' must be a list of plain values, for a list of plain values",
            ("spec", "template", "spec", "$deleteFromPrimitiveList/volumes"),
        ),
    ],
)
def test_a_merge_that_does_not_fit_is_refused_where_it_does_not(
    apply: Apply, deployment: Json, patch: Json, message: str, below: tuple[str | int, ...]
) -> None:
    patched = apply(deployment, patch)

    assert patched.finding.code == "patch-shape"
    assert patched.finding.message == f"{message}, in 'Deployment/catalog'"
    assert patched.asked == [("patches", 0, "merge", *below)]
    assert patched.manifests[0].body is deployment


def test_everything_that_does_not_fit_is_said_at_once(apply: Apply, deployment: Json) -> None:
    patched = apply(deployment, {"spec": {"replicas": {}, "strategy": []}})

    assert {each.code for each in patched.findings} == {"patch-shape"}
    assert [below[-1] for below in patched.asked] == ["replicas", "strategy"]


def test_a_misspelt_directive_gets_a_hint(apply: Apply, deployment: Json) -> None:
    finding = apply(deployment, {"metadata": {"$setElementOrders/finalizers": []}}).finding

    assert finding.hint == "did you mean '$setElementOrder/finalizers'?"


def test_two_items_of_one_name_in_the_object_are_not_guessed_between(apply: Apply, deployment: Json) -> None:
    deployment["spec"]["template"]["spec"]["containers"][0]["env"] = [
        {"name": "A", "value": "1"},
        {"name": "A", "value": "2"},
    ]

    patched = apply(deployment, pod({"containers": [{"name": "head", "env": [{"name": "A", "value": "3"}]}]}))

    assert patched.finding.hint == "use a JSON patch, which counts items"
