"""Ingresses and network policies."""

from collections.abc import Mapping

from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.addresses import HOST_EXPECTED, is_block, is_host, is_within
from generator.stages.verify.names import SUBDOMAIN_EXPECTED, is_service_name, is_subdomain
from generator.stages.verify.objections import (
    Objections,
    PlainFields,
    check_fields,
    check_one_of,
    span,
    spelled,
)
from generator.stages.verify.probes import PORT, check_port
from generator.stages.verify.selectors import check_selector

_PATH_TYPES = ("Exact", "Prefix", "ImplementationSpecific")
_NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F")
_NOT_AT_THE_END = ("/..", "/.")
_CLASS_ANNOTATION = "kubernetes.io/ingress.class"
_POLICY_TYPES = ("Ingress", "Egress")
_POLICY_PORT: PlainFields = {"endPort": PORT, "protocol": ("TCP", "UDP", "SCTP")}


def check_ingress(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check an Ingress."""
    spec = manifest.body.get("spec") or {}
    rules, default = spec.get("rules") or (), spec.get("defaultBackend")
    if not rules and default is None:
        objections.add("missing-field", ("spec",), "neither 'rules' nor 'defaultBackend'")
    if default is not None:
        _check_backend(default, ("spec", "defaultBackend"), objections)
    for index, rule in enumerate(rules):
        _check_rule(rule, ("spec", "rules", index), objections)
    _check_tls(spec.get("tls") or (), objections)
    name = spec.get("ingressClassName")
    if name is None:
        return
    if not is_subdomain(name):
        objections.add("bad-name", ("spec", "ingressClassName"), f"bad class '{name}'", SUBDOMAIN_EXPECTED)
    annotated = (manifest.body["metadata"].get("annotations") or {}).get(_CLASS_ANNOTATION)
    if annotated is not None and annotated != name:
        place = ("metadata", "annotations", _CLASS_ANNOTATION)
        objections.add("conflicting-fields", place, f"class '{annotated}'", f"'ingressClassName' says '{name}'")


def _check_rule(rule: Mapping[str, Json], at: Path, objections: Objections) -> None:
    host = rule.get("host")
    if host and not is_host(host):
        objections.add("bad-host", (*at, "host"), f"bad host '{host}'", HOST_EXPECTED)
    if rule.get("http") is None:
        return
    paths = rule["http"].get("paths") or ()
    if not paths:
        objections.add("missing-field", (*at, "http"), "no path", "expected at least one in 'paths'")
    for index, each in enumerate(paths):
        where = (*at, "http", "paths", index)
        _check_path(each.get("path") or "", each["pathType"], where, objections)
        _check_backend(each["backend"], (*where, "backend"), objections)


def _check_path(path: str, kind: str, at: Path, objections: Objections) -> None:
    if kind not in _PATH_TYPES:
        objections.misplaced((*at, "pathType"), kind, _PATH_TYPES)
    elif not path.startswith("/"):
        if path or kind != "ImplementationSpecific":
            objections.add("bad-path", (*at, "path"), f"bad path '{path}'", "expected '/' in front")
    elif kind != "ImplementationSpecific" and (
        any(part in path for part in _NOT_IN_PATHS) or path.endswith(_NOT_AT_THE_END)
    ):
        expected = "expected neither '//' nor '/.' nor '/..' nor an escaped '/'"
        objections.add("bad-path", (*at, "path"), f"bad path '{path}'", expected)


def _check_backend(backend: Mapping[str, Json], at: Path, objections: Objections) -> None:
    if check_one_of(backend, ("service", "resource"), at, objections) != "service":
        return
    service = backend["service"]
    if not is_service_name(service["name"]):
        objections.add("bad-name", (*at, "service", "name"), f"bad name '{service['name']}'")
    port = service.get("port") or {}
    where = (*at, "service", "port")
    name = check_one_of(port, ("name", "number"), where, objections)
    if name:
        check_port(port[name], (*where, name), objections)


def _check_tls(tls: list[Mapping[str, Json]] | tuple[()], objections: Objections) -> None:
    for index, each in enumerate(tls):
        at = ("spec", "tls", index)
        for place, host in enumerate(each.get("hosts") or ()):
            if not is_subdomain(host.removeprefix("*.")):
                objections.add("bad-host", (*at, "hosts", place), f"bad host '{host}'", HOST_EXPECTED)
        secret = each.get("secretName")
        if secret and not is_subdomain(secret):
            objections.add("bad-name", (*at, "secretName"), f"bad name '{secret}'", SUBDOMAIN_EXPECTED)


def check_network_policy(manifest: Manifest, _scope: Scope, objections: Objections) -> None:
    """Check a NetworkPolicy."""
    spec = manifest.body.get("spec") or {}
    check_selector(spec.get("podSelector"), ("spec", "podSelector"), objections)
    kinds = spec.get("policyTypes") or ()
    for index, kind in enumerate(kinds):
        if kind not in _POLICY_TYPES:
            objections.misplaced(("spec", "policyTypes", index), kind, _POLICY_TYPES)
        elif kind in kinds[:index]:
            objections.taken(("spec", "policyTypes", index), f"'{kind}'")
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction) or ()):
            at = ("spec", direction, index)
            for place, port in enumerate(rule.get("ports") or ()):
                _check_policy_port(port, (*at, "ports", place), objections)
            for place, peer in enumerate(rule.get(peers) or ()):
                _check_peer(peer, (*at, peers, place), objections)


def _check_policy_port(port: Mapping[str, Json], at: Path, objections: Objections) -> None:
    check_fields(port, _POLICY_PORT, at, objections)
    number, end = port.get("port"), port.get("endPort")
    check_port(number, (*at, "port"), objections)
    if end is None:
        return
    if not isinstance(number, int):
        objections.add("conflicting-fields", (*at, "endPort"), "'endPort'", "expected a number in 'port' beside it")
    elif end < number:
        objections.add("out-of-range", (*at, "endPort"), f"{end}", f"expected {spelled(span(number, 65535))}")


def _check_peer(peer: Mapping[str, Json], at: Path, objections: Objections) -> None:
    block = peer.get("ipBlock")
    pods, namespaces = peer.get("podSelector"), peer.get("namespaceSelector")
    if block is None:
        if pods is None and namespaces is None:
            objections.add("one-of", at, "an empty peer", "expected 'podSelector', 'namespaceSelector' or 'ipBlock'")
        check_selector(pods, (*at, "podSelector"), objections)
        check_selector(namespaces, (*at, "namespaceSelector"), objections)
        return
    if pods is not None or namespaces is not None:
        objections.add("conflicting-fields", at, "'ipBlock' beside a selector", "expected it alone")
    _check_block(block, (*at, "ipBlock"), objections)


def _check_block(block: Mapping[str, Json], at: Path, objections: Objections) -> None:
    expected = "expected CIDR notation like '10.0.0.0/8', the bits behind the prefix zero"
    whole = block["cidr"]
    if not is_block(whole):
        objections.add("bad-address", (*at, "cidr"), f"bad block '{whole}'", expected)
    for index, part in enumerate(block.get("except") or ()):
        if not is_block(part):
            objections.add("bad-address", (*at, "except", index), f"bad block '{part}'", expected)
        elif is_block(whole) and not is_within(part, whole):
            objections.add("bad-address", (*at, "except", index), f"block '{part}'", f"expected a part of '{whole}'")
