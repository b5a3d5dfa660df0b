"""What is kept of a document to know it again: its texts in pieces, or else what it says of each microservice.

See `abridgement.py`, which reads a document that is mostly the same.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from generator.model.basis import digest_of_data
from generator.model.diagnostics import CompileError
from generator.model.footprint import owners_of, paths_of
from generator.model.inputs import Files, FilesInMemory
from generator.model.leaks import MARKER
from generator.model.pieces import Cut, Form, Pieces, cut
from generator.model.source import Document, Json, Path
from generator.stages.parse import is_plain, parse

WORTH_IT = 2
"""Of fewer microservices all are looked at."""


def taken_apart(document: Document) -> tuple[dict[str, Pieces], dict[str, list[int]]]:
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
    owners = owners_of_names(document.data, outline.data)
    if owners is None or owners.keys() != {each for several in names.values() for each in several}:
        return {}, {}
    pieces = {
        name: pieces_of(each, forms.get(name, Form.KEYS), [owners[one] for one in names[name]])
        for name, each in cuts.items()
    }
    return pieces, {name: each.beginnings() for name, each in cuts.items()}


def has_names(data: Json) -> bool:
    """Say whether *data*, which need not be valid, name applications and microservices as those of a document do."""
    return (
        isinstance(data, dict)
        and _are_named(data.get("applications"))
        and all(_are_named(each.get("microservices") or []) for each in data["applications"])
    )


def _are_named(items: Json) -> bool:
    return isinstance(items, list) and all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in items
    )


def sayings(document: Document) -> dict[str, str]:
    """Return digests of what a *document* says of each microservice, by owner.

    Nothing for a document in several files, or with a comment that excuses something: data do not tell of comments.
    """
    if len(document.texts) > 1 or any(MARKER in text for text in document.texts.values()):
        return {}
    return {
        f"{application['name']}/{each['name']}": digest_of_data(each)
        for application in document.data["applications"]
        for each in application.get("microservices") or ()
    }


_NOT_FOR_ALL = frozenset({"applications", "kubernetes", "output", "stores"})
_FOR_ITSELF = frozenset({"access", "external", "monitoring", "patches", "manifests", "storage"})
_NOT_FOR_MICROSERVICES = _FOR_ITSELF | {"environments", "microservices", "stores"}
STORES = " stores"
"""Ends the name of the scope of an environment's stores; no name of an environment holds a blank."""

OWN = " own"
"""Ends the name of the scope of what an environment or application says of nothing but itself."""

OUTPUT = " output"
"""The scope of how the output is laid out, and of who deploys it."""


def scopes(document: Document) -> dict[str, str] | None:
    """Return digests of what *document* says around microservices, as far as these are resolved with it.

    Of each environment and application, by the name of its unit, and of the platform, as "". None where data that need
    not be valid have not the shape for it.
    """
    data = document.data
    found = {"": _said(data, data.keys() - _NOT_FOR_ALL), OUTPUT: digest_of_data(data.get("output"))}
    for index, application in enumerate(data["applications"]):
        path: Path = ("applications", index)
        _add_said(found, application["name"], application, document.file_of(path))
        if not _are_named(application.get("environments")):
            return None
        for place, each in enumerate(application["environments"]):
            name = f"{application['name']}/{each['name']}"
            said = {"kubernetes": data.get("kubernetes"), **each}
            _add_said(found, name, said, document.file_of((*path, "environments", place)))
            found[name + STORES] = digest_of_data([layer.get("stores") for layer in (data, application, each)])
    return found


def _add_said(found: dict[str, str], name: str, data: Mapping[str, Json], file: str) -> None:
    found[name] = _said(data, data.keys() - _NOT_FOR_MICROSERVICES, file)
    found[name + OWN] = _said(data, _FOR_ITSELF, file)


def _said(data: Mapping[str, Json], keys: Collection[str], file: str = "") -> str:
    return digest_of_data((file, {key: value for key, value in data.items() if key in keys}))


def _forms(document: Document) -> dict[str, Form]:
    """Return how each text holds microservices; those that hold none are left out."""
    forms = {}
    for _, path in paths_of(document.data):
        file, inner = document.origin(path)
        forms[file] = Form.KEYS if len(inner) > 1 else Form.LIST if inner else Form.WHOLE
    return forms


def pieces_of(each: Cut, form: Form, owners: list[str]) -> Pieces:
    """Return what is to be known of a text that was cut, and whose pieces are those of *owners*."""
    return Pieces(form, each.rest(), each.excuses(), each.digests(), owners)


def read_again(name: str, texts: Mapping[str, bytes], files: Files | None = None) -> Document | None:
    """Return the document that *texts* are, None where there is anything to say about it.

    With *files* it may be made of more than *texts*.
    """
    try:
        return parse(name, texts[name], files or FilesInMemory(texts))
    except CompileError:
        return None


def owners_of_names(data: Json, outline: Json) -> dict[str, str] | None:
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
