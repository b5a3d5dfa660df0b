"""The volumes of a pod, and where its containers mount them."""

from collections.abc import Collection, Mapping

from generator.model.diagnostics import did_you_mean
from generator.model.source import Json, Path
from generator.stages.verify.names import LABEL_EXPECTED, is_label, is_label_key
from generator.stages.verify.objections import (
    Objections,
    PlainFields,
    check_distinct,
    check_fields,
    check_one_of,
    span,
)
from generator.stages.verify.quantities import check_quantity
from generator.stages.verify.storage import check_claim

_MODES: PlainFields = {"defaultMode": span(0, 0o777), "mode": span(0, 0o777)}
_PLAIN_MOUNT = frozenset({"name", "mountPath", "subPath", "readOnly"})
_MOUNT: PlainFields = {
    "mountPropagation": ("None", "HostToContainer", "Bidirectional"),
    "recursiveReadOnly": ("Disabled", "IfPossible", "Enabled"),
}
_PROJECTIONS = (
    "configMap",
    "secret",
    "downwardAPI",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
)
_OF_POD = frozenset({"metadata.name", "metadata.namespace", "metadata.uid"})
FIELDS_IN_VOLUMES = _OF_POD | {"metadata.labels", "metadata.annotations"}
FIELDS_IN_ENV = _OF_POD | {
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
}
RESOURCES_IN_FIELDS = tuple(
    f"{kind}.{resource}" for kind in ("limits", "requests") for resource in ("cpu", "memory", "ephemeral-storage")
)


def check_volumes(volumes: list[Mapping[str, Json]], at: Path, objections: Objections) -> None:
    """Check the *volumes* of a pod, which stand at *at*."""
    check_distinct([each["name"] for each in volumes], at, "name", objections)
    for index, volume in enumerate(volumes):
        if not is_label(volume["name"]):
            place = (*at, index, "name")
            objections.add("bad-name", place, f"bad volume name '{volume['name']}'", LABEL_EXPECTED)
        sources = [key for key, value in volume.items() if value is not None and key != "name"]
        if len(sources) == 1:
            _check_source(sources[0], volume[sources[0]], (*at, index, sources[0]), objections)
        else:
            what = f"volume '{volume['name']}' with {len(sources)} sources"
            objections.add("one-of", (*at, index), what, "expected exactly one")


def _check_source(kind: str, source: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_fields(source, _MODES, at, objections)
    if kind == "projected":
        for index, each in enumerate(source.get("sources") or ()):
            name = check_one_of(each, _PROJECTIONS, (*at, "sources", index), objections)
            if name:
                _check_items(name, each[name], (*at, "sources", index, name), objections)
    elif kind == "emptyDir":
        if source.get("sizeLimit") is not None:
            check_quantity("storage", source["sizeLimit"], (*at, "sizeLimit"), objections)
    elif kind == "ephemeral":
        claim = (source.get("volumeClaimTemplate") or {}).get("spec") or {}
        check_claim(claim, (*at, "volumeClaimTemplate", "spec"), objections)
    elif kind == "persistentVolumeClaim":
        if not source["claimName"]:
            objections.add("missing-field", (*at, "claimName"), "no claim's name")
    else:
        _check_items(kind, source, at, objections)


def _check_items(kind: str, source: Mapping[str, Json], at: Path, objections: Objections) -> None:
    if kind == "serviceAccountToken":
        _check_item_path(source, at, objections)
        check_fields(source, {"expirationSeconds": span(600, 2**32)}, at, objections)
        return
    for index, item in enumerate(source.get("items") or ()):
        where = (*at, "items", index)
        _check_item_path(item, where, objections)
        check_fields(item, _MODES, where, objections)
        if kind == "downwardAPI":
            name = check_one_of(item, ("fieldRef", "resourceFieldRef"), where, objections)
            if name == "fieldRef":
                check_field_reference(item[name], FIELDS_IN_VOLUMES, (*where, name), objections)
            elif name:
                check_resource_reference(item[name], (*where, name), objections)


def _check_item_path(item: Mapping[str, Json], at: Path, objections: Objections) -> None:
    path = item["path"]
    if not path or path.startswith(("/", "..")) or ".." in path.split("/"):
        expected = "expected a relative path without '..'"
        objections.add("bad-path", (*at, "path"), f"bad path '{path}'", expected)


def check_field_reference(
    reference: Mapping[str, Json], fields: Collection[str], at: Path, objections: Objections
) -> None:
    """Check a `fieldRef`, which stands at *at*, to one of *fields*, a label or an annotation of the pod."""
    path = reference["fieldPath"]
    if path in fields:
        return
    name, bracket, key = path.partition("['")
    if bracket and key.endswith("']") and name in {"metadata.labels", "metadata.annotations"}:
        key = key.removesuffix("']")
        if not is_label_key(key if name == "metadata.labels" else key.lower()):
            objections.add("bad-label", (*at, "fieldPath"), f"bad key '{key}'")
        return
    expected = "expected a field that a pod shows, or metadata.labels['…'] or metadata.annotations['…']"
    objections.add("bad-choice", (*at, "fieldPath"), f"field '{path}'", expected, did_you_mean(path, fields))


def check_resource_reference(reference: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check a `resourceFieldRef`, which stands at *at*."""
    resource = reference["resource"]
    if resource not in RESOURCES_IN_FIELDS and not resource.startswith(("limits.hugepages-", "requests.hugepages-")):
        objections.misplaced((*at, "resource"), resource, RESOURCES_IN_FIELDS)


def check_mounts(mounts: list[Mapping[str, Json]], volumes: Collection[str], at: Path, objections: Objections) -> None:
    """Check the volume mounts of a container, which stand at *at*, against the pod's *volumes*."""
    taken: set[str] = set()
    for index, mount in enumerate(mounts):
        if mount["name"] not in volumes:
            what, hint = f"mount of volume '{mount['name']}'", did_you_mean(mount["name"], volumes)
            objections.add("dangling-mount", (*at, index, "name"), what, "the pod has no volume of that name", hint)
        path = mount["mountPath"]
        if not path or ":" in path:
            expected = "expected a path without ':'"
            objections.add("bad-path", (*at, index, "mountPath"), f"bad path '{path}'", expected)
        if path in taken:
            objections.taken((*at, index, "mountPath"), f"'{path}'")
        taken.add(path)
        sub_path = mount.get("subPath")
        if sub_path and (sub_path[0] == "/" or ".." in sub_path):
            _check_sub_path(sub_path, (*at, index, "subPath"), objections)
        if not mount.keys() <= _PLAIN_MOUNT:
            _check_mount(mount, (*at, index), objections)


def _check_sub_path(path: str, where: Path, objections: Objections) -> None:
    if path.startswith("/") or ".." in path.split("/"):
        objections.add("bad-path", where, f"bad path '{path}'", "expected a relative path without '..'")


def _check_mount(mount: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_fields(mount, _MOUNT, at, objections)
    _check_sub_path(mount.get("subPathExpr") or "", (*at, "subPathExpr"), objections)
    if mount.get("subPath") and mount.get("subPathExpr"):
        objections.add("conflicting-fields", at, "'subPath' and 'subPathExpr' together", "expected one of them")
    recursive = mount.get("recursiveReadOnly")
    if recursive in {"Enabled", "IfPossible"} and not mount.get("readOnly"):
        what = f"'recursiveReadOnly: {recursive}' without 'readOnly: true'"
        objections.add("conflicting-fields", at, what)
