"""Whatever is done to a text: what is read of it, with names in the place of what is known, is what it says."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.dissection import taken_apart
from generator.model.footprint import owners_of
from tests.abridged_texts import WHOLE, hold_together, in_json, read

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
    "        breaks: x\r\r",
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
    '    { "name": "Flow" },',
    "    },",
    "    ]",
    "    ],",
    '   "microservices": [',
    '    { "name": "One", "env": { "A": "b" } },',
)

IN_JSON = in_json(WHOLE)


@st.composite
def edited(draw: st.DrawFn, text: str = WHOLE) -> str:
    lines = text.split("\n")
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


@given(edited(IN_JSON))
@example(IN_JSON.replace("some words", "other words"))
@settings(max_examples=300, deadline=None)
def test_and_of_one_in_json(text: str) -> None:
    hold_together(IN_JSON, text)


@given(edited(), edited())
@settings(max_examples=200, deadline=None)
def test_and_so_it_is_after_an_edit_of_an_edited_text(first: str, second: str) -> None:
    document = read(first)
    if document is not None and isinstance(document.data.get("applications"), list):
        try:
            taken_apart(document)
        except (AttributeError, KeyError, TypeError):
            return  # no valid document
        owners = list(owners_of(document.data))
        if len({*owners}) == len(owners):
            hold_together(first, second)
