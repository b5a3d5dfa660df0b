"""Who may do what: roles and their bindings."""

from collections.abc import Mapping

from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.names import SUBDOMAIN_EXPECTED, is_path_segment, is_subdomain
from generator.stages.verify.objections import Objections

_GROUP = "rbac.authorization.k8s.io"
_SUBJECTS = ("ServiceAccount", "User", "Group")


def check_role(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a Role or a ClusterRole."""
    namespaced = manifest.ref.kind == "Role"
    for index, rule in enumerate(manifest.body.get("rules") or ()):
        at = ("rules", index)
        if not rule.get("verbs"):
            objections.add("missing-field", at, "no verb", "expected at least one in 'verbs'")
        if rule.get("nonResourceURLs"):
            if namespaced:
                expected = "only a ClusterRole takes them"
                objections.add("conflicting-fields", (*at, "nonResourceURLs"), "paths of the API server", expected)
            elif rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
                what = "'nonResourceURLs' beside resources"
                objections.add("conflicting-fields", (*at, "nonResourceURLs"), what, "expected a rule for each")
            continue
        for field in ("apiGroups", "resources"):
            if not rule.get(field):
                hint = "write [''] for the core group" if field == "apiGroups" else ""
                objections.add("missing-field", at, f"nothing in '{field}'", "expected at least one", hint)


def check_role_binding(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a RoleBinding or a ClusterRoleBinding."""
    namespaced = manifest.ref.kind == "RoleBinding"
    role = manifest.body["roleRef"]
    kinds = ("Role", "ClusterRole") if namespaced else ("ClusterRole",)
    _check_group(role.get("apiGroup") or _GROUP, _GROUP, ("roleRef", "apiGroup"), objections)
    if role["kind"] not in kinds:
        objections.misplaced(("roleRef", "kind"), role["kind"], kinds)
    if not is_path_segment(role["name"]):
        objections.add("bad-name", ("roleRef", "name"), f"bad name '{role['name']}'")
    for index, subject in enumerate(manifest.body.get("subjects") or ()):
        _check_subject(subject, ("subjects", index), objections)
        if not namespaced and subject["kind"] == "ServiceAccount" and not subject.get("namespace"):
            what = f"ServiceAccount '{subject['name']}' without a namespace"
            objections.add("missing-field", ("subjects", index), what)


def _check_subject(subject: Mapping[str, Json], at: Path, objections: Objections) -> None:
    kind, name = subject["kind"], subject["name"]
    if kind not in _SUBJECTS:
        objections.misplaced((*at, "kind"), kind, _SUBJECTS)
        return
    expected = "" if kind == "ServiceAccount" else _GROUP
    _check_group(subject.get("apiGroup") or expected, expected, (*at, "apiGroup"), objections)
    if not name or (kind == "ServiceAccount" and not is_subdomain(name)):
        objections.add("bad-name", (*at, "name"), f"bad name '{name}'" if name else "no name", SUBDOMAIN_EXPECTED)


def _check_group(group: str, expected: str, path: Path, objections: Objections) -> None:
    if group != expected:
        objections.add("bad-choice", path, f"API group '{group}'", f"expected '{expected}'")
