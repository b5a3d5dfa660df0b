"""Files of several documents: plain manifests, custom resource definitions, what a template printed."""

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Document, Json, Position, Spots
from generator.stages.parse.quick import Unsure, read_quickly
from generator.stages.parse.text import readable_text

if TYPE_CHECKING:  # the careful reader is imported when it is needed
    from generator.stages.parse.nodes import Node

_SEPARATOR = lazy_pattern("^--- *(?: #[^\r\n]*)?\r?\n", re.MULTILINE)


def parse_stream(name: str, content: str | bytes) -> list[Document]:
    """Read a file of any number of documents, each of them a mapping; those in which nothing stands are left out.

    Raises:
        CompileError: With everything that is wrong with the file as YAML.
    """
    text = readable_text(name, content)
    texts = {name: text}
    documents = [data for data in _read(name, text) if data is not None]
    findings = [
        Diagnostic("not-a-mapping", "an object is a mapping, and this is not", _begin(name, text, index))
        for index, data in enumerate(documents)
        if not isinstance(data, dict)
    ]
    if findings:
        raise CompileError(findings)
    return [Document(name, data, texts, partial(_spots, index)) for index, data in enumerate(documents)]


def _read(name: str, text: str) -> list[Json]:
    """Read the documents one by one, which is quick, or all of them carefully where one of them needs it."""
    documents: list[Json] = []
    for part in _SEPARATOR.split(text):
        data = read_quickly(part) if part.strip() else None
        if isinstance(data, Unsure):
            from generator.stages.parse.careful import read_carefully

            return read_carefully(name, text)
        documents.append(data)
    return documents


@lru_cache(maxsize=4)
def _nodes(name: str, text: str) -> "list[Node]":
    """Return the documents in which something stands."""
    from generator.stages.parse.careful import read_nodes
    from generator.stages.parse.nodes import Scalar

    return [node for node in read_nodes(name, text) if not isinstance(node, Scalar) or node.value is not None]


def _spots(index: int, name: str, text: str) -> Spots:
    from generator.stages.parse.careful import spots_of

    nodes = _nodes(name, text)
    return spots_of(nodes[index], name, text) if index < len(nodes) else {}


def _begin(name: str, text: str, index: int) -> Position:
    return _spots(index, name, text)[()].value
