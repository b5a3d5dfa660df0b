"""Promotion in documents of all shapes: what a person wrote around the edit stays as it was."""

from textwrap import dedent

import pytest

from generator.model.diagnostics import CompileError
from tests.compiled import shop
from tests.promoting import PINNED, STAGES, document, override, promoted


def test_an_included_file_is_edited_and_the_document_is_not() -> None:
    text = shop("- include: ms/*.yaml", STAGES)
    included = dedent(PINNED).replace("- name: Catalog", "name: Catalog", 1).replace("\n  ", "\n").lstrip()

    found = promoted(text, files={"ms/catalog.yaml": included.encode()})

    assert found.file == "ms/catalog.yaml"
    assert found.after.decode() == included.replace("catalog:1.3.0", "catalog:1.5.0")


def test_a_list_of_microservices_with_windows_line_ends_and_a_mark_stays_as_it_is() -> None:
    text = shop("- include: ms.yaml", STAGES)
    first = '- { name: First, head: { image: "nginx:1.27.3" } }\n'
    included = ("\ufeff" + first + dedent(PINNED).lstrip()).replace("\n", "\r\n").encode()

    found = promoted(text, files={"ms.yaml": included})

    assert found.after == included.replace(b"catalog:1.3.0", b"catalog:1.5.0")


def test_a_microservice_in_braces_gets_its_first_override_in_there() -> None:
    stages = STAGES.replace("name: Dev,", 'name: Dev, defaults: { head: { image: "shop/catalog:2.0.0" } },')
    stages = stages.replace("name: Prod,", 'name: Prod, defaults: { head: { image: "shop/catalog:1.0.0" } },')
    stages = stages.replace("name: Test,", 'name: Test, defaults: { head: { image: "shop/catalog:1.0.0" } },')
    text = shop("- { name: Catalog, head: { port: 8080 } }   # small", stages)

    found = promoted(text)

    assert found.after.decode() == text.replace(
        "head: { port: 8080 } }",
        'head: { port: 8080 }, environments: { Prod: { head: { image: "shop/catalog:2.0.0" } } } }',
    )


def test_a_file_without_a_last_line_break_gets_none() -> None:
    text = document(PINNED).rstrip("\n")

    assert not promoted(text).after.endswith(b"\n")


SHARED = """
    - name: Catalog
      head: { image: "shop/catalog:1.4.0" }
      environments:
        Dev: { head: { image: &new "shop/catalog:1.5.0" } }
        Test: &same
          env: { LEVEL: debug }
        Prod: *same
"""


def test_an_alias_is_written_out_so_that_nobody_else_changes() -> None:
    found = promoted(document(SHARED))

    assert override(found) == {"env": {"LEVEL": "debug"}, "head": {"image": "shop/catalog:1.5.0"}}
    assert override(found, "Test") == {"env": {"LEVEL": "debug"}}


def test_what_others_share_through_an_anchor_is_left_to_the_person() -> None:
    text = document(SHARED.replace("Test: &same", "Prod: &same").replace("Prod: *same", "Test: *same"))

    with pytest.raises(CompileError) as caught:
        promoted(text)

    assert [each.code for each in caught.value.diagnostics] == ["promotion-by-hand"]
