"""Variables that say nothing."""

from generator.model.findings import Findings
from generator.model.microservice import Microservice
from generator.model.source import Json, Path


def check_variables(microservice: Microservice, findings: Findings) -> None:
    """Warn of `empty-variable`: nothing behind a name takes a weaker layer's variable away, and there is none."""
    for depth, layer in enumerate(microservice.layers, start=1):
        for name, value in _variables(layer, findings).items():
            weaker = microservice.layers[depth:]
            if value is None and not any(name in _variables(each, findings) for each in weaker):
                message = f"variable '{name}' of '{microservice.name}' has no value, and the head does not get it"
                hint = f'write {name}: "" for an empty text, or leave the line out'
                findings.warn("empty-variable", message, (*layer, "env", name), hint)


def _variables(layer: Path, findings: Findings) -> dict[str, Json]:
    node = findings.document.data
    for step in (*layer, "env"):
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return {}
    return node or {}
