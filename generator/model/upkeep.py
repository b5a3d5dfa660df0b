"""What the document says about the life of a secret: who changes its value, and how often."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json

_TERM = lazy_pattern(r"([1-9][0-9]{0,3})(d|w|mo|y)")
_MONTHS = 12


class Upkeep(Struct, frozen=True):
    """*every* is a number of days, weeks, months or years, as `90d`, `12w`, `6mo`, `1y`; *owner* a person or a team.

    Either is empty where the document says nothing.
    """

    every: str = ""
    owner: str = ""


def upkeep_of(said: Mapping[str, Json]) -> Upkeep:
    """Return what *said*, a secret variable or file of a valid document, says."""
    return Upkeep(said.get("rotateEvery", ""), said.get("owner", ""))


def due_date(changed: date, every: str) -> date | None:
    """Return the last day on which a value of the day *changed* is not overdue; None where it may stay for ever.

    Months and years are those of the calendar: six months after 31 August is the last day of February.

    Raises:
        ValueError: When *every* is not a term.
    """
    if not every:
        return None
    from calendar import monthrange

    found = _TERM.fullmatch(every)
    if found is None:
        raise ValueError(f"not a term: {every!r}")
    number, unit = int(found[1]), found[2]
    try:
        if unit in {"d", "w"}:
            return changed + timedelta(days=number * (7 if unit == "w" else 1))
        year, month = divmod(changed.month - 1 + number * (_MONTHS if unit == "y" else 1), _MONTHS)
        year += changed.year
        return date(year, month + 1, min(changed.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):  # past the year 9999
        return date.max
