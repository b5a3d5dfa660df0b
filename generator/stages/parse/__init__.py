"""From the text of a platform document to plain data and the way back to its lines.

What readers of YAML could take differently is refused here: `ambiguous-scalar`, `duplicate-key`, `non-string-key`,
`unsupported-tag`, `alias-bomb`, `too-deep`, `several-documents`, and `yaml-syntax` for the rest. A byte-order mark at
the beginning is dropped.
"""

from collections.abc import Mapping

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files
from generator.model.source import Document, Json
from generator.stages.parse.inclusion import Inclusion
from generator.stages.parse.quick import is_plain
from generator.stages.parse.reading import read_document, spots
from generator.stages.parse.text import readable_text

__all__ = ["is_plain", "parse", "spots"]


def parse(name: str, text: str | bytes, files: Files) -> Document:
    """Read a platform document and the files that it includes.

    An item `include:` of `applications`, or of an application's `environments` or `microservices`, gives way to what
    stands in the files that its patterns match, each file once, in the order of their names.

    Args:
        name: The document's file, in the folder of the project.
        text: What stands in it.
        files: The project's other files.

    Raises:
        CompileError: With everything that is wrong with the document, and with its files, as YAML.
    """
    content = readable_text(name, text)
    data = read_document(name, content)
    if not isinstance(data, dict):
        at = spots(name, content)[()].value
        hint = "begin with 'apiVersion:', 'kind: Platform', 'applications:'"
        raise CompileError([Diagnostic("not-a-mapping", "a platform document is a mapping, and this is not", at, hint)])
    inclusion = Inclusion(name, content, files)
    whole: Mapping[str, Json] = inclusion.expanded(data)
    if inclusion.findings:
        raise CompileError(inclusion.findings)
    return Document(name, whole, inclusion.texts, spots, inclusion.splices, {name: data, **inclusion.data})
