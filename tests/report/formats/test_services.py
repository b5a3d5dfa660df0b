"""What the services that run platformc read: annotations, reports."""

import json
from xml.etree import ElementTree as ET

from generator.model.diagnostics import Diagnostic, Severity
from generator.model.source import Position
from generator.report.formats import FORMATS, rendered

ERROR = Diagnostic(
    "unknown-key",
    "unknown key 'a;b]', 100% <sure>",
    Position("a,b/platform.yaml", 14, 9, 7),
    "did you mean 'replicas'?",
)
WARNING = Diagnostic("many-secrets", "there are many", Position("platform.yaml", 2, 1), "", Severity.WARNING)


def test_github_gets_commands_whose_values_cannot_end_them() -> None:
    assert rendered("github", [ERROR, WARNING], "infra/") == (
        "::error file=infra/a%2Cb/platform.yaml,line=14,col=9,endColumn=16,title=unknown-key::"
        "unknown key 'a;b]', 100%25 <sure>%0Ahint: did you mean 'replicas'?\n"
        "::warning file=infra/platform.yaml,line=2,col=1,endColumn=2,title=many-secrets::there are many\n"
    )


def test_azure_gets_commands_whose_values_cannot_end_them() -> None:
    assert rendered("azure", [ERROR], "infra/") == (
        "##vso[task.logissue type=error;sourcepath=infra/a,b/platform.yaml;linenumber=14;columnnumber=9;"
        "code=unknown-key;]unknown key 'a;b]', 100%AZP25 <sure> (hint: did you mean 'replicas'?)\n"
    )


def test_gitlab_gets_a_report_in_which_findings_that_are_alike_stay_apart() -> None:
    again = Diagnostic(ERROR.code, ERROR.message, Position("a,b/platform.yaml", 20), ERROR.hint)
    first, second, third = json.loads(rendered("gitlab", [ERROR, again, WARNING], "infra/"))

    assert first["description"] == "unknown key 'a;b]', 100% <sure> (hint: did you mean 'replicas'?)"
    assert first["location"] == {"path": "infra/a,b/platform.yaml", "lines": {"begin": 14}}
    assert [each["severity"] for each in (first, second, third)] == ["blocker", "blocker", "minor"]
    assert len({each["fingerprint"] for each in (first, second, third)}) == 3


def test_a_finding_that_moved_keeps_its_fingerprint() -> None:
    moved = Diagnostic(ERROR.code, ERROR.message, Position("a,b/platform.yaml", 99), ERROR.hint)

    (before,), (after,) = (json.loads(rendered("gitlab", [each])) for each in (ERROR, moved))

    assert before["fingerprint"] == after["fingerprint"]


def test_sarif_has_a_rule_for_each_code_and_a_place_for_each_result() -> None:
    (run,) = json.loads(rendered("sarif", [ERROR, WARNING]))["runs"]
    first, second = run["results"]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["many-secrets", "unknown-key"]
    assert (first["ruleIndex"], first["level"], second["ruleIndex"], second["level"]) == (1, "error", 0, "warning")
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a%2Cb/platform.yaml"},
                "region": {"startLine": 14, "startColumn": 9, "endColumn": 16},
            }
        }
    ]


def test_junit_has_a_test_for_each_file_that_fails_with_its_errors() -> None:
    (suite,) = ET.fromstring(rendered("junit", [ERROR, WARNING]))  # noqa: S314  (we made it)
    failed, passed = suite

    assert suite.attrib == {"name": "platformc", "tests": "2", "failures": "1"}
    assert failed.attrib["name"] == "a,b/platform.yaml"
    assert failed[0].text is not None
    assert "100% <sure>" in failed[0].text
    assert [each.tag for each in passed] == ["system-out"]


def test_junit_without_findings_is_one_test_that_passes() -> None:
    (suite,) = ET.fromstring(rendered("junit", []))  # noqa: S314  (we made it)

    assert suite.attrib == {"name": "platformc", "tests": "1", "failures": "0"}
    assert list(suite[0]) == []


def test_a_file_outside_the_repository_keeps_its_name() -> None:
    outside = Diagnostic("unknown-key", "no", Position("../../elsewhere.yaml"))

    assert "file=../../elsewhere.yaml," in rendered("github", [outside], "infra/")


def test_every_format_takes_no_findings() -> None:
    for form in FORMATS:
        rendered(form, [])
