"""What a GitOps engine needs beside the manifests, once it is compiled."""

from pathlib import PurePosixPath

from msgspec import Struct, field

from generator.model.diagnostics import Diagnostic
from generator.model.kubernetes import KubernetesSchemas


class Wiring(Struct, kw_only=True):
    """What came out.

    Attributes:
        schemas: What it was checked against, the engine's kinds included.
        files: The paths in the output directory, and what goes there.
        manifests: Those of the paths that hold objects for an API server, and for which version.
        scope: Every path that it decides about.
        objects: How many objects there are.
        findings: What is wrong with them.
    """

    schemas: KubernetesSchemas
    files: list[tuple[PurePosixPath, bytes]] = field(default_factory=list)
    manifests: dict[PurePosixPath, str] = field(default_factory=dict)
    scope: list[PurePosixPath] = field(default_factory=list)
    objects: int = 0
    findings: list[Diagnostic] = field(default_factory=list)
