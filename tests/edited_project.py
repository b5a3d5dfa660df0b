"""A project to be edited at random, once beside a cache and once without one."""

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.written_documents import written

ROOT = Path(__file__).parents[1]
SEALED = "secrets/shop/dev/catalog.yaml"
SHOP = ROOT / "samples" / "shop"
RECIPIENT = re.findall(r"age1\w+", (SHOP / "platform.yaml").read_text(encoding="utf-8"))[0]
OWN_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: { name: own, namespace: {{ application.namespace }} }
data: { number: "NUMBER" }
"""
NARROW_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ microservice.object_name ~ "-own" }}, namespace: {{ application.namespace }} }
data: { number: "NUMBER", image: {{ microservice.head.image }} }
"""
WIDE_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ microservice.object_name ~ "-own" }}, namespace: {{ application.namespace }} }
data:
  images: {{ environment.microservices | map(attribute="head.image") | join(" ") }}
  place: {{ microservice.layers[0][3] | string }}
"""
ABOUT = """\
apiVersion: v1
kind: Service
metadata: { name: dev-about }
spec:
  selector: { environment: Dev, microservice: NAME }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: dev-about }
data: { a: b }
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dev-door }
spec:
  ingressClassName: nginx
  rules:
    - host: door.example.com
      http:
        paths:
          - { path: /door, pathType: Prefix, backend: { service: { name: NAME, port: { name: http } } } }
"""
ANOTHER = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
WORKER = """\
apiVersion: apps/v1
kind: Deployment
metadata: { name: dev-worker }
spec:
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec:
      automountServiceAccountToken: false
      containers:
        - name: worker
          image: busybox:1.37.0
          securityContext: { allowPrivilegeEscalation: false }
          env:
            - name: VALUE
              valueFrom: { secretKeyRef: { name: dev-catalog-secret-env-variables, key: KEY } }
"""


@dataclass
class Bench:
    """One project twice: in one folder there is a cache, in the other never."""

    warm: Path
    cold: Path
    run: Callable[..., tuple[int, str, str]]
    random: random.Random
    number: int = 10
    document: dict[str, Any] = field(default_factory=dict)
    style: str = "json"
    notes: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, content: bytes | None) -> None:
        """Write *content* to *path* in both, or with None delete it."""
        for folder in (self.warm, self.cold):
            place = folder / path
            if content is None:
                place.unlink(missing_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)

    def save(self) -> None:
        for path, content in written(self.document, self.style, self.notes).items():
            if not (self.warm / path).exists() or (self.warm / path).read_bytes() != content:
                self.write(path, content)

    def fresh(self) -> str:
        self.number += 1
        return str(self.number)

    @property
    def application(self) -> dict[str, Any]:
        application: dict[str, Any] = self.document["applications"][-1]
        return application

    def microservice(self) -> dict[str, Any]:
        return self.random.choice(self.application["microservices"])

    def environment(self) -> dict[str, Any]:
        return self.random.choice(self.application["environments"])

    def outputs(self) -> list[str]:
        deploy = self.warm / "deploy"
        return sorted(str(path.relative_to(self.warm)) for path in deploy.rglob("*") if path.is_file())


def start(bench: Bench, microservices: int) -> None:
    """Begin with a document of some *microservices* that have to do with each other, without secrets but one."""
    sealed = (bench.warm / "secrets" / "shop" / "dev" / "catalog.yaml").read_text(encoding="utf-8")
    shutil.rmtree(bench.warm / "secrets")
    shutil.rmtree(bench.cold / "secrets")
    keys = [key for key in re.findall(r"^ {4}(\w+): ENC", sealed, re.MULTILINE) if key != "mac"]
    bench.document = {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "kubernetes": "1.34",
        "applications": [
            {
                "name": "shop",
                "network": "declared",
                "environments": [environment("Dev"), environment("Prod")],
                "microservices": [microservice(number) for number in range(microservices)],
            }
        ],
    }
    first = bench.application["microservices"][0]
    first["name"] = "Catalog"
    first["env"] = {"LOG_LEVEL": "info"} | {key: {"secret": True} for key in keys}
    first["environments"] = {"Prod": {"deploy": False}}
    last = bench.application["microservices"][-1]
    last["environments"] = {"Dev": {"manifests": ["worker.yaml"]}}
    bench.write("worker.yaml", WORKER.replace("KEY", keys[0]).encode())
    bench.write(SEALED, sealed.encode())
    for number in range(microservices):
        bench.write(f"config/{number}.json", b'{ "a": 1 }\n')
    bench.save()


def environment(name: str) -> dict[str, Any]:
    host = f"{name.lower()}.example.com"
    tenant = {"id": f"445f8ea8-1a6f-40d7-b2fc-{len(name):012}", "hosts": [host]}
    return {"name": name, "recipients": {"age": [RECIPIENT]}, "tenants": [tenant], "storage": {"backup": False}}


def microservice(number: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": f"Service{number}",
        "head": {"image": f"nginx:1.27.{number}"},
        "expose": {"path": f"/api/{number}"},
        "env": {"LOG_LEVEL": "info", "REGION": "north"},
        "files": [f"config/{number}.json"],
    }
    if number % 3 == 1:
        said["runtime"] = {"version": "9.3.3"}
    if number % 4 == 2:
        said["env"]["NEXT"] = {"url": f"Service{number + 1}"}
    if number == 7:
        stream = {"stream": "2d4c6b8a-0f1e-4d2c-8b3a-9f8e7d6c5b4a", "scope": "6e5d4c3b-2a19-4807-96f5-e4d3c2b1a09f"}
        said["subscribes"] = [{"to": "Service4", "partition": "prices", **stream}]
    return said


def agree(bench: Bench, *arguments: str) -> tuple[int, str, str]:
    """Run the same with a cache and without, and return what both say."""
    warm, cold = bench.run(bench.warm, *arguments), bench.run(bench.cold, *arguments)
    assert warm == cold
    assert contents(bench.warm) == contents(bench.cold)
    return warm


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def begin(bench: Bench, layout: str = "plain") -> None:
    """Compile a platform in which nobody looks at the Secrets of others."""
    start(bench, 10)
    del bench.application["microservices"][-1]
    bench.document["output"] = {"layout": layout}
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said


def after(bench: Bench, compiled: list[str]) -> list[str]:
    """Return the units that are compiled now, once it is clear that the result is that of a cold run."""
    bench.save()
    compiled.clear()
    status, _, said = bench.run(bench.warm, "compile")
    warm = list(compiled)
    assert (status, said) == bench.run(bench.cold, "compile")[::2]
    assert status == 0, said
    assert contents(bench.warm) == contents(bench.cold)
    compiled.clear()
    assert bench.run(bench.warm, "check")[0] == 0
    assert not compiled
    return warm


def add(bench: Bench, name: str, place: int = 3) -> None:
    said = microservice(100) | {"name": name, "files": []}
    said["env"].pop("NEXT", None)
    bench.application["microservices"].insert(place, said)


def compiled_from_a_part(bench: Bench, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the units that are compiled when nobody may read all of the document; the result is that of a cold run."""
    bench.save()
    compiled.clear()
    with monkeypatch.context() as patched:
        patched.setattr("generator.increment.begun", None)
        warm = bench.run(bench.warm, "compile")
    units = list(compiled)
    assert warm == bench.run(bench.cold, "compile")
    assert contents(bench.warm) == contents(bench.cold)
    return units
