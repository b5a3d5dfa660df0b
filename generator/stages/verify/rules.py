"""What an API server refuses, or what cannot work, although a JSON schema accepts it.

Each kind has one rule, which runs on objects that have passed the schema of their kind. The rules are
those of Kubernetes' own validation (k8s.io/kubernetes/pkg/apis), and a little stricter where it takes
what nobody can mean: two variables of one name, two containers on one port.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from generator.model.diagnostics import Diagnostic
from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.stages.verify.access import check_role, check_role_binding
from generator.stages.verify.configuration import check_config_map, check_secret
from generator.stages.verify.names import check_metadata
from generator.stages.verify.networking import check_ingress, check_network_policy
from generator.stages.verify.objections import Locate, Objections
from generator.stages.verify.scaling import check_autoscaler, check_budget
from generator.stages.verify.services import check_service
from generator.stages.verify.storage import check_persistent_volume_claim
from generator.stages.verify.workloads import (
    check_bare_pod,
    check_cron_job,
    check_daemon_set,
    check_deployment,
    check_job,
    check_replica_set,
    check_stateful_set,
)

_Rule: TypeAlias = Callable[[Manifest, Scope, Objections], None]

_RULES: Mapping[tuple[str, str], _Rule] = {
    ("v1", "ConfigMap"): check_config_map,
    ("v1", "PersistentVolumeClaim"): check_persistent_volume_claim,
    ("v1", "Pod"): check_bare_pod,
    ("v1", "Secret"): check_secret,
    ("v1", "Service"): check_service,
    ("apps/v1", "DaemonSet"): check_daemon_set,
    ("apps/v1", "Deployment"): check_deployment,
    ("apps/v1", "ReplicaSet"): check_replica_set,
    ("apps/v1", "StatefulSet"): check_stateful_set,
    ("autoscaling/v2", "HorizontalPodAutoscaler"): check_autoscaler,
    ("batch/v1", "CronJob"): check_cron_job,
    ("batch/v1", "Job"): check_job,
    ("networking.k8s.io/v1", "Ingress"): check_ingress,
    ("networking.k8s.io/v1", "NetworkPolicy"): check_network_policy,
    ("policy/v1", "PodDisruptionBudget"): check_budget,
    ("rbac.authorization.k8s.io/v1", "ClusterRole"): check_role,
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): check_role_binding,
    ("rbac.authorization.k8s.io/v1", "Role"): check_role,
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): check_role_binding,
}


def rule_findings(manifest: Manifest, scope: Scope, locate: Locate) -> list[Diagnostic]:
    """Return what is wrong with one object that has passed the schema of its kind.

    Args:
        manifest: The object.
        scope: What the place where it will live demands of it.
        locate: Finds where a person wrote a node of the object; called only where something is wrong.
    """
    objections = Objections(manifest, locate)
    check_metadata(manifest, scope, objections)
    rule = _RULES.get((manifest.ref.api_version, manifest.ref.kind))
    if rule is not None:
        rule(manifest, scope, objections)
    return objections.found
