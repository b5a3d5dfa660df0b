"""What is known of a platform before anything is rendered."""

from dataclasses import dataclass

from generator.model.diagnostics import Diagnostic
from generator.model.ledger import Notes
from generator.model.platform import Platform
from generator.model.source import Document


@dataclass(frozen=True, slots=True)
class Front:
    """What the stages before rendering found out, whether or not a value is sealed.

    Attributes:
        document: The document, which knows where everything stands.
        platform: What it describes.
        warnings: What was found that does not stop the compiler.
        sops_config: The `.sops.yaml` that its recipients ask for, None where it names nobody.
        read: What the document is made of, beside its own text.
    """

    document: Document
    platform: Platform
    warnings: list[Diagnostic]
    sops_config: bytes | None
    read: Notes
