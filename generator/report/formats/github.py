"""Findings as workflow commands of GitHub Actions, which become annotations on the change.

Format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. GitHub shows ten of each
severity for a step; the log has all of them.
"""

from collections.abc import Iterable

from generator.model.diagnostics import Diagnostic
from generator.report.formats import place


def rendered(findings: Iterable[Diagnostic], above: str = "") -> str:
    """Return a line for each of *findings*: `::error file=…,line=…,col=…,endColumn=…,title=…::…`."""
    return "".join(f"{_command(each, above)}\n" for each in findings)


def _command(finding: Diagnostic, above: str) -> str:
    at = finding.at
    properties = {
        "file": place(at.file, above),
        "line": str(at.line),
        "col": str(at.column),
        "endColumn": str(at.column + max(at.length, 1)),
        "title": finding.code,
    }
    words = finding.message + (f"\nhint: {finding.hint}" if finding.hint else "")
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{finding.severity} {listed}::{_data(words)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
