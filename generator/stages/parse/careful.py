"""The careful reader: with the place of everything, and a finding for whatever readers could take differently."""

from collections.abc import Iterator
from typing import Any

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json, Path, Position, Spots
from generator.stages.parse.composer import Composer
from generator.stages.parse.nodes import Node, plain_data, walk_spots
from generator.stages.parse.syntax import TAB
from generator.stages.parse.text import lines_of

_PLACE = lazy_pattern(r"line ([0-9]+), column ([0-9]+)")
_DISAGREEMENT = "readers of YAML disagree about what stands here"
_HINT = "write it more plainly: quote texts, and give every key and item a line of its own"


def read_carefully(name: str, text: str) -> list[Json]:
    """Return the data of each document in *text*.

    Raises:
        CompileError: With everything that is wrong with *text* as YAML.
    """
    composer = Composer(name, text)
    nodes = list(composer.documents())
    findings = composer.findings or list(_disagreements(name, text, nodes))
    if findings:
        raise CompileError(findings)
    return [plain_data(node) for node in nodes]


def read_nodes(name: str, text: str) -> list[Node]:
    """Return the documents in *text* that can be read, whatever is wrong with them."""
    return list(Composer(name, text).documents())


def spots(name: str, text: str) -> Spots:
    """Return where every node of the first document of *text* stands; what cannot be read is left out."""
    nodes = read_nodes(name, text)
    return spots_of(nodes[0], name, text) if nodes else {}


def spots_of(node: Node, name: str, text: str) -> Spots:
    """Return where every node of the document *node* of *text* stands, by its path in that document."""
    return dict(walk_spots(node, name, lines_of(text)))


def document_starts(name: str, text: str) -> list[Position]:
    """Return where the content of each document in *text* begins."""
    return [Position(name, node.place.line + 1, node.place.column + 1) for node in read_nodes(name, text)]


def _disagreements(name: str, text: str, nodes: list[Node]) -> Iterator[Diagnostic]:
    """Yield a finding where a second reader, made for YAML 1.2, sees other data than *nodes*, or none."""
    import yaml_rs

    data: Any
    try:
        data = yaml_rs.loads(text, parse_datetime=False, alias_limits=_limits())
    except (TypeError, ValueError) as error:  # the first for a key that is a list
        yield _refusal(name, text, error)
        return
    documents = data if len(nodes) > 1 and isinstance(data, list) else [data]
    if len(documents) != len(nodes) and not (data is None and not nodes):
        yield Diagnostic("yaml-syntax", _DISAGREEMENT, Position(name), _HINT)
        return
    for node, other in zip(nodes, documents, strict=False):
        path = first_difference(plain_data(node, merge=False), other)
        if path is not None:
            known = spots_of(node, name, text)
            while path not in known:
                path = path[:-1]
            yield Diagnostic("yaml-syntax", _DISAGREEMENT, known[path].value, _HINT)


def _refusal(name: str, text: str, error: Exception) -> Diagnostic:
    """Return the finding for an error that only the second reader makes; its words may repeat the document's."""
    place = _PLACE.search(str(error))
    at = Position(name, int(place[1]), int(place[2])) if place else Position(name)
    lines = lines_of(text)
    if at.line <= len(lines) and lines[at.line - 1][: at.column - 1].endswith("\t"):
        message, hint = TAB
        return Diagnostic("yaml-syntax", message, at, hint)
    return Diagnostic("yaml-syntax", _DISAGREEMENT, at, _HINT)


def _limits() -> Any:
    """Return limits above those that the careful reader has itself kept to."""
    import yaml_rs

    return yaml_rs.AliasLimits(max_total_replayed_events=1_000_000, max_replay_stack_depth=200)


def first_difference(one: Json, other: Json, path: Path = ()) -> Path | None:
    """Return the path of the first node that differs in type or value, None when all are the same."""
    if type(one) is not type(other):
        return path
    if isinstance(one, dict):
        if list(one) != list(other):
            return path
        pairs = [(key, value, other[key]) for key, value in one.items()]
    elif isinstance(one, list):
        if len(one) != len(other):
            return path
        pairs = [(index, value, other[index]) for index, value in enumerate(one)]
    else:
        return None if one == other else path
    differences = (first_difference(left, right, (*path, step)) for step, left, right in pairs)
    return next((each for each in differences if each is not None), None)
