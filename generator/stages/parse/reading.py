"""One document from one text: quickly where that is sure to be right, else carefully."""

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Json, Position
from generator.stages.parse.careful import document_starts, read_carefully
from generator.stages.parse.quick import Unsure, read_quickly


def read_document(name: str, text: str) -> Json:
    """Return the data of the one document in *text*.

    Raises:
        CompileError: With everything that is wrong with it, `empty-document` and `several-documents` among it.
    """
    data = read_quickly(text)
    if not isinstance(data, Unsure):
        return data
    documents = read_carefully(name, text)
    if len(documents) > 1:
        at = document_starts(name, text)[1]
        hint = "one file holds one document: remove the line '---', or move what follows to a file of its own"
        raise CompileError([Diagnostic("several-documents", "a second document begins here", at, hint)])
    if not documents or documents[0] is None:
        hint = "see the samples for what a document looks like"
        raise CompileError([Diagnostic("empty-document", "nothing stands in this file", Position(name), hint)])
    return documents[0]
