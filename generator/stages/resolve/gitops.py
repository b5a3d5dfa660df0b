"""What the document says of the engine that applies the output."""

import re
from pathlib import PurePosixPath
from typing import get_args

from generator.model.diagnostics import listed
from generator.model.findings import Findings
from generator.model.gitops import Engine, Gitops, Repository
from generator.model.source import Json, Path
from generator.stages.resolve.defaults import Defaults, given

_PATH: Path = ("output", "gitops")
_WAY = ("platform", "output", "gitops")
_NAMESPACES = {"flux": "flux-system", "argocd": "argocd"}
_OF_ONE = {
    "flux": ("interval", "retryInterval", "timeout", "wait", "serviceAccount", "keySecret"),
    "argocd": ("selfHeal", "server"),
}
"""The settings that only one engine knows."""
_OF_REPOSITORY = ("secret", "interval")
"""The settings of a repository that only Flux knows."""
_HINT = "leave it out; Argo CD has its own list of repositories, with their credentials"
_TITLES = {"flux": "Flux", "argocd": "Argo CD"}


def gitops(output: Json, customer: str, defaults: Defaults, findings: Findings) -> Gitops | None:
    """Return the wiring that *output* of the document asks for, None where it asks for none.

    Finds `missing-key` without a repository and `gitops-setting` for what the engine does not know.

    Args:
        output: The document's `output`.
        customer: The customer's name.
        defaults: What the schema declares.
        findings: Where findings go.
    """
    said = (output or {}).get("gitops")
    if said is None:
        return None
    short = isinstance(said, str)
    said = {"engine": said} if short else said
    engine: Engine = said["engine"]
    if said.get("repository") is None:
        example = f"gitops: {{ engine: {engine}, repository: https://github.com/acme/platform.git }}"
        message = "nobody can guess the repository that the engine reads: 'gitops' has no 'repository'"
        findings.error("missing-key", message, _PATH, f"add `repository`, as in {example}")
        return None
    _refuse_others(said, engine, findings)
    values = given(said, defaults.of(*_WAY))
    folder = values.get("path", "")
    return Gitops(
        engine=engine,
        name=values.get("name", slug(customer)),
        repository=_repository(said["repository"], defaults),
        root=PurePosixPath(folder) / given(output, defaults.of("platform", "output"))["directory"],
        namespace=values.get("namespace", _NAMESPACES[engine]),
        prune=values["prune"],
        path=_PATH,
        interval=values["interval"],
        retry_interval=values["retryInterval"],
        timeout=values["timeout"],
        wait=values["wait"],
        service_account=values.get("serviceAccount", ""),
        key_secret=values["keySecret"],
        key_given=said.get("keySecret") is not None,
        self_heal=values["selfHeal"],
        server=values["server"],
    )


def slug(name: str) -> str:
    """Return *name* as the names of objects may begin: lower case, hyphens for whatever they cannot hold."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "platform"


def _repository(said: Json, defaults: Defaults) -> Repository:
    values = given({"url": said} if isinstance(said, str) else said, defaults.of(*_WAY, "repository"))
    oci = values["url"].startswith("oci://")
    tag = values.get("tag", "latest" if oci else "")
    return Repository(
        url=values["url"],
        branch="" if tag else values.get("branch", "main"),
        tag=tag,
        secret=values.get("secret", ""),
        interval=values["interval"],
    )


def _refuse_others(said: Json, engine: Engine, findings: Findings) -> None:
    """Find `gitops-setting` where a setting would be without effect."""
    unknown = [each for other in get_args(Engine) if other != engine for each in _OF_ONE[other]]
    places = [(said, unknown, _PATH)]
    repository = said["repository"]
    if isinstance(repository, dict):
        elsewhere = () if engine == "flux" else _OF_REPOSITORY
        places.append((repository, [*elsewhere], (*_PATH, "repository")))
        _refuse_two_references(repository, findings)
    for values, names, path in places:
        for name in names:
            if values.get(name) is not None:
                message = f"'{name}' means nothing to {_TITLES[engine]}"
                hint = _HINT if path != _PATH else f"leave it out; {_TITLES[engine]} has {listed(_OF_ONE[engine])}"
                findings.error("gitops-setting", message, (*path, name), hint)


def _refuse_two_references(repository: Json, findings: Findings) -> None:
    path = (*_PATH, "repository", "branch")
    if repository.get("branch") is None:
        return
    if repository.get("tag") is not None:
        message = "a repository is followed by 'branch' or by 'tag', not by both"
        findings.error("gitops-setting", message, path, "leave one of them out")
    elif repository["url"].startswith("oci://"):
        message = "an artifact in a registry has no 'branch'"
        findings.error("gitops-setting", message, path, "say `tag` instead")
