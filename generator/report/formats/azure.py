"""Findings as logging commands of Azure Pipelines, which become issues of the run.

Format: https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands. Values are escaped as the
agent reads them (microsoft/azure-pipelines-agent, `CommandStringConvertor`).
"""

from collections.abc import Iterable

from generator.model.diagnostics import Diagnostic
from generator.report.formats import place

_ESCAPES = (("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"))
_OF_PROPERTIES = (*_ESCAPES, ("]", "%5D"), (";", "%3B"))


def rendered(findings: Iterable[Diagnostic], above: str = "") -> str:
    """Return a line for each of *findings*: `##vso[task.logissue type=…;sourcepath=…;linenumber=…]…`."""
    return "".join(f"{_command(each, above)}\n" for each in findings)


def _command(finding: Diagnostic, above: str) -> str:
    properties = {
        "type": str(finding.severity),
        "sourcepath": place(finding.at.file, above),
        "linenumber": str(finding.at.line),
        "columnnumber": str(finding.at.column),
        "code": finding.code,
    }
    listed = "".join(f"{name}={_escaped(value, _OF_PROPERTIES)};" for name, value in properties.items())
    hint = f" (hint: {finding.hint})" if finding.hint else ""
    return f"##vso[task.logissue {listed}]{_escaped(finding.message + hint, _ESCAPES)}"


def _escaped(text: str, escapes: Iterable[tuple[str, str]]) -> str:
    for plain, escape in escapes:
        text = text.replace(plain, escape)
    return text
