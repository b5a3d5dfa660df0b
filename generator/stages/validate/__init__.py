"""Is the document what the schema says? A quick yes; only a no loads what it takes to explain itself."""

from typing import Any

from generator.model.diagnostics import CompileError
from generator.model.source import Document, Json


def validate(document: Document, schema: dict[str, Any]) -> None:
    """Hold *document*, with its included files in place, against *schema*.

    Raises:
        CompileError: With everything that is wrong with it.
    """
    if is_valid(document.data, schema):
        return
    from generator.stages.validate.explain import explain

    raise CompileError(explain(document, without_includes(schema)))


def is_valid(data: Json, schema: dict[str, Any]) -> bool:
    """Say whether the *data* of a document, with its included files in place, is what *schema* says."""
    import jsonschema_rs

    return bool(jsonschema_rs.Draft7Validator(without_includes(schema)).is_valid(data))


def without_includes(schema: dict[str, Any]) -> dict[str, Any]:
    """Return *schema* for a document whose includes have been replaced by the files' contents.

    Where the published schema lets an editor choose between an item and an `include`, only the item is left: what is
    wrong with an item is then said about the item.
    """
    definitions = schema.get("definitions", {})
    return {**_narrowed(schema), "definitions": {name: _narrowed(each) for name, each in definitions.items()}}


def _narrowed(node: Any) -> Any:
    if isinstance(node, list):
        return [_narrowed(each) for each in node]
    if not isinstance(node, dict):
        return node
    choices = node.get("anyOf", ())
    if {"$ref": "#/definitions/include"} in choices:
        return choices[0]
    return {key: _narrowed(value) for key, value in node.items()}
