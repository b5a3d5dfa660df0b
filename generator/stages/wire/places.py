"""Where the parts of an application stand in the output directory, in either layout."""

from pathlib import PurePosixPath

from generator.model.gitops import FOLDER
from generator.model.platform import Platform
from generator.stages.wire.parts import Part


def resources_of(part: Part, platform: Platform) -> tuple[PurePosixPath, ...]:
    """Return what *part* builds from, as a kustomization lists it: files and folders, from the output directory."""
    if platform.layout == "plain":
        return (*part.plain, *part.sealed)
    place = PurePosixPath(part.application.slug)
    if part.environment is None:
        return (place / "application",)
    overlay = place / "overlays" / part.environment.slug
    if part.kind == "environment":
        return (overlay / "environment",)
    return tuple(overlay / each.path.stem for each in part.units)


def folder_of(part: Part, platform: Platform) -> PurePosixPath:
    """Return the folder that builds *part* and nothing else: the layout's own, or one in the wiring with a list."""
    resources = resources_of(part, platform)
    if len(resources) == 1 and not resources[0].suffix:
        return resources[0]
    stage = "" if part.environment is None else part.environment.slug
    return FOLDER / part.application.slug / stage / part.kind


def is_plain(platform: Platform) -> bool:
    """Say whether the output has the plain layout."""
    return platform.layout == "plain"
