"""Findings as one JSON document."""

import json
from collections.abc import Iterable, Mapping

from generator.model.diagnostics import Diagnostic
from generator.model.source import Json
from generator.report.formats import page


def document(findings: Iterable[Diagnostic], **more: Json) -> str:
    """Return *findings* as one JSON document, ending in a newline.

    Its shape: `{"version": 1, "findings": [{code, severity, message, hint, file, line, column, length,
    documentation}]}`. *line* and *column* count from 1, *hint* may be empty, *documentation* is the page
    about the code in platformc's own project. Members may join a *version*; none leaves it.

    Args:
        findings: In the order in which to say them, files as the current folder calls them.
        more: Further members of the document.
    """
    members = {"version": 1, "findings": [_finding(each) for each in findings], **more}
    return json.dumps(members, indent=2) + "\n"


def _finding(each: Diagnostic) -> Mapping[str, Json]:
    return {
        "code": each.code,
        "severity": str(each.severity),
        "message": each.message,
        "hint": each.hint,
        "file": each.at.file,
        "line": each.at.line,
        "column": each.at.column,
        "length": each.at.length,
        "documentation": page(each.code),
    }
