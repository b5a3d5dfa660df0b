"""The wiring's own names and places: what the engine could not take, or would take for something else."""

from collections.abc import Iterator

from generator.model.findings import Findings
from generator.model.gitops import FOLDER, Gitops
from generator.model.lazy_pattern import lazy_pattern
from generator.model.platform import Platform
from generator.model.source import Path

LONGEST_NAME = 63
"""Both engines put the names of their objects into labels."""

_GIT = lazy_pattern(r"(https?|ssh)://.*")
_SCP = lazy_pattern(r"(?P<user>[^@/:]+@)?(?P<host>[^/:]+):(?P<path>[^/].*)")
_CREDENTIALS = lazy_pattern(r"[a-z+]+://([^/@]*:[^/@]*|[^/@]*)@")


def check_gitops(platform: Platform, gitops: Gitops, findings: Findings) -> None:
    """Find `bad-repository`, `reserved-name`, `name-taken` and `name-too-long` in what the engine is told."""
    _check_url(gitops, findings)
    _check_places(platform, gitops, findings)
    _check_object_names(platform, gitops, findings)


def _check_object_names(platform: Platform, gitops: Gitops, findings: Findings) -> None:
    seen: dict[str, str] = {}
    for parts, subject, path in _named(platform):
        name = gitops.named(*parts)
        if len(name) > LONGEST_NAME:
            message = f"'{name}', as the engine would call it, has {len(name)} characters, and may have {LONGEST_NAME}"
            hint = "shorten `name` in `output.gitops`, or the name of the application or of the environment"
            findings.error("name-too-long", message, path, hint, value=True)
        other = seen.setdefault(name, subject)
        if other != subject:
            message = f"the engine would call '{subject}' and '{other}' both '{name}'"
            findings.error("name-taken", message, path, "give one of them another name", value=True)


def _named(platform: Platform) -> Iterator[tuple[tuple[str, ...], str, Path]]:
    """Yield what the names of the engine's objects are made of, what each is about, and where that gets its name.

    Of an environment the longer one alone: the two meet others, or are too long, for the same reason.
    """
    for application in platform.applications:
        yield (application.slug, "application"), application.name, (*application.path, "name")
        for environment in application.environments:
            subject = f"{application.name}/{environment.name}"
            yield (application.slug, environment.slug, "microservices"), subject, (*environment.path, "name")


def _check_url(gitops: Gitops, findings: Findings) -> None:
    url, path = gitops.repository.url, (*gitops.path, "repository")
    credentials = _CREDENTIALS.match(url)
    if credentials and (":" in credentials[1] or not url.startswith("ssh://")):
        message = "the repository's URL holds a user or a password, and would be committed with it"
        hint = "leave them out of the URL, and give them to the engine: see docs/flux.md or docs/argo-cd.md"
        findings.error("bad-repository", message, path, hint)
        return
    if _GIT.fullmatch(url) or gitops.repository.is_oci:
        return
    scp = _SCP.fullmatch(url)
    if scp and gitops.engine == "argocd":
        return
    message = "the repository's URL begins with none of 'https://', 'http://', 'ssh://' and 'oci://'"
    user = (scp and scp["user"]) or "git@"
    hint = (
        f"did you mean 'ssh://{user}{scp['host']}/{scp['path']}'?"
        if scp
        else "as in https://github.com/acme/platform.git"
    )
    findings.error("bad-repository", message, path, hint)


def _check_places(platform: Platform, gitops: Gitops, findings: Findings) -> None:
    listed = gitops.engine == "argocd" and platform.layout == "plain"
    for application in platform.applications:
        if application.slug == str(FOLDER):
            message = f"an application cannot be named '{application.name}': the folder of the engine's wiring has it"
            findings.error("reserved-name", message, (*application.path, "name"), "give it another name", value=True)
        microservices = (each for stage in application.environments for each in stage.microservices)
        for each in microservices if listed else ():
            if each.slug == "kustomization":
                message = f"a microservice cannot be named '{each.name}': the file that Argo CD builds from has it"
                path = findings.layered(each.layers, ("name",))
                findings.error("reserved-name", message, path, "give it another name", value=True)
