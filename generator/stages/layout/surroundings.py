"""What every microservice of an environment gets: a prefix to its names, and a label. In Kustomize, a Component.

Source: kustomize 5.8, api/internal/konfig/builtinpluginconsts/{templatelabels,metadatalabels}.go for the places of
labels, api/filters/fieldspec for how it gets there, api/internal/builtins/PrefixTransformer.go for names.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from generator.model.source import Json, same_json

OWN: Final = "environment"
"""The folder of an environment's own objects beside its microservices' overlays; none of them can be called so."""

COMPONENT: Final = f"{OWN}/microservices"
"""The folder of the Component."""

_UNNAMED: Final = frozenset({"APIService", "CustomResourceDefinition", "Namespace"})
"""The kinds whose names kustomize leaves alone."""


class _Place(Struct, frozen=True):
    """Where labels go: *kind* empty for all; *made* where there are none yet; `[]` ends the name of a list."""

    path: tuple[str, ...]
    kind: str = ""
    group: str = ""
    made: bool = False

    def fits(self, body: Mapping[str, Json]) -> bool:
        group = str(body.get("apiVersion", "")).rpartition("/")[0]
        return self.kind in {"", body.get("kind")} and self.group in {"", group}


def _place(path: str, kind: str = "", group: str = "", *, made: bool = True) -> _Place:
    return _Place(tuple(path.split("/")), kind, group, made)


_TEMPLATES: Final = (
    _place("metadata/labels"),
    *(_place("spec/template/metadata/labels", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet")),
    _place("spec/template/metadata/labels", "ReplicationController"),
    _place("spec/template/metadata/labels", "StatefulSet", "apps"),
    _place("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", "apps"),
    _place("spec/template/metadata/labels", "Job", "batch"),
    _place("spec/jobTemplate/metadata/labels", "CronJob", "batch"),
    _place("spec/jobTemplate/spec/template/metadata/labels", "CronJob", "batch"),
)
"""What `includeTemplates` means."""

_SELECTORS: Final = (
    _place("spec/selector", "Service", made=False),
    _place("spec/selector/matchLabels", "Deployment", made=False),
    _place("spec/podSelector/matchLabels", "NetworkPolicy", made=False),
    _place("spec/selector/matchLabels", "PodDisruptionBudget", made=False),
)
"""The selectors of the environment's own pods. `includeSelectors` would also label whom a NetworkPolicy lets in."""


class UnfitError(Exception):
    """An object has something else where labels belong."""


class Surroundings(Struct, frozen=True, kw_only=True):
    """What is the same for all microservices of one environment.

    Attributes:
        folder: The environment's, as paths spell it.
        namespace: Where its objects are.
        prefix: What the names of its objects begin with.
        labels: What tells it from the application's other environments.
    """

    folder: str
    namespace: str
    prefix: str
    labels: Mapping[str, str]

    def undressed(self, body: Mapping[str, Json]) -> Json:
        """Return *body* without what the Component adds, None where that would not give *body* back."""
        metadata = body.get("metadata")
        if not isinstance(metadata, dict) or metadata.get("namespace") != self.namespace or body["kind"] in _UNNAMED:
            return None
        name = metadata.get("name")
        if not isinstance(name, str) or not name.startswith(self.prefix) or name == self.prefix:
            return None
        bare = {**body, "metadata": {**metadata, "name": name.removeprefix(self.prefix)}}
        try:
            bare = self._labelled(bare, self._without, makes=False)
            return bare if same_json(self.dressed(bare), dict(body)) else None
        except UnfitError:
            return None

    def dressed(self, bare: Mapping[str, Json]) -> Json:
        """Return the object that the Component makes of *bare*.

        Raises:
            UnfitError: When something else stands where labels go.
        """
        metadata = bare["metadata"]
        named = {**bare, "metadata": {**metadata, "name": self.prefix + metadata["name"]}}
        return self._labelled(named, self._with, makes=True)

    def settings(self) -> Json:
        """Return the Component's fields."""
        fields = [{"kind": each.kind, "path": "/".join(each.path)} for each in _SELECTORS]
        labels = {"pairs": dict(self.labels), "includeTemplates": True, "fields": fields}
        return {"namePrefix": self.prefix, "labels": [labels]}

    def _labelled(self, body: Json, edit: Callable[[Json], Json], *, makes: bool) -> Json:
        for place in (*_TEMPLATES, *_SELECTORS):
            if place.fits(body):
                body = _edited(body, place.path, edit, makes=makes and place.made)
        return body

    def _with(self, labels: Json) -> Json:
        if not isinstance(labels, dict):
            raise UnfitError
        return {**labels, **self.labels}

    def _without(self, labels: Json) -> Json:
        if not isinstance(labels, dict):
            raise UnfitError
        return {key: value for key, value in labels.items() if self.labels.get(key) != value}


def _edited(node: Json, path: tuple[str, ...], edit: Callable[[Json], Json], *, makes: bool) -> Json:
    """Return *node* with the value at *path* replaced by what *edit* makes of it; items of lists one by one."""
    if not path:
        return edit(node)
    if node is None:
        return None
    if isinstance(node, list):
        return [_edited(each, path, edit, makes=makes) for each in node]
    if not isinstance(node, dict):
        raise UnfitError
    key = path[0].removesuffix("[]")
    makes_this = makes and key == path[0]
    child = node.get(key)
    if child is None:
        if not makes_this:
            return node
        child = {}
    return {**node, key: _edited(child, path[1:], edit, makes=makes)}
