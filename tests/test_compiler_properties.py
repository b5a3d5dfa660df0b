"""Any small platform compiles to what the schemas accept and all readers read alike, or is refused with a place."""

import string
from functools import cache
from typing import Any

import yaml
import yaml_rs
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from generator.adapters.package import read_schema
from generator.model.diagnostics import CompileError
from generator.model.kubernetes import KubernetesSchemas
from tests.compiled import Compiled, compile_said
from tests.hostile_values import HOSTILE

TENANTS = ("445f8ea8-1a6f-40d7-b2fc-796dba92dc44", "a1b2c3d4-1111-4aaa-8111-000000000001")
VERSIONS = ("5.2.0", "6.1.0", "7.2.0", "7.8.1", "8.2.0", "8.4.0", "8.9.4", "9.0.0", "9.3.3", "9.9.0")

alphanumerics = st.sampled_from(string.ascii_letters + string.digits)
names = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(string.ascii_letters),
        st.text(st.sampled_from(string.ascii_letters + string.digits + "-"), max_size=20),
        alphanumerics,
    ),
)
ports = st.integers(1, 65535) | st.sampled_from([80, 8080, 50052, 9700, False])
texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(HOSTILE)
paths = st.text(st.sampled_from("/abcDOLITe.-_"), max_size=12).map(lambda text: f"/{text}")
quantities = st.sampled_from(["10m", "1", "128Mi", "1Gi", 2, "0.5"])


@st.composite
def heads(draw: st.DrawFn) -> dict[str, Any]:
    head: dict[str, Any] = {"image": draw(st.sampled_from(["nginx:1.27.3", "acme.io/a/b@sha256:" + "0" * 64, "nginx"]))}
    optional = {
        "port": ports,
        "ports": st.dictionaries(st.sampled_from(["grpc", "admin", "metrics"]), st.integers(1, 65535), max_size=2),
        "replicas": st.integers(0, 5),
        "args": st.lists(texts, max_size=3),
        "annotations": st.dictionaries(st.just("example.com/a"), texts, max_size=1),
        "resources": st.fixed_dictionaries(
            {"requests": st.dictionaries(st.sampled_from(["cpu", "memory"]), quantities)}
        ),
        "security": st.sampled_from(["baseline", "restricted"]),
        "probes": st.just({"readiness": {"path": "/healthz"}, "liveness": False}),
        "autoscaling": st.fixed_dictionaries({"maxReplicas": st.integers(1, 9), "cpu": st.integers(1, 100)}),
        "serviceAccount": st.just({"token": True}),
    }
    for key in draw(st.sets(st.sampled_from(sorted(optional)), max_size=4)):
        head[key] = draw(optional[key])
    return head


@st.composite
def runtimes(draw: st.DrawFn) -> dict[str, Any]:
    runtime: dict[str, Any] = {"version": draw(st.sampled_from(VERSIONS))}
    if draw(st.booleans()):
        runtime["eventStore"] = {"backwardsCompatibility": {"version": "V7"}}
    if draw(st.booleans()):
        runtime["endpoints"] = {"public": draw(st.integers(1, 65535))}
    return runtime


@st.composite
def microservices(draw: st.DrawFn, name: str, others: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {"name": name, "head": draw(heads())}
    said["env"] = {
        key: {"plain": text}
        for key, text in draw(st.dictionaries(st.sampled_from(["A", "B_C", "d.e"]), texts, max_size=2)).items()
    }
    said["files"] = [
        {"name": key, "content": text, "plain": True}
        for key, text in draw(st.dictionaries(st.sampled_from(["a.txt", "b"]), texts, max_size=2)).items()
    ]
    if draw(st.booleans()):
        said["runtime"] = draw(runtimes())
        if draw(st.booleans()):
            said["subscribes"] = [{"to": draw(st.sampled_from(others)), "stream": TENANTS[1], "partition": "prices"}]
    if draw(st.booleans()):
        said["env"]["OTHER"] = {"url": draw(st.sampled_from(others))}
    if draw(st.booleans()):
        said["expose"] = {"path": draw(paths)}
    return said


@st.composite
def platforms(draw: st.DrawFn) -> dict[str, Any]:
    named = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    environment: dict[str, Any] = {
        "name": draw(st.sampled_from(["Dev", "Prod", "a", "Test-1"])),
        "network": draw(st.sampled_from(["environment", "declared"])),
        "tenants": [
            {"id": each, "hosts": [f"{index}.example.com"]}
            for index, each in enumerate(draw(st.lists(st.sampled_from(TENANTS), max_size=2, unique=True)))
        ],
        "storage": {"backup": False},
    }
    if draw(st.booleans()):
        environment["ingress"] = {"gateway": {"name": "public", "namespace": "gateways"}}
    return {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "kubernetes": draw(st.sampled_from(["1.30", "1.34", "1.37"])),
        "applications": [
            {
                "name": draw(st.sampled_from(["shop", "a", "no"])),
                "security": draw(st.sampled_from(["baseline", "restricted"])),
                "environments": [environment],
                "microservices": [draw(microservices(name, named)) for name in named],
            }
        ],
    }


@cache
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas(read_schema)


def check(compiled: Compiled) -> None:
    for path, content in compiled.compilation.tree.items():
        text = content.decode()
        bodies = list(yaml.safe_load_all(text))
        assert list(YAML(typ="safe", pure=True).load_all(text)) == bodies
        read = yaml_rs.loads(text, parse_datetime=False)
        assert (read if isinstance(read, list) else [read]) == bodies
        version = compiled.compilation.versions.get(path, "")
        for body in bodies:
            assert schemas().is_accepted(version, body["apiVersion"], body["kind"], body), (path, body)


@given(platforms())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@example(
    {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "applications": [
            {
                "name": "shop",
                "environments": [{"name": "Dev"}],
                "microservices": [{"name": "No", "head": {"image": "nginx"}, "env": {"A": {"plain": "no"}}}],
            }
        ],
    }
)
def test_a_platform_compiles_to_something_sound_or_is_refused_with_a_place(document: dict[str, Any]) -> None:
    try:
        compiled = compile_said(document)
    except CompileError as error:
        found = error.diagnostics
    else:
        check(compiled)
        return
    assert found
    for finding in found:
        assert (finding.at.file, finding.at.line) == ("platform.yaml", 1)
        assert finding.at.column > 1
        assert "\n" not in finding.message
