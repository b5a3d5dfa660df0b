"""When each value of a sealed file was last changed: comments above `stringData`, where git can see them.

```yaml
# changed: DB_PASSWORD 2026-11-23 p3BEYfasWJGP
stringData:
    DB_PASSWORD: ENC[AES256_GCM,data:…,iv:p3BEYfasWJGP…,tag:…,type:str]
```

SOPS keeps comments there through `set`, `edit` and `rotate`, and no code covers them. The last word begins the value's
initialisation vector: SOPS makes a new one for a new value, and uses it again for an unchanged one, also under a new
data key. So a date whose vector is not (or no longer) that of the value was overtaken by plain `sops edit`; then the
file's own `lastmodified` is what is known.
"""

import re
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from generator.model.lazy_pattern import lazy_pattern
from generator.model.sealed import SealedSource

MARK = 12
"""How many characters of a value's initialisation vector a record holds."""

_LINE = lazy_pattern(
    r"^# changed: (?P<key>[-._a-zA-Z0-9]+) (?P<date>\d{4}-\d\d-\d\d) (?P<iv>[A-Za-z0-9+/]{12})\n",
    re.MULTILINE | re.ASCII,
)
_START = lazy_pattern(r"^stringData:", re.MULTILINE)
_IV = lazy_pattern(r"^ENC\[AES256_GCM,data:[^,\]]*,iv:([A-Za-z0-9+/]+=*),")


class Change(Struct, frozen=True):
    """One value's last change: the day, in UTC, and the first `MARK` characters of the vector that it got then."""

    date: date
    iv: str


def iv_of(ciphertext: str) -> str:
    """Return the initialisation vector, in base64, of a value as SOPS sealed it; empty where it is no sealed value."""
    found = _IV.match(ciphertext)
    return found[1] if found else ""


def read_record(text: str) -> dict[str, Change]:
    """Return what the comments of a sealed file, its lines ending in line feeds, say of each key."""
    record = {}
    for found in _LINE.finditer(_head(text)):
        try:
            record[found["key"]] = Change(date.fromisoformat(found["date"]), found["iv"])
        except ValueError:  # no such day: a person's comment
            continue
    return record


def with_record(text: str, record: Mapping[str, Change]) -> str:
    """Return the sealed file *text* with *record* in place of the one that it has; other comments stay where they are.

    Raises:
        ValueError: When *text* has no `stringData`.
    """
    start = _START.search(text)
    if start is None:
        raise ValueError("no stringData")
    lines = (f"# changed: {key} {change.date} {change.iv}\n" for key, change in sorted(record.items()))
    return _LINE.sub("", text[: start.start()]) + "".join(lines) + text[start.start() :]


def recorded(after: SealedSource, before: SealedSource | None, today: date) -> str:
    """Return the text of *after* with a record of every key: *today* where its value is not what *before* had.

    A value that did not change keeps its date; where nothing recorded one, that is the day when *before* was sealed.

    Args:
        after: The file as SOPS wrote it.
        before: The file as it was, None where there was none.
        today: The day in UTC.
    """
    dates = {} if before is None else dates_of(before)
    vectors = {} if before is None else vectors_of(before)
    return with_record(
        after.text,
        {
            key: Change(dates.get(key, today) if vectors.get(key) == iv else today, iv[:MARK])
            for key, iv in vectors_of(after).items()
        },
    )


def dates_of(source: SealedSource) -> dict[str, date]:
    """Return the day of each key's last change, in UTC, as far as it is known."""
    record = read_record(source.text)
    sealed = _day(source.lastmodified)
    dates = {}
    for key, iv in vectors_of(source).items():
        change = record.get(key)
        day = change.date if change is not None and change.iv == iv[:MARK] else sealed
        if day is not None:
            dates[key] = day
    return dates


def vectors_of(source: SealedSource) -> dict[str, str]:
    """Return the initialisation vector of each sealed value, in base64, by its key; also of a file with findings."""
    values = source.body.get("stringData")
    if not isinstance(values, dict):
        return {}
    vectors = {key: iv_of(value) for key, value in values.items() if isinstance(key, str) and isinstance(value, str)}
    return {key: iv for key, iv in vectors.items() if iv}


def _day(lastmodified: str) -> date | None:
    """Return the day of what SOPS wrote, which is in UTC."""
    try:
        return date.fromisoformat(lastmodified[:10])
    except ValueError:
        return None


def _head(text: str) -> str:
    start = _START.search(text)
    return text[: start.start()] if start else ""
