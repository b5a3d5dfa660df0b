"""Findings as a Code Quality report of GitLab, which shows them in the merge request.

Format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.source import Json
from generator.report.formats import place

_SEVERITIES = {Severity.ERROR: "blocker", Severity.WARNING: "minor"}


def rendered(findings: Iterable[Diagnostic], above: str = "") -> str:
    """Return *findings* as a JSON list of `{description, check_name, fingerprint, severity, location}`."""
    return json.dumps(list(_issues(findings, above)), indent=2) + "\n"


def _issues(findings: Iterable[Diagnostic], above: str) -> Iterator[dict[str, Json]]:
    alike: Counter[tuple[str, str, str]] = Counter()
    for each in findings:
        # GitLab takes findings with one fingerprint for one. The line is left out, so that a finding that moved is no
        # new one; several that are alike are told apart by counting.
        same = (each.code, each.at.file, each.message)
        fingerprint = sha256(repr((*same, alike[same])).encode()).hexdigest()
        alike[same] += 1
        yield {
            "description": each.message + (f" (hint: {each.hint})" if each.hint else ""),
            "check_name": each.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[each.severity],
            "location": {"path": place(each.at.file, above), "lines": {"begin": each.at.line}},
        }
