"""Findings as they are kept of a run, and said again by one that would come to the same."""

from typing import TYPE_CHECKING, Any

from generator.adapters.record import Record

if TYPE_CHECKING:  # a run with nothing to say needs none of it
    from generator.model.diagnostics import Diagnostic


def arguments_of(finding: "Diagnostic") -> list[Any]:
    """Return what is kept of *finding*, such that `findings_of` makes it again."""
    at = finding.at
    return [
        finding.code,
        finding.message,
        [at.file, at.line, at.column, at.length],
        finding.hint,
        str(finding.severity),
    ]


def findings_of(record: Record) -> "list[Diagnostic]":
    """Return what the run of *record* found."""
    if not record.warnings:
        return []
    from generator.model.diagnostics import Diagnostic, Severity
    from generator.model.source import Position

    return [
        Diagnostic(code, message, Position(*at), hint, Severity(severity))
        for code, message, at, hint, severity in record.warnings
    ]
