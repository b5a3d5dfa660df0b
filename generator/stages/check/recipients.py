"""Who can unseal: wherever something is sealed, somebody must be able to."""

from generator.model.declared_secret import declared_secrets
from generator.model.findings import Findings
from generator.model.platform import Platform
from generator.model.source import Path
from generator.model.unit import units


def check_recipients(platform: Platform, findings: Findings) -> None:
    """Find `no-recipients` in environments that have secrets."""
    found: set[Path] = set()
    for unit in units(platform):
        environment = unit.environment
        if environment is None or environment.recipients or environment.path in found:
            continue
        for declared in declared_secrets(unit):
            found.add(environment.path)
            message = f"nobody can unseal {declared.purpose}: environment '{environment.name}' has no recipients"
            hint = "add `recipients`, as in { age: [age1…] }, and seal for them"
            findings.error("no-recipients", message, (*environment.path, "name"), hint, value=True)
            break
