"""The manifests of a compiled tree, as an API server will meet them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.acceptance.cluster import Manifest

# Where each kind of workload keeps the template of its pods.
POD_TEMPLATES = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}

# What kustomize and KSOPS read, and no API server knows.
BUILDING = ("kustomize.config.k8s.io/", "viaduct.ai/")


@dataclass(frozen=True, slots=True)
class Found:
    """One manifest, and the file of the tree that it stands in."""

    file: str
    manifest: Manifest

    def __str__(self) -> str:
        return f"{self.file}: {self.manifest['kind']}/{self.manifest['metadata']['name']}"


def read_tree(folder: Path) -> Iterator[Found]:
    """Yield every manifest below *folder* in the order of the files, unsealed; hidden files hold none."""
    for path in sorted(folder.rglob("*.yaml")):
        inside = path.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts):
            continue
        for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if manifest is not None and not manifest["apiVersion"].startswith(BUILDING):
                yield Found(inside.as_posix(), unsealed(manifest))


def unsealed(manifest: Manifest) -> Manifest:
    """Return *manifest* as it will be once somebody with the key has opened it.

    Nobody here has the key, so each value becomes `{}`: text like any other, and the JSON that a Secret of
    type `kubernetes.io/dockerconfigjson` must hold.
    """
    if "sops" not in manifest:
        return manifest
    opened = {key: value for key, value in manifest.items() if key != "sops"}
    for field, stand_in in (("stringData", "{}"), ("data", "e30=")):
        if field in opened:
            opened[field] = dict.fromkeys(opened[field], stand_in)
    return opened


def pod_of(workload: Manifest) -> Manifest | None:
    """Return the pod that a controller would make of *workload*, or None where it is not a workload.

    Pod Security only warns of a workload and judges its pods when they are made; so this makes one.
    """
    where = POD_TEMPLATES.get(workload["kind"])
    if where is None:
        return None
    template = workload
    for step in where:
        template = template[step]
    name, metadata = workload["metadata"]["name"], template.get("metadata", {})
    spec = copy.deepcopy(template["spec"])
    for claim in workload["spec"].get("volumeClaimTemplates", ()):
        volume = claim["metadata"]["name"]
        source = {"claimName": f"{volume}-{name}-0"}
        spec.setdefault("volumes", []).append({"name": volume, "persistentVolumeClaim": source})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **metadata,
            "name": f"{name[:240]}-0",
            "namespace": workload["metadata"].get("namespace", "default"),
        },
        "spec": spec,
    }
