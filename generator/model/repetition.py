"""One mistake is said once, however many environments it spoils."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec.structs import replace

from generator.model.diagnostics import Diagnostic, in_order
from generator.model.source import Document, Json

_ANY = "…"

_ABOUT_FOLDERS = frozenset({"recipient-drift"})
"""The codes of mistakes that every file of a folder shows: one line of the document mends them all."""

_NAMING_IT = frozenset({"no-host"})
"""The codes whose hint names the environment too: whoever reads one of them knows what to write for the others."""


def said_once(diagnostics: Iterable[Diagnostic], document: Document) -> list[Diagnostic]:
    """Return *diagnostics*, sorted, and of those that differ in nothing but the environment only the first.

    Of files in one folder that are sealed to the wrong people alike, it is the first, too.

    Its message then tells how many there are: a line that every environment shares is to be mended once.

    Args:
        diagnostics: About *document*.
        document: Valid, so that its environments have names.
    """
    found = in_order(diagnostics)
    if not found:
        return []
    names = _environments(document.data)
    alike: dict[object, list[Diagnostic]] = {}
    for each in found:
        at = PurePosixPath(each.at.file).parent if each.code in _ABOUT_FOLDERS else each.at
        hint = names.sub(_ANY, each.hint) if each.code in _NAMING_IT else each.hint
        alike.setdefault((each.code, at, hint, names.sub(_ANY, each.message)), []).append(each)
    return [_first(each) for each in alike.values()]


def _environments(data: Json) -> re.Pattern[str]:
    """Return what matches the name of an environment, also in the lower case in which objects have it."""
    names = {stage["name"] for application in data["applications"] for stage in application["environments"]}
    spellings = {spelling for name in names for spelling in (name, name.lower())}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(spellings)))})\b")


def _first(alike: list[Diagnostic]) -> Diagnostic:
    first, more = alike[0], len(alike) - 1
    if not more:
        return first
    return replace(first, message=f"{first.message} (and {more} more like it)")
