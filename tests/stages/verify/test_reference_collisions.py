"""What objects of one namespace must not have twice."""

import pytest

from tests.stages.verify.conftest import Said
from tests.stages.verify.namespace import config_map_text, deployment_text, ingress_text, pod_text, service_text


def test_two_objects_of_one_name_are_refused_whatever_their_versions(said: Said) -> None:
    older = config_map_text("a").replace("apiVersion: v1, kind: ConfigMap", "apiVersion: example.com/v1, kind: Thing")
    newer = config_map_text("a").replace("apiVersion: v1, kind: ConfigMap", "apiVersion: example.com/v2, kind: Thing")

    assert said(config_map_text("a"), older) == []
    assert said(config_map_text("a"), older, newer) == [
        (
            "duplicate-object",
            "Thing/a metadata.name",
            "'a' in metadata.name of Thing/a: a second Thing",
            "give it another name, or patch the object that is there already",
        )
    ]


def test_a_path_of_a_host_belongs_to_one_ingress(said: Said) -> None:
    others = [
        deployment_text(pod_text()),
        service_text("{ selector: { app: shop }, ports: [{ name: http, port: 80 }] }"),
    ]

    ((code, place, message, _),) = said(*others, ingress_text("a", "/api"), ingress_text("b", "/api/"))

    assert (code, place) == ("host-path-taken", "Ingress/b spec.rules[0].http.paths[0]")
    assert message == ("'shop.example.com/api' in spec.rules[0].http.paths[0] of Ingress/b: already taken by Ingress/a")
    assert said(*others, ingress_text("a", "/api"), ingress_text("b", "/app")) == []
    assert said(*others, ingress_text("a", "/api"), ingress_text("b", "/api", "ingressClassName: internal")) == []


def test_a_canary_shares_its_path_on_purpose(said: Said) -> None:
    canary = ingress_text("b", "/api").replace(
        "namespace: shop }", "annotations: { nginx.ingress.kubernetes.io/canary: 'true' } }"
    )
    service = service_text("{ clusterIP: None, ports: [{ name: http, port: 80 }] }")

    assert said(service, ingress_text("a", "/api"), canary) == []


@pytest.mark.parametrize("kind", ["Ingress", "Service", "NetworkPolicy", "RoleBinding", "HorizontalPodAutoscaler"])
def test_a_kind_that_only_shares_its_name_is_left_alone(said: Said, kind: str) -> None:
    spec = "{ selector: all(), podSelector: all(), rules: [{ http: { paths: [{}] } }] }"

    assert said(f"{{ apiVersion: example.com/v1, kind: {kind}, metadata: {{ name: a }}, spec: {spec} }}") == []
