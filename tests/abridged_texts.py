"""A text, and what is read of it after an edit, held against what reading all of it gives."""

import json
from typing import Any

from generator.abridgement import Abridgement, abridged
from generator.dissection import scopes, taken_apart
from generator.front import Inputs
from generator.model.diagnostics import CompileError, Diagnostic, Severity
from generator.model.footprint import Footprint, owners_of, paths_of
from generator.model.inputs import FilesInMemory
from generator.model.ledger import Notes
from generator.model.lock import sha256
from generator.model.past import Past
from generator.model.source import Document, Position
from generator.stages.parse import parse

HEAD = """\
# The platform.
customer: { name: acme }
applications:
  - name: shop
    environments: [{ name: Dev }]
    microservices:
      # The first.
      - name: One
        head: { image: nginx }
        env:
          TEXT: |
            - name: Fooling
            microservices:
          FOLDED: >-
            some words

            and more
      - name: Two
        head: { image: "nginx" }
        args: ["a", 'b: - c', "- name: x
          goes on"]

      - name: Three
        # About the third.
        files:
        - a
        - { name: b, content: "{ c: [" }
"""
MORE = "".join(f"      - name: Number{index}\n        head: {{ image: nginx }}\n" for index in range(14))
SECOND = """\
  - microservices:
    - name: Four
      head:
          image: nginx
    -   name: Five
        plain: some text
          over lines
    name: office
    environments: [{ name: Dev }]
kubernetes: "1.34"
"""
WHOLE = HEAD + MORE + SECOND


def read(text: str) -> Document | None:
    try:
        return parse("platform.yaml", text, FilesInMemory())
    except CompileError:
        return None


def in_json(text: str) -> str:
    document = read(text)
    assert document is not None
    return json.dumps(document.data, indent=1)


def finding_at(at: Position) -> Diagnostic:
    return Diagnostic("some-code", "some words", at, severity=Severity.WARNING)


def past_of(document: Document) -> Past:
    footprint = Footprint(
        owners=list(owners_of(document.data)),
        texts=taken_apart(document)[0],
        sayings={},
        scopes=scopes(document) or {},
        overrides={},
        outlines={},
        paths={},
        frames={},
        faces={},
        bases={},
        beside={"shop/Two": ["shop/Number1"], "": ["shop/Three"]},
        objects={},
        outputs={},
        again=[],
        in_full=[],
        claims="",
        read_as_document=Notes({name: sha256(text.encode()) for name, text in document.texts.items()}),
    )
    return Past(
        footprint=footprint,
        objects=0,
        files=0,
        written=(),
        files_changed={},
        patterns_changed={},
        read_claims=lambda: None,
    )


def parts(name: str) -> dict[str, bytes]:
    return {f"parts/{index}.yaml": f"name: Part{index}\nhead: {{ image: {name} }}\n".encode() for index in range(8)}


def read_in_files(document: str, files: dict[str, bytes]) -> Document:
    return parse("platform.yaml", document, FilesInMemory(files))


def inputs_of(text: bytes, files: dict[str, bytes]) -> Inputs:
    return Inputs(name="platform.yaml", text=text, files=FilesInMemory(files), read_schema=lambda _: b"", templates={})


def reading(before: str, after: str) -> tuple[Document, Document | None, Abridgement | None]:
    """Return what the first text says, what the second does, and what is read of that by who knows the first."""
    known = read(before)
    assert known is not None
    return known, read(after), abridged(inputs_of(after.encode(), {}), past_of(known))


def by_owner(data: Any) -> dict[str, Any]:
    said = [each for application in data["applications"] for each in application.get("microservices") or ()]
    return dict(zip(owners_of(data), said, strict=True))


def without_microservices(data: Any) -> Any:
    applications = [{**each, "microservices": None} for each in data["applications"]]
    return {**data, "applications": applications}


def hold_together(before: str, after: str) -> Abridgement | None:
    """Hold what was read against what would be read of everything, and return it."""
    known, whole, edit = reading(before, after)
    if edit is None:
        return None
    assert whole is not None
    assert without_microservices(whole.data) == without_microservices(edit.document.data)
    was, now, seen = by_owner(known.data), by_owner(whole.data), by_owner(edit.document.data)
    assert list(now) == list(seen) == edit.owners
    assert edit.wanted.touched <= edit.part
    assert edit.wanted.touched >= now.keys() - was.keys()
    for owner in now:
        if owner in edit.part:
            assert seen[owner] == now[owner]
        if owner not in edit.wanted.touched:
            assert now[owner] == was[owner]
    texts, beginnings = taken_apart(whole)
    assert edit.excerpt.texts == texts
    places = edit.excerpt.places()
    assert places.there == beginnings
    for owner, path in paths_of(whole.data):
        if owner in edit.part:
            for step in ("name", "head"):
                here = finding_at(edit.document.locate((*path, step), value=True))
                (remark,) = places.remarks_on([here])
                assert places.said_again(remark).at == whole.locate((*path, step), value=True)
    return edit
