"""Changes to the text of a person's YAML: one value at a time, everything else byte for byte as it was."""

from generator.stages.edit.removal import without
from generator.stages.edit.setting import with_value

__all__ = ["with_value", "without"]
