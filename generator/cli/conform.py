"""`platformc conform`: a second opinion on the output as it stands on disk."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from generator.adapters.kubeconform import ConformDocument, Result, conform
from generator.adapters.project import ProjectFiles
from generator.cli.destination import Destination, destination
from generator.cli.formats import with_format
from generator.cli.selection import mending, with_layout, with_output
from generator.cli.session import Refusal, Session, on_a_document, refusals, seen
from generator.cli.status import Status
from generator.model.diagnostics import Diagnostic
from generator.model.lock import LOCK_NAME
from generator.model.refusals import Reason
from generator.model.selection import WHOLE
from generator.model.source import Position
from generator.report.staleness import stale_findings
from generator.report.summary import conforming

if TYPE_CHECKING:  # the compiler costs more to import than help and usage errors may
    from generator.compiler import Compilation

_EPILOG = """\b
Examples:
  platformc conform
  platformc compile && platformc conform
  platformc conform --format json
"""


@click.command("conform", epilog=_EPILOG)
@with_output
@with_layout
@with_format
@on_a_document
def command(session: Session, *, output: str | None, layout: str | None) -> int:
    """Run kubeconform over the output: strictly, offline, with schemas of our own.

    Every *.yaml file below the output folder is judged as it stands on disk, by the
    Kubernetes version of its environment; a sealed Secret as what it will become.
    In the kustomize layout, what `kustomize build` makes of the files is judged.
    Needs kubeconform on the PATH.
    """
    compilation = session.compile(WHOLE, layout)
    place = destination(session.project, compilation, output)
    mend = mending(session.project.given, output, WHOLE, layout)
    if compilation.layout == "kustomize":
        documents = _built(session, place, compilation.directory, mend)
    else:
        documents = list(_documents(place, _versions(place, compilation)))
    if not documents:
        folder = f"{place.prefix}{place.folder}"
        raise click.UsageError(f"there are no manifests below '{folder}'; run this first: {mend}")
    texts = {each.name: each.text for each in documents}
    refused = conform(documents, compilation.schemas)
    session.findings.extend(seen(place.prefix, (_finding(each, texts[each.file]) for each in refused)))
    status = session.report()
    if status is Status.CLEAN:
        session.say(conforming(len(documents), sorted({each.version for each in documents}, key=_age)))
    return status


def _versions(place: Destination, compilation: "Compilation") -> dict[PurePosixPath, str]:
    """Return the Kubernetes version of each file, by where it goes."""
    directory = compilation.directory
    return {place.folder / path.relative_to(directory): version for path, version in compilation.versions.items()}


def _built(session: Session, place: Destination, directory: PurePosixPath, mend: str) -> list[ConformDocument]:
    """Return what the overlays build: as long as they are as compiled, the objects of the plain layout.

    Raises:
        Refusal: When they are not.
    """
    from generator.stages.layout.files import building

    changes, faults = place.inspect()
    if changes.inventory is Reason.MISSING:
        return []
    if changes:
        stale = stale_findings(changes, place.folder / LOCK_NAME, mend)
        raise Refusal(seen(place.prefix, [*faults, *stale]), Status.FINDINGS)
    said = list(session.findings)
    plain = session.compile(WHOLE, layout="plain")
    session.findings[:] = said  # the same things were found twice
    return [
        ConformDocument(str(place.folder / building(path.relative_to(directory))), plain.tree[path].decode(), version)
        for path, version in plain.versions.items()
    ]


def _documents(place: Destination, versions: Mapping[PurePosixPath, str]) -> Iterator[ConformDocument]:
    """Yield every file of manifests; one that was not compiled is judged as its neighbours are."""
    neighbours = {path.parent: version for path, version in versions.items()}
    oldest = min(versions.values(), key=_age, default="")
    with refusals(place.prefix):
        files = ProjectFiles(place.root)
        for path in files.glob(f"{place.folder}/**/*.yaml"):
            if path in place.tree and path not in versions:
                continue  # what kustomize reads, and no API server
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
