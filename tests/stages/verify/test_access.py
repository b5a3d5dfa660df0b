from collections.abc import Callable
from typing import Any

import pytest

_GROUP = "rbac.authorization.k8s.io"


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({"verbs": [], "apiGroups": [""], "resources": ["pods"]}, ["missing-field"]),
        ({"verbs": ["get"], "resources": ["pods"]}, ["missing-field"]),
        ({"verbs": ["get"], "apiGroups": [""]}, ["missing-field"]),
        ({"verbs": ["get"], "nonResourceURLs": ["/healthz"]}, ["conflicting-fields"]),
    ],
)
def test_a_rule_of_a_role(codes: Callable[..., list[str]], rule: dict[str, Any], refused: list[str]) -> None:
    assert codes("Role", "rules", [rule]) == refused


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("roleRef", {"apiGroup": _GROUP, "kind": "ClusterRole", "name": "system:viewer"}, []),
        ("roleRef", {"apiGroup": "apps", "kind": "Role", "name": "shop"}, ["bad-choice"]),
        ("roleRef", {"apiGroup": _GROUP, "kind": "Group", "name": "shop"}, ["bad-choice"]),
        ("roleRef", {"apiGroup": _GROUP, "kind": "Role", "name": ""}, ["bad-name"]),
        ("subjects", [{"kind": "User", "name": "Anna"}], []),
        ("subjects", [{"kind": "Group", "name": "shop", "apiGroup": "apps"}], ["bad-choice"]),
        ("subjects", [{"kind": "ServiceAccount", "name": "shop", "apiGroup": _GROUP}], ["bad-choice"]),
        ("subjects", [{"kind": "ServiceAccount", "name": "Shop"}], ["bad-name"]),
        ("subjects", [{"kind": "Robot", "name": "shop"}], ["bad-choice"]),
    ],
)
def test_a_binding(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("RoleBinding", path, value) == refused
