from unicodedata import category, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.diagnostics import Diagnostic
from generator.model.source import Position
from generator.report.excerpt import Excerpt, excerpt, lines_of


def shown(line: str, column: int, length: int = 1, *, code: str = "a-code", width: int = 75) -> Excerpt:
    finding = Diagnostic(code, "wrong", Position("platform.yaml", 1, column, length))
    found = excerpt(finding, [line], width)
    assert found is not None
    return found


def columns(character: str) -> int:
    if category(character) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def test_carets_stand_below_what_they_mean() -> None:
    assert shown("head: 3", 1, 4) == ("head: 3", "^^^^")


def test_carets_end_with_the_line() -> None:
    assert shown("head: 3", 7, 400) == ("head: 3", "      ^")


def test_a_place_behind_the_end_of_the_line_has_one_caret() -> None:
    assert shown("head:", 6) == ("head:", "     ^")


def test_a_tab_takes_the_columns_that_it_is_shown_with() -> None:
    assert shown("\thead: 3", 2, 4) == ("    head: 3", "    ^^^^")


def test_wide_characters_take_two_columns() -> None:
    assert shown("名前: x", 5, 1) == ("名前: x", "      ^")


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert (
        shown("a: \x1b[31m\x07\u202e", 1).text == "a: \N{REPLACEMENT CHARACTER}[31m" + "\N{REPLACEMENT CHARACTER}" * 2
    )


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    line = "a" * 5_000 + "WRONG" + "b" * 5_000

    text, carets = shown(line, 5_001, 5, width=60)

    assert text.startswith("…a")
    assert text.endswith("b…")
    assert len(text) == 60
    assert carets == " " * text.index("WRONG") + "^^^^^"


def test_of_a_long_line_whose_beginning_is_wrong_the_beginning_is_shown() -> None:
    text, carets = shown("head: " + "x" * 500, 1, 4, width=40)

    assert text == "head: " + "x" * 33 + "…"
    assert carets == "^^^^"


@given(
    st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), min_size=1, max_size=300),
    st.integers(1, 320),
    st.integers(1, 320),
)
def test_nothing_is_wider_than_the_terminal_and_something_is_pointed_at(line: str, column: int, length: int) -> None:
    found = excerpt(Diagnostic("a-code", "wrong", Position("platform.yaml", 1, column, length)), [line], 40)

    if line.strip():
        assert found is not None
        assert sum(columns(each) for each in found.text) <= 40
        assert "^" in found.carets
        assert len(found.carets) <= 41


@pytest.mark.parametrize(
    "line",
    [
        "          DB_PASSWORD: hunter2hunter2",
        '          "apiKey": "hunter2hunter2",',
        "        env: { LOG: info, DB_PASSWORD: hunter2hunter2 }",
        "        - token: hunter2hunter2",
        "          URL: mongodb://root:hunter2hunter2@mongo:27017",
        "    password=hunter2hunter2",
        "  DB_PASSWORD: { secret: hunter2hunter2 }",
    ],
)
def test_what_may_be_a_secret_is_not_shown_whatever_is_wrong_with_it(line: str) -> None:
    text, carets = shown(line, line.index("hunter2") + 1, 14)

    assert "hunter2" not in text
    assert text.endswith("…")
    assert len(carets) == len(text)


@pytest.mark.parametrize("code", ["secret-looking-value", "plaintext-value", "not-sealed"])
def test_a_finding_about_a_value_shows_its_key_alone(code: str) -> None:
    assert shown("  GREETING: hello", 3, 8, code=code) == ("  GREETING: …", "  ^^^^^^^^")
    assert shown("  GREETING: hello", 13, 5, code=code) == ("  GREETING: …", "            ^")


def test_a_declared_secret_may_be_shown() -> None:
    assert shown("  DB_PASSWORD: { secret: true }", 3, 11).text == "  DB_PASSWORD: { secret: true }"


def test_no_line_of_a_file_below_secrets_is_shown() -> None:
    for file in ("secrets/shop/dev/catalog.yaml", "platforms/acme/secrets/shop/registry.yaml"):
        assert excerpt(Diagnostic("a-code", "wrong", Position(file)), ["stringData: x"], 75) is None


def test_a_line_that_is_not_there_is_not_shown() -> None:
    assert excerpt(Diagnostic("a-code", "wrong", Position("platform.yaml", 9)), ["a: 1"], 75) is None


def test_lines_are_counted_as_editors_count_them() -> None:
    assert lines_of("\ufeffa\r\nb\rc\u2028d\x85e\nf") == ["a", "b", "c\u2028d\x85e", "f"]


def test_how_long_a_secret_may_stay_and_whose_it_is_may_be_seen() -> None:
    line = "DB_PASSWORD: { secret: true, rotateEvery: 90d, owner: team-payments }"

    assert shown(line, 1, 11).text == line
    assert shown("- { name: client.pfx, secret: true, owner: ann }", 1).text.endswith("owner: ann }")


def test_what_is_no_owner_beside_a_secret_is_masked() -> None:
    assert "hunter2" not in shown("DB_PASSWORD: { secret: true, owner: hunter2! }", 1).text
