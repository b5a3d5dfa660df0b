import pickle
from collections.abc import Callable
from typing import TypeAlias

import pytest

from generator.model.manifest import Manifest
from generator.model.source import Path, Position
from generator.stages.verify.references import reference_findings, summarize
from generator.stages.verify.uses import Reference, defined, used

Said: TypeAlias = Callable[..., list[tuple[str, str, str, str]]]

_NOWHERE: frozenset[tuple[str, str]] = frozenset()


def _deployment(spec: str, name: str = "shop", labels: str = "{ app: shop }") -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{ name: {name}, namespace: shop }}
spec: {{ selector: {{ matchLabels: {labels} }}, template: {{ metadata: {{ labels: {labels} }}, spec: {spec} }} }}
"""


def _pod(**container: str) -> str:
    fields = "".join(f", {name}: {value}" for name, value in container.items())
    return f"{{ containers: [{{ name: head, image: a{fields} }}] }}"


def _service(spec: str, name: str = "shop") -> str:
    return f"{{ apiVersion: v1, kind: Service, metadata: {{ name: {name}, namespace: shop }}, spec: {spec} }}"


def _config_map(name: str, data: str = "{}") -> str:
    return f"{{ apiVersion: v1, kind: ConfigMap, metadata: {{ name: {name}, namespace: shop }}, data: {data} }}"


def _ingress(name: str, path: str, more: str = "") -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{ name: {name}, namespace: shop }}
spec:
  {more}
  rules:
    - host: shop.example.com
      http:
        paths: [{{ path: {path}, pathType: Prefix, backend: {{ service: {{ name: shop, port: {{ name: http }} }} }} }}]
"""


@pytest.fixture
def said(manifest: Callable[[str], Manifest], locate: Callable[[Manifest, Path], Position]) -> Said:
    """Return what is said of some objects of one namespace, whether they are looked at together or one by one."""

    def say(*texts: str, external: frozenset[tuple[str, str]] = _NOWHERE) -> list[tuple[str, str, str, str]]:
        objects = [manifest(text) for text in texts]
        together = [summarize(objects)]
        apart = pickle.loads(pickle.dumps([summarize([each]) for each in objects]))  # noqa: S301  (our own)
        found = reference_findings(together, external, locate)
        assert reference_findings(apart, external, locate) == found
        return [(each.code, each.at.file, each.message, each.hint) for each in found]

    return say


def test_everything_that_an_object_uses_may_be_in_the_tree(said: Said) -> None:
    assert (
        said(
            _config_map("files", "{ a.json: '{}' }"),
            "{ apiVersion: v1, kind: Secret, metadata: { name: keys, namespace: shop }, stringData: { KEY: ENC } }",
            "{ apiVersion: v1, kind: ServiceAccount, metadata: { name: robot, namespace: shop } }",
            _deployment("""{
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
            _service("{ selector: { app: shop }, ports: [{ name: http, port: 80, targetPort: http }] }"),
            _ingress("public", "/"),
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
        (_pod(envFrom="[{ secretRef: { name: b } }]"), "containers[0].envFrom[0].secretRef.name", "Secret 'b'"),
        (
            _pod(env="[{ name: A, valueFrom: { configMapKeyRef: { name: b, key: c } } }]"),
            "containers[0].env[0].valueFrom.configMapKeyRef.key",
            "ConfigMap 'b'",
        ),
    ],
)
def test_what_a_pod_uses_must_be_in_its_namespace(said: Said, spec: str, field: str, what: str) -> None:
    place = f"spec.template.spec.{field}"

    assert said(_deployment(spec)) == [
        (
            "dangling-object-reference",
            f"Deployment/shop {place}",
            f"{what} in {place} of Deployment/shop: the namespace has none of that name",
            "",
        )
    ]


def test_the_nearest_name_is_the_hint(said: Said) -> None:
    ((_, _, _, hint),) = said(
        _config_map("settings"), _deployment(_pod(envFrom="[{ configMapRef: { name: setting } }]"))
    )

    assert hint == "did you mean 'settings'?"


def test_what_is_external_is_found_with_any_key(said: Said) -> None:
    text = _deployment(_pod(env="[{ name: A, valueFrom: { secretKeyRef: { name: vault, key: b } } }]"))

    assert said(text, external=frozenset({("Secret", "vault")})) == []
    assert len(said(text)) == 1


def test_what_every_namespace_has_and_what_is_optional_is_not_missed(said: Said) -> None:
    assert said(_deployment("{ serviceAccountName: default }")) == []
    assert said(_deployment("{ volumes: [{ name: a, configMap: { name: kube-root-ca.crt } }] }")) == []
    assert said(_deployment("{ volumes: [{ name: a, configMap: { name: b, optional: true } }] }")) == []


def test_a_key_must_be_in_its_object(said: Said) -> None:
    env = "[{ name: A, valueFrom: { secretKeyRef: { name: keys, key: TOKN } } }]"
    keys = "{ apiVersion: v1, kind: Secret, metadata: { name: keys, namespace: shop }, stringData: { TOKEN: ENC } }"

    ((code, place, message, hint),) = said(_deployment(_pod(env=env)), keys)

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

    assert said(_deployment(_pod(env=env)), maker) == []


def test_a_service_that_selects_no_pod_dangles(said: Said) -> None:
    service = _service("{ selector: { app: shopp }, ports: [{ port: 80 }] }")

    assert said(_deployment(_pod()), service) == [
        (
            "dangling-object-reference",
            "Service/shop spec.selector",
            "a selector in spec.selector of Service/shop: no pod of the namespace has these labels",
            "no pod has 'app: shopp'; did you mean 'shop'?",
        )
    ]
    assert said(service, external=frozenset({("Pod", "")})) == []


def test_a_port_of_a_service_must_be_one_of_the_selected_pods(said: Said) -> None:
    pod = _deployment(_pod(ports="[{ name: http, containerPort: 80 }]"))

    ((_, place, message, hint),) = said(
        pod, _service("{ selector: { app: shop }, ports: [{ port: 80, targetPort: htp }] }")
    )

    assert place == "Service/shop spec.ports[0].targetPort"
    assert message.endswith("the selected pods have no port of that name")
    assert hint == "did you mean 'http'?"


def test_one_of_the_selected_pods_with_the_port_is_enough(said: Said) -> None:
    assert (
        said(
            _deployment(_pod(), "a"),
            _deployment(_pod(ports="[{ name: http, containerPort: 80 }]"), "b"),
            _service("{ selector: { app: shop }, ports: [{ port: 80, targetPort: http }] }"),
        )
        == []
    )


def test_an_ingress_must_lead_to_a_port_of_a_service(said: Said) -> None:
    pod = _deployment(_pod())
    service = _service("{ selector: { app: shop }, ports: [{ name: web, port: 80 }] }")

    ((code, place, message, _),) = said(pod, service, _ingress("public", "/"))

    assert code == "dangling-object-reference"
    assert place == "Ingress/public spec.rules[0].http.paths[0].backend.service.port.name"
    assert message.startswith("port 'http' of Service 'shop' in ")


@pytest.mark.parametrize(("port", "count"), [(80, 0), (81, 1)])
def test_a_route_must_lead_to_a_port_of_a_service(said: Said, port: int, count: int) -> None:
    service = _service("{ clusterIP: None, ports: [{ port: 80 }] }")
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
    assert [(code, at) for code, at, _, _ in said(_deployment(_pod()), text)] == [("dangling-object-reference", place)]


def test_an_empty_selector_and_a_cluster_role_lead_somewhere_always(said: Said) -> None:
    policy = """{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: a },
        spec: { podSelector: {}, policyTypes: [Ingress] } }"""
    binding = """{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: a },
        roleRef: { kind: ClusterRole, name: b } }"""

    assert said(policy, binding) == []


def test_two_objects_of_one_name_are_refused_whatever_their_versions(said: Said) -> None:
    older = _config_map("a").replace("apiVersion: v1, kind: ConfigMap", "apiVersion: example.com/v1, kind: Thing")
    newer = _config_map("a").replace("apiVersion: v1, kind: ConfigMap", "apiVersion: example.com/v2, kind: Thing")

    assert said(_config_map("a"), older) == []
    assert said(_config_map("a"), older, newer) == [
        ("duplicate-object", "Thing/a metadata.name", "'a' in metadata.name of Thing/a: a second Thing", "")
    ]


def test_a_path_of_a_host_belongs_to_one_ingress(said: Said) -> None:
    others = [
        _deployment(_pod()),
        _service("{ selector: { app: shop }, ports: [{ name: http, port: 80 }] }"),
    ]

    ((code, place, message, _),) = said(*others, _ingress("a", "/api"), _ingress("b", "/api/"))

    assert (code, place) == ("host-path-taken", "Ingress/b spec.rules[0].http.paths[0]")
    assert message == ("'shop.example.com/api' in spec.rules[0].http.paths[0] of Ingress/b: already taken by Ingress/a")
    assert said(*others, _ingress("a", "/api"), _ingress("b", "/app")) == []
    assert said(*others, _ingress("a", "/api"), _ingress("b", "/api", "ingressClassName: internal")) == []


def test_a_canary_shares_its_path_on_purpose(said: Said) -> None:
    canary = _ingress("b", "/api").replace(
        "namespace: shop }", "annotations: { nginx.ingress.kubernetes.io/canary: 'true' } }"
    )
    service = _service("{ clusterIP: None, ports: [{ name: http, port: 80 }] }")

    assert said(service, _ingress("a", "/api"), canary) == []


@pytest.mark.parametrize("kind", ["Ingress", "Service", "NetworkPolicy", "RoleBinding", "HorizontalPodAutoscaler"])
def test_a_kind_that_only_shares_its_name_is_left_alone(said: Said, kind: str) -> None:
    spec = "{ selector: all(), podSelector: all(), rules: [{ http: { paths: [{}] } }] }"

    assert said(f"{{ apiVersion: example.com/v1, kind: {kind}, metadata: {{ name: a }}, spec: {spec} }}") == []


def test_the_references_of_an_object_can_be_listed(manifest: Callable[[str], Manifest]) -> None:
    text = _deployment(_pod(env="[{ name: A, valueFrom: { secretKeyRef: { name: keys, key: B } } }]"))
    path = ("spec", "template", "spec", "containers", 0, "env", 0, "valueFrom", "secretKeyRef", "key")

    assert list(used(manifest(text))) == [Reference("Secret", "keys", "B", path)]
    assert list(defined(manifest(text))) == [(("Deployment", "shop"), None)]
    assert list(defined(manifest(_config_map("a", "{ b: c }")))) == [(("ConfigMap", "a"), frozenset({"b"}))]


def test_origins_survive_the_way_between_processes(
    manifest: Callable[[str], Manifest], locate: Callable[[Manifest, Path], Position]
) -> None:
    seen: list[Manifest] = []

    def remember(found: Manifest, path: Path) -> Position:
        seen.append(found)
        return locate(found, path)

    text = manifest(_deployment("{ serviceAccountName: robot }"))
    summary = pickle.loads(pickle.dumps(summarize([text])))  # noqa: S301  (our own)

    reference_findings([summary], _NOWHERE, remember)

    assert [(each.ref, each.origin) for each in seen] == [(text.ref, text.origin)]
