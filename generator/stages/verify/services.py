"""Services: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/."""

from collections.abc import Mapping

from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.addresses import is_address, is_block
from generator.stages.verify.names import (
    LABEL_EXPECTED,
    SUBDOMAIN_EXPECTED,
    check_labels,
    is_label,
    is_label_key,
    is_subdomain,
)
from generator.stages.verify.objections import Objections, PlainFields, check_distinct, check_fields, span
from generator.stages.verify.probes import PORT, check_port

_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_FIELDS: PlainFields = {
    "type": _TYPES,
    "sessionAffinity": ("ClientIP", "None"),
    "externalTrafficPolicy": ("Cluster", "Local"),
    "internalTrafficPolicy": ("Cluster", "Local"),
    "ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack"),
    "healthCheckNodePort": span(0, 65535),
}
_PORT: PlainFields = {"port": PORT, "nodePort": span(0, 65535), "protocol": ("TCP", "UDP", "SCTP")}
_AFFINITY: PlainFields = {"timeoutSeconds": span(1, 86400)}
_OF_LOAD_BALANCERS = ("loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass")
_NOT_OF_NAMES = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
_AT: Path = ("spec",)


def check_service(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a Service."""
    spec = manifest.body.get("spec") or {}
    check_fields(spec, _FIELDS, _AT, objections)
    check_labels(spec.get("selector"), ("spec", "selector"), objections)
    kind, ports = spec.get("type") or "ClusterIP", spec.get("ports") or []
    if kind == "ExternalName":
        _check_external_name(spec, objections)
    elif not ports and spec.get("clusterIP") != "None":
        objections.add("missing-field", _AT, "no port", "expected at least one in 'ports'")
    if spec.get("clusterIP") == "None" and kind in {"NodePort", "LoadBalancer"}:
        what = f"'clusterIP: None' beside 'type: {kind}'"
        objections.add("conflicting-fields", ("spec", "clusterIP"), what)
    _check_ports(ports, kind, objections)
    _check_affinity(spec, objections)
    _check_outside(spec, kind, objections)


def _check_external_name(spec: Mapping[str, Json], objections: Objections) -> None:
    name = (spec.get("externalName") or "").removesuffix(".")
    if not name:
        objections.add("missing-field", _AT, "'type: ExternalName' without 'externalName'")
    elif not is_subdomain(name):
        objections.add("bad-host", ("spec", "externalName"), f"bad host '{name}'", SUBDOMAIN_EXPECTED)
    for field in _NOT_OF_NAMES:
        if spec.get(field):
            what = f"'{field}' beside 'type: ExternalName'"
            objections.add("conflicting-fields", ("spec", field), what)


def _check_ports(ports: list[Mapping[str, Json]], kind: str, objections: Objections) -> None:
    at = ("spec", "ports")
    check_distinct([each.get("name") or "" for each in ports], at, "name", objections)
    numbers: set[tuple[str, int]] = set()
    node_ports: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        _check_port(port, several=len(ports) > 1, at=(*at, index), objections=objections)
        protocol = port.get("protocol") or "TCP"
        number = (protocol, port["port"])
        if number in numbers:
            objections.add("port-taken", (*at, index, "port"), f"port {number[1]} over {protocol} a second time")
        numbers.add(number)
        node_port = port.get("nodePort")
        if not node_port:
            continue
        if kind in {"ClusterIP", "ExternalName"}:
            objections.add("conflicting-fields", (*at, index, "nodePort"), f"a port of the node beside 'type: {kind}'")
        elif (protocol, node_port) in node_ports:
            objections.add("port-taken", (*at, index, "nodePort"), f"port {node_port} of the node a second time")
        node_ports.add((protocol, node_port))


def _check_port(port: Mapping[str, Json], *, several: bool, at: Path, objections: Objections) -> None:
    check_fields(port, _PORT, at, objections)
    name = port.get("name")
    if name:
        if not is_label(name):
            objections.add("bad-port-name", (*at, "name"), f"bad port name '{name}'", LABEL_EXPECTED)
    elif several:
        objections.add("missing-field", at, "a port without a name", "where there are several, each needs one")
    check_port(port.get("targetPort"), (*at, "targetPort"), objections)
    protocol = port.get("appProtocol")
    if protocol and not is_label_key(protocol):
        objections.add("bad-name", (*at, "appProtocol"), f"bad name '{protocol}'", "expected letters and digits")


def _check_affinity(spec: Mapping[str, Json], objections: Objections) -> None:
    config = spec.get("sessionAffinityConfig")
    if config is None:
        return
    where = ("spec", "sessionAffinityConfig")
    if spec.get("sessionAffinity") != "ClientIP":
        expected = "only 'sessionAffinity: ClientIP' takes one"
        objections.add("conflicting-fields", where, "a session's configuration", expected)
    check_fields(config.get("clientIP") or {}, _AFFINITY, (*where, "clientIP"), objections)


def _check_outside(spec: Mapping[str, Json], kind: str, objections: Objections) -> None:
    """Check what concerns traffic from outside the cluster."""
    if kind != "LoadBalancer":
        for field in _OF_LOAD_BALANCERS:
            if spec.get(field) is not None:
                expected = "only 'type: LoadBalancer' takes it"
                objections.add("conflicting-fields", ("spec", field), f"'{field}'", expected)
    if kind in {"ClusterIP", "ExternalName"} and spec.get("externalTrafficPolicy") and not spec.get("externalIPs"):
        expected = "only a Service that is reachable from outside takes it"
        objections.add("conflicting-fields", ("spec", "externalTrafficPolicy"), "'externalTrafficPolicy'", expected)
    if spec.get("healthCheckNodePort") and (kind, spec.get("externalTrafficPolicy")) != (
        "LoadBalancer",
        "Local",
    ):
        expected = "only 'type: LoadBalancer' with 'externalTrafficPolicy: Local' takes it"
        objections.add("conflicting-fields", ("spec", "healthCheckNodePort"), "'healthCheckNodePort'", expected)
    _check_addresses(spec, objections)


def _check_addresses(spec: Mapping[str, Json], objections: Objections) -> None:
    for index, block in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        if not is_block(block.strip()):
            place = ("spec", "loadBalancerSourceRanges", index)
            objections.add("bad-address", place, f"bad block '{block}'", "expected CIDR notation like '10.0.0.0/8'")
    for index, address in enumerate(spec.get("externalIPs") or ()):
        if not is_address(address):
            objections.add("bad-address", ("spec", "externalIPs", index), f"bad address '{address}'")
    address = spec.get("clusterIP")
    if address and address != "None" and not is_address(address):
        objections.add("bad-address", ("spec", "clusterIP"), f"'{address}'", "expected 'None' or an IP address")
