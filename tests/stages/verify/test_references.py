"""What objects of one namespace must find in each other."""

import pickle
from collections.abc import Callable

import pytest

from generator.model.manifest import Manifest
from generator.model.pod_uses import Reference
from generator.model.source import Path, Position
from generator.stages.verify.references import reference_findings, summarize
from generator.stages.verify.uses import defined, used
from tests.stages.verify.conftest import NOWHERE, Said
from tests.stages.verify.namespace import config_map_text, deployment_text, ingress_text, pod_text, service_text


def test_everything_that_an_object_uses_may_be_in_the_tree(said: Said) -> None:
    assert (
        said(
            config_map_text("files", "{ a.json: '{}' }"),
            "{ apiVersion: v1, kind: Secret, metadata: { name: keys, namespace: shop }, stringData: { KEY: ENC } }",
            "{ apiVersion: v1, kind: ServiceAccount, metadata: { name: robot, namespace: shop } }",
            deployment_text("""{
                serviceAccountName: robot,
                imagePullSecrets: [{ name: keys }],
                containers: [{
                    name: head, image: a, ports: [{ name: http, containerPort: 80 }],
                    env: [{ name: KEY, valueFrom: { secretKeyRef: { name: keys, key: KEY } } }],
                    envFrom: [{ configMapRef: { name: files } }] }],
                volumes: [
                    { name: a, configMap: { name: files, items: [{ key: a.json, path: a }] } },
                    { name: b, projected: { sources: [{ secret: { name: keys } }] } },
                    { name: c, persistentVolumeClaim: { claimName: store-db-1 } }] }"""),
            service_text("{ selector: { app: shop }, ports: [{ name: http, port: 80, targetPort: http }] }"),
            ingress_text("public", "/"),
            """{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db, namespace: shop }, spec: {
                replicas: 2, serviceName: shop, template: { metadata: { labels: { app: db } }, spec: {} },
                volumeClaimTemplates: [{ metadata: { name: store } }] } }""",
            """{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler,
                metadata: { name: shop, namespace: shop },
                spec: { scaleTargetRef: { kind: Deployment, name: shop } } }""",
        )
        == []
    )


@pytest.mark.parametrize(
    ("spec", "field", "what"),
    [
        ("{ serviceAccountName: robot }", "serviceAccountName", "ServiceAccount 'robot'"),
        ("{ imagePullSecrets: [{ name: acr }] }", "imagePullSecrets[0].name", "Secret 'acr'"),
        ("{ volumes: [{ name: a, secret: { secretName: b } }] }", "volumes[0].secret.secretName", "Secret 'b'"),
        (
            "{ volumes: [{ name: a, persistentVolumeClaim: { claimName: b } }] }",
            "volumes[0].persistentVolumeClaim.claimName",
            "PersistentVolumeClaim 'b'",
        ),
        (
            "{ volumes: [{ name: a, projected: { sources: [{ configMap: { name: b } }] } }] }",
            "volumes[0].projected.sources[0].configMap.name",
            "ConfigMap 'b'",
        ),
        (pod_text(envFrom="[{ secretRef: { name: b } }]"), "containers[0].envFrom[0].secretRef.name", "Secret 'b'"),
        (
            pod_text(env="[{ name: A, valueFrom: { configMapKeyRef: { name: b, key: c } } }]"),
            "containers[0].env[0].valueFrom.configMapKeyRef.key",
            "ConfigMap 'b'",
        ),
    ],
)
def test_what_a_pod_uses_must_be_in_its_namespace(said: Said, spec: str, field: str, what: str) -> None:
    place = f"spec.template.spec.{field}"

    assert said(deployment_text(spec)) == [
        (
            "dangling-object-reference",
            f"Deployment/shop {place}",
            f"{what} in {place} of Deployment/shop: the namespace has none of that name",
            "",
        )
    ]


def test_the_nearest_name_is_the_hint(said: Said) -> None:
    ((_, _, _, hint),) = said(
        config_map_text("settings"), deployment_text(pod_text(envFrom="[{ configMapRef: { name: setting } }]"))
    )

    assert hint == "did you mean 'settings'?"


def test_what_is_external_is_found_with_any_key(said: Said) -> None:
    text = deployment_text(pod_text(env="[{ name: A, valueFrom: { secretKeyRef: { name: vault, key: b } } }]"))

    assert said(text, external=frozenset({("Secret", "vault")})) == []
    assert len(said(text)) == 1


def test_what_every_namespace_has_and_what_is_optional_is_not_missed(said: Said) -> None:
    assert said(deployment_text("{ serviceAccountName: default }")) == []
    assert said(deployment_text("{ volumes: [{ name: a, configMap: { name: kube-root-ca.crt } }] }")) == []
    assert said(deployment_text("{ volumes: [{ name: a, configMap: { name: b, optional: true } }] }")) == []


def test_a_key_must_be_in_its_object(said: Said) -> None:
    env = "[{ name: A, valueFrom: { secretKeyRef: { name: keys, key: TOKN } } }]"
    keys = "{ apiVersion: v1, kind: Secret, metadata: { name: keys, namespace: shop }, stringData: { TOKEN: ENC } }"

    ((code, place, message, hint),) = said(deployment_text(pod_text(env=env)), keys)

    assert code == "dangling-object-reference"
    assert place == "Deployment/shop spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key"
    assert message.startswith("key 'TOKN' of Secret 'keys' in ")
    assert hint == "did you mean 'TOKEN'?"


@pytest.mark.parametrize(
    "maker",
    [
        "{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: a }, spec: { secretName: keys } }",
        "{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: keys }, spec: {} }",
        """{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: a },
            spec: { target: { name: keys } } }""",
        "{ apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: { name: keys }, spec: {} }",
    ],
)
def test_a_secret_that_a_controller_makes_has_any_key(said: Said, maker: str) -> None:
    env = "[{ name: A, valueFrom: { secretKeyRef: { name: keys, key: TOKEN } } }]"

    assert said(deployment_text(pod_text(env=env)), maker) == []


def test_a_service_that_selects_no_pod_dangles(said: Said) -> None:
    service = service_text("{ selector: { app: shopp }, ports: [{ port: 80 }] }")

    assert said(deployment_text(pod_text()), service) == [
        (
            "dangling-object-reference",
            "Service/shop spec.selector",
            "a selector in spec.selector of Service/shop: no pod of the namespace has these labels",
            "no pod has 'app: shopp'; did you mean 'shop'?",
        )
    ]
    assert said(service, external=frozenset({("Pod", "")})) == []


def test_a_port_of_a_service_must_be_one_of_the_selected_pods(said: Said) -> None:
    pod = deployment_text(pod_text(ports="[{ name: http, containerPort: 80 }]"))

    ((_, place, message, hint),) = said(
        pod, service_text("{ selector: { app: shop }, ports: [{ port: 80, targetPort: htp }] }")
    )

    assert place == "Service/shop spec.ports[0].targetPort"
    assert message.endswith("the selected pods have no port of that name")
    assert hint == "did you mean 'http'?"


def test_one_of_the_selected_pods_with_the_port_is_enough(said: Said) -> None:
    assert (
        said(
            deployment_text(pod_text(), "a"),
            deployment_text(pod_text(ports="[{ name: http, containerPort: 80 }]"), "b"),
            service_text("{ selector: { app: shop }, ports: [{ port: 80, targetPort: http }] }"),
        )
        == []
    )


def test_an_ingress_must_lead_to_a_port_of_a_service(said: Said) -> None:
    pod = deployment_text(pod_text())
    service = service_text("{ selector: { app: shop }, ports: [{ name: web, port: 80 }] }")

    ((code, place, message, _),) = said(pod, service, ingress_text("public", "/"))

    assert code == "dangling-object-reference"
    assert place == "Ingress/public spec.rules[0].http.paths[0].backend.service.port.name"
    assert message.startswith("port 'http' of Service 'shop' in ")


@pytest.mark.parametrize(("port", "count"), [(80, 0), (81, 1)])
def test_a_route_must_lead_to_a_port_of_a_service(said: Said, port: int, count: int) -> None:
    service = service_text("{ clusterIP: None, ports: [{ port: 80 }] }")
    route = f"""{{ apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{ name: a }},
        spec: {{ rules: [{{ backendRefs: [{{ name: shop, port: {port} }}] }}] }} }}"""

    assert len(said(service, route)) == count


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            """{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: a },
                spec: { podSelector: { matchLabels: { app: b } } } }""",
            "NetworkPolicy/a spec.podSelector",
        ),
        (
            """{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: a },
                spec: { selector: { matchExpressions: [{ key: app, operator: NotIn, values: [shop] }] } } }""",
            "PodDisruptionBudget/a spec.selector",
        ),
        (
            """{ apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: { name: a },
                spec: { scaleTargetRef: { kind: Deployment, name: b } } }""",
            "HorizontalPodAutoscaler/a spec.scaleTargetRef.name",
        ),
        (
            """{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: a },
                roleRef: { kind: Role, name: b } }""",
            "RoleBinding/a roleRef.name",
        ),
    ],
)
def test_policies_autoscalers_and_bindings_must_lead_somewhere(said: Said, text: str, place: str) -> None:
    assert [(code, at) for code, at, _, _ in said(deployment_text(pod_text()), text)] == [
        ("dangling-object-reference", place)
    ]


def test_an_empty_selector_and_a_cluster_role_lead_somewhere_always(said: Said) -> None:
    policy = """{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: a },
        spec: { podSelector: {}, policyTypes: [Ingress] } }"""
    binding = """{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: a },
        roleRef: { kind: ClusterRole, name: b } }"""

    assert said(policy, binding) == []


def test_the_references_of_an_object_can_be_listed(manifest: Callable[[str], Manifest]) -> None:
    text = deployment_text(pod_text(env="[{ name: A, valueFrom: { secretKeyRef: { name: keys, key: B } } }]"))
    path = ("spec", "template", "spec", "containers", 0, "env", 0, "valueFrom", "secretKeyRef", "key")

    assert list(used(manifest(text))) == [Reference("Secret", "keys", "B", path)]
    assert list(defined(manifest(text))) == [(("Deployment", "shop"), None)]
    assert list(defined(manifest(config_map_text("a", "{ b: c }")))) == [(("ConfigMap", "a"), frozenset({"b"}))]


def test_origins_survive_the_way_between_processes(
    manifest: Callable[[str], Manifest], locate: Callable[[Manifest, Path], Position]
) -> None:
    seen: list[Manifest] = []

    def remember(found: Manifest, path: Path) -> Position:
        seen.append(found)
        return locate(found, path)

    text = manifest(deployment_text("{ serviceAccountName: robot }"))
    summary = pickle.loads(pickle.dumps(summarize([text])))  # noqa: S301  (our own)

    reference_findings([summary], NOWHERE, remember)

    assert [(each.ref, each.origin) for each in seen] == [(text.ref, text.origin)]
