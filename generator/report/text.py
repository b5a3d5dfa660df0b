"""Findings as a person reads them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from generator.model.diagnostics import Diagnostic, Severity, printable
from generator.report.amount import plural
from generator.report.excerpt import COLUMNS, excerpt, lines_of
from generator.report.paint import Ink, painted

Sources = Callable[[str], str | None]
"""Reads the text of a file that a finding names; None where there is none to show."""

_WHOLE = frozenset(
    {"foreign-file", "hand-edited-file", "stale-file", "unreadable-file", "unscanned-file", "unwritable-file"}
)
"""The codes that are about a file as a whole: its first line would tell nobody anything."""

_INK = {Severity.ERROR: Ink.RED, Severity.WARNING: Ink.YELLOW}


def render_text(findings: Iterable[Diagnostic], sources: Sources, *, coloured: bool = False) -> str:
    """Return each of *findings* with the line that it points at, its hint, and at the end how many there are.

    Args:
        findings: In the order in which to say them.
        sources: Where the lines come from. Asked once for each file.
        coloured: Use colours, for a terminal.

    Returns:
        Lines that end in a newline; an empty text where there are no findings.
    """
    texts: dict[str, Sequence[str]] = {}
    lines: list[str] = []
    counted: list[Diagnostic] = []
    for each in findings:
        if each.at.file not in texts:
            texts[each.at.file] = lines_of(sources(each.at.file) or "")
        lines.extend(_finding(each, texts[each.at.file], coloured=coloured))
        counted.append(each)
    if not counted:
        return ""
    return "\n".join([*lines, count(counted)]) + "\n"


def count(findings: Iterable[Diagnostic]) -> str:
    """Return how many *findings* there are of each severity, as `3 errors, 1 warning`."""
    severities = [each.severity for each in findings]
    present = [severity for severity in Severity if severity in severities]
    return ", ".join(plural(severities.count(severity), str(severity)) for severity in present)


def _finding(each: Diagnostic, source: Sequence[str], *, coloured: bool) -> Iterator[str]:
    ink = _INK[each.severity]
    severity = painted(f"{each.severity}:", ink, coloured=coloured)
    place = painted(f"{printable(str(each.at))}:", Ink.BOLD, coloured=coloured)
    yield f"{place} {severity} {each.message} {painted(f'[{each.code}]', Ink.DIM, coloured=coloured)}"
    margin = " " * len(str(each.at.line))
    line = None if each.code in _WHOLE else excerpt(each, source, COLUMNS - len(margin) - 3)
    if line is not None:
        yield f"{margin} |"
        yield f"{each.at.line} | {line.text}"
        carets = line.carets.lstrip()
        indent = line.carets.removesuffix(carets)
        yield f"{margin} | {indent}{painted(carets, ink, coloured=coloured)}"
    if each.hint:
        yield f"{margin} = {painted('hint:', Ink.CYAN, coloured=coloured)} {each.hint}"
