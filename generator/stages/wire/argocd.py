"""Argo CD: projects with the least rights, an Application for every part of every application, and one for those.

Sources: https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/,
https://argo-cd.readthedocs.io/en/stable/user-guide/projects/, https://github.com/viaduct-ai/kustomize-sops.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.model import yaml_text
from generator.model.gitops import FOLDER, Gitops
from generator.model.ksops import GENERATOR, generator_text
from generator.model.platform import Application, Platform
from generator.model.source import Json
from generator.stages.wire.parts import Part, parts
from generator.stages.wire.places import folder_of, is_plain, resources_of
from generator.stages.wire.wired import Kinds, Wired, kustomization_file, leading, objects_file

_API = "argoproj.io/v1alpha1"
_KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
"""What keeps Argo CD from deleting an object: with a namespace would go the volumes of its databases."""
_RETRY = {"limit": 10, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"}}
"""Half an hour: what a first sync may need until all that comes before it is there."""


def argocd(platform: Platform, gitops: Gitops, kinds: Kinds) -> list[Wired]:
    """Return the wiring of *platform* for Argo CD, but for the lists inside its applications' folders."""
    bootstrap = [_root_project(gitops), _root(gitops)]
    files = [objects_file(FOLDER / "bootstrap.yaml", gitops.name, bootstrap)]
    own = ["bootstrap.yaml"]
    for application in platform.applications:
        own.append(f"{application.slug}/argocd.yaml")
        objects = [_project(application, gitops, kinds)]
        for part in parts(application):
            folder = _folder(part, platform)
            if folder.is_relative_to(FOLDER):
                resources = [leading(folder, each) for each in resources_of(part, platform)]
                files.append(kustomization_file(folder, part.subject, resources))
            is_file = part.kind == "environment" and is_plain(platform)
            if is_file and part.sealed:
                files += _unsealing(part)
            objects.append(_of_part(part, folder, gitops, is_file=is_file))
        files.append(objects_file(FOLDER / application.slug / "argocd.yaml", application.name, objects))
    return [*files, kustomization_file(FOLDER, gitops.name, own)]


def lists(application: Application) -> Iterator[tuple[Part, list[Wired]]]:
    """Yield the lists by which Argo CD reads the folders of *application* in the plain layout: KSOPS unseals in there.

    An environment's own objects have no list there: they are read as the one file that they are.
    """
    for part in parts(application):
        if part.kind == "environment":
            continue
        folder = part.plain[0].parent
        generators = [GENERATOR] if part.sealed else []
        files = [kustomization_file(folder, part.subject, [each.name for each in part.plain], generators)]
        if part.sealed:
            text = generator_text("-".join(part.names), [each.name for each in part.sealed])
            files.append(Wired(path=folder / GENERATOR, subject=part.subject, texts=(text,)))
        yield part, files


def _unsealing(part: Part) -> Iterator[Wired]:
    """Yield what unseals an environment's own Secrets in the plain layout: a folder of the wiring.

    They come in the same Application as what reads them, before the microservices. KSOPS opens its files itself, so
    they may lie outside of what kustomize lists.
    """
    folder = FOLDER.joinpath(*part.names)
    yield kustomization_file(folder, part.subject, [], [GENERATOR])
    text = generator_text("-".join(part.names), [leading(folder, each) for each in part.sealed])
    yield Wired(path=folder / GENERATOR, subject=part.subject, texts=(text,))


def _folder(part: Part, platform: Platform) -> PurePosixPath:
    """Return the folder that Argo CD builds for *part*; kustomize lists no file outside of it, but folders."""
    if is_plain(platform):
        return part.plain[0].parent
    return folder_of(part, platform)


def _root_project(gitops: Gitops) -> Json:
    kinds = [{"group": "argoproj.io", "kind": kind} for kind in ("AppProject", "Application")]
    spec = {
        "description": f"The projects and Applications of {gitops.name}, compiled by platformc",
        "sourceRepos": [gitops.repository.url],
        "destinations": [{"server": _IN_CLUSTER, "namespace": gitops.namespace}],
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": kinds,
    }
    return _object("AppProject", gitops, gitops.name, spec)


_IN_CLUSTER = "https://kubernetes.default.svc"
"""What Argo CD calls the cluster that it runs in: its own objects live there, wherever the applications do."""


def _root(gitops: Gitops) -> Json:
    source = _source(gitops, FOLDER)
    spec = _spec(gitops, gitops.name, source, {"server": _IN_CLUSTER, "namespace": gitops.namespace})
    return _object("Application", gitops, gitops.name, spec)


def _project(application: Application, gitops: Gitops, kinds: Kinds) -> Json:
    """Return the project of *application*: one namespace, and the kinds that it consists of."""
    allowed: dict[bool, list[Json]] = {True: [], False: []}
    for (api_version, kind), namespaced in sorted(kinds.get(application.slug, {}).items()):
        group = api_version.rpartition("/")[0]
        item = {"group": group, "kind": kind}
        if (group, kind) == ("", "Namespace"):
            item["name"] = application.namespace
        if item not in allowed[namespaced]:
            allowed[namespaced].append(item)
    spec = {
        "description": f"The application {application.name}, compiled by platformc",
        "sourceRepos": [gitops.repository.url],
        "destinations": [{"server": gitops.server, "namespace": application.namespace}],
        "clusterResourceWhitelist": allowed[False],
        "namespaceResourceWhitelist": allowed[True],
    }
    name = gitops.named(application.slug)
    return _object("AppProject", gitops, name, spec, labels=dict(application.labels), wave=-1)


def _of_part(part: Part, folder: PurePosixPath, gitops: Gitops, *, is_file: bool) -> Json:
    source = _source(gitops, folder)
    if is_file:
        source["directory"] = {"include": "environment.yaml"}
    elif part.kind == "application":
        source["kustomize"] = {"patches": [_kept(part.application)]}
    destination = {"server": gitops.server, "namespace": part.application.namespace}
    spec = _spec(gitops, gitops.named(part.application.slug), source, destination)
    if is_file and part.sealed:
        spec["sources"] = [spec.pop("source"), _source(gitops, FOLDER.joinpath(*part.names))]
    return _object("Application", gitops, gitops.named(*part.names), spec, labels=part.labels, wave=part.wave)


def _source(gitops: Gitops, folder: PurePosixPath) -> dict[str, Json]:
    repository = gitops.repository
    return {
        "repoURL": repository.url,
        "targetRevision": repository.tag or repository.branch,
        "path": gitops.place(folder),
    }


def _spec(gitops: Gitops, project: str, source: Json, destination: Json) -> dict[str, Json]:
    policy = {
        "automated": {"prune": gitops.prune, "selfHeal": gitops.self_heal},
        "syncOptions": ["CreateNamespace=false"],
        "retry": _RETRY,
    }
    return {"project": project, "source": source, "destination": destination, "syncPolicy": policy}


def _kept(application: Application) -> Json:
    metadata = {"name": application.namespace, "annotations": _KEPT}
    patch = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    return {"patch": yaml_text.emit(patch), "target": {"kind": "Namespace"}}


def _object(
    kind: str, gitops: Gitops, name: str, spec: Json, *, labels: dict[str, str] | None = None, wave: int = 0
) -> Json:
    metadata: dict[str, Json] = {"name": name, "namespace": gitops.namespace}
    if labels:
        metadata["labels"] = labels
    if wave:
        metadata["annotations"] = {"argocd.argoproj.io/sync-wave": str(wave)}
    return {"apiVersion": _API, "kind": kind, "metadata": metadata, "spec": spec}
