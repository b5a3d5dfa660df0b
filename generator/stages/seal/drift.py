"""Who can unseal a file, held against whom the document names."""

from generator.model.diagnostics import Diagnostic
from generator.model.drift import drift_of
from generator.model.recipients import Recipients
from generator.model.sealed import SealedSource, locate

REKEY = "run 'platformc secrets rekey' with a key that unseals it"


def drift_findings(source: SealedSource, wanted: Recipients) -> tuple[Diagnostic, ...]:
    """Return a finding where *source* is not sealed to exactly those that are *wanted*; public keys by their ends."""
    drift = drift_of(source, wanted)
    if not drift:
        return ()
    message = f"the file is not sealed to whom the document names: {drift}"
    return (Diagnostic("recipient-drift", message, locate(source.name, source.text, "sops", top=True), REKEY),)
