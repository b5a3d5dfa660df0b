"""What templates printed, read back as data."""

from collections.abc import Mapping
from typing import Any

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Json, Position
from generator.stages.parse.stream import parse_stream
from generator.stages.render.rendering import Rendered


def read_rendered(rendered: list[Rendered]) -> list[Any]:
    """Return the data of rendered documents: read quickly where a built-in template printed it, else with suspicion.

    One that says nothing is None.

    Raises:
        CompileError: With what is wrong with a document, as `template-error` or with the code of its fault.
    """
    import yaml_rs

    if not rendered:
        return []
    if all(each.trusted for each in rendered):
        bodies: Any = yaml_rs.loads("---\n".join(each.text for each in rendered), parse_datetime=False)
        return bodies if len(rendered) > 1 else [bodies]
    return [_read_carefully(each) for each in rendered]


def _read_carefully(rendered: Rendered) -> Any:
    """Return the data of the document in *rendered*, None where it says nothing."""
    try:
        documents = parse_stream(rendered.template, rendered.text.encode())
    except CompileError as error:
        raise CompileError(_about_template(each, rendered) for each in error.diagnostics) from error
    if len(documents) > 1:
        message = "what the template prints does not come apart into its documents"
        hint = "write '---' between them, alone on its line"
        raise CompileError([Diagnostic("template-error", message, Position(rendered.template), hint)])
    return documents[0].data if documents else None


def header_data(header: Rendered) -> Mapping[str, Json]:
    """Return the data of the metadata of a sealed Secret: the sealed values follow, and are no template's.

    Raises:
        CompileError: When there is more, or less (`template-error`).
    """
    (body,) = read_rendered([header])
    if body is None or body.keys() - {"apiVersion", "kind", "metadata", "type", "immutable"}:
        message = "the template of a Secret prints its apiVersion, kind, metadata and type, and nothing else"
        hint = "the sealed values are added behind it"
        raise CompileError([Diagnostic("template-error", message, Position(header.template), hint)])
    found: Mapping[str, Json] = body
    return found


def _about_template(finding: Diagnostic, rendered: Rendered) -> Diagnostic:
    message = f"line {finding.at.line} of what the template prints: {finding.message}"
    return Diagnostic(finding.code, message, Position(rendered.template), finding.hint, finding.severity)
