"""What may stand where a file is looked for."""

from enum import Enum
from typing import TypeAlias


class Obstacle(Enum):
    """What stands where a regular file was looked for."""

    FOLDER = "a folder"
    LINK = "a symbolic link"
    OTHER = "a pipe, a socket or a device"


OnDisk: TypeAlias = bytes | Obstacle | None
"""A file's bytes, what stands in its place, or None where nothing does."""

KUSTOMIZATION = "kustomization.yaml"

RIVALS = ("kustomization.yml", "Kustomization")
"""What kustomize takes for a `kustomization.yaml`: https://kubectl.docs.kubernetes.io/references/kustomize/glossary/."""
