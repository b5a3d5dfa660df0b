from generator.model.diagnostics import Diagnostic, Severity
from generator.model.source import Position
from generator.report.text import count, render_text

DOCUMENT = """\
apiVersion: platformc.dev/v1
applications:
  - name: shop
    microservices:
      - name: Catalog
        head: { image: "acme/catalog:1.4.0" }
        env: { LOG: info }
        head2:
          port: 1
        # nine
        # ten
        head3:
          other: 1
          replica: 3
"""


def said(*findings: Diagnostic, text: str = DOCUMENT, coloured: bool = False) -> str:
    return render_text(findings, lambda _file: text, coloured=coloured)


def test_a_finding_shows_its_line_with_carets_below_and_its_hint() -> None:
    at = Position("platform.yaml", 14, 11, 7)
    hint = "did you mean 'replicas'?"
    finding = Diagnostic("unknown-key", "unknown key 'replica' in head of 'Catalog'", at, hint)

    assert said(finding) == (
        "platform.yaml:14:11: error: unknown key 'replica' in head of 'Catalog' [unknown-key]\n"
        "   |\n"
        "14 |           replica: 3\n"
        "   |           ^^^^^^^\n"
        "   = hint: did you mean 'replicas'?\n"
        "1 error\n"
    )


def test_the_last_line_counts_errors_and_warnings() -> None:
    at = Position("platform.yaml", 1, 1, 1)
    errors = [Diagnostic("a-code", f"wrong {number}", at) for number in range(3)]
    warning = Diagnostic("b-code", "odd", at, severity=Severity.WARNING)

    assert said(*errors, warning).endswith("\n3 errors, 1 warning\n")
    assert count([warning, warning]) == "2 warnings"


def test_no_findings_are_no_text() -> None:
    assert said() == ""


def test_a_finding_in_a_file_that_is_not_there_has_no_excerpt() -> None:
    finding = Diagnostic("missing-file", "there is no 'a.json'", Position("a.json"), "make it")

    assert render_text([finding], lambda _file: None) == (
        "a.json:1:1: error: there is no 'a.json' [missing-file]\n  = hint: make it\n1 error\n"
    )


def test_a_finding_about_a_whole_file_has_no_excerpt() -> None:
    finding = Diagnostic("hand-edited-file", "'x' was edited by hand", Position("deploy/x.yaml"))

    assert "|" not in said(finding)


def test_each_file_is_read_once() -> None:
    asked: list[str] = []

    def sources(file: str) -> str:
        asked.append(file)
        return DOCUMENT

    findings = [Diagnostic("a-code", f"wrong {line}", Position("platform.yaml", line)) for line in (1, 2, 3)]

    render_text(findings, sources)

    assert asked == ["platform.yaml"]


def test_colours_are_there_when_asked_for_and_only_then() -> None:
    error = Diagnostic("a-code", "wrong", Position("platform.yaml", 1, 1, 10), "mend it")
    warning = Diagnostic("b-code", "odd", Position("platform.yaml", 2), severity=Severity.WARNING)

    coloured = said(error, warning, coloured=True)
    assert "\x1b[1;31merror:\x1b[0m" in coloured
    assert "\x1b[1;31m^^^^^^^^^^\x1b[0m" in coloured
    assert "\x1b[1;33mwarning:\x1b[0m" in coloured
    assert "\x1b[36mhint:\x1b[0m mend it" in coloured
    assert "\x1b" not in said(error, warning)
