"""Findings as a JUnit report, which most services show as failed tests: one test a file.

Format: the schema of Apache Ant's task, as https://github.com/testmoapp/junitxml describes what services read.
"""

from collections.abc import Iterable
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from generator.model.diagnostics import Diagnostic, has_errors
from generator.report.formats import place


def rendered(findings: Iterable[Diagnostic], above: str = "") -> str:
    """Return *findings* as one suite; a file fails with its errors, warnings are its output.

    Where nothing was found, one test says so: some services take a report without tests for a mistake.
    """
    files = [(file, list(each)) for file, each in groupby(findings, key=lambda finding: finding.at.file)]
    cases = [_case(place(file, above), found) for file, found in files] or ['    <testcase name="findings"/>\n']
    failed = sum(has_errors(found) for _, found in files)
    counts = f'tests="{len(cases)}" failures="{failed}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites {counts}>\n  <testsuite name="platformc" {counts}>\n{"".join(cases)}'
        "  </testsuite>\n</testsuites>\n"
    )


def _case(file: str, findings: list[Diagnostic]) -> str:
    words = "\n".join(f"{each}" + (f"\n  hint: {each.hint}" if each.hint else "") for each in findings)
    if has_errors(findings):
        body = f'<failure message={quoteattr(findings[0].message)} type="finding">{escape(words)}</failure>'
    else:
        body = f"<system-out>{escape(words)}</system-out>"
    return f"    <testcase name={quoteattr(file)} classname={quoteattr(file)}>{body}</testcase>\n"
