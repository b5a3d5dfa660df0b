"""How long a secret may stay."""

from datetime import date

import pytest

from generator.model.upkeep import due_date


@pytest.mark.parametrize(
    ("changed", "every", "due"),
    [
        (date(2026, 1, 1), "90d", date(2026, 4, 1)),
        (date(2026, 1, 1), "2w", date(2026, 1, 15)),
        (date(2026, 8, 31), "6mo", date(2027, 2, 28)),
        (date(2026, 12, 5), "1mo", date(2027, 1, 5)),
        (date(2024, 2, 29), "1y", date(2025, 2, 28)),
        (date(2026, 1, 1), "9999y", date.max),
        (date(9999, 12, 1), "90d", date.max),
    ],
)
def test_terms_are_those_of_the_calendar(changed: date, every: str, due: date) -> None:
    assert due_date(changed, every) == due


def test_without_a_term_a_value_may_stay_for_ever() -> None:
    assert due_date(date(2026, 1, 1), "") is None


@pytest.mark.parametrize("every", ["90", "0d", "d", "1h", "-1d", "1 d"])
def test_what_is_no_term_is_refused(every: str) -> None:
    with pytest.raises(ValueError, match="not a term"):
        due_date(date(2026, 1, 1), every)
