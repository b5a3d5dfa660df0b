"""Claims of storage."""

from collections.abc import Mapping

from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.names import SUBDOMAIN_EXPECTED, is_subdomain
from generator.stages.verify.objections import Objections, PlainFields, check_fields
from generator.stages.verify.quantities import check_quantity, parsed
from generator.stages.verify.selectors import check_selector

_ACCESS_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_FIELDS: PlainFields = {"volumeMode": ("Filesystem", "Block")}


def check_persistent_volume_claim(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check the spec of a PersistentVolumeClaim."""
    check_claim(manifest.body.get("spec") or {}, ("spec",), objections)


def check_claim(spec: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check the spec of a claim, which stands at *at*."""
    modes = spec.get("accessModes") or []
    if not modes:
        objections.add("missing-field", at, "no access mode", "expected at least one in 'accessModes'")
    for index, mode in enumerate(modes):
        if mode not in _ACCESS_MODES:
            objections.misplaced((*at, "accessModes", index), mode, _ACCESS_MODES)
    if "ReadWriteOncePod" in modes and len(modes) > 1:
        what = "'ReadWriteOncePod' beside other access modes"
        objections.add("conflicting-fields", (*at, "accessModes"), what, "expected it alone")
    check_fields(spec, _FIELDS, at, objections)
    check_selector(spec.get("selector"), (*at, "selector"), objections)
    _check_size((spec.get("resources") or {}).get("requests") or {}, (*at, "resources", "requests"), objections)
    storage_class = spec.get("storageClassName")
    if storage_class and not is_subdomain(storage_class):
        what = f"bad storage class '{storage_class}'"
        objections.add("bad-name", (*at, "storageClassName"), what, SUBDOMAIN_EXPECTED)


def _check_size(requests: Mapping[str, Json], at: Path, objections: Objections) -> None:
    size = requests.get("storage")
    if size is None:
        objections.add("missing-field", at, "no size", "expected 'storage'")
        return
    if not check_quantity("storage", size, (*at, "storage"), objections):
        return
    amount = parsed(size)
    if amount is not None and amount.value == 0:
        objections.add("bad-quantity", (*at, "storage"), f"'{size}'", "expected more than zero")
