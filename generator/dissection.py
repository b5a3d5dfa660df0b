"""What is kept of a document to know it again: its texts in pieces, or else what it says of each microservice.

See `abridgement.py`, which reads a document that is mostly the same.
"""

from collections.abc import Callable, Mapping
from typing import Any

from generator.model.basis import digest_of_data
from generator.model.diagnostics import CompileError
from generator.model.footprint import owners_of, paths_of
from generator.model.inputs import FilesInMemory
from generator.model.leaks import MARKER
from generator.model.pieces import Cut, Form, Pieces, cut
from generator.model.remarks import Beginnings
from generator.model.source import Document, Json
from generator.stages.parse import is_plain, parse

WORTH_IT = 2
"""Where more than one of so many microservices is to be compiled, all may as well be."""


def taken_apart(document: Document) -> tuple[dict[str, Pieces], Beginnings]:
    """Return what is to be known of the texts of a valid *document*, and where their parts begin.

    Nothing where they do not come apart.
    """
    texts = document.texts.items()
    if sum(1 for _ in owners_of(document.data)) < WORTH_IT or not all(is_plain(text) for _, text in texts):
        return {}, {}
    forms = _forms(document)
    cuts = {name: cut(text.encode(), forms.get(name, Form.KEYS)) for name, text in texts}
    names = {name: [f"{name}:{index}" for index, _ in enumerate(each.pieces)] for name, each in cuts.items()}
    outline = read_again(document.name, {name: each.abridged(names[name]) for name, each in cuts.items()})
    if outline is None or outline.splices != document.splices:
        return {}, {}
    owners = _owners_of_names(document.data, outline.data)
    if owners is None or owners.keys() != {each for several in names.values() for each in several}:
        return {}, {}
    pieces = {
        name: pieces_of(each, forms.get(name, Form.KEYS), [owners[one] for one in names[name]])
        for name, each in cuts.items()
    }
    return pieces, {name: each.beginnings() for name, each in cuts.items()}


def has_names(data: Json) -> bool:
    """Say whether *data*, which need not be valid, name applications and microservices as those of a document do."""
    return _are_named(data.get("applications")) and all(
        _are_named(each.get("microservices") or []) for each in data["applications"]
    )


def _are_named(items: Json) -> bool:
    return isinstance(items, list) and all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in items
    )


def sayings(document: Document) -> dict[str, str]:
    """Return digests of what a valid *document* says of each microservice, by owner, and of all else, as "".

    Nothing for a document in several files, or with a comment that excuses something: data do not tell of comments.
    """
    if len(document.texts) > 1 or any(MARKER in text for text in document.texts.values()):
        return {}
    found = {"": digest_of_data(with_microservices(document.data, _nothing))}
    for application in document.data["applications"]:
        for each in application.get("microservices") or ():
            found[f"{application['name']}/{each['name']}"] = digest_of_data(each)
    return found


def _forms(document: Document) -> dict[str, Form]:
    """Return how each text holds microservices; those that hold none are left out."""
    forms = {}
    for _, path in paths_of(document.data):
        file, inner = document.origin(path)
        forms[file] = Form.KEYS if len(inner) > 1 else Form.LIST if inner else Form.WHOLE
    return forms


def pieces_of(each: Cut, form: Form, owners: list[str]) -> Pieces:
    """Return what is to be known of a text that was cut, and whose pieces are those of *owners*."""
    return Pieces(form, each.rest(), each.digests(), owners)


def read_again(name: str, texts: Mapping[str, bytes]) -> Document | None:
    """Return the document that *texts* are, None where there is anything to say about it."""
    try:
        return parse(name, texts[name], FilesInMemory(texts))
    except CompileError:
        return None


def _owners_of_names(data: Json, outline: Json) -> dict[str, str] | None:
    """Return whose the names are that stand in *outline*; None where it says anything else than *data*."""
    if with_microservices(data, _nothing) != with_microservices(outline, _nothing):
        return None
    found = {}
    for application, outlined in zip(data["applications"], outline["applications"], strict=True):
        listed, names = (each.get("microservices") or () for each in (application, outlined))
        if len(listed) != len(names):
            return None
        for each, stub in zip(listed, names, strict=True):
            if each == stub:
                continue
            if stub.keys() != {"name"} or stub["name"] in found:  # a file may be included by two applications
                return None
            found[stub["name"]] = f"{application['name']}/{each['name']}"
    return found


def with_microservices(data: Json, changed: Callable[[str, list[Any]], list[Any]]) -> Json:
    """Return *data* with the microservices of each application as they are *changed*."""
    applications = [
        {**each, "microservices": changed(each["name"], each["microservices"])} if each.get("microservices") else each
        for each in data["applications"]
    ]
    return {**data, "applications": applications}


def _nothing(_application: str, _listed: list[Any]) -> list[Any]:
    return []
