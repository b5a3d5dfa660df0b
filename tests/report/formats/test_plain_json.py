import json

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.source import Position
from generator.report.formats.plain_json import document


def test_a_program_reads_every_part_of_a_finding() -> None:
    at = Position("platform.yaml", 14, 9, 7)
    finding = Diagnostic("unknown-key", "unknown key 'replica'", at, "did you mean 'replicas'?", Severity.WARNING)

    assert json.loads(document([finding])) == {
        "version": 1,
        "findings": [
            {
                "code": "unknown-key",
                "severity": "warning",
                "message": "unknown key 'replica'",
                "hint": "did you mean 'replicas'?",
                "file": "platform.yaml",
                "line": 14,
                "column": 9,
                "length": 7,
                "documentation": "docs/findings/unknown-key.md",
            }
        ],
    }


def test_no_findings_are_a_document_as_well() -> None:
    assert json.loads(document([])) == {"version": 1, "findings": []}
