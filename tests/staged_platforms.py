"""Platforms of several environments in which the same microservices differ: what two layouts must agree about."""

import json
import re
from typing import Any

from hypothesis import strategies as st

from tests.hostile_values import HOSTILE

STAGES = ("Dev", "Test", "Prod", "a")
NAMES = ("Catalog", "bb", "dev-bb", "No", "a-bb")
TENANTS = ("445f8ea8-1a6f-40d7-b2fc-796dba92dc44", "a1b2c3d4-1111-4aaa-8111-000000000001")
LOST = re.compile("[\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""What kustomize cannot carry, see `lost-by-kustomize`."""

texts = (st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(HOSTILE)).map(
    lambda text: LOST.sub("?", text)
)
memory = st.sampled_from(["128Mi", "1Gi", 268435456, "0.5Gi"])
kinds = st.sampled_from(["ConfigMap", "ServiceAccount", "Secret"])


def pod(**fields: Any) -> dict[str, Any]:
    return {"spec": {"template": {"spec": fields}}}


def head(**fields: Any) -> dict[str, Any]:
    return pod(containers=[{"name": "head", **fields}])


PATCHES: tuple[Any, ...] = (
    {"metadata": {"annotations": {"example.com/b": "x: y"}, "labels": {"environment": None}}},
    {"metadata": {"labels": {"environment": "elsewhere", "tier": "no"}}},
    {"spec": {"template": {"metadata": {"labels": {"tier": "1"}}}}},
    pod(serviceAccountName="bb", imagePullSecrets=[{"name": "dev-bb"}, {"name": "bb"}]),
    pod(containers=[{"name": "side", "image": "busybox:1.36", "env": []}]),
    pod(volumes=[{"name": "tmp", "emptyDir": {}}], nodeSelector={"a": "1e3"}),
    pod(volumes=[{"name": "tmp", "secret": {"secretName": "bb"}}], initContainers=[{"name": "i", "image": "i:1"}]),
    pod(tolerations=[{"key": "gpu", "operator": "Exists"}], hostname="y"),
    pod(hostAliases=[{"ip": "10.0.0.1", "hostnames": ["db", "on"]}], affinity={}),
    head(args=["--on", "no"], command=["sh"]),
    head(env=[{"name": "Z", "value": "0644"}, {"name": "A", "value": "x"}, {"$patch": "replace"}]),
    head(env=[{"name": "Y", "valueFrom": {"configMapKeyRef": {"name": "bb", "key": "k"}}}]),
    head(
        ports=[
            {"containerPort": 5353, "protocol": "UDP", "name": "one"},
            {"containerPort": 5353, "protocol": "TCP", "name": "two"},
        ]
    ),
    head(ports=[{"containerPort": 9999, "name": "early"}, {"containerPort": 7777, "name": "earlier"}]),
    {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}},
    {"spec": {"minReadySeconds": 5, "revisionHistoryLimit": 0}},
    [{"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "last", "image": "l:1"}}],
    [{"op": "replace", "path": "/metadata/labels", "value": {}}],
)


@st.composite
def patches(draw: st.DrawFn) -> dict[str, Any]:
    chosen = draw(st.sampled_from(PATCHES))
    return {"target": "Deployment", "json" if isinstance(chosen, list) else "merge": chosen}


@st.composite
def variables(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(st.dictionaries(st.sampled_from(["A", "B_C", "d.e", "F"]), texts, max_size=3))
    return {key: {"plain": text} for key, text in found.items() if text}


@st.composite
def heads(draw: st.DrawFn) -> dict[str, Any]:
    optional: dict[str, st.SearchStrategy[Any]] = {
        "image": st.sampled_from(["nginx:1.27.4", "acme.io/a/b@sha256:" + "0" * 64]),
        "ports": st.dictionaries(st.sampled_from(["grpc", "admin"]), st.integers(20000, 30000), max_size=2),
        "replicas": st.integers(0, 3),
        "args": st.lists(texts, max_size=3),
        "annotations": st.dictionaries(st.just("example.com/a"), texts, max_size=1),
        "labels": st.dictionaries(st.sampled_from(["tier", "team"]), st.sampled_from(["no", "x", "1"]), max_size=2),
        "resources": st.fixed_dictionaries({"limits": st.fixed_dictionaries({"memory": memory})}),
        "probes": st.just({"readiness": {"path": "/healthz"}, "liveness": False}),
        "autoscaling": st.fixed_dictionaries({"maxReplicas": st.integers(2, 9), "cpu": st.integers(1, 100)}),
        "serviceAccount": st.sampled_from([{"token": True}, "bb", "dev-bb"]),
        "nodeSelector": st.dictionaries(st.sampled_from(["zone", "disk"]), st.sampled_from(["a", "y"]), max_size=2),
    }
    return {key: draw(optional[key]) for key in sorted(draw(st.sets(st.sampled_from(sorted(optional)), max_size=4)))}


@st.composite
def objects(draw: st.DrawFn, stage: str, number: int) -> bytes:
    """A plain manifest: named like those of the environment or not, and labelled like them or not."""
    prefix = draw(st.sampled_from([f"{stage.lower()}-", f"{stage.lower()}-", f"own-{stage.lower()}-"]))
    label = draw(st.sampled_from([stage, stage, None, "x"]))
    labels = {} if label is None else {"labels": {"environment": label}}
    name = f"{prefix}{draw(st.sampled_from(['bb', 'dev-bb', 'x']))}"
    kind = draw(st.sampled_from(["ConfigMap", "ServiceAccount"]))
    name += "" if number == 0 else f"-{number}"
    return json.dumps({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, **labels}}).encode()


@st.composite
def staged_platforms(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A document, and the files beside it."""
    stages = draw(st.lists(st.sampled_from(STAGES), min_size=2, max_size=4, unique=True))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    files: dict[str, bytes] = {}
    microservices = []
    for number, name in enumerate(names):
        said: dict[str, Any] = {
            "name": name,
            "head": {"image": "nginx:1.27.3", **draw(heads())},
            "env": draw(variables()),
            "files": [{"name": "a.txt", "content": draw(texts), "plain": True}] if draw(st.booleans()) else [],
            "environments": {},
        }
        if draw(st.booleans()):
            said["runtime"] = {"version": "9.3.3"}
        if draw(st.booleans()):
            said["expose"] = {"path": f"/{name}"}
        if draw(st.booleans()):
            said["env"]["OTHER"] = {"url": name}
        for stage in draw(st.sets(st.sampled_from(stages))):
            override: dict[str, Any] = {"env": draw(variables()), "head": draw(heads())}
            if draw(st.integers(0, 5)) == 0:
                override = {"deploy": False}
            elif draw(st.booleans()):
                override["patches"] = [draw(patches())]
            if "deploy" not in override and draw(st.integers(0, 2)) == 0:
                path = f"own/{stage}-{number}.yaml"
                files[path] = draw(objects(stage, number))
                override["manifests"] = [path]
            said["environments"][stage] = override
        microservices.append(said)
    environments = [
        {
            "name": stage,
            "kubernetes": draw(st.sampled_from(["1.30", "1.34"])),
            "network": draw(st.sampled_from(["environment", "declared"])),
            "tenants": [
                {"id": tenant, "hosts": [f"{stage.lower()}-{index}.example.com"]}
                for index, tenant in enumerate(TENANTS[: draw(st.integers(1, 2))])
            ],
            "storage": {"backup": False},
        }
        for stage in stages
    ]
    application = {
        "name": "shop",
        "environments": environments,
        "microservices": microservices,
        "external": [
            {"kind": kind, "name": name}
            for kind in ("ServiceAccount", "Secret", "ConfigMap")
            for name in ("bb", "dev-bb")
        ],
    }
    document = {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "applications": [application],
    }
    return document, files
