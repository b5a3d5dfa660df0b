"""What the units of a platform are compiled with: schemas, its own kinds included, and templates, its own included."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from posixpath import normpath

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files
from generator.model.kubernetes import KubernetesSchemas
from generator.model.leaks import MARKER, leaks
from generator.model.ledger import Ledger
from generator.model.platform import Platform
from generator.model.source import Document, Path, Position
from generator.sealing import Sealing
from generator.stages.parse.stream import parse_stream
from generator.stages.render.rendering import Renderer
from generator.unit_compiler import UnitCompiler


def prepared(
    platform: Platform,
    sealing: Sealing,
    ledger: Ledger,
    templates: Mapping[str, str],
    read_schema: Callable[[str], bytes],
) -> UnitCompiler:
    """Return what compiles the units of *platform*.

    Args:
        platform: What to compile.
        sealing: Where its sealed values come from; brings the document.
        ledger: The project's files, which *sealing* reads too.
        templates: The distribution's own.
        read_schema: Reads one file of the distribution's schemas.

    Raises:
        CompileError: With what is wrong with its CustomResourceDefinitions (`bad-crd`) or the folder of its templates.
    """
    schemas = KubernetesSchemas(read_schema)
    for file in platform.crds:
        definitions = [each.data for each in parse_stream(file.name, file.content)]
        try:
            schemas = schemas.with_crds(definitions)
        except ValueError as error:
            hint = "use the definition as its project publishes it"
            raise CompileError([Diagnostic("bad-crd", str(error), Position(file.name), hint)]) from None
    own = _own_templates(platform.templates, sealing.document, ledger)
    renderer = Renderer(platform, templates, own)
    return UnitCompiler(PurePosixPath(platform.directory), schemas, renderer, sealing, ledger, own)


_SCOPES = ("application/", "environment/", "microservice/")
"""The folders of templates, one for each kind of unit."""


def _own_templates(folder: str, document: Document, files: Files) -> dict[str, str]:
    """Return the text of every template in the platform's *folder*, by its path there."""
    if not folder:
        return {}
    where: Path = ("templates",)
    place = normpath(str(PurePosixPath(document.file_of(where)).parent / folder))
    at = document.locate(where, value=True)
    try:
        paths = files.glob(f"{place}/**/*.j2")
    except ValueError:
        hint = "keep every file in the folder of the platform document, or below it"
        raise CompileError([Diagnostic("outside-project", f"'{folder}' leads out of the project", at, hint)]) from None
    if not paths:
        hint = "templates are called like application/…, environment/… or microservice/….yaml.j2"
        raise CompileError([Diagnostic("glob-without-match", f"no template stands in '{folder}'", at, hint)])
    own = {path.relative_to(place).as_posix(): _text(path, files) for path in paths}
    hint = f"seal it and let a head take it, or write `{{# {MARKER} #}}` beside it if it is none"
    found = [each for name, text in own.items() for each in leaks(f"{place}/{name}", text, "this template", hint)]
    if found:
        raise CompileError(found)
    lost = [name for name in own if not name.startswith(_SCOPES) and not name.rpartition("/")[2].startswith("_")]
    hint = "move it to application/, environment/ or microservice/"
    message = "nothing is rendered through this template"
    if lost:
        raise CompileError(Diagnostic("template-error", message, Position(f"{place}/{name}"), hint) for name in lost)
    return own


def _text(path: PurePosixPath, files: Files) -> str:
    try:
        return (files.read(path) or b"").decode("utf-8")
    except UnicodeDecodeError:
        finding = Diagnostic("not-utf-8", "the template is not UTF-8", Position(str(path)), "save it as UTF-8")
        raise CompileError([finding]) from None
