"""A head: its Deployment, its Service, how it is reached from outside.

Source: dolittle/platform-api `pkg/dolittle/k8s/{deployment,service,ingress}.go`, its defects mended.
"""

from typing import Any

import pytest

from tests.compiled import Compiled, acme, compile_text, errors_of, shop

T1, T2 = "a1b2c3d4-1111-4aaa-8111-000000000001", "e5f6a7b8-2222-4bbb-8222-000000000002"
EXPOSED = '- { name: Website, head: { image: "nginx:1.27.3" }, expose: { path: /, annotations: { a/b: c } } }'


def ingresses(said: str, microservice: str = EXPOSED) -> Compiled:
    return compile_text(
        shop(
            microservice,
            f"""
            - name: Prod
              tenants:
                - {{ id: {T1}, hosts: [north.example.com] }}
                - {{ id: {T2}, hosts: [south.example.com] }}
              ingress: {said}
            """,
        )
    )


def test_a_head_listens_where_its_service_leads() -> None:
    assert acme().container("prod-catalog", "head")["ports"] == [
        {"name": "http", "protocol": "TCP", "containerPort": 80}
    ]
    assert acme().one("Service", "prod-catalog")["spec"]["type"] == "ClusterIP"
    assert acme().one("Service", "prod-catalog")["spec"]["ports"] == [
        {"name": "http", "protocol": "TCP", "port": 80, "targetPort": "http"},
        {"name": "runtime", "protocol": "TCP", "port": 50052, "targetPort": "runtime"},
    ]


def test_a_stateless_microservice_has_no_runtime_port_no_mounts_and_no_configuration_of_a_runtime() -> None:
    assert [port["name"] for port in acme().one("Service", "prod-website")["spec"]["ports"]] == ["http"]
    pod = acme().one("Deployment", "prod-website")["spec"]["template"]["spec"]
    assert [each["name"] for each in pod["containers"]] == ["head"]
    assert "volumes" not in pod
    assert acme().mounts("prod-website", "head") == {}
    assert not acme().has("ConfigMap", "prod-website-dolittle")


def test_plain_variables_come_whole_and_secret_ones_by_name() -> None:
    head = acme().container("prod-catalog", "head")

    assert head["envFrom"] == [{"configMapRef": {"name": "prod-catalog-env-variables"}}]
    reference = {"name": "prod-catalog-secret-env-variables", "key": "DB_PASSWORD"}
    assert head["env"] == [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": reference}}]
    assert acme().one("ConfigMap", "prod-catalog-env-variables")["data"] == {"LOG_LEVEL": "info"}


def test_plain_and_secret_files_appear_together_in_one_folder() -> None:
    pod = acme().one("Deployment", "prod-catalog")["spec"]["template"]["spec"]

    assert acme().mounts("prod-catalog", "head") == {"/app/data": "config-files"}
    assert pod["volumes"][1] == {
        "name": "config-files",
        "projected": {
            "sources": [
                {"configMap": {"name": "prod-catalog-config-files"}},
                {
                    "secret": {
                        "name": "prod-catalog-secret-config-files",
                        "items": [{"key": "signing.key", "path": "signing.key"}],
                    }
                },
            ]
        },
    }


def test_every_container_has_probes_and_resources_wherever_it_runs() -> None:
    for environment in ("dev", "prod"):
        for name in ("head", "runtime"):
            container = acme().container(f"{environment}-catalog", name)
            assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()
            assert container["resources"] == {
                "requests": {"cpu": "50m", "memory": "256Mi"},
                "limits": {"cpu": "2000m", "memory": "1Gi"},
            }


@pytest.mark.parametrize("name", ["prod-catalog", "prod-pricing", "prod-website"])
def test_no_pod_may_gain_what_it_does_not_need(name: str) -> None:
    pod = acme().one("Deployment", name)["spec"]["template"]["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]


def test_every_tenant_with_hosts_has_one_ingress_for_all_of_them() -> None:
    ingress = acme().one("Ingress", "prod-catalog-a1b2c3d")

    backend = {"service": {"name": "prod-catalog", "port": {"name": "http"}}}
    rules = {"paths": [{"path": "/api/catalog", "pathType": "Prefix", "backend": backend}]}
    assert ingress["spec"] == {
        "ingressClassName": "nginx",
        "tls": [
            {"hosts": ["north.dolittle.cloud"], "secretName": "north-dolittle-cloud-certificate"},
            {"hosts": ["north.example.com"], "secretName": "north-example-com-certificate"},
        ],
        "rules": [{"host": "north.dolittle.cloud", "http": rules}, {"host": "north.example.com", "http": rules}],
    }


def test_a_host_whose_first_label_is_its_own_names_its_certificate_as_the_platform_does() -> None:
    tls = acme().one("Ingress", "prod-catalog-e5f6a7b")["spec"]["tls"]

    assert tls == [{"hosts": ["south.dolittle.cloud"], "secretName": "south-certificate"}]


def test_a_private_microservice_has_no_way_in() -> None:
    kinds = {body["kind"] for body in acme().bodies("prod/pricing.yaml")}

    assert "Ingress" not in kinds
    assert not acme().has("NetworkPolicy", "prod-pricing-ingress")


def annotations(compiled: Compiled, kind: str = "Ingress") -> dict[str, Any]:
    found = compiled.one(kind, "prod-website-a1b2c3d")["metadata"]["annotations"]
    return {key: text for key, text in found.items() if not key.startswith("dolittle.io/")}


def test_no_snippet_is_written_unless_somebody_chooses_it() -> None:
    assert annotations(ingresses("{}")) == {"cert-manager.io/cluster-issuer": "letsencrypt-production", "a/b": "c"}


def test_a_chosen_snippet_tells_the_head_its_tenant() -> None:
    found = annotations(ingresses("{ tenantHeader: snippet }"))

    snippet = f'proxy_set_header Tenant-ID "{T1}";\n'
    assert found["nginx.ingress.kubernetes.io/configuration-snippet"] == snippet
    assert found["a/b"] == "c"


def test_what_the_document_says_of_an_annotation_stands_over_the_platform_s_own() -> None:
    microservice = """
        - name: Website
          head: { image: "nginx:1.27.3" }
          expose: { path: /, annotations: { cert-manager.io/cluster-issuer: mine } }
    """
    assert annotations(ingresses("{}", microservice)) == {"cert-manager.io/cluster-issuer": "mine"}


def test_the_environment_s_annotations_yield_to_the_microservice_s() -> None:
    found = annotations(ingresses("{ annotations: { a/b: z, d/e: f, cert-manager.io/cluster-issuer: theirs } }"))

    assert found == {"a/b": "c", "d/e": "f", "cert-manager.io/cluster-issuer": "theirs"}


def test_the_identity_of_pods_says_what_the_document_says() -> None:
    microservice = """
        - name: Website
          head:
            image: "nginx:1.27.3"
            serviceAccount: { token: true, annotations: { client-id: x, dolittle.io/microservice-kind: other } }
    """
    compiled = compile_text(shop(microservice))
    pod = compiled.one("Deployment", "dev-website")["spec"]["template"]["spec"]
    account = compiled.one("ServiceAccount", "dev-website")

    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == ("dev-website", True)
    assert account["metadata"]["annotations"]["client-id"] == "x"
    assert account["metadata"]["annotations"]["dolittle.io/microservice-kind"] == "other"
    assert account["automountServiceAccountToken"] is False


def test_behind_a_gateway_the_route_itself_tells_the_head_its_tenant() -> None:
    compiled = ingresses("{ gateway: { name: public, namespace: gateways, sectionName: https } }")
    route = compiled.one("HTTPRoute", "prod-website-e5f6a7b")

    assert not compiled.has("Ingress", "prod-website-e5f6a7b")
    assert route["spec"] == {
        "parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
        "hostnames": ["south.example.com"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "filters": [
                    {
                        "type": "RequestHeaderModifier",
                        "requestHeaderModifier": {"set": [{"name": "Tenant-ID", "value": T2}]},
                    }
                ],
                "backendRefs": [{"name": "prod-website", "port": 80}],
            }
        ],
    }


def test_a_change_of_plain_configuration_changes_the_pods_and_nothing_else_of_the_deployment() -> None:
    def deployment(value: str) -> dict[str, Any]:
        microservice = f'- {{ name: Website, head: {{ image: "nginx:1.27.3" }}, env: {{ COLOUR: {value} }} }}'
        return compile_text(shop(microservice)).one("Deployment", "dev-website")

    before, after = deployment("red"), deployment("blue")
    digests = [
        each["spec"]["template"]["metadata"]["annotations"].pop("platformc.dev/configuration")
        for each in (before, after)
    ]
    assert digests[0] != digests[1]
    assert before == after


def test_no_digest_tells_about_a_secret() -> None:
    compiled = compile_text(shop('- { name: Website, head: { image: "nginx:1.27.3" } }'))

    template = compiled.one("Deployment", "dev-website")["spec"]["template"]
    assert "platformc.dev/configuration" not in template["metadata"]["annotations"]


def test_a_certificate_from_elsewhere_is_never_asked_of_the_issuer() -> None:
    """cert-manager makes the certificates of all Secrets that an annotated Ingress names, over what is there."""
    compiled = compile_text(
        shop(
            '- { name: Website, head: { image: "nginx:1.27.3" }, expose: { path: / } }',
            """
            - name: Dev
              tenants:
                - id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44
                  hosts: [dev.example.com, { host: www.example.com, tls: bought }]
            """,
            application="external: [{ kind: Secret, name: bought }]",
        )
    )

    ours, bought = (compiled.one("Ingress", f"dev-website-445f8ea{suffix}") for suffix in ("", "-external-tls"))
    assert ours["spec"]["tls"] == [{"hosts": ["dev.example.com"], "secretName": "dev-certificate"}]
    assert "cert-manager.io/cluster-issuer" in ours["metadata"]["annotations"]
    assert bought["spec"]["tls"] == [{"hosts": ["www.example.com"], "secretName": "bought"}]
    assert "cert-manager.io/cluster-issuer" not in bought["metadata"]["annotations"]


def test_a_certificate_that_nobody_makes_is_missing() -> None:
    text = shop(
        '- { name: Website, head: { image: "nginx:1.27.3" }, expose: { path: / } }',
        """
        - name: Dev
          ingress: { issuer: false }
          tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.example.com] }]
        """,
    )

    assert [error.partition(" ")[2] for error in errors_of(text)] == ["dangling-object-reference"]


def test_a_head_may_listen_on_named_ports_alone() -> None:
    compiled = compile_text(
        shop(
            """
            - { name: Prices, head: { image: "acme/prices:1.0.0", port: false, ports: { grpc: 9090 } } }
            - { name: Website, head: { image: "nginx:1.27.3" }, env: { PRICES: { address: Prices, port: grpc } } }
            """
        )
    )

    head = compiled.container("dev-prices", "head")
    assert head["ports"] == [{"name": "grpc", "protocol": "TCP", "containerPort": 9090}]
    assert head["readinessProbe"]["tcpSocket"] == {"port": "grpc"}
    assert compiled.one("ConfigMap", "dev-website-env-variables")["data"] == {"PRICES": "dev-prices:9090"}


@pytest.mark.parametrize(
    "image",
    ["http://x/b:1.0.0", "a//b:1.0.0", "a/B:1.0.0", "a/b:1.0.0@sha256:abc", "a/b:1.0.0+meta", "a/b:0.3.0:7", "b:"],
)
def test_what_no_container_runtime_could_pull_is_refused(image: str) -> None:
    assert errors_of(shop(f'- {{ name: Website, head: {{ image: "{image}" }} }}')) == ["10 bad-image"]


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1.27.3",
        "localhost:5000/a/b:1.0.0",
        f"acme.azurecr.io/a_b/c--d:v1.0.0@sha256:{'0' * 64}",
        "A.example/b:1.0.0",
    ],
)
def test_what_a_container_runtime_can_pull_is_taken(image: str) -> None:
    assert compile_text(shop(f'- {{ name: Website, head: {{ image: "{image}" }} }}')).has("Deployment", "dev-website")
