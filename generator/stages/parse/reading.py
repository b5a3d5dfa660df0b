"""One document from one text: quickly where that is sure to be right, else carefully.

What is careful is imported when it is needed: a document that every reader takes alike does without.
"""

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Json, Position, Spots
from generator.stages.parse.quick import Unsure, read_quickly


def read_document(name: str, text: str) -> Json:
    """Return the data of the one document in *text*.

    Raises:
        CompileError: With everything that is wrong with it, `empty-document` and `several-documents` among it.
    """
    data = read_quickly(text)
    if not isinstance(data, Unsure):
        return data
    from generator.stages.parse.careful import document_starts, read_carefully

    documents = read_carefully(name, text)
    if len(documents) > 1:
        at = document_starts(name, text)[1]
        hint = "one file holds one document: remove the line '---', or move what follows to a file of its own"
        raise CompileError([Diagnostic("several-documents", "a second document begins here", at, hint)])
    if not documents or documents[0] is None:
        hint = "see the samples for what a document looks like"
        raise CompileError([Diagnostic("empty-document", "nothing stands in this file", Position(name), hint)])
    return documents[0]


def spots(name: str, text: str) -> Spots:
    """Return where each node of the one document in *text* stands."""
    from generator.stages.parse import careful

    return careful.spots(name, text)


def shown(word: str) -> str:
    """Return a name as a message can hold it: on one line, and not too long."""
    from generator.stages.parse import composer

    return composer.shown(word)
