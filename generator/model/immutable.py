"""What must be left alone: an object's identity, and what Kubernetes does not change once the object exists.

Source: the API server's own refusals ("field is immutable", "updates to statefulset spec for fields other
than … are forbidden"), in kubernetes/kubernetes, pkg/apis/{apps,batch,core,rbac}/validation/validation.go.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from generator.model.manifest import ObjectRef
from generator.model.source import Json, same_json

Field: TypeAlias = tuple[str, ...]
"""The names of the properties from the object's root to a field."""

IDENTITY: Final[tuple[Field, ...]] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
)
_SELECTOR: Final[tuple[Field, ...]] = (("spec", "selector"),)
_ROLE: Final[tuple[Field, ...]] = (("roleRef",),)
_FIELDS: Final[Mapping[tuple[str, str], tuple[Field, ...]]] = {
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "ReplicaSet"): _SELECTOR,
    ("apps", "StatefulSet"): (
        *_SELECTOR,
        ("spec", "serviceName"),
        ("spec", "volumeClaimTemplates"),
        ("spec", "podManagementPolicy"),
    ),
    ("batch", "Job"): (
        *_SELECTOR,
        ("spec", "template"),
        ("spec", "completionMode"),
        ("spec", "podFailurePolicy"),
        ("spec", "successPolicy"),
        ("spec", "backoffLimitPerIndex"),
        ("spec", "managedBy"),
    ),
    ("", "Service"): (("spec", "clusterIP"), ("spec", "clusterIPs")),
    ("", "PersistentVolumeClaim"): (
        *_SELECTOR,
        ("spec", "accessModes"),
        ("spec", "storageClassName"),
        ("spec", "volumeMode"),
        ("spec", "volumeName"),
        ("spec", "dataSource"),
        ("spec", "dataSourceRef"),
    ),
    ("", "Secret"): (("type",),),
    ("rbac.authorization.k8s.io", "RoleBinding"): _ROLE,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _ROLE,
}
_ABSENT: Final = object()


def immutable_changes(ref: ObjectRef, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Field]:
    """Yield each field of the object *ref* that must not change and does."""
    for field in (*IDENTITY, *_FIELDS.get((ref.group, ref.kind), ())):
        if not same_json(_at(before, field), _at(after, field)):
            yield field


def _at(body: Mapping[str, Json], field: Field) -> Json:
    node: Json = body
    for name in field:
        if not isinstance(node, Mapping) or name not in node:
            return _ABSENT
        node = node[name]
    return node
