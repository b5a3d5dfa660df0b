"""One Kubernetes object on its way from a template to a file."""

from collections.abc import Mapping

from msgspec import Struct

from generator.model.source import Json, Path


class ObjectRef(Struct, frozen=True, order=True):
    """The identity of a Kubernetes object; *namespace* is empty for what belongs to the whole cluster."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def group(self) -> str:
        """The API group, empty for the core one: two versions of one group name the same object."""
        return self.api_version.rpartition("/")[0]


class Origin(Struct, frozen=True):
    """How an object came to be, so that a finding in it can be told in the words of the document.

    Attributes:
        template: The template that printed it (`microservice/deployment.yaml.j2`), or the file it was read from.
        layers: Where in the document its subject was described, the strongest layer first.
        file: The plain manifest's file, empty when a template printed it; then *inner* is its path in that file.
    """

    template: str
    layers: tuple[Path, ...] = ()
    file: str = ""
    inner: Path = ()


class Manifest(Struct, frozen=True):
    """One Kubernetes object: its identity, its data, and the YAML text that says the same.

    Attributes:
        ref: Its identity.
        body: Its data. Read-only: patches make a new manifest.
        text: Its YAML, one document without a separator, ending in a newline.
        origin: Where it came from.
        sealed: It is a Secret that carries a SOPS block; *body* and *text* then include `sops`.
    """

    ref: ObjectRef
    body: Mapping[str, Json]
    text: str
    origin: Origin
    sealed: bool = False


def reference_of(body: Mapping[str, Json]) -> ObjectRef:
    """Return the identity that *body* claims."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return ObjectRef(
        str(body.get("apiVersion", "")),
        str(body.get("kind", "")),
        str(metadata.get("namespace", "")),
        str(metadata.get("name", "")),
    )
