"""From the text of a document to its data, with a way back to where everything stands."""

from typing import Any

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files
from generator.model.source import Document, Position
from generator.stages.parse.careful import read_carefully, spots
from generator.stages.parse.quick import Unsure, read_quickly
from generator.stages.parse.text import readable_text


def parse(name: str, content: str | bytes, files: Files) -> Document:
    """Return the platform document *name*, included files in their places.

    Raises:
        CompileError: With everything that is wrong with it as YAML.
    """
    text = readable_text(name, content)
    data: Any = read_quickly(text)
    if isinstance(data, Unsure):
        (data,) = read_carefully(name, text) or [None]
    if not isinstance(data, dict):
        raise CompileError([Diagnostic("not-a-mapping", "a platform document is a mapping", Position(name))])
    return Document(name, data, {name: text}, spots)
