"""Which object a patch means."""

from collections.abc import Sequence

from generator.model.diagnostics import did_you_mean, listed
from generator.model.manifest import Manifest

_NAMED: int = 8
"""So many names fit into a sentence."""


class Targets:
    """The objects that a patch may name, by kind and by `Kind/name`."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self._names = [str(manifest.ref) for manifest in manifests]
        self._found: dict[str, list[int]] = {}
        for index, manifest in enumerate(manifests):
            self._found.setdefault(manifest.ref.kind, []).append(index)
            self._found.setdefault(self._names[index], []).append(index)

    def find(self, target: str) -> Sequence[int]:
        """Return the indices of the objects that *target* names."""
        return self._found.get(target, ())

    def absent(self, target: str) -> tuple[str, str]:
        """Say that *target* names nothing, and what there is: a message and a hint."""
        kind, slash, _ = target.partition("/")
        names = {self._names[index] for index in self.find(kind)} if slash else set()
        known = sorted(names or {name.partition("/")[0] for name in self._names})
        if not known:
            return f"no object is called '{target}': there is none to patch here", ""
        hint = did_you_mean(target if names else kind, known)
        return f"no object is called '{target}': there is {_some(known)}", hint

    def ambiguous(self, target: str) -> tuple[str, str]:
        """Say that *target* names several objects, and which: a message and a hint."""
        names = sorted(self._names[index] for index in self.find(target))
        if "/" in target:
            return (
                f"'{target}' is the name of {len(names)} objects, in different namespaces or API groups",
                "move the patch to where only one of them is, or give them different names",
            )
        return f"'{target}' is the kind of {len(names)} objects: {_some(names)}", "name one of them"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return listed(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
