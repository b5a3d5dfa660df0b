"""Whether the output folder is one of its own: what is compiled must not lie among what it is compiled from."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from generator.model.diagnostics import Diagnostic
from generator.model.platform import Platform
from generator.model.sealed_place import FOLDER
from generator.model.source import Document

_HINT = "name a folder that holds nothing else, as in `output: { directory: deploy }`"


def output_findings(platform: Platform, sources: Iterable[PurePosixPath], document: Document) -> Iterator[Diagnostic]:
    """Yield `output-in-sources` for an output folder that holds sources, or lies among them.

    The document's own folder may be the output folder: the output has folders of its own there.

    Args:
        platform: The platform.
        sources: The files that were read for it.
        document: The document.
    """
    directory = PurePosixPath(platform.directory)
    if directory == PurePosixPath():
        return
    inside = sorted(str(each) for each in sources if each.is_relative_to(directory))
    if inside:
        message = f"the output folder '{platform.directory}' holds '{inside[0]}', which the document is made of"
    elif directory.is_relative_to(FOLDER):
        message = f"the output folder '{platform.directory}' lies in '{FOLDER}', where sealed files are kept"
    elif platform.templates and directory.is_relative_to(platform.templates):
        message = f"the output folder '{platform.directory}' lies in '{platform.templates}', where templates are kept"
    else:
        return
    yield Diagnostic("output-in-sources", message, document.locate(("output", "directory"), value=True), _HINT)
