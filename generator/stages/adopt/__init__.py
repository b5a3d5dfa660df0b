"""What a person edited in a compiled file, told in the terms of the document."""

from generator.stages.adopt.repatch import changes, overlaps
from generator.stages.adopt.settings import broader, settings
from generator.stages.adopt.single import single_edits
from generator.stages.adopt.versions import derived, new_texts, only_towards, same_text

__all__ = [
    "broader",
    "changes",
    "derived",
    "new_texts",
    "only_towards",
    "overlaps",
    "same_text",
    "settings",
    "single_edits",
]
