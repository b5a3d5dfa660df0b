"""What the security contexts of a pod and of its containers say together."""

from collections.abc import Mapping

from generator.model.source import Json, Path
from generator.stages.verify.objections import Objections, PlainFields, check_fields, span

_ID = span(0)
_FIELDS: PlainFields = {
    "runAsUser": _ID,
    "runAsGroup": _ID,
    "fsGroup": _ID,
    "procMount": ("Default", "Unmasked"),
    "fsGroupChangePolicy": ("OnRootMismatch", "Always"),
    "supplementalGroupsPolicy": ("Merge", "Strict"),
    "seLinuxChangePolicy": ("MountOption", "Recursive"),
}
_PROFILES: PlainFields = {"type": ("RuntimeDefault", "Localhost", "Unconfined")}


def check_privileges(spec: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check the security contexts of a pod, whose *spec* stands at *at*."""
    pod = spec.get("securityContext") or {}
    if pod:
        _check_context(pod, (*at, "securityContext"), objections)
        for index, group in enumerate(pod.get("supplementalGroups") or ()):
            if group not in _ID:
                objections.misplaced((*at, "securityContext", "supplementalGroups", index), group, _ID)
    for field in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(field) or ()):
            context = container.get("securityContext")
            where = (*at, field, index, "securityContext")
            if context:
                _check_context(context, where, objections)
                _check_escalation(context, where, objections)
                if context.get("procMount") == "Unmasked" and spec.get("hostUsers") is not False:
                    expected = "expected 'hostUsers: false' in the pod"
                    objections.add("conflicting-fields", (*where, "procMount"), "'Unmasked'", expected)
            _check_root(context or {}, pod, where, objections)


def _check_context(context: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_fields(context, _FIELDS, at, objections)
    for name in ("seccompProfile", "appArmorProfile"):
        profile = context.get(name)
        if profile is None:
            continue
        check_fields(profile, _PROFILES, (*at, name), objections)
        local = profile.get("localhostProfile")
        if (profile["type"] == "Localhost") != bool(local):
            what = "a profile's name" if local else "'type: Localhost' without 'localhostProfile'"
            expected = "only 'type: Localhost' takes one" if local else ""
            objections.add("conflicting-fields" if local else "missing-field", (*at, name), what, expected)
        if name == "seccompProfile" and local and (local.startswith("/") or ".." in local.split("/")):
            where = (*at, name, "localhostProfile")
            objections.add("bad-path", where, "bad path", "expected a relative path without '..'")


def _check_escalation(context: Mapping[str, Json], at: Path, objections: Objections) -> None:
    if context.get("allowPrivilegeEscalation") is not False:
        return
    if context.get("privileged"):
        what = "'allowPrivilegeEscalation: false' beside 'privileged: true'"
        objections.add("conflicting-fields", at, what)
    if "CAP_SYS_ADMIN" in ((context.get("capabilities") or {}).get("add") or ()):
        what = "'allowPrivilegeEscalation: false' beside the capability CAP_SYS_ADMIN"
        objections.add("conflicting-fields", at, what)


def _check_root(context: Mapping[str, Json], pod: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Refuse a container that the kubelet could never start: it must not be root and is root."""
    user, not_root = context.get("runAsUser"), context.get("runAsNonRoot")
    if (pod.get("runAsUser") if user is None else user) == 0 and (
        pod.get("runAsNonRoot") if not_root is None else not_root
    ):
        objections.add("conflicting-fields", at, "'runAsNonRoot: true' and 'runAsUser: 0'", "root never starts")
