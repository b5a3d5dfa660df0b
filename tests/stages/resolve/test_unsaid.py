"""`null` says nothing, wherever it stands, and what says nothing is never printed."""

from typing import Any

import pytest

from tests.compiled import Compiled, compile_text, errors_of, shop

MICROSERVICE = """
- name: Catalog
  head: {{ image: "acme.io/catalog:1.0.0"{head} }}
  runtime: {{ version: 9.3.3{runtime} }}
  expose: {{ path: /{expose} }}
"""
ENVIRONMENT = """
- name: Dev
  tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [a.example.com] }}]
  storage: {{ backup: false{storage} }}
  {more}
"""


def document(more: str = "", **said: str) -> str:
    parts = {"head": "", "runtime": "", "expose": "", "storage": ""} | {key: f", {text}" for key, text in said.items()}
    return shop(MICROSERVICE.format(**parts), ENVIRONMENT.format(more=more, storage=parts["storage"]))


def compiled(more: str = "", **said: str) -> Compiled:
    return compile_text(document(more, **said))


def plain() -> Compiled:
    return compiled()


@pytest.mark.parametrize(
    "said",
    [
        {"more": "ingress: { annotations: { a/b: null } }"},
        {"more": "ingress: { gateway: null, class: null, issuer: null, tenantHeader: null, controller: null }"},
        {"more": "ingress: null"},
        {"more": "network: null"},
        {"more": "monitoring: null"},
        {"more": "defaults: { head: null, env: { A: null }, runtime: null }"},
        {"storage": "resources: null"},
        {"storage": "size: null, class: null, image: null"},
        {"head": "labels: { a: null }, annotations: { a: null }, nodeSelector: { a: null }"},
        {"head": "probes: { readiness: null }, replicas: null, strategy: null"},
        {"head": "command: [], args: []"},
        {"runtime": "endpoints: { web: null }, resources: null"},
        {"runtime": "eventStore: { backwardsCompatibility: { version: null } }, opentelemetry: { endpoint: null }"},
        {"expose": "annotations: { a: null }, pathType: null, port: null"},
    ],
    ids=str,
)
def test_null_is_the_same_as_leaving_the_line_out(said: dict[str, str]) -> None:
    assert dict(compiled(**said).compilation.tree) == dict(plain().compilation.tree)


def nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(nulls, value.values()))
    if isinstance(value, list):
        return any(map(nulls, value))
    return value is None


@pytest.mark.parametrize(
    "said",
    [
        {"storage": "resources: { limits: { cpu: null, memory: 3Gi } }"},
        {"head": "serviceAccount: { annotations: { a: null } }"},
        {"more": "ingress: { controller: { namespace: { a: b, c: null } } }"},
        {"more": "monitoring: { namespace: null, pod: { a: b, c: null } }"},
    ],
    ids=str,
)
def test_null_is_never_printed(said: dict[str, str]) -> None:
    assert not [each["metadata"]["name"] for each in compiled(**said).all if nulls(each)]


@pytest.mark.parametrize(
    "peer", ["monitoring: {}", "monitoring: { namespace: { a: null } }", "ingress: { controller: { pod: {} } }"]
)
def test_a_peer_that_would_be_every_pod_of_the_cluster_is_refused(peer: str) -> None:
    text = document(peer)

    assert errors_of(text) == [f"{text[: text.index(peer)].count(chr(10)) + 1} missing-key"]


def test_an_environment_may_have_no_monitoring() -> None:
    assert plain().has("NetworkPolicy", "dev-metrics")
    assert not compiled("monitoring: false").has("NetworkPolicy", "dev-metrics")


@pytest.mark.parametrize("probe", ["startup", "liveness", "readiness"])
def test_a_probe_can_be_switched_off_and_not_on(probe: str) -> None:
    off = compiled(head=f"probes: {{ {probe}: false }}").container("dev-catalog", "head")

    assert f"{probe}Probe" not in off
    assert [each.partition(" ")[2] for each in errors_of(document(head=f"probes: {{ {probe}: true }}"))] == [
        "wrong-type"
    ]


def test_a_version_that_is_not_that_of_the_image_is_refused() -> None:
    text = document(runtime="image: acme.io/runtime:7.8.1")

    assert [each.partition(" ")[2] for each in errors_of(text)] == ["runtime-version"]


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ("{ path: /ready }", {"httpGet": {"path": "/ready", "port": "http"}}),
        ("{ path: /ready, periodSeconds: 3 }", {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 3}),
        ("{ httpGet: { path: /x, port: 8081 } }", {"httpGet": {"path": "/x", "port": 8081}}),
        ("{ tcpSocket: {} }", {"tcpSocket": {"port": "http"}}),
        ("{ grpc: {} }", {"grpc": {"port": 80}}),
        ("{ exec: { command: [/bin/ready] } }", {"exec": {"command": ["/bin/ready"]}}),
    ],
)
def test_a_probe_that_names_no_port_asks_the_head_s_own(probe: str, expected: dict[str, object]) -> None:
    head = compiled(head=f"probes: {{ readiness: {probe} }}").container("dev-catalog", "head")

    assert head["readinessProbe"] == expected


def test_a_head_that_listens_on_nothing_is_not_probed_and_has_no_service() -> None:
    found = compile_text(shop('- { name: Worker, head: { image: "acme.io/worker:1.0.0", port: false } }'))

    assert found.names("dev/worker.yaml") == ["Deployment/dev-worker"]
    assert not [key for key in found.container("dev-worker", "head") if "Probe" in key or key == "ports"]
