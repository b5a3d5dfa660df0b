"""What a cluster's network lets through, by the NetworkPolicies of a compiled platform.

Rules: https://kubernetes.io/docs/concepts/services-networking/network-policies/. A pod that no policy selects answers
everybody; one that a policy selects answers whom one of its policies allows. Nothing here limits what a pod may ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.compiled import Body, Compiled

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Pod:
    """A pod, named `application/object` where the platform runs it; *ports* are those that it names."""

    name: str
    namespace: str
    labels: Labels
    ports: Mapping[str, int] = field(default_factory=dict)


class Network:
    """A cluster that runs the pods of a compiled platform, and *foreign* ones."""

    def __init__(self, compiled: Compiled, foreign: Iterable[Pod], namespaces: Mapping[str, Labels]) -> None:
        """*namespaces* are the labels of the namespaces of foreign pods."""
        self.pods = {each.name: each for each in (*_pods(compiled.all), *foreign)}
        self._policies = [each for each in compiled.all if each["kind"] == "NetworkPolicy"]
        self._namespaces: dict[str, Labels] = dict(namespaces)
        for body in compiled.all:
            if body["kind"] == "Namespace":
                self._namespaces[body["metadata"]["name"]] = body["metadata"]["labels"]

    def sources(self, target: str, port: int) -> set[str]:
        """Return the names of the other pods that reach *target* on a TCP *port*."""
        return {name for name in self.pods if name != target and self.reaches(name, target, port)}

    def reaches(self, source: str, target: str, port: int) -> bool:
        """Say whether *source* reaches *target* on a TCP *port*."""
        to = self.pods[target]
        policies = [each for each in self._policies if _applies(each, to)]
        return not policies or any(self._allows(each, self.pods[source], to, port) for each in policies)

    def _allows(self, policy: Body, source: Pod, target: Pod, port: int) -> bool:
        return any(
            self._comes_from(rule.get("from"), source, policy["metadata"]["namespace"])
            and _goes_to(rule.get("ports"), target, port)
            for rule in policy["spec"].get("ingress") or ()
        )

    def _comes_from(self, peers: list[Any] | None, source: Pod, home: str) -> bool:
        return not peers or any(self._is_peer(peer, source, home) for peer in peers)

    def _is_peer(self, peer: Body, source: Pod, home: str) -> bool:
        assert peer.keys() <= {"podSelector", "namespaceSelector"}, peer
        if "namespaceSelector" in peer:
            where = _matches(peer["namespaceSelector"], self._namespaces[source.namespace])
        else:
            where = source.namespace == home
        return where and _matches(peer.get("podSelector", {}), source.labels)


def _applies(policy: Body, pod: Pod) -> bool:
    spec = policy["spec"]
    assert spec["policyTypes"] == ["Ingress"], policy
    return policy["metadata"]["namespace"] == pod.namespace and _matches(spec["podSelector"], pod.labels)


def _goes_to(ports: list[Any] | None, target: Pod, number: int) -> bool:
    if not ports:
        return True
    for port in ports:
        assert port.keys() <= {"port", "protocol"}, port
        assert port["protocol"] == "TCP", port
        wanted = port["port"]
        if number == (target.ports.get(wanted) if isinstance(wanted, str) else wanted):
            return True
    return False


def _matches(selector: Body, labels: Labels) -> bool:
    assert selector.keys() <= {"matchLabels", "matchExpressions"}, selector
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        _holds(each, labels) for each in selector.get("matchExpressions", ())
    )


def _holds(expression: Body, labels: Labels) -> bool:
    key, values = expression["key"], expression.get("values", ())
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[expression["operator"]]


def _pods(bodies: Iterable[Body]) -> Iterable[Pod]:
    for body in bodies:
        spec = body["spec"]["jobTemplate"]["spec"] if body["kind"] == "CronJob" else body.get("spec", {})
        if "template" not in spec:
            continue
        template = spec["template"]
        ports = {
            port["name"]: port["containerPort"]
            for container in template["spec"]["containers"]
            for port in container.get("ports", ())
        }
        labels, metadata = template["metadata"]["labels"], body["metadata"]
        yield Pod(f"{labels['application']}/{metadata['name']}", metadata["namespace"], labels, ports)
