"""Each control of https://kubernetes.io/docs/concepts/security/pod-security-standards/, from both sides."""

from collections.abc import Callable
from typing import Any

import pytest

from generator.model.diagnostics import Diagnostic

_POD = "spec.template.spec"
_HEAD = f"{_POD}.containers.0"
_INIT = f"{_POD}.initContainers.0"
_CONTEXT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}

_BASELINE = [
    (f"{_POD}.hostNetwork", True),
    (f"{_POD}.hostPID", True),
    (f"{_POD}.hostIPC", True),
    (f"{_POD}.volumes.2", {"name": "host", "hostPath": {"path": "/"}}),
    (f"{_POD}.securityContext.windowsOptions", {"hostProcess": True}),
    (f"{_POD}.securityContext.appArmorProfile", {"type": "Unconfined"}),
    (f"{_POD}.securityContext.seccompProfile", {"type": "Unconfined"}),
    (f"{_POD}.securityContext.seLinuxOptions", {"type": "spc_t"}),
    (f"{_POD}.securityContext.seLinuxOptions", {"user": "root"}),
    (f"{_POD}.securityContext.seLinuxOptions", {"role": "sysadm_r"}),
    (f"{_POD}.securityContext.sysctls", [{"name": "kernel.msgmax", "value": "1"}]),
    (
        "spec.template.metadata.annotations",
        {"container.apparmor.security.beta.kubernetes.io/head": "unconfined"},
    ),
    *(
        (f"{container}.{field}", value)
        for container in (_HEAD, _INIT)
        for field, value in [
            ("securityContext", _CONTEXT | {"allowPrivilegeEscalation": True, "privileged": True}),
            ("securityContext.capabilities.add", ["SYS_ADMIN"]),
            ("securityContext.capabilities.add", ["NET_RAW"]),
            ("securityContext.windowsOptions", {"hostProcess": True}),
            ("securityContext.appArmorProfile", {"type": "Unconfined"}),
            ("securityContext.seccompProfile", {"type": "Unconfined"}),
            ("securityContext.seLinuxOptions", {"type": "spc_t"}),
            ("ports", [{"name": "http", "containerPort": 8080, "hostPort": 8080}]),
        ]
    ),
    (f"{_HEAD}.livenessProbe", {"httpGet": {"port": 80, "host": "example.com"}}),
    (f"{_HEAD}.readinessProbe", {"tcpSocket": {"port": 80, "host": "example.com"}}),
    (f"{_HEAD}.lifecycle", {"preStop": {"httpGet": {"port": 80, "host": "example.com"}}}),
]
_RESTRICTED = [
    (f"{_POD}.volumes.2", {"name": "nfs", "nfs": {"server": "example.com", "path": "/"}}),
    (f"{_POD}.securityContext", {}),
    (f"{_POD}.securityContext.runAsNonRoot", False),
    (f"{_POD}.securityContext.runAsNonRoot", None),
    (f"{_POD}.securityContext.seccompProfile", None),
    *(
        (f"{container}.{field}", value)
        for container in (_HEAD, _INIT)
        for field, value in [
            ("securityContext", None),
            ("securityContext", {}),
            ("securityContext.allowPrivilegeEscalation", None),
            ("securityContext.allowPrivilegeEscalation", True),
            ("securityContext.capabilities", None),
            ("securityContext.capabilities", {"drop": ["NET_RAW"]}),
            ("securityContext.capabilities", {"drop": ["all"]}),
            ("securityContext.capabilities", {"drop": ["ALL"], "add": ["CHOWN"]}),
            ("securityContext.runAsNonRoot", False),
        ]
    ),
]
_FINE = [
    (f"{_POD}.hostNetwork", False),
    (f"{_POD}.securityContext.appArmorProfile", {"type": "RuntimeDefault"}),
    (f"{_POD}.securityContext.seccompProfile", {"type": "Localhost", "localhostProfile": "a"}),
    (f"{_POD}.securityContext.seLinuxOptions", {"type": "container_init_t", "level": "s0"}),
    (f"{_POD}.securityContext.sysctls", [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]),
    (f"{_HEAD}.ports", [{"name": "http", "containerPort": 8080, "hostPort": 0}]),
    (f"{_HEAD}.securityContext.capabilities", {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}),
    (f"{_HEAD}.securityContext.procMount", "Default"),
    (f"{_POD}.volumes.2", {"name": "csi", "csi": {"driver": "example.com"}}),
    (f"{_POD}.volumes.2", {"name": "image", "image": {"reference": "example.com/files:1.0.0"}}),
    (
        "spec.template.metadata.annotations",
        {"container.apparmor.security.beta.kubernetes.io/head": "localhost/shop"},
    ),
]


@pytest.mark.parametrize(("path", "value"), _BASELINE)
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_what_baseline_forbids_both_levels_forbid(
    codes: Callable[..., list[str]], path: str, value: object, level: str
) -> None:
    assert "pod-security" in codes("Deployment", path, value, level=level)


@pytest.mark.parametrize(("path", "value"), _RESTRICTED)
def test_what_restricted_demands_baseline_leaves_open(
    codes: Callable[..., list[str]], path: str, value: object
) -> None:
    assert "pod-security" in codes("Deployment", path, value, level="restricted")
    assert "pod-security" not in codes("Deployment", path, value, level="baseline")


@pytest.mark.parametrize(("path", "value"), _FINE)
def test_what_both_levels_take(codes: Callable[..., list[str]], path: str, value: object) -> None:
    assert codes("Deployment", path, value, level="restricted") == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Deployment", _HEAD),
        ("StatefulSet", _HEAD),
        ("DaemonSet", _HEAD),
        ("Job", _HEAD),
        ("CronJob", "spec.jobTemplate.spec.template.spec.containers.0"),
        ("Pod", "spec.containers.0"),
    ],
)
def test_every_kind_that_runs_pods_is_held_to_the_level(codes: Callable[..., list[str]], kind: str, path: str) -> None:
    assert codes(kind, f"{path}.securityContext", {"privileged": True}, level="baseline") == ["pod-security"]


def test_an_ephemeral_container_is_held_to_the_level(codes: Callable[..., list[str]]) -> None:
    container = {"name": "debug", "image": "example.com/debug:1.0.0", "securityContext": {"privileged": True}}

    assert codes("Pod", "spec.ephemeralContainers", [container], level="baseline") == ["pod-security"]


def test_a_container_may_answer_for_itself_what_its_pod_leaves_open(findings: Callable[..., list[Diagnostic]]) -> None:
    own = _CONTEXT | {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    changes = {f"{_POD}.{field}.securityContext": own for field in ("initContainers.0", "containers.0", "containers.1")}

    assert findings("Deployment", changes | {f"{_POD}.securityContext": {}}) == []


@pytest.mark.parametrize(
    ("path", "value", "level", "refused_by", "taken_by"),
    [
        (f"{_POD}.securityContext.sysctls", [{"name": "net.ipv4.tcp_rmem", "value": "1"}], "baseline", 31, 32),
        (f"{_POD}.securityContext.seLinuxOptions", {"type": "container_engine_t"}, "baseline", 30, 31),
        (f"{_HEAD}.livenessProbe", {"tcpSocket": {"port": 80, "host": "example.com"}}, "baseline", 34, 33),
    ],
)
def test_the_standard_is_that_of_the_clusters_version(
    codes: Callable[..., list[str]], path: str, value: object, level: str, refused_by: int, taken_by: int
) -> None:
    assert codes("Deployment", path, value, level=level, minor=refused_by) == ["pod-security"]
    assert codes("Deployment", path, value, level=level, minor=taken_by) == []


def test_a_pod_in_a_user_namespace_may_be_root_there_since_1_35(findings: Callable[..., list[Diagnostic]]) -> None:
    changes = {f"{_POD}.hostUsers": False, f"{_POD}.securityContext.runAsNonRoot": None}

    assert findings("Deployment", changes, minor=35) == []
    assert {each.code for each in findings("Deployment", changes, minor=34)} == {"pod-security"}


def test_an_unmasked_proc_needs_a_user_namespace_and_never_passes_restricted(
    findings: Callable[..., list[Diagnostic]],
) -> None:
    changes = {f"{_POD}.hostUsers": False, f"{_HEAD}.securityContext.procMount": "Unmasked"}

    assert findings("Deployment", changes, level="baseline", minor=35) == []
    assert [each.code for each in findings("Deployment", changes, level="baseline", minor=34)] == ["pod-security"]
    assert [each.code for each in findings("Deployment", changes, level="restricted", minor=35)] == ["pod-security"]


def test_what_concerns_linux_alone_is_not_asked_of_a_windows_pod(findings: Callable[..., list[Diagnostic]]) -> None:
    changes = {f"{_POD}.os": {"name": "windows"}, f"{_HEAD}.securityContext": None}

    assert findings("Deployment", changes) == []


def test_a_finding_names_the_level_and_what_it_demands(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("Deployment", {f"{_HEAD}.securityContext.allowPrivilegeEscalation": None})

    assert finding.message == (
        "no 'allowPrivilegeEscalation: false' in spec.template.spec.containers[0].securityContext of Deployment/shop: "
        "the Pod Security level 'restricted' demands it of every container"
    )


@pytest.mark.parametrize(
    ("context", "refused"),
    [
        ({"runAsUser": -1}, ["out-of-range"]),
        ({"runAsUser": 2**31}, ["out-of-range"]),
        ({"runAsUser": 0}, ["conflicting-fields"]),
        ({"privileged": True}, ["conflicting-fields", "pod-security"]),
        ({"procMount": "Unmasked"}, ["conflicting-fields", "pod-security"]),
        ({"seccompProfile": {"type": "Localhost"}}, ["missing-field"]),
        ({"seccompProfile": {"type": "Localhost", "localhostProfile": "../a"}}, ["bad-path"]),
        ({"seccompProfile": {"type": "RuntimeDefault", "localhostProfile": "a"}}, ["conflicting-fields"]),
        ({"appArmorProfile": {"type": "Default"}}, ["bad-choice", "pod-security"]),
    ],
)
def test_a_security_context_does_not_contradict_itself(
    codes: Callable[..., list[str]], context: dict[str, Any], refused: list[str]
) -> None:
    assert codes("Deployment", f"{_HEAD}.securityContext", _CONTEXT | context, level="baseline") == refused
