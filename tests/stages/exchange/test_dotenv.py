"""Dotenv files: what every reader takes alike is read, and the rest is refused at its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.stages.exchange.dotenv import read_dotenv, write_dotenv


def values(text: str) -> dict[str, str]:
    reading = read_dotenv(".env", text)
    assert reading.findings == ()
    return {each.key: each.value for each in reading.entries}


def refusals(text: str) -> list[str]:
    reading = read_dotenv(".env", text)
    assert reading.entries == ()
    assert "canary" not in str(reading.findings)
    return [f"{each.at.line}:{each.at.column}: {each.message}" for each in reading.findings]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=one", "one"),
        ("export A=one", "one"),
        ("  A = one two  ", "one two"),
        ("A=one # a comment", "one"),
        ("A=Server=tcp:db,1433;Password=x", "Server=tcp:db,1433;Password=x"),
        ("A=c:\\folder", "c:\\folder"),
        ("A=it's", "it's"),
        ("A=", ""),
        ('A=""', ""),
        ("A='pa$$word # `x` \\n'", "pa$$word # `x` \\n"),
        ("A='one'   # a comment", "one"),
        ('A="a\\nb\\t\\"c\\" \\\\ \\$d \\`e\\`"', 'a\nb\t"c" \\ $d `e`'),
        ('A="# no comment"', "# no comment"),
        ('A="one\ntwo\n"', "one\ntwo\n"),
        ("A='one\ntwo'", "one\ntwo"),
        ('A="one\r\ntwo"\r\n', "one\ntwo"),
        ("\ufeffA=one", "one"),
    ],
)
def test_a_value_is_read_as_everybody_reads_it(line: str, value: str) -> None:
    assert values(line) == {"A": value}


def test_comments_and_blank_lines_are_passed_over() -> None:
    assert values("\n# A=no\n   \nB=yes\n\t# end\n") == {"B": "yes"}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("A=canary$HOME", "1:9: the value of 'A' holds a '$' or '`', which some readers replace by something else"),
        ('\nA="canary\n $x"', "3:2: the value of 'A' holds a '$' or '`', which some readers replace by something else"),
        ("A=`canary`", "1:3: the value of 'A' holds a '$' or '`', which some readers replace by something else"),
        ("A=cana#ry", "1:7: the value of 'A' holds a '#' that some readers take for the beginning of a comment"),
        ("A=#canary", "1:3: the value of 'A' holds a '#' that some readers take for the beginning of a comment"),
        ('A="cana\\ry\\x"', "1:11: the value of 'A' holds a backslash before a character that needs none"),
        ("A='canary\\'", "1:10: the value of 'A' ends in a backslash, which some readers take as part of the quote"),
        ('A="canary', "1:3: the quote before the value of 'A' is not closed"),
        ('A="x"canary', "1:6: something follows the closing quote of 'A'"),
        ("A='x'#canary", "1:6: something follows the closing quote of 'A'"),
        ("A: canary", "1:1: the line is neither a comment nor NAME=VALUE"),
        ("export canary", "1:8: the line is neither a comment nor NAME=VALUE"),
        ("A=cana\x00ry", "1:7: the value of 'A' holds a control character"),
        ("A=1\nB=2\nA=canary", "3:1: the key 'A' is there twice"),
    ],
)
def test_what_readers_take_differently_is_refused_at_its_place(text: str, refusal: str) -> None:
    assert refusals(text) == [refusal]


def test_all_refusals_of_a_file_are_said_at_once_and_what_is_inside_quotes_is_no_line() -> None:
    assert [each.partition(": ")[0] for each in refusals('A=$x\nB="$y\nC=canary\n"\nno\n')] == ["1:3", "2:4", "5:1"]


def test_what_follows_an_open_quote_is_not_looked_at() -> None:
    assert len(refusals('A="-----BEGIN\ncanary=\n-----END\n')) == 1


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z0-9._-]{1,9}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\r\t")),
    )
)
def test_what_is_written_is_read_back(given_values: dict[str, str]) -> None:
    assert values(write_dotenv(given_values.items())) == given_values


def test_a_value_that_no_dotenv_file_can_hold_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"\ABINARY\Z"):
        write_dotenv([("BINARY", "can\x00ary")])
