"""What is read of an edited text, with names in the place of what is known, is what reading all of it gives."""

import json
import re

import pytest
from msgspec.structs import replace

from generator.abridgement import abridged
from generator.dissection import taken_apart
from tests.abridged_texts import (
    HEAD,
    MORE,
    SECOND,
    WHOLE,
    hold_together,
    in_json,
    inputs_of,
    parts,
    past_of,
    read,
    read_in_files,
)

IN_JSON = in_json(WHOLE)
SHOP = {"shop/One", "shop/Two", "shop/Three", *(f"shop/Number{index}" for index in range(14))}
OWNERS = {*SHOP, "office/Four", "office/Five"}


@pytest.mark.parametrize(
    ("old", "new", "touched", "beside"),
    [
        ("some words", "other words", "shop/One", set()),
        ('"nginx"', '"nginx:1"', "shop/Two", {"shop/Number1"}),
        ("over lines", "over more lines", "office/Five", set()),
        ("# About the third.", "# About it.", "shop/Three", set()),
    ],
)
def test_an_edit_touches_the_microservice_that_it_is_in(old: str, new: str, touched: str, beside: set[str]) -> None:
    edit = hold_together(WHOLE, WHOLE.replace(old, new))

    assert edit is not None
    assert edit.wanted.touched == {touched}
    assert edit.part == {touched, *beside}


NEW = "      - name: New\n        head: { image: nginx }\n"
NUMBER_3 = "      - name: Number3\n        head: { image: nginx }\n"


@pytest.mark.parametrize(
    ("old", "new", "touched", "gone"),
    [
        ("# The first.", "# The first!", {"shop/One"}, set()),
        ("- name: Number3\n", "- name: Other\n", {"shop/Other"}, {"shop/Number3"}),
        (NUMBER_3, NEW + NUMBER_3, {"shop/New"}, set()),
        (NUMBER_3, "", set(), {"shop/Number3"}),
        (
            SECOND,
            SECOND.replace("- name: Four", "- name: New\n      head: { image: x }\n    - name: Four"),
            {"office/New"},
            set(),
        ),
        (SECOND, "  - name: third\n    environments: []\n    microservices:\n" + NEW + SECOND, {"third/New"}, set()),
        (
            "environments: [{ name: Dev }]\n    micro",
            "defaults: {}\n    environments: [{ name: Dev }]\n    micro",
            SHOP,
            set(),
        ),
    ],
)
def test_of_what_comes_and_goes_and_is_around_only_what_depends_is_read(
    old: str, new: str, touched: set[str], gone: set[str]
) -> None:
    edit = hold_together(WHOLE, WHOLE.replace(old, new))

    assert edit is not None
    assert edit.wanted.touched == touched
    assert {*OWNERS}.difference(edit.owners) == gone
    assert not edit.is_inner


def test_of_an_edit_of_the_platform_all_is_read() -> None:
    assert hold_together(WHOLE, WHOLE.replace("acme", "another")) is None


def test_of_an_edit_of_all_microservices_all_is_read() -> None:
    of_most = re.sub(r"(Number[0-9]+\n.*)nginx", r"\1other", WHOLE)

    edit = hold_together(WHOLE, of_most)

    assert edit is not None
    assert len(edit.wanted.touched) == 14
    assert hold_together(WHOLE, re.sub(r"( - +name: \w+\n +)", r"\1plain: x\n\1", WHOLE)) is None


@pytest.mark.parametrize("text", [IN_JSON, IN_JSON.replace("\n  {\n", "\n  {", 1).replace("   {\n", "  {", 1)])
def test_a_text_may_be_json(text: str) -> None:
    edit = hold_together(text, text.replace("some words", "other words"))

    assert edit is not None
    assert edit.wanted.touched == {"shop/One"}
    assert edit.part == {"shop/One"}
    assert hold_together(text, text.replace("acme", "another")) is None


def test_json_in_one_line_is_not_taken_apart() -> None:
    document = read(json.dumps(json.loads(IN_JSON)))

    assert document is not None
    assert taken_apart(document) == ({}, {})


def test_a_text_with_aliases_is_not_taken_apart() -> None:
    document = read(
        WHOLE.replace('image: "nginx" }', 'image: &image "nginx" }').replace("plain: some", "other: *image #")
    )

    assert document is None or taken_apart(document)[0] == {}


def test_a_line_of_a_quoted_text_is_not_taken_for_an_item() -> None:
    text = WHOLE.replace('"- name: x\n          goes on"', '"some\n      - name: x\n      goes on"')
    document = read(text)

    assert document is None or taken_apart(document)[0] == {}


KEY = "AKIA" + "QYLPMN5HFIQR7XYA"


def test_what_may_be_a_secret_on_both_sides_of_an_edge_is_left_to_who_reads_everything() -> None:
    excused = WHOLE.replace("# About the third.", f"# {KEY} # platformc: allow-secret")
    assert hold_together(excused, excused.replace("c: [", "d: [")) is not None
    assert hold_together(excused, excused.replace("some text", "some other text")) is not None
    value = "kT9xQ2mVbN4cR7sW1yZ5" + "pL8hJ3gF6dA0eU+iOqXw"
    for words, is_read in (("# Secret", True), ("# SecretAccessKey =", False)):
        known = f"{HEAD}{MORE}{words}\n{value}: x\n"
        edit = hold_together(known, known.replace("some words", "other words"))
        assert edit is not None
        edited = known.replace("Number13\n        head: { image: nginx }", "Number13\n        head: { image: other }")
        assert (hold_together(known, edited) is not None) is is_read


def test_of_many_files_those_that_changed_are_read() -> None:
    text = "applications:\n  - name: shop\n    environments: []\n    microservices:\n    - include: parts/*.yaml\n"
    files = parts("nginx")
    past = past_of(read_in_files(text, files))
    edited = {"parts/3.yaml": files["parts/3.yaml"].replace(b"nginx", b"other")}
    now = {**dict.fromkeys(files, b"not read"), **edited}

    edit = abridged(inputs_of(text.encode(), now), replace(past, files_changed=dict.fromkeys(edited)))

    assert edit is not None
    assert edit.wanted.touched == {"shop/Part3"}
    assert edit.in_full()["applications"][0]["microservices"] == [{"name": "Part3", "head": {"image": "other"}}]
    assert [each["name"] for each in edit.document.data["applications"][0]["microservices"]] == [
        f"Part{index}" for index in range(8)
    ]


def test_a_file_that_two_applications_include_is_nobodys_own() -> None:
    application = "  - name: NAME\n    environments: []\n    microservices:\n    - include: parts/*.yaml\n"
    text = "applications:\n" + application.replace("NAME", "shop") + application.replace("NAME", "office")

    assert taken_apart(read_in_files(text, parts("nginx")))[0] == {}


def test_the_end_of_a_text_and_its_line_breaks_do_not_matter() -> None:
    assert hold_together(WHOLE, WHOLE.rstrip("\n").replace("\n", "\r\n").replace("some words", "others")) is not None
    known = WHOLE.removesuffix(SECOND).rstrip("\n")
    edit = hold_together(known, "\ufeff" + known.replace("some words", "others") + "\n")
    assert edit is not None
    assert edit.wanted.touched == {"shop/One"}


def test_a_microservice_that_comes_to_be_included_is_read_with_all_others() -> None:
    others = "".join(f"    - name: Number{index}\n      head: {{ image: nginx }}\n" for index in range(16))
    text = "applications:\n  - name: shop\n    environments: []\n    microservices:\n"
    text += f"    - include: lib/web.yaml\n{others}"
    text += "  - name: office\n    environments: []\n    microservices:\n    - { name: Web, head: { image: nginx } }\n"
    lib = {"lib/web.yaml": b"name: Web\nhead: { image: nginx }\n"}
    past = past_of(read_in_files(text, lib))
    assert past.footprint.texts

    for now in ("{ include: lib/web.yaml }", "{ include: [lib/w*.yaml] }", "{ 'include': lib/web.yaml }"):
        edited = text.replace("{ name: Web, head: { image: nginx } }", now).encode()
        assert abridged(inputs_of(edited, lib), past) is None


def test_a_file_of_one_microservice_that_comes_to_include_another_is_read_with_all_others() -> None:
    text = "applications:\n  - name: shop\n    environments: []\n    microservices:\n    - include: parts/*.yaml\n"
    text += "  - name: office\n    environments: []\n    microservices:\n    - include: lib/part.yaml\n"
    files = parts("nginx") | {"lib/part.yaml": b"name: Part0\nhead: { image: nginx }\n"}
    past = past_of(read_in_files(text, files))
    files["lib/part.yaml"] = b"include: ../parts/0.yaml\n"

    edit = abridged(inputs_of(text.encode(), files), replace(past, files_changed={"lib/part.yaml": None}))

    assert edit is None


def test_a_comment_above_a_microservice_is_a_part_of_it() -> None:
    known = WHOLE.replace("      - name: Number5\n", "        # platformc: allow-secret\n      - name: Number5\n")

    edit = hold_together(known, known.replace("        # platformc: allow-secret\n", ""))

    assert edit is not None
    assert edit.wanted.touched == {"shop/Number4", "shop/Number5"}


@pytest.mark.parametrize("line", ["some words\r\r\n", "some\rwords\n"])
def test_where_readers_may_differ_about_lines_all_is_read(line: str) -> None:
    assert hold_together(WHOLE, WHOLE.replace("some words\n", line)) is None


def test_a_second_mark_at_the_beginning_is_not_overlooked() -> None:
    files = parts("nginx")
    text = "applications:\n  - name: shop\n    environments: []\n    microservices:\n    - include: parts/*.yaml\n"
    past = past_of(read_in_files(text, files))
    files["parts/3.yaml"] = b"\xef\xbb\xbf\xef\xbb\xbf" + files["parts/3.yaml"]

    assert abridged(inputs_of(text.encode(), files), replace(past, files_changed={"parts/3.yaml": None})) is None
