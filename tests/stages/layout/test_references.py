from typing import Any

from generator.stages.layout.references import references, renamed


def workload(kind: str = "Deployment", api_version: str = "apps/v1", **spec: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "spec": {"template": {"spec": spec}}}


def names(body: dict[str, Any]) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(each.name, tuple(each.kinds), each.short) for each in references(body)]


def test_names_in_pods_are_found_in_every_container() -> None:
    head = {"name": "h", "envFrom": [{"configMapRef": {"name": "one"}}, {"secretRef": {"name": "two"}}]}
    first = {"name": "f", "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "three", "key": "k"}}}]}
    volumes = [{"name": "v", "projected": {"sources": [{"configMap": {"name": "four"}}]}}]
    body = workload(containers=[head], initContainers=[first], volumes=volumes, serviceAccountName="five")

    found = {name: kinds for name, kinds, _ in names(body)}

    assert found == {
        "one": ("ConfigMap",),
        "two": ("Secret",),
        "three": ("Secret",),
        "four": ("ConfigMap",),
        "five": ("ServiceAccount",),
    }


def test_names_are_short_in_built_in_kinds_alone() -> None:
    assert names(workload(serviceAccountName="a")) == [("a", ("ServiceAccount",), True)]
    assert names(workload(api_version="apps.kruise.io/v1", serviceAccountName="a")) == [
        ("a", ("ServiceAccount",), False)
    ]


def test_subjects_are_written_in_full() -> None:
    binding = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding"}

    assert names({**binding, "subjects": [{"kind": "User", "name": "a"}]}) == [("a", ("ServiceAccount",), False)]


def test_a_reference_gets_another_name_and_nothing_else_changes() -> None:
    body = workload(imagePullSecrets=[{"name": "one"}, {"name": "two"}])
    (_, second) = references(body)

    assert renamed(body, {second.path: "three"}) == workload(imagePullSecrets=[{"name": "one"}, {"name": "three"}])
    assert body == workload(imagePullSecrets=[{"name": "one"}, {"name": "two"}])
