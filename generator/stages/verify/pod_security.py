"""The Pod Security Standards, control by control.

https://kubernetes.io/docs/concepts/security/pod-security-standards/ names the controls; where the page
leaves a detail open, k8s.io/pod-security-admission/policy decides, which is what a cluster runs.
"""

from collections.abc import Callable, Mapping

from generator.model.diagnostics import listed
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.objections import Objections

_LISTS = ("initContainers", "containers", "ephemeralContainers")
_HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_CONFINED = ("RuntimeDefault", "Localhost")
_APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
_SELINUX_TYPES = frozenset({"", "container_t", "container_init_t", "container_kvm_t"})
# The first minor version of Kubernetes whose edition of the standards allows, or begins to check.
_ENGINE_TYPE_SINCE = 31
_HOST_PROBES_SINCE = 34
_USER_NAMESPACES_SINCE = 35
_SYSCTLS: Mapping[str, int] = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_HOOKS = ("postStart", "preStop")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
# What no control of `baseline` looks at, and the capabilities, which are looked at apart.
_HARMLESS = frozenset(
    {"allowPrivilegeEscalation", "capabilities", "readOnlyRootFilesystem", "runAsGroup", "runAsNonRoot", "runAsUser"}
)
_NOTHING: Mapping[str, Json] = {}


def check_pod_security(
    spec: Mapping[str, Json], metadata: Mapping[str, Json], scope: Scope, at: Path, objections: Objections
) -> None:
    """Hold a pod, whose *spec* stands at *at*, against the level that *scope* demands."""
    say = _speaker(scope, objections)
    pod = spec.get("securityContext") or _NOTHING
    restricted = scope.pod_security == "restricted"
    windows = (spec.get("os") or _NOTHING).get("name") == "windows"
    _check_host(spec, at, say)
    _check_annotations(metadata.get("annotations"), at, say)
    if pod:
        _check_context(pod, scope, (*at, "securityContext"), say)
        _check_sysctls(pod, scope, (*at, "securityContext", "sysctls"), say)
    if restricted:
        _check_volumes(spec, at, say)
    relaxed = scope.minor >= _USER_NAMESPACES_SINCE and spec.get("hostUsers") is False
    for field in _LISTS:
        for index, container in enumerate(spec.get(field) or ()):
            where = (*at, field, index)
            context = container.get("securityContext") or _NOTHING
            if not context.keys() <= _HARMLESS:
                _check_context(context, scope, (*where, "securityContext"), say)
                _check_privileged(context, relaxed and not restricted, (*where, "securityContext"), say)
            _check_added(context, (*where, "securityContext"), say)
            _check_reach(container, scope, where, say)
            if restricted and not windows:
                _check_confinement(context, pod, where, say)
            if restricted and not relaxed:
                _check_user(context, pod, where, say)
    if restricted and not relaxed:
        _check_pod_user(pod, at, say)


_Say = Callable[[Path, str, str], None]


def _speaker(scope: Scope, objections: Objections) -> _Say:
    def say(path: Path, what: str, expected: str) -> None:
        objections.add("pod-security", path, what, f"the Pod Security level '{scope.pod_security}' {expected}")

    return say


def _check_host(spec: Mapping[str, Json], at: Path, say: _Say) -> None:
    for field in _HOST_NAMESPACES:
        if spec.get(field):
            say((*at, field), f"'{field}: true'", "keeps pods out of the node's namespaces")
    for index, volume in enumerate(spec.get("volumes") or ()):
        if volume.get("hostPath") is not None:
            say((*at, "volumes", index, "hostPath"), "a hostPath volume", "forbids them")


def _check_annotations(annotations: Mapping[str, Json] | None, at: Path, say: _Say) -> None:
    for key, value in (annotations or _NOTHING).items():
        if key.startswith(_APPARMOR_ANNOTATION) and value and value != "runtime/default":
            if value.startswith("localhost/"):
                continue
            path = (*at[:-1], "metadata", "annotations", key)
            say(path, "an AppArmor profile", "takes 'runtime/default' or 'localhost/…' only")


def _check_context(context: Mapping[str, Json], scope: Scope, at: Path, say: _Say) -> None:
    """Check what pods and containers both may say."""
    for name in ("appArmorProfile", "seccompProfile"):
        profile = context.get(name)
        if profile is not None and profile.get("type") not in _CONFINED:
            say((*at, name, "type"), f"'{profile.get('type')}'", f"takes {listed(_CONFINED)} only")
    if (context.get("windowsOptions") or _NOTHING).get("hostProcess"):
        say((*at, "windowsOptions", "hostProcess"), "'hostProcess: true'", "forbids it")
    selinux = context.get("seLinuxOptions")
    if selinux:
        kind = selinux.get("type") or ""
        if kind not in _SELINUX_TYPES and not (kind == "container_engine_t" and scope.minor >= _ENGINE_TYPE_SINCE):
            say((*at, "seLinuxOptions", "type"), f"'{kind}'", "takes the types of containers only")
        for name in ("user", "role"):
            if selinux.get(name):
                say((*at, "seLinuxOptions", name), f"a {name}", "forbids it")


def _check_sysctls(pod: Mapping[str, Json], scope: Scope, at: Path, say: _Say) -> None:
    for index, sysctl in enumerate(pod.get("sysctls") or ()):
        if _SYSCTLS.get(sysctl["name"], scope.minor + 1) > scope.minor:
            say((*at, index, "name"), f"sysctl '{sysctl['name']}'", "takes those that touch the pod alone")


def _check_privileged(context: Mapping[str, Json], unmasked: bool, at: Path, say: _Say) -> None:  # noqa: FBT001  (one call)
    if context.get("privileged"):
        say((*at, "privileged"), "'privileged: true'", "forbids it")
    if (context.get("procMount") or "Default") != "Default" and not unmasked:
        say((*at, "procMount"), f"'{context['procMount']}'", "takes 'Default' only")


def _check_added(context: Mapping[str, Json], at: Path, say: _Say) -> None:
    capabilities = context.get("capabilities")
    if not capabilities:
        return
    for index, capability in enumerate(capabilities.get("add") or ()):
        if capability not in _CAPABILITIES:
            path = (*at, "capabilities", "add", index)
            say(path, f"capability '{capability}'", "allows none beyond the usual ones")


def _check_reach(container: Mapping[str, Json], scope: Scope, at: Path, say: _Say) -> None:
    for index, port in enumerate(container.get("ports") or ()):
        if port.get("hostPort"):
            say((*at, "ports", index, "hostPort"), f"port {port['hostPort']} of the node", "forbids it")
    if scope.minor < _HOST_PROBES_SINCE:
        return
    for name in _PROBES:
        if hook := container.get(name):
            _check_hook(hook, (*at, name), say)
    lifecycle = container.get("lifecycle") or _NOTHING
    for name in _HOOKS:
        if hook := lifecycle.get(name):
            _check_hook(hook, (*at, "lifecycle", name), say)


def _check_hook(hook: Mapping[str, Json], at: Path, say: _Say) -> None:
    for name in ("httpGet", "tcpSocket"):
        if (hook.get(name) or _NOTHING).get("host"):
            say((*at, name, "host"), "a host to ask", "lets the kubelet ask the pod itself only")


def _check_volumes(spec: Mapping[str, Json], at: Path, say: _Say) -> None:
    for index, volume in enumerate(spec.get("volumes") or ()):
        kinds = {kind for kind, source in volume.items() if source is not None and kind != "name"}
        if kinds and kinds.isdisjoint(_VOLUMES) and "hostPath" not in kinds:
            say(
                (*at, "volumes", index),
                f"the kind of volume '{volume['name']}'",
                f"takes {listed(sorted(_VOLUMES))}",
            )


def _check_confinement(context: Mapping[str, Json], pod: Mapping[str, Json], at: Path, say: _Say) -> None:
    if context.get("allowPrivilegeEscalation") is not False:
        say((*at, "securityContext"), "no 'allowPrivilegeEscalation: false'", "demands it of every container")
    capabilities = context.get("capabilities") or _NOTHING
    if "ALL" not in (capabilities.get("drop") or ()):
        say((*at, "securityContext"), "no 'capabilities.drop: [ALL]'", "demands it of every container")
    for index, capability in enumerate(capabilities.get("add") or ()):
        if capability in _CAPABILITIES and capability != "NET_BIND_SERVICE":
            path = (*at, "securityContext", "capabilities", "add", index)
            say(path, f"capability '{capability}'", "allows 'NET_BIND_SERVICE' only")
    if context.get("seccompProfile") is None and pod.get("seccompProfile") is None:
        say((*at, "securityContext"), "no seccompProfile", "demands one of the container or of its pod")


def _check_user(context: Mapping[str, Json], pod: Mapping[str, Json], at: Path, say: _Say) -> None:
    own = context.get("runAsNonRoot")
    if own is False or (own is None and not pod.get("runAsNonRoot")):
        what = "'runAsNonRoot: false'" if own is False else "no 'runAsNonRoot: true'"
        say((*at, "securityContext"), what, "demands 'true' of the container or of its pod")
    if context.get("runAsUser") == 0:
        say((*at, "securityContext", "runAsUser"), "user 0", "forbids root")


def _check_pod_user(pod: Mapping[str, Json], at: Path, say: _Say) -> None:
    if pod.get("runAsNonRoot") is False:
        say((*at, "securityContext", "runAsNonRoot"), "'runAsNonRoot: false'", "demands 'true'")
    if pod.get("runAsUser") == 0:
        say((*at, "securityContext", "runAsUser"), "user 0", "forbids root")
