"""What is refused: with which code, where, and in which words."""

import pytest

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import FilesInMemory
from generator.stages.parse import parse
from generator.stages.parse.composer import DEEPEST


def findings(text: str | bytes) -> list[Diagnostic]:
    with pytest.raises(CompileError) as caught:
        parse("p.yaml", text, FilesInMemory())
    return list(caught.value.diagnostics)


def places(text: str | bytes) -> list[str]:
    return [f"{each.at.line}:{each.at.column} {each.code}" for each in findings(text)]


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: no\non: b\n", ["1:4 ambiguous-scalar", "2:1 ambiguous-scalar"]),
        ("a: [x, 012,\n    1e3]\n", ["1:8 ambiguous-scalar", "2:5 ambiguous-scalar"]),
        ("a: {b: yes, =: c}\n", ["1:8 ambiguous-scalar", "1:13 ambiguous-scalar"]),
        ("a: 2020-01-01\n  10:00:00\n", ["1:4 ambiguous-scalar"]),
        ("a: <<\nb: [<<]\n", ["1:4 ambiguous-scalar", "2:5 ambiguous-scalar"]),
        ("a: b\nc: d\na: e\n", ["3:1 duplicate-key"]),
        ("a: {b: 1, 'b': 2}\n", ["1:11 duplicate-key"]),
        ("1: a\ntrue: b\n~: c\n", ["1:1 non-string-key", "2:1 non-string-key", "3:1 non-string-key"]),
        ("? [a]\n: b\n", ["1:3 non-string-key"]),
        ("a: {b: c, {d: e}: f}\n", ["1:11 non-string-key"]),
        ("a: &a [*a]\n", ["1:8 alias-bomb"]),
        (BOMB, ["5:45 alias-bomb"]),
        ("a: !Ref b\nc: !!binary aGk=\n", ["1:4 unsupported-tag", "2:4 unsupported-tag"]),
        ("a: !!python/object:os.system x\n", ["1:4 unsupported-tag"]),
        ("a: b\n---\nc: d\n", ["3:1 several-documents"]),
        ("", ["1:1 empty-document"]),
        ("# nothing\n---\n", ["1:1 empty-document"]),
        ("~\n", ["1:1 empty-document"]),
        ("- a\n", ["1:1 not-a-mapping"]),
        ("words\n", ["1:1 not-a-mapping"]),
        ("a: \x01\nb: c\nd: e\x7f\n", ["1:4 control-character", "3:5 control-character"]),
        ("a: x\ufeff\n", ["1:5 control-character"]),
        ("é: 1\na: caf".encode() + b"\xe9\n", ["2:7 not-utf-8"]),
        ("a: b\n".encode("utf-16"), ["1:1 not-utf-8"]),
        ("a: b\n".encode("utf-16-le"), ["1:1 not-utf-8"]),
        ("a: b\n".encode("utf-32"), ["1:1 not-utf-8"]),
        ("a: 'x\nb: c\n", ["1:4 yaml-syntax"]),
        ("a: b: c\n", ["1:5 yaml-syntax"]),
        ("a:\n  - b\n c: d\n", ["3:2 yaml-syntax"]),
        ("a: [1\nb: c\n", ["2:2 yaml-syntax"]),
        ("a:\n\tb: c\n", ["2:1 yaml-syntax"]),
        ("a: @b\n", ["1:4 yaml-syntax"]),
        ('a: "\\q"\n', ["1:5 yaml-syntax"]),
        ('a: "\\ud83d\\ude00"\n', ["1:7 yaml-syntax"]),
        ("hosts: *.example.com\n", ["1:9 yaml-syntax"]),
        ("a: *nowhere\n", ["1:4 yaml-syntax"]),
        ("a: &x b\nc: &x d\n", ["2:4 yaml-syntax"]),
        ("%YAML 1.3\n---\na: b\n", ["1:1 yaml-syntax"]),
        ("a: {<<: b}\n", ["1:9 yaml-syntax"]),
        ("? " + "k" * 1200 + "\n: v\n", ["1:3 yaml-syntax"]),
        # one reader accepts these, the other does not, or reads something else
        ('a: "x"#c\n', ["1:7 yaml-syntax"]),
        ("a: b\nc:\td\n", ["2:4 yaml-syntax"]),
        ("a:\n  {b: |2\n    c}\n", ["2:7 yaml-syntax"]),
        ("a: b\n  : c\n", ["2:3 yaml-syntax"]),
    ],
)
def test_a_document_with_a_mistake_is_refused_where_it_is(text: str | bytes, expected: list[str]) -> None:
    assert places(text) == expected


def test_all_findings_of_a_document_are_said_at_once_even_before_an_error_of_syntax() -> None:
    assert places("a: no\nb: 012\nb: c\nd: 'x\n") == [
        "1:4 ambiguous-scalar",
        "2:4 ambiguous-scalar",
        "3:1 duplicate-key",
        "4:4 yaml-syntax",
    ]


@pytest.mark.parametrize("text", ["a: " + "[" * 5_000, "- " * 100_000, "a: " + "{a: " * 5_000, "? " * 50_000])
def test_a_document_that_is_too_deep_is_refused_before_any_reader_crashes(text: str) -> None:
    assert {each.code for each in findings(text)} <= {"too-deep", "yaml-syntax"}


def test_depth_is_allowed_as_far_as_people_go() -> None:
    text = "a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "\n"

    assert parse("p.yaml", text, FilesInMemory()).data["a"] is not None


def test_a_duplicate_key_is_named_with_the_line_of_the_first_and_without_values() -> None:
    (finding,) = findings("password: hunter2\nother: 1\npassword: hunter3\n")

    assert finding.message == "the key 'password' is there twice"
    assert finding.hint == "the first is on line 1: keep one of them"


def test_an_ambiguous_word_is_named_with_both_its_readings() -> None:
    (finding,) = findings("a: off\n")

    assert finding.message == "'off' is a boolean in YAML 1.1 and a string in YAML 1.2"
    assert finding.hint == 'write "off" for the text, or false for the boolean'
    assert finding.at.length == 3


@pytest.mark.parametrize(
    "value", ["0123456789", "1_234_567", "12345e67", "98765432109876543210", "1999-12-31", "1:23:45"]
)
def test_an_ambiguous_number_is_never_repeated(value: str) -> None:
    (finding,) = findings(f"password: {value}\n")

    assert value not in f"{finding} {finding.hint}"
    assert finding.at.length == len(value)


@pytest.mark.parametrize(
    "text", ["s: 'hunter2\n", "s: hunter2: x\n", 's: "hunter2"x\n', 's: "hunter2"#x\n', "s: !hunter hunter2\n"]
)
def test_no_finding_repeats_a_value(text: str) -> None:
    assert all("hunter2" not in f"{each} {each.hint}" for each in findings(text))


def test_a_key_that_is_a_number_is_named() -> None:
    (finding,) = findings("ports: {8080: x}\n")

    assert finding.message == "the key '8080' is a number, expected text"
    assert finding.hint == 'quote it: "8080"'


def test_a_message_stays_on_one_line_whatever_the_key() -> None:
    (finding,) = findings('"a\\nb": 1\n"a\\nb": 2\n')

    assert finding.message == r"the key 'a\nb' is there twice"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 'x\n", "a quoted text that begins here has no end"),
        ("a: [b\n", "a list in brackets is not closed; it began on line 1"),
        ("a: }\n", "a value may not begin with '}'"),
        ("a: 'b' c\n", "something stands behind a value that has ended"),
        ("a:\tb\n", "a tab stands where YAML wants spaces"),
        ("\ta: b\n", "a tab stands where YAML wants spaces"),
        ("a: 'b'#c\n", "readers of YAML disagree about what stands here"),
    ],
)
def test_an_error_of_syntax_is_said_in_plain_words(text: str, message: str) -> None:
    assert [each.message for each in findings(text)] == [message]
