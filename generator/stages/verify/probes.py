"""Probes and lifecycle hooks of a container.

The smallest values: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe.
"""

from collections.abc import Mapping

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json, Path
from generator.stages.verify.names import PORT_EXPECTED, is_port_name
from generator.stages.verify.objections import (
    Objections,
    PlainFields,
    check_fields,
    check_one_of,
    span,
    spelled,
)

PORT = span(1, 65535)
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOKS = ("exec", "httpGet", "tcpSocket", "sleep")
_FIELDS: PlainFields = {
    "initialDelaySeconds": span(0),
    "timeoutSeconds": span(1),
    "periodSeconds": span(1),
    "successThreshold": span(1),
    "failureThreshold": span(1),
    "terminationGracePeriodSeconds": span(1),
}
_SCHEMES = ("HTTP", "HTTPS")
_HEADER = lazy_pattern(r"[-A-Za-z0-9]+")
_DEFAULT_GRACE = 30


def check_probes(container: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check the probes of *container*, which stands at *at*."""
    for name in _PROBES:
        probe = container.get(name)
        if probe is not None:
            _check_probe(name, probe, container, (*at, name), objections)


def _check_probe(
    name: str, probe: Mapping[str, Json], container: Mapping[str, Json], at: Path, objections: Objections
) -> None:
    handler = check_one_of(probe, _HANDLERS, at, objections)
    if handler:
        _check_handler(handler, probe[handler], container, (*at, handler), objections)
    check_fields(probe, _FIELDS, at, objections)
    if name != "readinessProbe" and (probe.get("successThreshold") or 1) > 1:
        expected = f"a {name.removesuffix('Probe')} probe takes 1 only"
        objections.add("out-of-range", (*at, "successThreshold"), f"{probe['successThreshold']}", expected)
    if name == "readinessProbe" and probe.get("terminationGracePeriodSeconds") is not None:
        what = "a grace period for a probe that ends nothing"
        objections.add("conflicting-fields", (*at, "terminationGracePeriodSeconds"), what)


def _check_handler(
    kind: str, handler: Mapping[str, Json], container: Mapping[str, Json], at: Path, objections: Objections
) -> None:
    if kind == "exec":
        if not handler.get("command"):
            objections.add("missing-field", at, "no command", "expected at least one word")
        return
    check_port(handler.get("port"), (*at, "port"), objections)
    port = handler.get("port")
    if isinstance(port, str) and is_port_name(port):
        names = [each.get("name") for each in container.get("ports") or ()]
        if port not in names:
            expected = f"container '{container['name']}' has no port of that name"
            objections.add("dangling-port", (*at, "port"), f"port '{port}'", expected)
    if kind == "httpGet":
        scheme = handler.get("scheme")
        if scheme is not None and scheme not in _SCHEMES:
            objections.misplaced((*at, "scheme"), scheme, _SCHEMES)
        for index, header in enumerate(handler.get("httpHeaders") or ()):
            if _HEADER.fullmatch(header["name"]) is None:
                where = (*at, "httpHeaders", index, "name")
                objections.add("bad-name", where, f"bad header '{header['name']}'", "expected letters, digits and '-'")


def check_port(port: Json, path: Path, objections: Objections) -> None:
    """Check a *port*, a number or a name, which stands at *path*."""
    if isinstance(port, str):
        if not is_port_name(port):
            objections.add("bad-port-name", path, f"bad port name '{port}'", PORT_EXPECTED)
    elif port is not None and port not in PORT:
        objections.misplaced(path, port, PORT)


def check_lifecycle(container: Mapping[str, Json], pod: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check the lifecycle hooks of *container*, which stands at *at* in *pod*."""
    lifecycle = container.get("lifecycle") or {}
    for name in ("postStart", "preStop"):
        hook = lifecycle.get(name)
        if hook is None:
            continue
        where = (*at, "lifecycle", name)
        handler = check_one_of(hook, _HOOKS, where, objections)
        if handler == "sleep":
            _check_sleep(hook["sleep"], pod, (*where, "sleep", "seconds"), objections)
        elif handler:
            _check_handler(handler, hook[handler], container, (*where, handler), objections)


def _check_sleep(sleep: Mapping[str, Json], pod: Mapping[str, Json], path: Path, objections: Objections) -> None:
    grace = pod.get("terminationGracePeriodSeconds")
    allowed = span(1, _DEFAULT_GRACE if grace is None else grace)
    if sleep["seconds"] not in allowed:
        objections.add(
            "out-of-range",
            path,
            f"{sleep['seconds']}",
            f"expected {spelled(allowed)}, the pod's grace period",
        )
