"""From the text of a document to its data, with a way back to where everything stands."""

from typing import Any

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files
from generator.model.source import Document, Json, Position
from generator.stages.parse.careful import document_starts, read_carefully, spots
from generator.stages.parse.include import Includes
from generator.stages.parse.quick import Unsure, read_quickly
from generator.stages.parse.text import readable_text

__all__ = ["parse", "spots"]


def parse(name: str, content: str | bytes, files: Files) -> Document:
    """Return the platform document *name*, included files in their places.

    Raises:
        CompileError: With everything that is wrong with it, or with an included file, as YAML.
    """
    texts: dict[str, str] = {}

    def read(file: str, written: str | bytes) -> Json:
        texts[file] = readable_text(file, written)
        return _data(file, texts[file])

    data = read(name, content)
    if not isinstance(data, dict):
        message = "a platform document is a mapping with apiVersion, kind, customer and applications"
        raise CompileError([Diagnostic("not-a-mapping", message, Position(name))])
    includes = Includes(files, read, texts)
    whole = includes.expand(data, name)
    if includes.findings:
        raise CompileError(includes.findings)
    return Document(name, whole, texts, spots, {splice.path: splice for splice in includes.splices})


def _data(name: str, text: str) -> Json:
    """Return the data of the one document in *text*."""
    data: Any = read_quickly(text)
    if not isinstance(data, Unsure):
        documents = [data]
    else:
        documents = read_carefully(name, text)
    if len(documents) > 1:
        second = document_starts(name, text)[1]
        hint = "keep one document in a file, and include the others"
        raise CompileError([Diagnostic("several-documents", "a second document begins here", second, hint)])
    if not documents or documents[0] is None:
        hint = "begin with 'apiVersion: platformc.dev/v1'"
        raise CompileError([Diagnostic("empty-document", "there is nothing in this file", Position(name), hint)])
    return documents[0]
