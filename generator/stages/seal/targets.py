"""Which sealed files are to be sealed to others, or under a new key."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from generator.model.declared_secret import DeclaredSecret, declared_secrets
from generator.model.drift import Drift, drift_of, wanted_recipients
from generator.model.inputs import Files
from generator.model.recipients import Recipients
from generator.model.sealed import SealedSource, read_sealed
from generator.model.selection import Selection, selected
from generator.model.unit import Unit


class Target(Struct, frozen=True, kw_only=True):
    """A sealed file that something declares.

    Attributes:
        declared: What declares it.
        content: Its bytes.
        source: What they say; with findings where the file is not sound.
        wanted: Whom it is to be sealed to.
        drift: How its recipients differ from those.
    """

    declared: DeclaredSecret
    content: bytes
    source: SealedSource
    wanted: Recipients
    drift: Drift


def targets(everything: Sequence[Unit], files: Files, selection: Selection) -> Iterator[Target]:
    """Yield each file that is there of those that *selection* means, in the order of the document.

    Raises:
        SelectionError: When *selection* names what is not there.
    """
    for unit in selected(everything, selection):
        for declared in declared_secrets(unit):
            content = files.read(declared.source)
            if content is not None:
                source, wanted = read_sealed(str(declared.source), content), wanted_recipients(unit)
                drift = Drift() if source.findings else drift_of(source, wanted)
                yield Target(declared=declared, content=content, source=source, wanted=wanted, drift=drift)
