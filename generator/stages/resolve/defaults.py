"""The defaults that the schema declares: the one place where they stand."""

from functools import cached_property
from typing import Any

from generator.model.source import Json


class Defaults:
    """What the schema's definitions say of properties that a document leaves out."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def of(self, *way: str) -> dict[str, Json]:
        """Return the defaults of the properties of one definition, or of what *way* leads to inside it.

        Args:
            way: The definition's name (`platform` for the root), then names of properties.
        """
        node = self._schema if way[0] == "platform" else self._schema["definitions"][way[0]]
        for step in way[1:]:
            node = node["properties"][step]
        return {name: each["default"] for name, each in node["properties"].items() if "default" in each}

    @cached_property
    def head(self) -> dict[str, Json]:
        """Of a head."""
        return self.of("head")

    @cached_property
    def probes(self) -> dict[str, Json]:
        """Of a head's probes."""
        return self.of("head", "probes")

    @cached_property
    def autoscaling(self) -> dict[str, Json]:
        """Of a head's autoscaling."""
        return self.of("autoscaling")

    @cached_property
    def runtime(self) -> dict[str, Json]:
        """Of a Runtime."""
        return self.of("runtime")

    @cached_property
    def endpoints(self) -> dict[str, Json]:
        """Of a Runtime's endpoints: its ports."""
        return self.of("runtime", "endpoints")

    @cached_property
    def expose(self) -> dict[str, Json]:
        """Of an exposure."""
        return self.of("expose")

    @cached_property
    def external_secret(self) -> dict[str, Json]:
        """Of how the operator keeps values from vaults."""
        return self.of("externalSecret")

    @cached_property
    def subscription(self) -> dict[str, Json]:
        """Of a subscription."""
        return self.of("subscription")


def given(values: Json, defaults: dict[str, Json]) -> dict[str, Json]:
    """Return *defaults* with everything that *values* says laid over; `null` says nothing."""
    if not values:
        return defaults
    return {**defaults, **{key: value for key, value in values.items() if value is not None}}
