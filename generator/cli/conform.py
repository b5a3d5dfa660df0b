"""`platformc conform`: a second opinion on the output as it stands on disk."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import click

from generator.adapters.kubeconform import ConformDocument, Result, conform
from generator.adapters.project import ProjectFiles
from generator.cli.destination import Destination, destination
from generator.cli.selection import with_output
from generator.cli.session import Session, on_a_document, refusals, seen, with_format
from generator.cli.status import Status
from generator.model.diagnostics import Diagnostic
from generator.model.selection import Selection
from generator.model.source import Position
from generator.report.summary import conforming

_EPILOG = """\b
Examples:
  platformc conform
  platformc compile && platformc conform
  platformc conform --format json
"""


@click.command("conform", epilog=_EPILOG)
@with_output
@with_format
@on_a_document
def command(session: Session, *, output: str | None) -> int:
    """Run kubeconform over the output: strictly, offline, with schemas of our own.

    Every *.yaml file below the output folder is judged as it stands on disk, by the
    Kubernetes version of its environment; a sealed Secret as what it will become.
    Needs kubeconform on the PATH.
    """
    compilation = session.compile(Selection())
    place = destination(session.project, compilation, output)
    versions = {
        place.folder / path.relative_to(compilation.directory): version
        for path, version in compilation.versions.items()
    }
    documents = list(_documents(place, versions))
    if not documents:
        folder = f"{place.prefix}{place.folder}"
        raise click.UsageError(f"there are no manifests below '{folder}'; run 'platformc compile' first")
    texts = {each.name: each.text for each in documents}
    refused = conform(documents, compilation.schemas)
    session.findings.extend(seen(place.prefix, (_finding(each, texts[each.file]) for each in refused)))
    status = session.report()
    if status is Status.CLEAN:
        session.say(conforming(len(documents), sorted({each.version for each in documents}, key=_age)))
    return status


def _documents(place: Destination, versions: Mapping[PurePosixPath, str]) -> Iterator[ConformDocument]:
    """Yield every file of manifests; one that was not compiled is judged as its neighbours are."""
    neighbours = {path.parent: version for path, version in versions.items()}
    oldest = min(versions.values(), key=_age, default="")
    with refusals(place.prefix):
        files = ProjectFiles(place.root)
        for path in files.glob(f"{place.folder}/**/*.yaml"):
            version = versions.get(path) or neighbours.get(path.parent) or oldest
            text = (files.read(path) or b"").decode("utf-8", "replace")
            yield ConformDocument(str(path), text, version)


def _finding(refused: Result, text: str) -> Diagnostic:
    subject = f"{refused.kind or 'object'} '{refused.name}'" if refused.name else "this file"
    message = f"kubeconform refuses {subject} for Kubernetes {refused.version}: {refused.words}"
    return Diagnostic("nonconforming-object", message, Position(refused.file, _line(refused, text)))


def _line(refused: Result, text: str) -> int:
    """Return the line that names the object, counted from 1; the first where none does."""
    if refused.kind and refused.name:
        kind = re.compile(rf"""^["']?kind["']?:\s*["']?{re.escape(refused.kind)}["']?\s*$""", re.MULTILINE)
        name = re.compile(rf"""^\s+["']?name["']?:\s*["']?{re.escape(refused.name)}["']?\s*$""", re.MULTILINE)
        line = 1
        for part in re.split(r"^(?=---)", text, flags=re.MULTILINE):
            found = name.search(part)
            if found and kind.search(part):
                return line + part.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip()))
            line += part.count("\n")
    return 1


def _age(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
