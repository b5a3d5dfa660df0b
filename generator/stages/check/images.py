"""Images: what a reference to one looks like, and which tag it should have.

Grammar: https://pkg.go.dev/github.com/distribution/reference, as container runtimes read it.
"""

from functools import cache

from generator.model.findings import Findings
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Path

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?"
_REFERENCE = lazy_pattern(
    rf"(?:{_HOST}/)?{_COMPONENT}(?:/{_COMPONENT})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)
_DIGEST = lazy_pattern(r"@sha256:(?![0-9a-f]{64}$)")

# https://semver.org, with the leading v that many projects write.
_SEMANTIC = lazy_pattern(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


@cache
def is_reference(image: str) -> bool:
    """Say whether a container runtime can read *image* as the reference to an image."""
    return _REFERENCE.fullmatch(image) is not None and _DIGEST.search(image) is None


@cache
def tag_of(image: str) -> str | None:
    """Return the tag of *image*, `latest` where it has none, None where a digest pins it."""
    if "@" in image:
        return None
    _, colon, tag = image.rpartition("/")[2].partition(":")
    return tag if colon else "latest"


def check_reference(image: str, owner: str, path: Path, findings: Findings) -> bool:
    """Find `bad-image` at *path* where *image* of *owner* is no reference, and say whether it is one."""
    if is_reference(image):
        return True
    message = f"the image of {owner} is no reference to an image: no container runtime could pull it"
    hint = "write HOST/NAME:TAG, the name in lower case and without '//', as in acme.azurecr.io/catalog:1.4.0"
    findings.error("bad-image", message, path, hint, value=True)
    return False


def check_tag(image: str, name: str, path: Path, findings: Findings) -> None:
    """Warn where the image of the microservice *name* has no version in its tag."""
    tag = tag_of(image)
    if tag is None or _SEMANTIC.fullmatch(tag):
        return
    if tag == "latest":
        message = f"the image of '{name}' is whatever 'latest' means when a pod starts"
        findings.warn("image-tag-latest", message, path, "name a version, as in ':1.4.0'", value=True)
    else:
        message = f"the image tag '{tag}' of '{name}' is not a semantic version"
        findings.warn("image-tag-not-semantic", message, path, "use MAJOR.MINOR.PATCH, as in ':1.4.0'", value=True)
