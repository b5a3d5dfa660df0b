"""Reading files of plain manifests: any number of YAML documents in each."""

from collections.abc import Callable

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Document, Spots
from generator.stages.parse.careful import document_starts, read_carefully, read_nodes, spots_of
from generator.stages.parse.text import readable_text


def parse_stream(name: str, content: bytes) -> list[Document]:
    """Return each document of the file *name* that is not empty.

    Raises:
        CompileError: With everything that is wrong with it as YAML, or `not-a-mapping` for a document that is none.
    """
    text = readable_text(name, content)
    everything = read_carefully(name, text)
    kept = [index for index, data in enumerate(everything) if data is not None]
    strange = [index for index in kept if not isinstance(everything[index], dict)]
    if strange:
        starts = document_starts(name, text)
        message = "a manifest is a mapping with apiVersion, kind and metadata"
        raise CompileError(Diagnostic("not-a-mapping", message, starts[index]) for index in strange)
    return [Document(name, everything[index], {name: text}, _spots_reader(index)) for index in kept]


def _spots_reader(index: int) -> Callable[[str, str], Spots]:
    def read(name: str, text: str) -> Spots:
        return spots_of(read_nodes(name, text)[index], name, text)

    return read
