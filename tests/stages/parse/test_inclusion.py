"""A document in several files is one document, and every finding names the file and the line that a person wrote."""

import pytest

from generator.model.diagnostics import CompileError
from generator.model.inputs import FilesInMemory
from generator.model.source import Document, Position
from generator.stages.parse import parse


def parsed(text: str, **files: str) -> Document:
    contents = {name.replace("__", "/") + ".yaml": content.encode() for name, content in files.items()}
    return parse("platform.yaml", text, FilesInMemory(contents))


def said(text: str, **files: str) -> list[str]:
    with pytest.raises(CompileError) as caught:
        parsed(text, **files)
    return [str(each) for each in caught.value.diagnostics]


def test_files_take_the_place_of_the_include_in_the_order_of_their_names() -> None:
    document = parsed(
        "applications:\n  - name: shop\n    microservices:\n      - name: First\n"
        "      - include: ms/*.yaml\n      - name: Last\n",
        ms__b="name: B\n",
        ms__a="- name: A1\n- name: A2\n",
    )

    names = [each["name"] for each in document.data["applications"][0]["microservices"]]
    assert names == ["First", "A1", "A2", "B", "Last"]


def test_a_node_of_a_nested_include_is_found_in_its_own_file() -> None:
    document = parsed(
        "applications:\n  - include: apps/shop.yaml\n  - name: other\n",
        apps__shop="# the shop\nname: shop\nmicroservices:\n  - include: [ms/*.yaml, more/x.yaml]\n  - name: Own\n",
        apps__ms__a="- name: A\n-\n  head: {image: x}\n  name: A2\n",
        apps__more__x="name: X\n",
    )
    services = ("applications", 0, "microservices")

    assert [each["name"] for each in document.data["applications"][0]["microservices"]] == ["A", "A2", "X", "Own"]
    assert document.locate((*services, 1, "head", "image"), value=True) == Position("apps/ms/a.yaml", 3, 17, 1)
    assert document.locate((*services, 2, "name")) == Position("apps/more/x.yaml", 1, 1, 4)
    assert document.locate((*services, 3, "name")) == Position("apps/shop.yaml", 5, 5, 4)
    assert document.locate(services) == Position("apps/shop.yaml", 3, 1, 13)
    assert document.locate(("applications", 0, "name")) == Position("apps/shop.yaml", 2, 1, 4)
    assert document.locate(("applications", 1, "name")) == Position("platform.yaml", 3, 5, 4)


def test_items_behind_an_include_are_found_where_they_stand_though_their_index_moved() -> None:
    document = parsed(
        "applications:\n  - environments:\n      - include: e.yaml\n      - name: Prod\n",
        e="- name: Dev\n- name: Test\n",
    )

    assert document.data["applications"][0]["environments"][2] == {"name": "Prod"}
    assert document.locate(("applications", 0, "environments", 2, "name")).line == 4
    assert document.file_of(("applications", 0, "environments", 1)) == "e.yaml"


def test_a_document_without_includes_has_no_splices() -> None:
    document = parsed("applications:\n  - microservices:\n      - name: A\n")

    assert not document.splices
    assert list(document.texts) == ["platform.yaml"]


def test_an_included_list_includes_further_files_relative_to_itself() -> None:
    document = parsed(
        "applications:\n  - include: a/list.yaml\n", a__list="- include: b/one.yaml\n- include: ../two.yaml\n",
        a__b__one="name: one\n", two="name: two\n",
    )  # fmt: skip

    assert [each["name"] for each in document.data["applications"]] == ["one", "two"]


def test_a_file_may_hold_nothing_but_an_include() -> None:
    document = parsed("applications:\n  - include: a.yaml\n", a="include: b.yaml\n", b="name: b\n")

    assert document.data["applications"] == [{"name": "b"}]


def test_a_file_stands_in_a_list_once_however_many_patterns_match_it() -> None:
    document = parsed("applications:\n  - include: [a*.yaml, '*b.yaml']\n  - include: ab.yaml\n", ab="name: ab\n")

    assert document.data["applications"] == [{"name": "ab"}]


def test_two_applications_may_include_the_same_file() -> None:
    document = parsed(
        "applications:\n  - microservices: [{include: m.yaml}]\n  - microservices: [{include: m.yaml}]\n", m="name: M\n"
    )

    assert document.locate(("applications", 1, "microservices", 0, "name")) == Position("m.yaml", 1, 1, 4)


def test_include_is_an_ordinary_key_elsewhere() -> None:
    document = parsed("include: x\napplications:\n  - env:\n      - include: nowhere.yaml\n")

    assert document.data["applications"][0]["env"] == [{"include": "nowhere.yaml"}]


@pytest.mark.parametrize(
    ("include", "finding"),
    [
        ("nowhere/*.yaml", "2:14: error: no file matches 'nowhere/*.yaml' [include-without-match]"),
        ("../x.yaml", "2:14: error: '../x.yaml' leads out of the project [outside-project]"),
        ("/etc/passwd", "2:14: error: '/etc/passwd' leads out of the project [outside-project]"),
        ("[a.yaml, 5]", "2:23: error: 'include' is not a file name or a pattern, or a list of them [wrong-type]"),
        ("{a: b}", "2:14: error: 'include' is not a file name or a pattern, or a list of them [wrong-type]"),
        ("''", "2:14: error: 'include' is not a file name or a pattern, or a list of them [wrong-type]"),
        ("platform.yaml", "2:14: error: 'platform.yaml' is included by itself [include-cycle]"),
        ("a.yaml\n    name: x", "3:5: error: unknown key 'name' beside 'include' [unknown-key]"),
    ],
)
def test_an_include_that_cannot_be_followed_is_refused_where_it_stands(include: str, finding: str) -> None:
    assert said(f"applications:\n  - include: {include}\n", a="name: a\n", platform="") == [f"platform.yaml:{finding}"]


def test_a_cycle_is_refused_in_the_file_that_closes_it() -> None:
    assert said(
        "applications:\n  - include: a.yaml\n", a="- include: b.yaml\n", b="- name: b\n- include: a.yaml\n"
    ) == ["b.yaml:2:12: error: 'a.yaml' is included by itself [include-cycle]"]


def test_a_link_out_of_the_project_is_refused_where_it_is_included() -> None:
    class Linked(FilesInMemory, frozen=True):
        def read(self, path: object) -> bytes | None:
            raise ValueError(path)

    with pytest.raises(CompileError) as caught:
        parse("p.yaml", "applications:\n  - include: a.yaml\n", Linked({"a.yaml": b""}))

    assert [str(each) for each in caught.value.diagnostics] == [
        "p.yaml:2:14: error: 'a.yaml' leads out of the project [outside-project]"
    ]


def test_findings_in_included_files_carry_their_own_names_and_lines_and_come_all_at_once() -> None:
    assert said(
        "applications:\n  - include: '*.yaml'\n  - microservices:\n      - include: nowhere\n",
        a="name: a\nname: b\n", b="# b\nname: no\n", c="- 'x\n", d="words\n", e="",
    ) == [
        "a.yaml:2:1: error: the key 'name' is there twice [duplicate-key]",
        "b.yaml:2:7: error: 'no' is a boolean in YAML 1.1 and a string in YAML 1.2 [ambiguous-scalar]",
        "c.yaml:1:3: error: a quoted text that begins here has no end [yaml-syntax]",
        "d.yaml:1:1: error: an included file holds a mapping or a list of them, and this does not [not-a-mapping]",
        "e.yaml:1:1: error: nothing stands in this file [empty-document]",
        "platform.yaml:4:18: error: no file matches 'nowhere' [include-without-match]",
    ]  # fmt: skip


def test_files_that_include_each_other_many_times_over_are_read_once() -> None:
    files = {f"f{number}": f"- include: f{number + 1}.yaml\n" * 10 for number in range(30)}

    document = parsed("applications:\n  - include: f0.yaml\n", **files, f30="name: end\n")

    assert document.data["applications"] == [{"name": "end"}]
