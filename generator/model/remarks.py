"""Warnings, kept such that they can be said again after an edit elsewhere in their texts.

A text is a row of parts: what stands before its first piece, that piece, what stands between the first two, and so on
(`model/pieces.py`). A remark knows its line from the beginning of its part, so it is right for as long as that part is
the same, however much longer another one becomes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.source import Position

Beginnings: TypeAlias = Mapping[str, Sequence[int]]
"""By file, the lines in which its parts begin, in order; a file that is not among them is one part."""

_UNDIVIDED = (1,)


class Remark(Struct, frozen=True, array_like=True):
    """A warning in one *part* of *file*: *line* counts from 0 there; the others are those of a finding."""

    file: str
    part: int
    line: int
    column: int
    length: int
    code: str
    message: str
    hint: str


class Remarks(Struct, kw_only=True):
    """What a compilation warned of.

    Attributes:
        of_owners: By owner, what its description alone gave rise to.
        of_units: By unit of a microservice, what its objects gave rise to.
        around: What else was found before anything was rendered.
        beyond: What else was found then: in the objects of other units, and in what objects want of each other.
    """

    of_owners: dict[str, list[Remark]] = field(default_factory=dict)
    of_units: dict[str, list[Remark]] = field(default_factory=dict)
    around: list[Remark] = field(default_factory=list)
    beyond: list[Remark] = field(default_factory=list)


def _remark_on(finding: Diagnostic, beginnings: Beginnings) -> Remark:
    at = finding.at
    lines = beginnings.get(at.file, _UNDIVIDED)
    part = max(0, bisect_right(lines, at.line) - 1)
    return Remark(
        at.file, part, at.line - lines[part], at.column, at.length, finding.code, finding.message, finding.hint
    )


def remarks_on(findings: Iterable[Diagnostic], beginnings: Beginnings) -> list[Remark]:
    """Return what is kept of each of *findings*, warnings about texts whose parts begin there."""
    return [_remark_on(each, beginnings) for each in findings]


def said_again(remarks: Iterable[Remark], beginnings: Beginnings) -> list[Diagnostic]:
    """Return the warnings that *remarks* are about, where they stand by now."""
    return [_said_again(each, beginnings) for each in remarks]


def _said_again(remark: Remark, beginnings: Beginnings) -> Diagnostic:
    line = beginnings.get(remark.file, _UNDIVIDED)[remark.part] + remark.line
    at = Position(remark.file, line, remark.column, remark.length)
    return Diagnostic(remark.code, remark.message, at, remark.hint, Severity.WARNING)
