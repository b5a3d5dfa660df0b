"""Where a key that stands in the wrong place belongs."""

from collections.abc import Mapping
from typing import Any

_A = {
    "application": "an application",
    "environment": "an environment",
    "include": "a list of applications, environments or microservices",
}


class Homes:
    """The keys that the definitions of one JSON Schema know."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = schema.get("definitions", {})

    def of(self, key: str, schema: Mapping[str, Any]) -> str:
        """Return a hint about where *key* belongs that *schema* does not know; empty where nothing knows it."""
        below = [
            name
            for name, each in schema.get("properties", {}).items()
            if key in self.followed(each).get("properties", {})
        ]
        if below:
            return f"move it into {' or '.join(map(repr, below))}"
        others = [name for name, each in self._definitions.items() if key in each.get("properties", {})]
        if not others or len(others) > 3:  # noqa: PLR2004  (more would say nothing)
            return ""
        return f"it belongs in {' or '.join(_A.get(name, f'a {name}') for name in others)}"

    def followed(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *schema*, or the definition that it refers to."""
        reference = schema.get("$ref")
        node: Mapping[str, Any] = self._definitions[reference.rpartition("/")[2]] if reference else schema
        return node
