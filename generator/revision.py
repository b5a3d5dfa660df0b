"""A person's document, edited: several values at once, and everything else as it was."""

import copy
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from generator.front import Inputs
from generator.model.diagnostics import CompileError
from generator.model.inputs import EditedFiles
from generator.model.source import Json, Path, same_json
from generator.stages.edit import with_value
from generator.stages.parse.reading import read_document
from generator.stages.parse.text import readable_text

Step = Callable[[Json], Path]
"""Sets one value in the data of a file, and returns where."""


def revised(file: str, before: bytes, steps: Iterable[Step]) -> bytes:
    """Return the bytes of *file*, a document or a part of one, after *steps*.

    Raises:
        ValueError: When the text cannot be edited so that its data is what it is to be, and nothing else.
    """
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    text = readable_text(file, before)
    for step in steps:
        wanted = copy.deepcopy(read_document(file, text))
        path = step(wanted)
        text = with_value(text, path, wanted)
        try:
            done = read_document(file, text)
        except CompileError as error:
            raise ValueError("what was written cannot be read") from error
        if not same_json(done, wanted):
            raise ValueError("what was written reads as something else")
    ended = text.encode()
    return mark + (ended if before.endswith((b"\n", b"\r")) else ended.removesuffix(b"\n"))


def with_edits(inputs: Inputs, edited: Mapping[str, bytes]) -> Inputs:
    """Return *inputs* with other contents of some files; the document may be among them, and files that are new."""
    others = {name: content for name, content in edited.items() if name != inputs.name}
    text = edited.get(inputs.name, inputs.text)
    return replace(inputs, text=text, files=EditedFiles(inputs.files, others) if others else inputs.files)
