"""Heads: what a schema cannot know of them, and advice that should not be ignored lightly."""

from generator.model.findings import Findings
from generator.model.microservice import Microservice
from generator.model.platform import Application, Environment
from generator.stages.check.images import check_reference, check_tag

MANY_SECRETS = 10
"""From here on a vault is easier to live with."""

_PLATFORM_LABELS = {"tenant", "application", "environment", "microservice", "infrastructure"}
_PLATFORM_PREFIXES = ("platformc.dev/", "dolittle.io/")


def check_heads(
    application: Application, environment: Environment, microservice: Microservice, findings: Findings
) -> None:
    """Find `port-taken`, `reserved-label`, `security-level`, and warn of images, secrets and replicas."""
    _check_images(microservice, findings)
    _check_ports(microservice, findings)
    _check_labels(microservice, findings)
    _check_level(application, microservice, findings)
    _check_scaling(microservice, findings)
    count = len(microservice.variables.secret) + len(microservice.secret_files)
    if count > MANY_SECRETS:
        message = f"'{microservice.name}' has {count} secrets in '{environment.name}'"
        hint = "keep them in a vault, as in { vault: { store: main, key: shop/catalog } }, and only its access key here"
        findings.warn("many-secrets", message, findings.layered(microservice.layers, ("env",)), hint)


def _check_images(microservice: Microservice, findings: Findings) -> None:
    head = findings.layered(microservice.layers, ("head", "image"))
    if check_reference(microservice.head.image, f"'{microservice.name}'", head, findings):
        check_tag(microservice.head.image, microservice.name, head, findings)
    if microservice.runtime is not None:
        path = findings.layered(microservice.layers, ("runtime", "image"))
        check_reference(microservice.runtime.image, f"the Runtime of '{microservice.name}'", path, findings)


def _check_ports(microservice: Microservice, findings: Findings) -> None:
    taken = {
        each.port: f"the Runtime's '{each.key}' endpoint"
        for each in (microservice.runtime.endpoints if microservice.runtime else ())
    }
    if microservice.runtime and len(taken) < len(microservice.runtime.endpoints):
        message = f"two endpoints of the Runtime of '{microservice.name}' have the same port"
        findings.error(
            "port-taken",
            message,
            findings.layered(microservice.layers, ("runtime", "endpoints")),
            "give each a port of its own",
        )
    for port in microservice.head.ports:
        other = taken.setdefault(port.number, f"port '{port.name}'")
        if other != f"port '{port.name}'":
            below = ("head", "port") if port.name == "http" else ("head", "ports", port.name)
            message = (
                f"port {port.number} of the head of '{microservice.name}' is taken by {other}, and a pod has one "
                "of each"
            )
            hint = "choose another port, or move the Runtime's under `runtime.endpoints`"
            findings.error("port-taken", message, findings.layered(microservice.layers, below), hint, value=True)


def _check_labels(microservice: Microservice, findings: Findings) -> None:
    for kind, names in (("labels", microservice.head.labels), ("annotations", microservice.head.annotations)):
        for name in names:
            if name.startswith(_PLATFORM_PREFIXES) or (kind == "labels" and name in _PLATFORM_LABELS):
                path = findings.layered(microservice.layers, ("head", kind, name))
                message = (
                    f"'{name}' among the {kind} of '{microservice.name}' is the platform's own: selectors and "
                    "network policies rely on it"
                )
                findings.error("reserved-label", message, path, "choose another name")


def _check_level(application: Application, microservice: Microservice, findings: Findings) -> None:
    if application.security != "restricted" or microservice.head.pod_security_context.get("runAsNonRoot"):
        return
    path = findings.layered(microservice.layers, ("head", "security"))
    message = (
        f"'{microservice.name}' is built for Pod Security level 'baseline', but the namespace of "
        f"'{application.name}' enforces 'restricted'"
    )
    findings.error(
        "security-level",
        message,
        path,
        "build it for 'restricted', or let the application enforce 'baseline'",
        value=True,
    )


def _check_scaling(microservice: Microservice, findings: Findings) -> None:
    scaling = microservice.head.autoscaling
    if scaling is None:
        return
    path = findings.layered(microservice.layers, ("head", "autoscaling", "minReplicas"))
    if scaling.min_replicas > scaling.max_replicas:
        message = (
            f"the autoscaling of '{microservice.name}' has more replicas at least ({scaling.min_replicas}) than "
            f"at most ({scaling.max_replicas})"
        )
        findings.error("autoscaling-range", message, path, "lower minReplicas or raise maxReplicas")
    if not scaling.metrics:
        path = findings.layered(microservice.layers, ("head", "autoscaling"))
        message = f"the autoscaling of '{microservice.name}' has nothing to go by"
        findings.error("autoscaling-range", message, path, "add `cpu`, `memory` or `metrics`")
