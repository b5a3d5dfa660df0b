"""Values of a few known classes as JSON and back, for what travels between machines: unlike pickles, nothing runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from generator.model.source import Json


def packed(value: Any) -> Json:
    """Return *value* as JSON: a list stays one, everything else that JSON does not have is an object with one member.

    Takes JSON, tuples, frozensets, mappings with any keys, named tuples and structs.
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list):
        return [packed(each) for each in value]
    if isinstance(value, tuple):
        name = type(value).__name__ if type(value) is not tuple else ""
        return {name: [packed(each) for each in value]}
    if isinstance(value, frozenset):
        return {"{}": [packed(each) for each in sorted(value, key=repr)]}
    if isinstance(value, Mapping):
        return {"{:}": [[packed(key), packed(each)] for key, each in value.items()]}
    if isinstance(value, Struct):
        return {type(value).__name__: [packed(getattr(value, each)) for each in value.__struct_fields__]}
    raise TypeError(f"not to be packed: {type(value).__name__}")


def unpacked(plain: Json, classes: Sequence[type]) -> Any:
    """Return the value that `packed` made *plain* of; *classes* are those that it may be of.

    Raises:
        ValueError: When it did not.
    """
    makers: dict[str, Any] = {each.__name__: each for each in classes}
    try:
        return _unpacked(plain, makers)
    except (AttributeError, LookupError, TypeError) as error:
        raise ValueError("not what was packed") from error


def _unpacked(plain: Json, makers: Mapping[str, Any]) -> Any:
    if isinstance(plain, list):
        return [_unpacked(each, makers) for each in plain]
    if not isinstance(plain, dict):
        return plain
    if len(plain) != 1:
        raise LookupError
    name, members = next(iter(plain.items()))
    inside = [_unpacked(each, makers) for each in members]
    if name == "{:}":
        return dict(inside)
    if name == "{}":
        return frozenset(inside)
    return makers[name](*inside) if name else tuple(inside)
