"""What the place of an object demands of it, beyond what its kind demands."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

PodSecurity: TypeAlias = Literal["baseline", "restricted"]
"""A level of the Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an object will live.

    Attributes:
        namespace: The namespace that every namespaced object must carry.
        pod_security: The level that every pod must pass.
        minor: The cluster runs Kubernetes 1.*minor*, whose edition of the standards holds.
    """

    namespace: str
    pod_security: PodSecurity
    minor: int = 37
