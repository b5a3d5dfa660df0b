"""What it takes to make one environment run what another runs."""

from typing import TypeAlias

from msgspec import Struct

from generator.model.source import Json

Step: TypeAlias = str
Below: TypeAlias = tuple[Step, ...]
"""The way to a setting from the microservice: `("head", "image")`, `("env", "LOG_LEVEL")`, `("files", "app.json")`."""


class Taking(Struct, frozen=True):
    """One setting that an environment takes over.

    Attributes:
        below: Which.
        value: What its override is to say: None where the setting is to be removed.
        version: What may be shown of *value*: an image, a version; else empty.
        before: The same of what the environment runs now.
    """

    below: Below
    value: Json
    version: str = ""
    before: str = ""

    @property
    def name(self) -> str:
        """How messages and `--keep` call it."""
        return ".".join(self.below)


class Plan(Struct, frozen=True):
    """All that an environment takes over, and the names of what differs and stays."""

    takings: tuple[Taking, ...]
    staying: tuple[str, ...]
