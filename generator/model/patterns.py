"""Regular expressions in schemas: whoever explains a no searches them as the validator does that said it.

In Python `$` also matches before a last newline, and some expressions take it for ever.
"""

from collections.abc import Iterator
from typing import Any

from generator.model.source import Json


def with_patterns_alike(validator: Any) -> Any:
    """Return *validator*, a class of jsonschema's, with patterns that jsonschema-rs searches."""
    from jsonschema import validators

    return validators.extend(validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # it has no types


def _pattern(_validator: object, pattern: str, instance: Json, _schema: object) -> Iterator[Any]:
    import jsonschema_rs
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not jsonschema_rs.is_valid({"pattern": pattern}, instance):
        yield ValidationError("")
