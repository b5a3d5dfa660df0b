"""Flux: a source, a Kustomization that keeps all others, and one for every part of every application.

Sources: https://fluxcd.io/flux/components/kustomize/kustomizations/, https://fluxcd.io/flux/components/source/.
Flux builds without kustomize's load restrictions (fluxcd/pkg, `kustomize/kustomize_generator.go`), inside the source's
root: so a list in a folder of its own may name files elsewhere, and a Kustomization reads its own part only.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from generator.model import yaml_text
from generator.model.gitops import FOLDER, Gitops, Repository
from generator.model.platform import Application, Environment, Platform
from generator.model.recipients import Recipients
from generator.model.source import Json
from generator.stages.wire.parts import Part, parts
from generator.stages.wire.places import folder_of, resources_of
from generator.stages.wire.wired import Wired, kustomization_file, leading, objects_file

_KUSTOMIZATION = "kustomize.toolkit.fluxcd.io/v1"
_SOURCE = "source.toolkit.fluxcd.io/v1"
_KEPT = {"kustomize.toolkit.fluxcd.io/prune": "disabled"}
"""What keeps Flux from deleting an object: with a namespace would go the volumes of its databases."""


def flux(platform: Platform, gitops: Gitops) -> list[Wired]:
    """Return the wiring of *platform* for Flux."""
    files = [objects_file(FOLDER / "bootstrap.yaml", gitops.name, [_source(gitops), _root(gitops)])]
    own = ["bootstrap.yaml"]
    for application in platform.applications:
        own.append(f"{application.slug}/flux.yaml")
        objects = []
        for part in parts(application):
            folder = folder_of(part, platform)
            if folder.is_relative_to(FOLDER):
                files.append(_list(part, folder, platform))
            objects.append(_of_part(part, folder, gitops))
        files.append(objects_file(FOLDER / application.slug / "flux.yaml", application.name, objects))
    return [*files, kustomization_file(FOLDER, gitops.name, own)]


def _list(part: Part, folder: PurePosixPath, platform: Platform) -> Wired:
    return kustomization_file(folder, part.subject, [leading(folder, each) for each in resources_of(part, platform)])


def _source(gitops: Gitops) -> Json:
    repository = gitops.repository
    spec: dict[str, Json] = {"interval": repository.interval, "url": repository.url, "ref": _reference(repository)}
    if repository.secret:
        spec["secretRef"] = {"name": repository.secret}
    if not repository.is_oci and gitops.root.parts:
        spec["ignore"] = _everything_but(gitops.root)
    kind = "OCIRepository" if repository.is_oci else "GitRepository"
    return {"apiVersion": _SOURCE, "kind": kind, "metadata": _metadata(gitops, gitops.name), "spec": spec}


def _reference(repository: Repository) -> Mapping[str, str]:
    return {"tag": repository.tag} if repository.tag else {"branch": repository.branch}


def _everything_but(root: PurePosixPath) -> str:
    """Return patterns, as in `.gitignore`, for all but *root*: so that only a change in there is a new revision."""
    lines, above = [], ""
    for part in root.parts:
        lines += [f"{above}/*", f"!{above}/{part}"]
        above += f"/{part}"
    return "\n".join(lines) + "\n"


def _root(gitops: Gitops) -> Json:
    """Return the Kustomization of the wiring itself: what a new environment needs comes with the next commit."""
    spec = {**_common(gitops), "path": f"./{gitops.place(FOLDER)}"}
    return {
        "apiVersion": _KUSTOMIZATION,
        "kind": "Kustomization",
        "metadata": _metadata(gitops, gitops.name),
        "spec": spec,
    }


def _of_part(part: Part, folder: PurePosixPath, gitops: Gitops) -> Json:
    spec = {**_common(gitops), "path": f"./{gitops.place(folder)}", "timeout": gitops.timeout}
    if gitops.wait:
        spec["wait"] = True
    elif part.kind == "environment" and part.environment is not None and part.environment.storage is not None:
        spec["healthChecks"] = [_database(part.application, part.environment)]
    if part.before:
        spec["dependsOn"] = [{"name": gitops.named(*part.before)}]
    if gitops.service_account:
        spec["serviceAccountName"] = gitops.service_account.replace("{application}", part.application.slug)
    if part.sealed:
        spec["decryption"] = _decryption(part, gitops)
    if part.kind == "application":
        spec["patches"] = [_kept(part.application)]
    metadata = _metadata(gitops, gitops.named(*part.names), part.labels)
    return {"apiVersion": _KUSTOMIZATION, "kind": "Kustomization", "metadata": metadata, "spec": spec}


def _common(gitops: Gitops) -> dict[str, Json]:
    kind = "OCIRepository" if gitops.repository.is_oci else "GitRepository"
    return {
        "interval": gitops.interval,
        "retryInterval": gitops.retry_interval,
        "prune": gitops.prune,
        "sourceRef": {"kind": kind, "name": gitops.name},
    }


def _database(application: Application, environment: Environment) -> Json:
    assert environment.storage is not None  # noqa: S101  (narrows: the caller asked)
    name = environment.storage.name
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name, "namespace": application.namespace}


def _decryption(part: Part, gitops: Gitops) -> Json:
    """Return how *part* is unsealed: with the private key in a Secret, or as the controller's own cloud identity."""
    for environment, recipients in part.recipients:
        if gitops.key_given or has_private_key(recipients):
            name = gitops.key_secret.replace("{application}", part.application.slug)
            return {"provider": "sops", "secretRef": {"name": name.replace("{environment}", environment.slug)}}
    return {"provider": "sops"}


def has_private_key(recipients: Recipients) -> bool:
    """Say whether somebody must bring a key or a token: a cloud's key service may know the controller by itself."""
    return bool(recipients.age or recipients.pgp or recipients.hc_vault)


def _kept(application: Application) -> Json:
    metadata = {"name": application.namespace, "annotations": _KEPT}
    patch = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    return {"patch": yaml_text.emit(patch), "target": {"kind": "Namespace"}}


def _metadata(gitops: Gitops, name: str, labels: Mapping[str, str] | None = None) -> Json:
    return {"name": name, "namespace": gitops.namespace, **({"labels": dict(labels)} if labels else {})}
