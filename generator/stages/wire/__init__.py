"""The wiring for a GitOps engine: its own objects, and the lists of files that it builds from."""

from generator.model.platform import Platform
from generator.stages.wire.argocd import argocd
from generator.stages.wire.flux import flux
from generator.stages.wire.wired import Kinds, Wired


def wire(platform: Platform, kinds: Kinds) -> list[Wired]:
    """Return the files of *platform*'s wiring; none where no engine is named.

    Args:
        platform: The platform.
        kinds: What its applications consist of.
    """
    if platform.gitops is None:
        return []
    return (
        flux(platform, platform.gitops)
        if platform.gitops.engine == "flux"
        else argocd(platform, platform.gitops, kinds)
    )
