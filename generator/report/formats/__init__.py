"""Findings as programs read them: one module a format, and the list of them."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

from generator.model.diagnostics import Diagnostic
from generator.model.source import Json

FORMATS = ("json", "github", "gitlab", "azure", "sarif", "junit")
"""The formats, and the names of their modules, which are imported when somebody asks for one."""

NOTHING_ELSE: Mapping[str, Json] = MappingProxyType({})


def rendered(
    form: str, findings: Iterable[Diagnostic], above: str = "", members: Mapping[str, Json] = NOTHING_ELSE
) -> str:
    """Return *findings* in the format *form*, one of `FORMATS`.

    Args:
        form: The format.
        findings: In the order in which to say them, files as the current folder calls them.
        above: What leads to the current folder from the root of the repository, for formats whose reader starts
            there: empty, or ending in a slash.
        members: What else there is to tell; only JSON has room for it.

    Returns:
        Lines that end in a newline, or nothing where a format has nothing to say.
    """
    if form == "json":
        from generator.report.formats.plain_json import document

        return document(findings, **members)
    render: Callable[[Iterable[Diagnostic], str], str] = import_module(f"generator.report.formats.{form}").rendered
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
