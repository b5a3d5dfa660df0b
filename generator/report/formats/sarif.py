"""Findings as SARIF 2.1.0, which code scanning services and editors read.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

import json
from collections.abc import Iterable
from urllib.parse import quote

from generator import __version__
from generator.model.diagnostics import Diagnostic
from generator.model.source import Json
from generator.report.formats import page, place

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def rendered(findings: Iterable[Diagnostic], above: str = "") -> str:
    """Return *findings* as one run of SARIF, with a rule for each code."""
    found = list(findings)
    codes = sorted({each.code for each in found})
    driver = {"name": "platformc", "version": __version__, "rules": [_rule(code) for code in codes]}
    results = [_result(each, codes.index(each.code), above) for each in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, Json]:
    words = code.replace("-", " ")
    return {"id": code, "shortDescription": {"text": words}, "help": {"text": f"see {page(code)} of platformc"}}


def _result(finding: Diagnostic, rule: int, above: str) -> dict[str, Json]:
    at = finding.at
    region = {"startLine": at.line, "startColumn": at.column, "endColumn": at.column + max(at.length, 1)}
    location = {"artifactLocation": {"uri": quote(place(at.file, above))}, "region": region}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": str(finding.severity),
        "message": {"text": finding.message + (f"\nhint: {finding.hint}" if finding.hint else "")},
        "locations": [{"physicalLocation": location}],
    }
