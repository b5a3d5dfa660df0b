"""Objects to patch, the merge keys of the Kubernetes API reference, and one call that patches one object."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from generator.model.diagnostics import Diagnostic
from generator.model.manifest import Manifest, ObjectRef, Origin
from generator.model.patch import Patch
from generator.model.source import Json, Path, Position
from generator.stages.patch import apply_patches

# "Patch strategy: merge on key" in the API reference, by the last names of the path.
_KEYS = {
    ("spec", "containers"): "name",
    ("containers", "env"): "name",
    ("containers", "ports"): "containerPort",
    ("containers", "volumeMounts"): "mountPath",
    ("spec", "volumes"): "name",
    ("spec", "imagePullSecrets"): "name",
    ("spec", "hostAliases"): "ip",
    ("spec", "topologySpreadConstraints"): "topologyKey",
    ("spec", "ports"): "port",
    ("metadata", "ownerReferences"): "uid",
}


class ApiReference:
    """The lists above, for the kinds that are built in."""

    def merge_key(self, api_version: str, kind: str, path: tuple[str, ...]) -> str | None:
        builtin = api_version in ("v1", "apps/v1", "networking.k8s.io/v1")
        return _KEYS.get((path[-2], path[-1])) if builtin and kind != "Widget" and len(path) > 1 else None

    def merges_primitives(self, api_version: str, kind: str, path: tuple[str, ...]) -> bool:
        return bool(api_version and kind) and path == ("metadata", "finalizers")


@dataclass
class Patched:
    """What one call returned; *asked* are the paths for which a position was wanted."""

    manifests: list[Manifest]
    findings: list[Diagnostic]
    asked: list[Path] = field(default_factory=list)

    @property
    def body(self) -> Json:
        assert self.findings == []
        return self.manifests[0].body

    @property
    def finding(self) -> Diagnostic:
        assert len(self.findings) == 1, self.findings
        return self.findings[0]


def manifest_of(body: Json, *, sealed: bool = False) -> Manifest:
    metadata = body["metadata"]
    ref = ObjectRef(body["apiVersion"], body["kind"], metadata.get("namespace", ""), metadata["name"])
    return Manifest(ref, body, json.dumps(body) + "\n", Origin("a.yaml.j2", (("layer",),)), sealed)


Apply = Callable[..., Patched]


@pytest.fixture
def manifest() -> Callable[..., Manifest]:
    return manifest_of


@pytest.fixture
def apply() -> Apply:
    """Apply patches to an object or manifests: dicts merge, lists operate, pairs begin with a target."""

    def call(objects: Json | list[Manifest], *said: Json) -> Patched:
        manifests = objects if isinstance(objects, list) else [manifest_of(objects)]
        patches = []
        for index, each in enumerate(said):
            target, change = each if isinstance(each, tuple) else (manifests[0].ref.kind, each)
            path = ("patches", index)
            if isinstance(change, list):
                patches.append(Patch(target=target, path=path, operations=tuple(change)))
            else:
                patches.append(Patch(target=target, path=path, merge=change))
        result = Patched([], [])

        def locate(path: Path) -> Position:
            result.asked.append(path)
            return Position("platform.yaml", 1 + int(path[1]))

        def emit(body: Json) -> str:
            return json.dumps(body) + "\n"

        result.manifests, result.findings = apply_patches(manifests, patches, ApiReference(), locate, emit)
        return result

    return call


@pytest.fixture
def deployment() -> Json:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "catalog",
            "namespace": "shop",
            "labels": {"app": "catalog"},
            "finalizers": ["example.com/a", "example.com/b"],
        },
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "catalog"}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
            "template": {
                "metadata": {"labels": {"app": "catalog"}},
                "spec": {
                    "containers": [
                        {
                            "name": "head",
                            "image": "catalog:1.0.0",
                            "args": ["--one", "--two"],
                            "env": [{"name": "ONE", "value": "1"}, {"name": "TWO", "value": "2"}],
                            "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}],
                            "volumeMounts": [{"name": "config", "mountPath": "/app/config"}],
                        },
                        {"name": "runtime", "image": "runtime:9.3.0"},
                    ],
                    "tolerations": [{"key": "spot", "operator": "Exists"}],
                    "volumes": [{"name": "config", "configMap": {"name": "catalog-config"}}],
                },
            },
        },
    }


@pytest.fixture
def service() -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "catalog", "namespace": "shop"},
        "spec": {
            "selector": {"app": "catalog"},
            "ports": [
                {"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"},
                {"name": "dns", "port": 53, "protocol": "UDP"},
                {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
            ],
        },
    }
