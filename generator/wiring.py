"""What a GitOps engine needs beside the manifests, checked like them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from generator.front import Front
from generator.model.diagnostics import Diagnostic
from generator.model.gitops import Gitops
from generator.model.ksops import GENERATOR
from generator.model.kubernetes import KubernetesSchemas
from generator.model.manifest import Manifest, ObjectRef, Origin
from generator.model.on_disk import KUSTOMIZATION
from generator.model.platform import Platform
from generator.model.source import Document, Json, Path, Position
from generator.model.unit import Unit
from generator.model.wiring import Wiring
from generator.stages.verify.schema import schema_findings
from generator.stages.wire import wire
from generator.stages.wire.argocd import lists
from generator.stages.wire.wired import Wired

_DEFINITIONS = {
    "flux": ("flux/gitrepositories", "flux/kustomizations", "flux/ocirepositories"),
    "argocd": ("argo-cd/applications", "argo-cd/appprojects"),
}
"""The files of the definitions of each engine's kinds, in `definitions/` of the schemas."""


def wiring(
    front: Front,
    units: Iterable[Unit],
    kinds: Mapping[str, Iterable[tuple[str, str]]],
    schemas: KubernetesSchemas,
    read_schema: Callable[[str], bytes],
    *,
    whole: bool,
) -> Wiring:
    """Return what the engine of a platform, which names one, needs.

    Args:
        front: What is known of it.
        units: Its units, or some of them.
        kinds: The kinds (apiVersion, kind) that each application consists of, by its slug.
        schemas: The kinds that there are.
        read_schema: Reads one file of the distribution's schemas.
        whole: These are all units: else only the lists in the folders of those that are there are made.
    """
    platform, gitops = front.platform, front.platform.gitops
    assert gitops is not None  # noqa: S101  (narrows: the caller asked)
    definitions = (json.loads(read_schema(f"definitions/{each}.json")) for each in _DEFINITIONS[gitops.engine])
    found = Wiring(schemas=schemas.with_crds(definitions))
    files = list(_lists(platform, gitops, units, found.scope))
    if whole:
        spread = {slug: {each: schemas.is_namespaced(*each) for each in those} for slug, those in kinds.items()}
        files += wire(platform, spread)
    version = min((each.kubernetes for each in platform.applications), key=lambda text: int(text.partition(".")[2]))
    for each in files:
        found.files.append((each.path, _content(each)))
        if each.objects:
            found.manifests[each.path] = version
        for body, text in zip(each.objects, each.texts, strict=bool(each.objects)):
            found.objects += 1
            found.findings += _verified(body, text, found.schemas, version, front.document)
    return found


def _lists(platform: Platform, gitops: Gitops, units: Iterable[Unit], scope: list[PurePosixPath]) -> Iterator[Wired]:
    """Yield what makes KSOPS unseal in the folders of the plain layout, of which all units are there."""
    if gitops.engine != "argocd" or platform.layout != "plain":
        return
    whole = {unit.path.parent for unit in units if unit.microservice is None}
    for application in platform.applications:
        for part, files in lists(application):
            folder = part.plain[0].parent
            if folder in whole:
                scope += [folder / KUSTOMIZATION, folder / GENERATOR]
                yield from files


def _content(file: Wired) -> bytes:
    header = f"# {file.subject}, compiled by platformc. Edit the platform document and compile again.\n"
    return (header + "---\n".join(file.texts)).encode()


def _verified(body: Json, text: str, schemas: KubernetesSchemas, version: str, document: Document) -> list[Diagnostic]:
    """Return what keeps an API server with the engine's definitions from taking *body*."""
    metadata = body["metadata"]
    ref = ObjectRef(body["apiVersion"], body["kind"], metadata["namespace"], metadata["name"])

    def locate(_manifest: Manifest, _path: Path) -> Position:
        return document.locate(("output", "gitops"))

    return schema_findings(Manifest(ref=ref, body=body, text=text, origin=Origin("gitops")), schemas, version, locate)
