"""What a person wrote in place of a sealed file, before SOPS seals it. No finding repeats a value."""

from collections.abc import Iterator

from generator.model.diagnostics import Diagnostic
from generator.model.sealed import is_secret_key
from generator.model.source import Json, Position

PLACEHOLDER = "replace-this"
"""What stands for a value in a new file that is opened in the editor."""


def draft_findings(name: str, content: bytes) -> tuple[Diagnostic, ...]:
    """Return what keeps *content* from being sealed as the file *name*.

    Lines are not named: those of the plaintext are not those of the file.
    """
    import yaml_rs

    try:
        body: Json = yaml_rs.loads(content.decode("utf-8-sig"), parse_datetime=False)
    except UnicodeDecodeError:
        return (Diagnostic("not-utf-8", "what was written is not UTF-8", Position(name), "save it as UTF-8"),)
    except (ValueError, TypeError):
        hint = "write one 'KEY: value' a line below 'stringData:', indented by spaces, the value in double quotes"
        return (Diagnostic("yaml-syntax", "what was written is not valid YAML", Position(name), hint),)
    values = body.get("stringData") if isinstance(body, dict) else None
    if not isinstance(values, dict) or len(body) != 1:
        message = "what was written is not one map 'stringData' and nothing else"
        return (Diagnostic("sealed-shape", message, Position(name), "keep 'stringData:' with the values below it"),)
    if not values:
        hint = "to remove the last value run 'platformc secrets unset'"
        return (Diagnostic("sealed-shape", "'stringData' is empty", Position(name), hint),)
    return tuple(_entries(name, values))


def _entries(name: str, values: dict[Json, Json]) -> Iterator[Diagnostic]:
    at = Position(name)
    for key, value in values.items():
        shown = key if isinstance(key, str) else "?"
        if not is_secret_key(key):
            message = f"'{shown}' is not a key that a Secret takes"
            yield Diagnostic("bad-secret-key", message, at, "use letters, digits, '-', '_' and '.', at most 253")
        if value is None or value == "":
            message = f"the value for '{shown}' is empty, and SOPS does not protect an empty value"
            yield Diagnostic("empty-secret", message, at, "give it a value, or remove its line")
        elif not isinstance(value, str):
            message = f"the value for '{shown}' is not text"
            yield Diagnostic("sealed-shape", message, at, "put it in double quotes")
        elif value == PLACEHOLDER:
            message = f"the value for '{shown}' is still the placeholder"
            yield Diagnostic("placeholder-value", message, at, "give it a value, or remove its line")
