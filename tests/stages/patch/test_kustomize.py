"""The real `kustomize build` and this stage make the same object of the same patch."""

import copy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Json = Any
Apply = Callable[..., Any]


def pod(spec: Json) -> Json:
    return {"spec": {"template": {"spec": spec}}}


def head(container: Json) -> Json:
    return pod({"containers": [{"name": "head", **container}]})


FIRST = "/spec/template/spec/containers/0"

DEPLOYMENT_PATCHES: dict[str, Json] = {
    "a scalar": {"spec": {"replicas": 3}},
    "a new scalar": pod({"terminationGracePeriodSeconds": 60}),
    "a new label and a changed one": {"metadata": {"labels": {"app": "shop", "tier": "web"}}},
    "a key removed": {"spec": {"strategy": {"rollingUpdate": None, "type": "Recreate"}}},
    "a new map with a null": pod({"securityContext": {"runAsUser": 1000, "runAsGroup": None}}),
    "a new empty map": pod({"securityContext": {}}),
    "a new empty list": pod({"imagePullSecrets": []}),
    "the first container": head({"image": "catalog:1.1.0"}),
    "the second container, which comes first": pod({"containers": [{"name": "runtime", "image": "runtime:9.4.0"}]}),
    "a new container, which comes first": pod({"containers": [{"name": "proxy", "image": "proxy:1"}]}),
    "a new and an old container": pod(
        {"containers": [{"name": "proxy", "image": "p:1"}, {"name": "runtime", "image": "r:1"}]}
    ),
    "a container removed": pod({"containers": [{"name": "runtime", "$patch": "delete"}]}),
    "the containers replaced": pod({"containers": [{"$patch": "replace"}, {"name": "only", "image": "o:1"}]}),
    "variables changed, added and removed": head(
        {
            "env": [
                {"name": "TWO", "value": "22"},
                {"name": "THREE", "value": "3"},
                {"name": "ONE", "$patch": "delete"},
            ]
        }
    ),
    "all variables removed one by one": head(
        {"env": [{"name": "ONE", "$patch": "delete"}, {"name": "TWO", "$patch": "delete"}]}
    ),
    "a variable from a field": head(
        {"env": [{"name": "ONE", "value": None, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}
    ),
    "arguments, which are replaced": head({"args": ["--three"]}),
    "a port of the same number": head({"ports": [{"containerPort": 80, "protocol": "UDP", "name": "quic"}]}),
    "a mount by its path": head({"volumeMounts": [{"mountPath": "/app/config", "name": "config", "readOnly": True}]}),
    "a volume replaced": pod({"volumes": [{"name": "config", "configMap": None, "emptyDir": {}}]}),
    "tolerations, which are replaced": pod({"tolerations": [{"key": "gpu", "operator": "Exists"}]}),
    "host aliases by address": pod({"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db"]}]}),
    "pull secrets by name": pod({"imagePullSecrets": [{"name": "acr"}]}),
    "spread by topology key": pod(
        {
            "topologySpreadConstraints": [
                {"topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"},
                {"topologyKey": "host", "maxSkew": 2, "whenUnsatisfiable": "DoNotSchedule"},
            ]
        }
    ),
    "finalizers, which are added to": {"metadata": {"finalizers": ["example.com/c", "example.com/b"]}},
    "a map removed by directive": {"spec": {"strategy": {"$patch": "delete"}}},
    "a map replaced by directive": {"spec": {"strategy": {"$patch": "replace", "type": "Recreate"}}},
    "a list removed": pod({"tolerations": None}),
    "a JSON replace": [{"op": "replace", "path": "/spec/replicas", "value": 5}],
    "a JSON add to a map": [{"op": "add", "path": "/metadata/annotations", "value": {"a/b": "c"}}],
    "a JSON add with an escaped key": [
        {"op": "add", "path": "/metadata/annotations", "value": {}},
        {"op": "add", "path": "/metadata/annotations/example.com~1a~0b", "value": "c"},
    ],
    "a JSON add with a key that looks escaped": [
        {"op": "add", "path": "/metadata/labels/~01", "value": "c"},
    ],
    "a JSON append": [{"op": "add", "path": f"{FIRST}/args/-", "value": "--three"}],
    "a JSON insert": [{"op": "add", "path": f"{FIRST}/args/1", "value": "--middle"}],
    "a JSON add behind the last": [{"op": "add", "path": f"{FIRST}/args/2", "value": "--three"}],
    "a JSON remove from a list": [{"op": "remove", "path": f"{FIRST}/env/0"}],
    "a JSON remove from a map": [{"op": "remove", "path": "/spec/strategy/rollingUpdate"}],
    "a JSON move between containers": [
        {"op": "move", "from": f"{FIRST}/args", "path": "/spec/template/spec/containers/1/args"}
    ],
    "a JSON move within a list": [{"op": "move", "from": f"{FIRST}/env/1", "path": f"{FIRST}/env/0"}],
    "a JSON copy that is then changed": [
        {"op": "copy", "from": f"{FIRST}/env", "path": "/spec/template/spec/containers/1/env"},
        {"op": "replace", "path": f"{FIRST}/env/0/value", "value": "9"},
    ],
    "a JSON test that holds": [
        {"op": "test", "path": f"{FIRST}/name", "value": "head"},
        {"op": "replace", "path": f"{FIRST}/image", "value": "catalog:2.0.0"},
    ],
}

SERVICE_PATCHES: dict[str, Json] = {
    "a port by number": {"spec": {"ports": [{"port": 80, "targetPort": 8080, "protocol": "TCP"}]}},
    "one of two ports of a number": {"spec": {"ports": [{"port": 53, "protocol": "TCP", "name": "names"}]}},
    "a new port, which comes first": {"spec": {"ports": [{"port": 443, "protocol": "TCP", "name": "https"}]}},
    "a port removed": {"spec": {"ports": [{"port": 53, "protocol": "UDP", "$patch": "delete"}]}},
    "a type": {"spec": {"type": "NodePort"}},
    "a JSON port": [{"op": "replace", "path": "/spec/ports/0/port", "value": 81}],
}


@pytest.fixture
def kustomized(tmp_path: Path) -> Callable[[Json, Json], Json]:
    kustomize = shutil.which("kustomize")
    if kustomize is None:
        pytest.fail("these tests need kustomize on the PATH: 'make test' puts it there")

    def build(body: Json, patch: Json) -> Json:
        target = {"kind": body["kind"], "name": body["metadata"]["name"]}
        if isinstance(patch, dict):
            target_fields = {"apiVersion": body["apiVersion"], "kind": body["kind"]}
            metadata = {"name": body["metadata"]["name"], "namespace": body["metadata"]["namespace"]}
            patch = {**target_fields, **patch, "metadata": {**metadata, **patch.get("metadata", {})}}
        listing = {
            "resources": ["object.yaml"],
            "patches": [{"target": target, "patch": yaml.safe_dump(patch)}],
        }
        (tmp_path / "object.yaml").write_text(yaml.safe_dump(body))
        (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(listing))
        done = subprocess.run([kustomize, "build", tmp_path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return yaml.safe_load(done.stdout)

    return build


@pytest.mark.parametrize("name", DEPLOYMENT_PATCHES)
def test_a_deployment_becomes_what_kustomize_makes_of_it(
    apply: Apply, kustomized: Callable[[Json, Json], Json], deployment: Json, name: str
) -> None:
    patch = DEPLOYMENT_PATCHES[name]

    patched = apply(copy.deepcopy(deployment), copy.deepcopy(patch))

    assert patched.body == kustomized(deployment, patch)


@pytest.mark.parametrize("name", SERVICE_PATCHES)
def test_a_service_becomes_what_kustomize_makes_of_it(
    apply: Apply, kustomized: Callable[[Json, Json], Json], service: Json, name: str
) -> None:
    patch = SERVICE_PATCHES[name]

    patched = apply(copy.deepcopy(service), copy.deepcopy(patch))

    assert patched.body == kustomized(service, patch)


def test_a_custom_resource_has_its_lists_replaced_as_kustomize_does(
    apply: Apply, kustomized: Callable[[Json, Json], Json]
) -> None:
    widget = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "w", "namespace": "shop"},
        "spec": {"containers": [{"name": "a"}, {"name": "b"}], "size": 1},
    }
    patch = {"spec": {"containers": [{"name": "c"}]}}

    assert apply(widget, patch).body == kustomized(widget, patch)


def test_ports_of_which_none_has_a_protocol_come_first_like_other_items(
    apply: Apply, kustomized: Callable[[Json, Json], Json], service: Json
) -> None:
    service["spec"]["ports"] = [{"port": 80, "name": "http"}, {"port": 81, "name": "other"}]
    patch = {"spec": {"ports": [{"port": 81, "name": "another"}]}}

    assert apply(service, patch).body == kustomized(service, patch)


def test_two_patches_apply_in_their_order(
    apply: Apply, kustomized: Callable[[Json, Json], Json], deployment: Json
) -> None:
    one = pod({"containers": [{"name": "proxy", "image": "p:1"}]})
    two = [{"op": "replace", "path": f"{FIRST}/image", "value": "p:2"}]

    assert apply(deployment, one, two).body == kustomized(kustomized(deployment, one), two)
