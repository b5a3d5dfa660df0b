"""What is accepted, and the way back from data to lines."""

from typing import Any

import pytest

from generator.model.inputs import FilesInMemory
from generator.model.source import Document, Position
from generator.stages.parse import parse, spots

K1 = {"k": 1}
KL = {"k": 2, "l": 2}


def parsed(text: str | bytes) -> Document:
    return parse("p.yaml", text, FilesInMemory())


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1.4.0\nb: 7d1e9b64-2c3f\nc: 100m\n", {"a": "1.4.0", "b": "7d1e9b64-2c3f", "c": "100m"}),
        ("a: true\nb: False\nc: ~\nd:\n", {"a": True, "b": False, "c": None, "d": None}),
        ("a: -5\nb: 1.5\nc: 0\nd: -0.25\n", {"a": -5, "b": 1.5, "c": 0, "d": -0.25}),
        ("a: 'no'\nb: \"012\"\n", {"a": "no", "b": "012"}),
        ("---\na: b\n", {"a": "b"}),
        ("a: b\n...\n", {"a": "b"}),
        ("%YAML 1.1\n---\na: b\n", {"a": "b"}),
        ("\ufeffa: b\n", {"a": "b"}),
        (b"\xef\xbb\xbfa: b\n", {"a": "b"}),
        ("a: b\r\nc: |\r\n  d\r\n  e\r\n", {"a": "b", "c": "d\ne\n"}),
        ("a: |\n  b", {"a": "b\n"}),
        ('{"a": ["b", {"c": null}], "d": 1}', {"a": ["b", {"c": None}], "d": 1}),
        ('{"a":"b","c":[1,true]}', {"a": "b", "c": [1, True]}),
        ("a: !!str 012\n", {"a": "012"}),
        ("a: &x [b]\nc: *x\n", {"a": ["b"], "c": ["b"]}),
        ("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n", {"a": {"k": 1, "l": 2}, "b": {"k": 3, "l": 2}}),
        ("a: [&x {k: 1}, &y {k: 2, l: 2}]\nc: {<<: [*x, *y]}\n", {"a": [K1, KL], "c": {"k": 1, "l": 2}}),
        ("a: x\u2028y\nb: 'x\x85y'\nc: |\n  x\u2029y\n", {"a": "x\u2028y", "b": "x\x85y", "c": "x\u2029y\n"}),
        ("a: \ue000\u2028\n", {"a": "\ue000\u2028"}),
        ("a: |\n  on: no\n  ---x\n  012\nb: c # no\n", {"a": "on: no\n---x\n012\n", "b": "c"}),
        ("a: +1x\nb: 1.2.3\nc: 1a\nd: ._\ne: 0x\n", {"a": "+1x", "b": "1.2.3", "c": "1a", "d": "._", "e": "0x"}),
    ],
)  # fmt: skip
def test_a_document_is_read_as_every_reader_reads_it(text: str | bytes, data: dict[str, Any]) -> None:
    assert repr(parsed(text).data) == repr(data)


def test_what_an_alias_repeats_is_not_shared() -> None:
    data = parsed("a: &x [b]\nc: *x\n").data

    assert data["a"] == data["c"]
    assert data["a"] is not data["c"]


def test_every_node_is_found_where_it_stands() -> None:
    document = parsed("# a platform\na:\n  - b: 'quoted'\n    c: {d: plain}\n  - e\n")

    assert document.locate(("a", 0, "b")) == Position("p.yaml", 3, 5, 1)
    assert document.locate(("a", 0, "b"), value=True) == Position("p.yaml", 3, 8, 8)
    assert document.locate(("a", 0, "c", "d"), value=True) == Position("p.yaml", 4, 12, 5)
    assert document.locate(("a", 1)) == Position("p.yaml", 5, 5, 1)
    assert document.locate(("a", 0, "nowhere")) == Position("p.yaml", 3, 5, 1)


def test_a_text_of_several_lines_is_as_long_as_its_first() -> None:
    document = parsed("a: one\n  two\nb: |\n  three\n")

    assert document.locate(("a",), value=True) == Position("p.yaml", 1, 4, 3)
    assert document.locate(("b",), value=True) == Position("p.yaml", 3, 4, 1)


def test_lines_and_columns_do_not_shift_where_yaml_1_1_sees_other_line_breaks() -> None:
    document = parsed("a: 'x\u2028\x85y'\nb: 'é😀'\nc: {d: e}\r\nf: g\n")

    assert document.locate(("b",), value=True) == Position("p.yaml", 2, 4, 4)
    assert document.locate(("f",)) == Position("p.yaml", 4, 1, 1)


def test_a_merged_key_is_found_where_it_is_written() -> None:
    document = parsed("a: &x\n  k: 1\nb:\n  <<: *x\n  l: 2\n")

    assert document.locate(("b", "k")).line == 2
    assert document.locate(("b", "l")).line == 5


def test_an_alias_is_found_where_it_stands_and_its_nodes_where_they_are_written() -> None:
    document = parsed("a: &x\n  k: 1\nb: *x\n")

    assert document.locate(("b",), value=True) == Position("p.yaml", 3, 4, 2)
    assert document.locate(("b", "k")).line == 2


def test_the_spots_of_a_broken_text_are_none_rather_than_an_error() -> None:
    assert spots("p.yaml", "a: [1\n") == {}
    assert spots("p.yaml", "") == {}
