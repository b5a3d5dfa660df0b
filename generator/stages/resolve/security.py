"""Security contexts that pass a Pod Security level.

Source: the Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/.
"""

from typing import Any

from generator.model.source import Json

# What an image that starts as root needs to give its files and itself to another user and to listen below port
# 1024. All of them are on the list that "baseline" allows; the rest of the default set is dropped.
ROOT_IMAGE_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE", "SETGID", "SETUID")

FIRST_UNPRIVILEGED_PORT = 1024

RUNTIME_USER = 1654
"""The user `app` of Microsoft's .NET images, on which the Runtime's image is built."""

MONGODB_USER = 999
"""The user `mongodb` of the official MongoDB image, on which dolittle/mongodb is built."""


def pod_context(level: str, own: Json = None) -> Json:
    """Return the PodSecurityContext for *level*, with the document's *own* laid over."""
    context: dict[str, Any] = {"seccompProfile": {"type": "RuntimeDefault"}}
    if level == "restricted":
        context["runAsNonRoot"] = True
    return {**context, **(own or {})}


def head_context(level: str, ports: tuple[int, ...], own: Json = None) -> Json:
    """Return the head's SecurityContext for *level*, with the document's *own* laid over."""
    capabilities: dict[str, Any] = {"drop": ["ALL"]}
    if level == "baseline":
        capabilities["add"] = list(ROOT_IMAGE_CAPABILITIES)
    elif any(port < FIRST_UNPRIVILEGED_PORT for port in ports):
        capabilities["add"] = ["NET_BIND_SERVICE"]
    return {"allowPrivilegeEscalation": False, "capabilities": capabilities, **(own or {})}


def runtime_context(level: str) -> Json:
    """Return the Runtime's SecurityContext for *level*: it needs no capability at all."""
    context: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    if level == "restricted":
        context |= {"runAsNonRoot": True, "runAsUser": RUNTIME_USER}
    return context


def mongodb_pod_context(level: str) -> Json:
    """Return the PodSecurityContext of MongoDB and of its backup for *level*."""
    if level == "baseline":
        return pod_context(level)
    user = {"runAsUser": MONGODB_USER, "runAsGroup": MONGODB_USER, "fsGroup": MONGODB_USER}
    return {**pod_context(level), **user}


def mongodb_context(level: str) -> Json:
    """Return the SecurityContext of the containers of MongoDB and its backup for *level*."""
    return head_context(level, ())
