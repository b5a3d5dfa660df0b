from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("spec", "refused"),
    [
        ({"ports": [{"port": 80}]}, []),
        ({}, ["missing-field"]),
        ({"clusterIP": "None"}, []),
        ({"clusterIP": "None", "type": "NodePort", "ports": [{"port": 80}]}, ["conflicting-fields"]),
        ({"clusterIP": "10.0.0", "ports": [{"port": 80}]}, ["bad-address"]),
        ({"type": "Internal", "ports": [{"port": 80}]}, ["bad-choice"]),
        ({"type": "ExternalName", "externalName": "db.example.com."}, []),
        ({"type": "ExternalName", "externalName": "DB.example.com"}, ["bad-host"]),
        ({"type": "ExternalName"}, ["missing-field"]),
        ({"type": "ExternalName", "externalName": "a", "clusterIP": "None"}, ["conflicting-fields"]),
        ({"ports": [{"port": 0}]}, ["out-of-range"]),
        ({"ports": [{"port": 80, "protocol": "HTTP"}]}, ["bad-choice"]),
        ({"ports": [{"port": 80}, {"port": 81}]}, ["missing-field"]),
        ({"ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "a"}]}, ["name-taken"]),
        ({"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]}, ["port-taken"]),
        ({"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b", "protocol": "UDP"}]}, []),
        ({"ports": [{"port": 80, "name": "a_b"}]}, ["bad-port-name"]),
        ({"ports": [{"port": 80, "name": "a-name-of-23-characters"}]}, []),
        ({"ports": [{"port": 80, "targetPort": "a-name-of-23-characters"}]}, ["bad-port-name"]),
        ({"ports": [{"port": 80, "targetPort": 65536}]}, ["out-of-range"]),
        ({"ports": [{"port": 80, "nodePort": 30000}]}, ["conflicting-fields"]),
        ({"type": "NodePort", "ports": [{"port": 80, "nodePort": 30000}]}, []),
        (
            {"type": "NodePort", "ports": [{"port": p, "name": f"p{p}", "nodePort": 30000} for p in (80, 81)]},
            ["port-taken"],
        ),
        ({"ports": [{"port": 80, "appProtocol": "kubernetes.io/h2c"}]}, []),
        ({"ports": [{"port": 80, "appProtocol": "a b"}]}, ["bad-name"]),
        ({"ports": [{"port": 80}], "sessionAffinity": "Cookie"}, ["bad-choice"]),
        (
            {"ports": [{"port": 80}], "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}}},
            ["conflicting-fields"],
        ),
        (
            {
                "ports": [{"port": 80}],
                "sessionAffinity": "ClientIP",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 86401}},
            },
            ["out-of-range"],
        ),
        ({"ports": [{"port": 80}], "loadBalancerSourceRanges": ["10.0.0.0/8"]}, ["conflicting-fields"]),
        ({"type": "LoadBalancer", "ports": [{"port": 80}], "loadBalancerSourceRanges": ["10.0.0.0/8"]}, []),
        ({"type": "LoadBalancer", "ports": [{"port": 80}], "loadBalancerSourceRanges": ["10.0.0.0"]}, ["bad-address"]),
        ({"ports": [{"port": 80}], "externalTrafficPolicy": "Local"}, ["conflicting-fields"]),
        ({"ports": [{"port": 80}], "externalIPs": ["example.com"]}, ["bad-address"]),
        ({"ports": [{"port": 80}], "selector": {"app": "a b"}}, ["bad-label"]),
    ],
)
def test_a_service(codes: Callable[..., list[str]], spec: dict[str, Any], refused: list[str]) -> None:
    assert codes("Service", "spec", spec) == refused
