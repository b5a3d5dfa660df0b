from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.diagnostics import Diagnostic
from generator.stages.verify.addresses import is_block, is_host, is_within

_PATH = "spec.rules.0.http.paths.0"


def test_a_host_is_a_name_or_everything_below_one() -> None:
    assert all(map(is_host, ["a.b", "*.a.b", "foo", "1.2.3", "a" * 64 + ".b"]))
    assert not any(
        map(is_host, ["", "*", "*a.b", "a.*.b", "*.*.a", "1.2.3.4", "A.b", "a b", "a.b.", "a_b", "::1", "a:80"])
    )


def test_a_block_has_no_bits_behind_its_prefix() -> None:
    assert all(map(is_block, ["10.0.0.0/8", "0.0.0.0/0", "::/0", "fd00::/8", "FD00::/8"]))
    refused = ["", "x", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/08", "010.0.0.0/8", "10.0.0.0/255.0.0.0"]
    assert not any(map(is_block, [*refused, "10.0.0.0/8 ", "::ffff:10.0.0.0/104", "fe80::%1/64"]))


@given(st.integers(1, 32), st.integers(0, 32))
def test_a_block_is_within_another_one_when_it_is_a_smaller_part(inner: int, outer: int) -> None:
    assert is_within(f"0.0.0.0/{inner}", f"0.0.0.0/{outer}") == (inner > outer)
    assert not is_within(f"128.0.0.0/{inner}", f"0.0.0.0/{max(outer, 1)}")


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("spec.rules", [], ["missing-field"]),
        ("spec.rules.0.host", "*.example.com", []),
        ("spec.rules.0.host", "10.0.0.1", ["bad-host"]),
        ("spec.rules.0.host", "Shop.example.com", ["bad-host"]),
        ("spec.rules.0.http.paths", [], ["missing-field"]),
        ("spec.tls.0.hosts", ["shop_example.com"], ["bad-host"]),
        ("spec.tls.0.secretName", "Shop", ["bad-name"]),
        ("spec.ingressClassName", "", ["bad-name"]),
        ("metadata.annotations", {"kubernetes.io/ingress.class": "nginx"}, []),
        ("metadata.annotations", {"kubernetes.io/ingress.class": "traefik"}, ["conflicting-fields"]),
        (f"{_PATH}.pathType", "Regex", ["bad-choice"]),
        (f"{_PATH}.path", "api", ["bad-path"]),
        (f"{_PATH}.path", None, ["bad-path"]),
        (f"{_PATH}.path", "/a//b", ["bad-path"]),
        (f"{_PATH}.path", "/a/./b", ["bad-path"]),
        (f"{_PATH}.path", "/a/..", ["bad-path"]),
        (f"{_PATH}.path", "/a%2fb", ["bad-path"]),
        (f"{_PATH}.path", "/a b/", []),
        (f"{_PATH}.backend", {}, ["one-of"]),
        (f"{_PATH}.backend.service.port", {}, ["one-of"]),
        (f"{_PATH}.backend.service.port", {"name": "http", "number": 80}, ["one-of"]),
        (f"{_PATH}.backend.service.port", {"number": 0}, ["out-of-range"]),
        (f"{_PATH}.backend.service.port", {"name": "HTTP"}, ["bad-port-name"]),
        (f"{_PATH}.backend.service.name", "a.b", ["bad-name"]),
        (f"{_PATH}.backend", {"resource": {"kind": "Bucket", "name": "a"}}, []),
    ],
)
def test_an_ingress(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("Ingress", path, value) == refused


def test_only_the_controller_knows_what_an_implementation_specific_path_means(
    findings: Callable[..., list[Diagnostic]],
) -> None:
    assert findings("Ingress", {f"{_PATH}.pathType": "ImplementationSpecific", f"{_PATH}.path": "/a//(.*)"}) == []


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("spec.podSelector", {}, []),
        ("spec.podSelector", {"matchLabels": {"a": "b c"}}, ["bad-label"]),
        ("spec.policyTypes", ["ingress"], ["bad-choice"]),
        ("spec.policyTypes", ["Ingress", "Ingress"], ["name-taken"]),
        ("spec.ingress.0.from", [{}], ["one-of"]),
        ("spec.ingress.0.from", [{"podSelector": {}}], []),
        ("spec.ingress.0.from", [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}], ["conflicting-fields"]),
        ("spec.ingress.0.from", [{"ipBlock": {"cidr": "10.0.0.1/8"}}], ["bad-address"]),
        ("spec.ingress.0.from", [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}], []),
        ("spec.ingress.0.from", [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}], ["bad-address"]),
        ("spec.ingress.0.ports", [{}], []),
        ("spec.ingress.0.ports", [{"port": "http"}], []),
        ("spec.ingress.0.ports", [{"port": "http", "endPort": 90}], ["conflicting-fields"]),
        ("spec.ingress.0.ports", [{"port": 80, "endPort": 80}], []),
        ("spec.ingress.0.ports", [{"port": 80, "endPort": 79}], ["out-of-range"]),
        ("spec.ingress.0.ports", [{"port": 0}], ["out-of-range"]),
        ("spec.ingress.0.ports", [{"protocol": "tcp"}], ["bad-choice"]),
        ("spec.egress", [{"to": [{}]}], ["one-of"]),
    ],
)
def test_a_network_policy(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("NetworkPolicy", path, value) == refused
