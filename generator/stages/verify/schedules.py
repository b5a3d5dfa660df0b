"""When a CronJob runs, as github.com/robfig/cron/v3 and Kubernetes read it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from generator.model.lazy_pattern import lazy_pattern

SCHEDULE_EXPECTED = "expected five fields: minute, hour, day of month, month, day of week; or '@hourly', '@daily'"
_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_EVERY = lazy_pattern(r"@every ([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+")
_ZONE_PART = lazy_pattern(r"(?!-)(?!\.{1,2}\Z)[A-Za-z._0-9+-]{1,14}")


class _Bounds(NamedTuple):
    low: int
    high: int
    names: Mapping[str, int]


def _named(words: str, first: int) -> Mapping[str, int]:
    return {word: number for number, word in enumerate(words.split(), start=first)}


_FIELDS = (
    _Bounds(0, 59, {}),
    _Bounds(0, 23, {}),
    _Bounds(1, 31, {}),
    _Bounds(1, 12, _named("jan feb mar apr may jun jul aug sep oct nov dec", 1)),
    _Bounds(0, 6, _named("sun mon tue wed thu fri sat", 0)),
)


@lru_cache(1 << 10)
def is_schedule(text: str) -> bool:
    """Say whether *text* says when to run."""
    if text.startswith("@"):
        return text in _MACROS or _EVERY.fullmatch(text) is not None
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return False
    return all(_is_field(field, bounds) for field, bounds in zip(fields, _FIELDS, strict=True))


@lru_cache(1 << 10)
def is_time_zone(text: str) -> bool:
    """Say whether *text* may name a time zone of the IANA database; which exist, the cluster knows."""
    return text.lower() != "local" and all(_ZONE_PART.fullmatch(part) for part in text.split("/"))


def _is_field(text: str, bounds: _Bounds) -> bool:
    parts = [part for part in text.split(",") if part]
    return bool(parts) and all(_is_range(part, bounds) for part in parts)


def _is_range(text: str, bounds: _Bounds) -> bool:
    span, slash, step = text.partition("/")
    if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
        return False
    low, hyphen, high = span.partition("-")
    if low in {"*", "?"}:
        return True
    first = _number(low, bounds)
    last = _number(high, bounds) if hyphen else first
    return first is not None and last is not None and bounds.low <= first <= last <= bounds.high


def _number(text: str, bounds: _Bounds) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    return bounds.names.get(text.lower())
