"""What the place of an object demands of it, beyond what its kind demands."""

from typing import Literal, TypeAlias

from msgspec import Struct

PodSecurity: TypeAlias = Literal["baseline", "restricted"]
"""A level of the Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/."""


class Scope(Struct, frozen=True):
    """Where an object will live.

    Attributes:
        namespace: The namespace that every namespaced object must carry.
        pod_security: The level that every pod must pass.
        minor: The cluster runs Kubernetes 1.*minor*, whose edition of the standards holds.
    """

    namespace: str
    pod_security: PodSecurity
    minor: int = 37
