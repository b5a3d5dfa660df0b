"""The pods of a namespace, to be found by their labels."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.model.diagnostics import did_you_mean
from generator.model.source import Json
from generator.stages.verify.selectors import matches


class Pod(NamedTuple):
    """What others see of a pod: its labels, and the names of its ports."""

    labels: Mapping[str, Json]
    ports: frozenset[str]


class Crowd:
    """Pods, indexed by their labels, so that a selector looks only at those that share its rarest label."""

    def __init__(self, pods: Sequence[Pod]) -> None:
        self._pods = pods
        self._by_label: defaultdict[tuple[str, Json], list[Pod]] = defaultdict(list)
        for pod in pods:
            for label in pod.labels.items():
                self._by_label[label].append(pod)

    def has(self, selector: Mapping[str, Json], port: str = "") -> bool:
        """Say whether *selector* finds a pod, and with *port* one with a port of that name."""
        return any(not port or port in pod.ports for pod in self._selected(selector))

    def ports(self, selector: Mapping[str, Json]) -> set[str]:
        """Return the names of all ports of the pods that *selector* finds."""
        return {port for pod in self._selected(selector) for port in pod.ports}

    def nearest(self, selector: Mapping[str, Json]) -> str:
        """Return a hint: the label that no pod has, and the value nearest to it."""
        for key, value in (selector.get("matchLabels") or {}).items():
            if (key, value) not in self._by_label:
                known = {str(other) for label, other in self._by_label if label == key}
                hint = did_you_mean(str(value), known)
                return f"no pod has '{key}: {value}'; {hint}" if hint else f"no pod has '{key}: {value}'"
        return ""

    def _selected(self, selector: Mapping[str, Json]) -> Iterator[Pod]:
        among: Sequence[Pod] = self._pods
        for label in (selector.get("matchLabels") or {}).items():
            having = self._by_label.get(label, [])
            if len(having) < len(among):
                among = having
        return (pod for pod in among if matches(selector, pod.labels))
