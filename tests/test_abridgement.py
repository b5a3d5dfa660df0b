"""What is read of an edited text, with names in the place of what is known, is what reading all of it gives."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.abridgement import Abridgement, abridged, taken_apart
from generator.front import Inputs
from generator.model.diagnostics import CompileError
from generator.model.footprint import Footprint, owners_of
from generator.model.inputs import FilesInMemory
from generator.model.past import Past
from generator.model.source import Document
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
LINES = (
    "",
    " ",
    "# a comment",
    "      # a comment",
    "      - name: Another",
    "      - name: Two",
    "      -",
    "      - ",
    "      - { name: Flow }",
    "        more: here",
    "          deeper: here",
    "    microservices:",
    "    network: open",
    "  - name: third",
    "kubernetes: '1.33'",
    "---",
    "...",
    '        text: "begins',
    '      ends"',
    "        text: |",
    "        text: >+",
    "        text: [a,",
    "        b: ]",
    "        anchor: &a here",
    "        alias: *a",
    "        <<: *a",
    "        tag: !x y",
    "        tab:\tx",
    "\t- name: Tab",
    "        date: 2020-01-01",
    "        odd: yes",
    "        - item",
    "        include: x.yaml",
    "      - include: x.yaml",
    "        name: Again",
    "        key: AKIAIOSFODNN7EXAMPLF",
    "        ? complex",
    "        'quoted': x",
    "        colon: a: b",
)


def read(text: str) -> Document | None:
    try:
        return parse("platform.yaml", text, FilesInMemory())
    except CompileError:
        return None


def past_of(document: Document) -> Past:
    footprint = Footprint(
        owners=list(owners_of(document.data)),
        texts=taken_apart(document),
        frames={},
        faces={},
        bases={},
        beside={"shop/Two": ["shop/Number1"], "": ["shop/Three"]},
        objects={},
        outputs={},
        again=[],
        claims="",
    )
    return Past(
        footprint=footprint,
        objects=0,
        files=0,
        warned=False,
        elsewhere=False,
        written=(),
        files_changed={},
        patterns_changed={},
        read_claims=lambda: None,
    )


def parts(name: str) -> dict[str, bytes]:
    return {f"parts/{index}.yaml": f"name: Part{index}\nhead: {{ image: {name} }}\n".encode() for index in range(8)}


def read_in_files(document: str, files: dict[str, bytes]) -> Document:
    return parse("platform.yaml", document, FilesInMemory(files))


def reading(before: str, after: str) -> tuple[Document, Document | None, Abridgement | None]:
    """Return what the first text says, what the second does, and what is read of that by who knows the first."""
    known = read(before)
    assert known is not None
    inputs = Inputs(
        name="platform.yaml", text=after.encode(), files=FilesInMemory(), read_schema=lambda _: b"", templates={}
    )
    return known, read(after), abridged(inputs, past_of(known))


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
    assert list(was) == list(now) == list(seen)
    assert edit.touched <= edit.part
    for owner in was:
        if owner in edit.part:
            assert seen[owner] == now[owner]
        if owner not in edit.touched:
            assert now[owner] == was[owner]
    assert edit.texts == taken_apart(whole)
    return edit


@st.composite
def edited(draw: st.DrawFn) -> str:
    lines = WHOLE.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        edit = draw(st.sampled_from(["insert", "delete", "replace", "repeat", "indent", "character"]))
        if edit == "insert":
            lines.insert(at, draw(st.sampled_from(LINES)))
        elif edit == "delete":
            del lines[at]
        elif edit == "replace":
            lines[at] = draw(st.sampled_from(LINES))
        elif edit == "repeat":
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif edit == "indent":
            lines[at] = " " * draw(st.integers(0, 12)) + lines[at].strip()
        else:
            place = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:place] + draw(st.sampled_from("\"'#:-[]{},&*!|> \té\r")) + lines[at][place + 1 :]
    return "\n".join(lines)


@given(edited())
@example(WHOLE.replace("some words", "other words"))
@settings(max_examples=500, deadline=None)
def test_what_is_read_of_an_edited_text_is_what_it_says(text: str) -> None:
    hold_together(WHOLE, text)


@given(edited(), edited())
@settings(max_examples=200, deadline=None)
def test_and_so_it_is_after_an_edit_of_an_edited_text(first: str, second: str) -> None:
    document = read(first)
    if document is not None and isinstance(document.data.get("applications"), list):
        try:
            taken_apart(document)
        except (AttributeError, KeyError, TypeError):
            return  # no valid document
        hold_together(first, second)


@pytest.mark.parametrize(
    ("old", "new", "touched", "beside"),
    [
        ("some words", "other words", "shop/One", {"shop/Three"}),
        ('"nginx"', '"nginx:1"', "shop/Two", {"shop/Number1", "shop/Three"}),
        ("over lines", "over more lines", "office/Five", {"shop/Three"}),
        ("# About the third.", "# About it.", "shop/Three", set()),
    ],
)
def test_an_edit_touches_the_microservice_that_it_is_in(old: str, new: str, touched: str, beside: set[str]) -> None:
    edit = hold_together(WHOLE, WHOLE.replace(old, new))

    assert edit is not None
    assert edit.touched == {touched}
    assert edit.part == {touched, *beside}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# The first.", "# The first!"),
        ("acme", "another"),
        ("name: Number3\n", "name: Other\n"),
        ("      - name: Number3\n", "      - name: New\n        head: { image: nginx }\n      - name: Number3\n"),
    ],
)
def test_of_an_edit_of_anything_else_all_is_read(old: str, new: str) -> None:
    assert hold_together(WHOLE, WHOLE.replace(old, new)) is None


def test_of_more_than_a_few_edited_microservices_all_is_read() -> None:
    text = WHOLE.replace("Number1\n        head: { image: nginx }", "Number1\n        head: { image: other }")

    assert hold_together(WHOLE, text) is not None
    assert hold_together(WHOLE, text.replace("some words", "other words")) is not None
    assert hold_together(WHOLE, text.replace("some words", "other words").replace('"nginx"', '"other"')) is None


def test_a_text_with_aliases_is_not_taken_apart() -> None:
    document = read(
        WHOLE.replace('image: "nginx" }', 'image: &image "nginx" }').replace("plain: some", "other: *image #")
    )

    assert document is None or taken_apart(document) == {}


def test_a_line_of_a_quoted_text_is_not_taken_for_an_item() -> None:
    text = WHOLE.replace('"- name: x\n          goes on"', '"some\n      - name: x\n      goes on"')
    document = read(text)

    assert document is None or taken_apart(document) == {}


def test_what_looks_like_a_secret_is_left_to_who_reads_everything() -> None:
    assert hold_together(WHOLE, WHOLE.replace("some words", "AKIA" + "QYLPMN5HFIQR7XYA")) is None
    known = WHOLE.replace("# About the third.", "# AKIA" + "QYLPMN5HFIQR7XYA # platformc: allow-secret")
    assert hold_together(known, known.replace("c: [", "d: [")) is None
    assert hold_together(known, known.replace("some text", "some other text")) is None
    far = known.replace("  - microservices", "# far\n" * 2000 + "  - microservices")
    assert hold_together(far, far.replace("some text", "some other text")) is not None


def test_of_many_files_those_that_changed_are_read() -> None:
    text = "applications:\n  - name: shop\n    microservices:\n    - include: parts/*.yaml\n"
    files = parts("nginx")
    past = past_of(read_in_files(text, files))
    edited = {"parts/3.yaml": files["parts/3.yaml"].replace(b"nginx", b"other")}
    now = FilesInMemory({**dict.fromkeys(files, b"not read"), **edited})
    inputs = Inputs(name="platform.yaml", text=text.encode(), files=now, read_schema=lambda _: b"", templates={})

    edit = abridged(inputs, replace(past, files_changed=dict.fromkeys(edited)))

    assert edit is not None
    assert edit.touched == {"shop/Part3"}
    assert edit.in_full()["applications"][0]["microservices"] == [{"name": "Part3", "head": {"image": "other"}}]
    assert [each["name"] for each in edit.document.data["applications"][0]["microservices"]] == [
        f"Part{index}" for index in range(8)
    ]


def test_a_file_that_two_applications_include_is_nobodys_own() -> None:
    application = "  - name: NAME\n    microservices:\n    - include: parts/*.yaml\n"
    text = "applications:\n" + application.replace("NAME", "shop") + application.replace("NAME", "office")

    assert taken_apart(read_in_files(text, parts("nginx"))) == {}


def test_the_end_of_a_text_and_its_line_breaks_do_not_matter() -> None:
    assert hold_together(WHOLE, WHOLE.rstrip("\n").replace("\n", "\r\n").replace("some words", "others")) is not None
    known = WHOLE.removesuffix(SECOND).rstrip("\n")
    edit = hold_together(known, "\ufeff" + known.replace("some words", "others") + "\n")
    assert edit is not None
    assert edit.touched == {"shop/One"}
