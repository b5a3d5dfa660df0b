"""What is known of a platform before anything is rendered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.json import decode
from msgspec.structs import replace

from generator.model.diagnostics import CompileError, Diagnostic, has_errors
from generator.model.inputs import Files
from generator.model.ledger import Ledger, Notes
from generator.model.platform import Environment, Platform
from generator.model.source import Document, Path
from generator.model.unit import Unit

if TYPE_CHECKING:  # a run that resolves nothing needs none of it
    from generator.stages.resolve.draft import Part

_AMBIGUOUS = "name-taken"
"""The finding that a name means two things: whose value would be sealed?"""


class Inputs(Struct, frozen=True, kw_only=True):
    """All that a compilation depends on.

    Attributes:
        name: The document's file name, as findings name it; its folder is the project.
        text: The document.
        files: The project's other files.
        read_schema: Reads one file of the distribution's schemas, by its path there.
        templates: The distribution's templates, by their path.
        elsewhere: What is compiled goes elsewhere: what stands in the output folder is read like any other file.
    """

    name: str
    text: bytes
    files: Files
    read_schema: Callable[[str], bytes]
    templates: Mapping[str, str]
    elsewhere: bool = False


class Front(Struct, frozen=True):
    """What the stages before rendering found out, whether or not a value is sealed.

    Attributes:
        document: The document, which knows where everything stands.
        platform: What it describes.
        warnings: What was found that does not stop the compiler.
        of_units: Those of them that one microservice alone gives rise to, by the name of its unit.
        sops_config: The `.sops.yaml` that its recipients ask for, None where it names nobody.
        read: What the document is made of, beside its own text.
    """

    document: Document
    platform: Platform
    warnings: list[Diagnostic]
    of_units: Mapping[str, Sequence[Diagnostic]]
    sops_config: bytes | None
    read: Notes

    def around(self) -> list[Diagnostic]:
        """Return the warnings that are not about one microservice alone."""
        owned = {id(each) for those in self.of_units.values() for each in those}
        return [each for each in self.warnings if id(each) not in owned]


def sops_config_of(inputs: Inputs) -> bytes | None:
    """Return the `.sops.yaml` that the document's recipients ask for, None where it names nobody.

    Sealed values may be missing: it is what they are sealed with.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    return front_of(inputs).sops_config


def read_document(inputs: Inputs, ledger: Ledger) -> tuple[Document, dict[str, Any]]:
    """Return the document of *inputs*, valid, and the schema that it is valid against.

    Raises:
        CompileError: With everything that is wrong with it.
    """
    from generator.stages.parse import parse
    from generator.stages.validate import validate

    schema = schema_of(inputs)
    document = parse(inputs.name, inputs.text, ledger)
    validate(document, schema)
    return document, schema


def schema_of(inputs: Inputs) -> dict[str, Any]:
    """Return the schema that the document of *inputs* is to be valid against."""
    schema: dict[str, Any] = decode(inputs.read_schema("platform.schema.json"))
    return schema


def front_to_seal(inputs: Inputs) -> Front:
    """Return what whoever seals values has to know of a document, whatever else keeps it from compiling.

    Its recipients may be wrong or missing: `refuse_wrong_recipients` says so where somebody seals to them.

    Raises:
        CompileError: When it cannot be read, or when a name means two things.
    """
    from generator.model.findings import Findings
    from generator.stages.check.names import check_names
    from generator.stages.resolve import resolve_regardless
    from generator.stages.seal.sops_config import platform_sops_config

    ledger = Ledger(inputs.files)
    document, schema = read_document(inputs, ledger)
    read = ledger.taken()
    platform, found = resolve_regardless(document, schema, ledger)
    findings = Findings(document, found)
    check_names(platform, findings)
    ambiguous = [each for each in findings.found if each.code == _AMBIGUOUS]
    if ambiguous:
        raise CompileError(ambiguous)
    return Front(document, platform, [], {}, platform_sops_config(platform), read)


def refuse_wrong_recipients(front: Front, subjects: Iterable[Unit]) -> None:
    """Refuse to seal to nobody, or to what is no recipient.

    Args:
        front: What the document describes.
        subjects: Whose values are to be sealed.

    Raises:
        CompileError: With what is wrong with their recipients.
    """
    from generator.model.drift import wanted_recipients
    from generator.stages.seal.recipient_syntax import environment_recipient_findings

    found: list[Diagnostic] = []
    seen: set[Path] = set()
    for unit in subjects:
        environments = [unit.environment] if unit.environment is not None else unit.application.environments
        for environment in environments:
            if environment.path not in seen:
                seen.add(environment.path)
                found += environment_recipient_findings(environment, front.document)
        if not wanted_recipients(unit):
            found.append(_no_recipients(unit, environments[0], front.document))
    if found:
        raise CompileError(found)


def _no_recipients(unit: Unit, environment: Environment, document: Document) -> Diagnostic:
    of_all = f"no environment of '{unit.name}' has recipients"
    message = of_all if unit.environment is None else f"environment '{environment.name}' has no recipients"
    at = document.locate((*environment.path, "name"), value=True)
    return Diagnostic(
        "no-recipients", f"nobody could unseal it: {message}", at, "add `recipients`, as in { age: [age1…] }"
    )


def front_of(inputs: Inputs, layout: str | None = None, ledger: Ledger | None = None) -> Front:
    """Return what a document describes, as far as that is known before its sealed values are.

    Args:
        inputs: All that this depends on.
        layout: `plain` or `kustomize`, whatever the document says.
        ledger: Notes what is read.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    noting = ledger or Ledger(inputs.files)
    document, schema = read_document(inputs, noting)
    return checked(document, schema, noting, layout)


def checked(
    document: Document,
    schema: dict[str, Any],
    ledger: Ledger,
    layout: str | None = None,
    part: "Part | None" = None,
) -> Front:
    """Return what a valid *document* means, in *layout* whatever it says, to all or to *part* of its microservices.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    from generator.stages.check import check
    from generator.stages.seal.recipient_syntax import platform_recipient_findings
    from generator.stages.seal.sops_config import platform_sops_config

    read = ledger.taken()
    platform, warnings = _meaning(document, schema, ledger, part)
    platform = replace(platform, layout=layout or platform.layout)
    said, of_units = check(platform, document)
    warnings += [*said, *platform_recipient_findings(platform, document)]
    if has_errors(warnings):
        raise CompileError(warnings)
    return Front(document, platform, warnings, of_units, platform_sops_config(platform), read)


def _meaning(
    document: Document, schema: dict[str, Any], ledger: Ledger, part: "Part | None"
) -> tuple[Platform, list[Diagnostic]]:
    from generator.stages.check.output import output_findings
    from generator.stages.resolve import resolve

    platform, warnings = resolve(document, schema, ledger, part)
    return platform, [*warnings, *output_findings(platform, ledger.found, document)]
