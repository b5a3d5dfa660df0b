"""Findings as programs read them: one module a format, and the list of them."""

from collections.abc import Callable, Iterable
from importlib import import_module

from generator.model.diagnostics import Diagnostic

FORMATS = {
    "json": "generator.report.formats.plain_json",
    "github": "generator.report.formats.github",
    "gitlab": "generator.report.formats.gitlab",
    "azure": "generator.report.formats.azure",
    "sarif": "generator.report.formats.sarif",
    "junit": "generator.report.formats.junit",
}
"""The module of each format, imported when somebody asks for it; each has a function `rendered`."""


def rendered(form: str, findings: Iterable[Diagnostic], above: str = "") -> str:
    """Return *findings* in the format *form*, one of `FORMATS`.

    Args:
        form: The format.
        findings: In the order in which to say them, files as the current folder calls them.
        above: What leads to the current folder from the root of the repository, for formats whose reader starts
            there: empty, or ending in a slash.

    Returns:
        Lines that end in a newline, or nothing where a format has nothing to say.
    """
    render: Callable[[Iterable[Diagnostic], str], str] = import_module(FORMATS[form]).rendered
    return render(findings, above)


def page(code: str) -> str:
    """Return the page about the findings called *code*, in platformc's own project."""
    return f"docs/findings/{code}.md"


def place(file: str, above: str) -> str:
    """Return *file*, as the current folder calls it, seen from the folder that *above* leads from.

    A file outside of there, or with an absolute path, keeps its name: nothing there could be annotated.
    """
    from posixpath import normpath

    seen = normpath(above + file)
    return file if file.startswith("/") or seen.startswith("../") else seen
