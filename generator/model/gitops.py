"""What a GitOps engine is told: where the output is, and how it is to be applied."""

from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from msgspec import Struct

from generator.model.source import Path

Engine: TypeAlias = Literal["flux", "argocd"]

FOLDER = PurePosixPath("gitops")
"""Where the wiring goes in the output directory."""

REPLACE = {"argocd.argoproj.io/sync-options": "Replace=true"}
"""What makes Argo CD replace an object, so that a key that is gone goes: `apply` would leave it in the cluster.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#replace-resource-instead-of-applying-changes.
"""


class Repository(Struct, frozen=True, kw_only=True):
    """Where the engine finds the output.

    Attributes:
        url: A Git repository's, or with `oci://` that of artifacts in a registry.
        branch: The branch; empty where *tag* counts.
        tag: The tag, empty where *branch* counts.
        secret: The Secret with credentials in the engine's namespace, empty for none. Flux only.
        interval: How often to look. Flux only.
    """

    url: str
    branch: str
    tag: str
    secret: str
    interval: str

    @property
    def is_oci(self) -> bool:
        """It is an artifact in a registry, not a Git repository."""
        return self.url.startswith("oci://")


class Gitops(Struct, frozen=True, kw_only=True):
    """The wiring for one engine.

    Attributes:
        name: What the names of all its objects begin with.
        root: The output directory, from the root of the repository.
        namespace: Where the engine's objects live.
        prune: Objects that are no longer compiled are deleted.
        path: Where the document describes it.
        interval: How often to reconcile. Flux only, like the following.
        retry_interval: How long after a failure to try again.
        timeout: How long to wait for what was applied to become ready.
        wait: Wait for all that was applied, else for databases only.
        service_account: Whom to impersonate, empty for the controller itself; `{application}` and `{environment}` stand
            for the slugs.
        key_secret: The Secret with an environment's private key, likewise; empty where no key is to be named.
        key_given: The document names *key_secret*.
        self_heal: What was changed by hand in the cluster is changed back. Argo CD only, like the following.
        server: The API server to deploy to.
    """

    engine: Engine
    name: str
    repository: Repository
    root: PurePosixPath
    namespace: str
    prune: bool
    path: Path
    interval: str
    retry_interval: str
    timeout: str
    wait: bool
    service_account: str
    key_secret: str
    key_given: bool
    self_heal: bool
    server: str

    def named(self, *parts: str) -> str:
        """Return the name of an object: hyphens between the platform's and what *parts* name."""
        return "-".join((self.name, *parts))

    def place(self, inside: PurePosixPath) -> str:
        """Return the path of *inside*, from the output directory, in the repository."""
        return str(self.root / inside)
