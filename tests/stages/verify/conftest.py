"""One sound object of every kind that has rules, and what the rules say once something in it is changed."""

import pickle
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any, TypeAlias

import pytest
import yaml

from generator.model.diagnostics import Diagnostic
from generator.model.manifest import Manifest, ObjectRef, Origin
from generator.model.scope import Scope
from generator.model.source import Path, Position
from generator.stages.verify.objections import dotted
from generator.stages.verify.references import reference_findings, summarize
from generator.stages.verify.rules import rule_findings

Change = Callable[..., list[Diagnostic]]
Said: TypeAlias = Callable[..., list[tuple[str, str, str, str]]]

NOWHERE: frozenset[tuple[str, str]] = frozenset()

_POD = """
    metadata: { labels: { app: shop } }
    spec:
      restartPolicy: %s
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      initContainers:
        - name: prepare
          image: example.com/prepare:1.0.0
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      containers:
        - name: head
          image: example.com/shop:1.0.0
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: LOG_LEVEL, value: info }
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: shop, key: PASSWORD } } }
          envFrom: [{ configMapRef: { name: shop } }]
          resources: { requests: { cpu: 100m, memory: 1Gi }, limits: { cpu: "1", memory: 2Gi } }
          volumeMounts: [{ name: files, mountPath: /app/data }, { name: tmp, mountPath: /tmp, subPath: a/b }]
          readinessProbe: { httpGet: { path: /, port: http } }
          livenessProbe: { tcpSocket: { port: 8080 } }
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
        - name: side
          image: example.com/side:1.0.0
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      volumes:
        - { name: files, configMap: { name: shop, items: [{ key: a, path: b/c }] } }
        - { name: tmp, emptyDir: { sizeLimit: 64Mi } }
        - { name: token, projected: { sources: [{ serviceAccountToken: { path: token } }] } }
"""
_ALWAYS, _NEVER = _POD % "Always", _POD % "Never"
_NESTED = _NEVER.replace("\n", "\n        ")

_SOUND = f"""
apiVersion: apps/v1
kind: Deployment
spec:
  selector: {{ matchLabels: {{ app: shop }} }}
  template: {_ALWAYS}
---
apiVersion: apps/v1
kind: DaemonSet
spec:
  selector: {{ matchLabels: {{ app: shop }} }}
  template: {_ALWAYS}
---
apiVersion: apps/v1
kind: StatefulSet
spec:
  serviceName: shop
  selector: {{ matchLabels: {{ app: shop }} }}
  template: {_ALWAYS}
  volumeClaimTemplates:
    - metadata: {{ name: store }}
      spec: {{ accessModes: [ReadWriteOnce], resources: {{ requests: {{ storage: 1Gi }} }} }}
---
apiVersion: batch/v1
kind: Job
spec:
  template: {_NEVER}
---
apiVersion: batch/v1
kind: CronJob
spec:
  schedule: "17 * * * *"
  jobTemplate:
    spec:
      template: {_NESTED}
---
apiVersion: v1
kind: Pod
{_NEVER.replace(chr(10) + "    ", chr(10)).split("metadata: { labels: { app: shop } }" + chr(10))[1]}
---
apiVersion: v1
kind: Service
spec: {{ selector: {{ app: shop }}, ports: [{{ name: http, port: 80, targetPort: http }}] }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  ingressClassName: nginx
  tls: [{{ hosts: [shop.example.com], secretName: shop-certificate }}]
  rules:
    - host: shop.example.com
      http:
        paths:
          - {{ path: /api, pathType: Prefix, backend: {{ service: {{ name: shop, port: {{ name: http }} }} }} }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
spec:
  podSelector: {{ matchLabels: {{ app: shop }} }}
  policyTypes: [Ingress]
  ingress:
    - from: [{{ podSelector: {{ matchLabels: {{ app: shop }} }} }}, {{ ipBlock: {{ cidr: 10.0.0.0/8 }} }}]
      ports: [{{ port: 80, protocol: TCP }}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
spec:
  minReplicas: 1
  maxReplicas: 3
  scaleTargetRef: {{ apiVersion: apps/v1, kind: Deployment, name: shop }}
  metrics:
    - {{ type: Resource, resource: {{ name: cpu, target: {{ type: Utilization, averageUtilization: 70 }} }} }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
spec: {{ minAvailable: 1, selector: {{ matchLabels: {{ app: shop }} }} }}
---
apiVersion: v1
kind: ConfigMap
data: {{ key: value }}
binaryData: {{ logo.png: aGVsbG8= }}
---
apiVersion: v1
kind: Secret
stringData: {{ key: value }}
data: {{ logo.png: aGVsbG8= }}
---
apiVersion: v1
kind: PersistentVolumeClaim
spec: {{ accessModes: [ReadWriteOnce], resources: {{ requests: {{ storage: 1Gi }} }} }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
rules: [{{ apiGroups: [""], resources: [pods], verbs: [get] }}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
roleRef: {{ apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop }}
subjects: [{{ kind: ServiceAccount, name: shop }}]
"""


@cache
def _bodies() -> dict[str, dict[str, Any]]:
    bodies: dict[str, dict[str, Any]] = {}
    for body in yaml.safe_load_all(_SOUND):
        body["metadata"] = {"name": "shop", "namespace": "shop", "labels": {"app": "shop"}}
        bodies[body["kind"]] = body
    return bodies


def _set(body: dict[str, Any], path: str, value: object) -> None:
    node: Any = body
    steps: list[Any] = [int(step) if step.isdigit() else step for step in path.split(".")]
    *steps, last = steps
    for step in steps:
        node = node[step] if isinstance(node, list) else node.setdefault(step, {})
    node[last] = value


def _manifest(body: dict[str, Any], *, sealed: bool = False) -> Manifest:
    metadata = body["metadata"]
    ref = ObjectRef(body["apiVersion"], body["kind"], metadata.get("namespace", ""), metadata.get("name", ""))
    return Manifest(ref, body, "", Origin("plain"), sealed)


def _locate(_manifest: Manifest, path: Path) -> Position:
    return Position(dotted(path))


@pytest.fixture
def sound() -> dict[str, dict[str, Any]]:
    """Return a sound object of every kind."""
    return deepcopy(_bodies())


@pytest.fixture
def manifest() -> Callable[[str], Manifest]:
    """Return the manifest that a YAML text says."""
    return lambda text: _manifest(yaml.safe_load(text))


@pytest.fixture
def locate() -> Callable[[Manifest, Path], Position]:
    """Return what finds every position: its file is the object and the dotted path of the field."""
    return lambda manifest, path: Position(f"{manifest.ref} {dotted(path)}")


@pytest.fixture
def findings() -> Change:
    """Return the findings in the sound object of a kind, in which what stands at some paths was replaced.

    A finding's position has the dotted path of the field for its file.
    """

    def check(
        kind: str, changes: dict[str, object], level: Any = "restricted", minor: int = 37, *, sealed: bool = False
    ) -> list[Diagnostic]:
        body = deepcopy(_bodies()[kind])
        for path, value in changes.items():
            _set(body, path, deepcopy(value))
        return rule_findings(_manifest(body, sealed=sealed), Scope("shop", level, minor), _locate)

    return check


@pytest.fixture
def codes(findings: Change) -> Callable[..., list[str]]:
    """Return the codes of the errors among `findings`, each once."""

    def check(kind: str, path: str, value: object, **more: Any) -> list[str]:
        found = findings(kind, {path: value}, **more)
        return sorted({each.code for each in found if each.severity == "error"})

    return check


@pytest.fixture
def said(manifest: Callable[[str], Manifest], locate: Callable[[Manifest, Path], Position]) -> Said:
    """Return what is said of some objects of one namespace, whether they are looked at together or one by one."""

    def say(*texts: str, external: frozenset[tuple[str, str]] = NOWHERE) -> list[tuple[str, str, str, str]]:
        objects = [manifest(text) for text in texts]
        together = [summarize(objects)]
        apart = pickle.loads(pickle.dumps([summarize([each]) for each in objects]))  # noqa: S301  (our own)
        found = reference_findings(together, external, locate)
        assert reference_findings(apart, external, locate) == found
        return [(each.code, each.at.file, each.message, each.hint) for each in found]

    return say
