"""Files of several documents."""

import pytest

from generator.model.diagnostics import CompileError
from generator.model.inputs import FilesInMemory
from generator.model.source import Document, Position
from generator.stages.parse import parse
from generator.stages.parse.stream import parse_stream


def test_every_document_of_a_file_is_read_and_empty_ones_are_left_out() -> None:
    documents = parse_stream("m.yaml", b"# first\n---\na: 1\n--- # second\n---\n# nothing\n---\nb: 2\n---\n")

    assert [each.data for each in documents] == [{"a": 1}, {"b": 2}]


def test_the_careful_reader_leaves_out_the_same_documents() -> None:
    documents = parse_stream("m.yaml", b"---\na: &x 1\n---\n---\nb: *x2\n---\n".replace(b"*x2", b"'*x'"))

    assert [each.data for each in documents] == [{"a": 1}, {"b": "*x"}]


def test_each_document_finds_its_own_lines() -> None:
    first, second = parse_stream("m.yaml", "a: 1\n---\n---\nb:\n  c: 2\n")

    assert first.locate(("a",)) == Position("m.yaml", 1, 1, 1)
    assert second.locate(("b", "c")) == Position("m.yaml", 5, 3, 1)


def test_a_file_in_which_nothing_stands_has_no_documents() -> None:
    assert parse_stream("m.yaml", b"# nothing\n") == []


def test_findings_of_every_document_come_at_once() -> None:
    with pytest.raises(CompileError) as caught:
        parse_stream("m.yaml", "a: no\n---\nb: 012\n")

    assert [str(each.at) for each in caught.value.diagnostics] == ["m.yaml:1:4", "m.yaml:3:4"]


def test_a_document_that_is_no_mapping_is_refused_where_it_begins() -> None:
    with pytest.raises(CompileError) as caught:
        parse_stream("m.yaml", "a: b\n---\n# a list\n- c\n")

    assert [f"{each.at} {each.code}" for each in caught.value.diagnostics] == ["m.yaml:4:1 not-a-mapping"]


def test_an_alias_does_not_reach_into_another_document() -> None:
    with pytest.raises(CompileError) as caught:
        parse_stream("m.yaml", "a: &x b\n---\nc: *x\n")

    assert [each.code for each in caught.value.diagnostics] == ["yaml-syntax"]


def platform(text: str, files: FilesInMemory) -> Document:
    return parse("platform.yaml", text, files)
