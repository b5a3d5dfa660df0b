"""From what a document says to what it means: every default and override applied, every reference followed."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from generator.model import names
from generator.model.diagnostics import Diagnostic
from generator.model.findings import Findings
from generator.model.inputs import Files
from generator.model.ledger import seen_by
from generator.model.microservice import Microservice
from generator.model.outline import Outline
from generator.model.platform import Access, Application, Customer, Platform, Registry
from generator.model.source import Document, Json
from generator.stages.resolve.defaults import Defaults, given
from generator.stages.resolve.draft import Draftsheet, Part, Stage, draft_platform
from generator.stages.resolve.environment import environment
from generator.stages.resolve.gitops import gitops
from generator.stages.resolve.horizon import Horizon, horizons
from generator.stages.resolve.merge import MergeRules
from generator.stages.resolve.microservice import Surroundings, microservice, silhouette
from generator.stages.resolve.sources import patches, plain_manifests
from generator.stages.resolve.whole import fill_gaps, stop_on_gaps


def resolve(
    document: Document, schema: dict[str, Any], files: Files, part: Part | None = None
) -> tuple[Platform, list[Diagnostic]]:
    """Return the platform that a valid *document* means, and the warnings on the way.

    Args:
        document: Valid against *schema*.
        schema: The JSON Schema, which also declares defaults and merge rules.
        files: The project's files: contents of `files`, plain manifests.
        part: Look only at these microservices, of all that there are.

    Raises:
        CompileError: With every reference, file and override that leads nowhere.
    """
    findings = Findings(document)
    platform = _platform(document.data, schema, files, findings, part)
    findings.stop_on_errors()
    return platform, findings.found


def resolve_regardless(document: Document, schema: dict[str, Any], files: Files) -> tuple[Platform, list[Diagnostic]]:
    """Return what a valid document means as far as it goes, and everything that is wrong with it.

    What leads nowhere is left out, and a stand-in takes the place of an image that nothing names: the platform says
    what there is, and is not fit to be rendered.
    """
    findings = Findings(document)
    return _platform(document.data, schema, files, findings, regardless=True), findings.found


def _platform(
    said: Mapping[str, Json],
    schema: dict[str, Any],
    files: Files,
    findings: Findings,
    part: Part | None = None,
    *,
    regardless: bool = False,
) -> Platform:
    defaults = Defaults(schema)
    customer_name = said["customer"]["name"]
    customer = Customer(name=customer_name, id=(said["customer"].get("id") or names.derived_id(customer_name)).lower())
    sheets = draft_platform(said, MergeRules(schema), findings, part)
    if regardless:
        fill_gaps(sheets)
    else:
        stop_on_gaps(sheets, defaults, findings)
    links = horizons(customer.name, sheets, defaults, findings)
    around = Surroundings(customer, _registry(said.get("registry")), defaults, files, findings)
    root = given(said, defaults.of("platform"))
    output = given(said.get("output"), defaults.of("platform", "output"))
    return Platform(
        customer=customer,
        registry=around.registry,
        directory=output["directory"],
        layout=output["layout"],
        gitops=gitops(said.get("output"), customer.name, defaults, findings),
        templates=root.get("templates", ""),
        crds=plain_manifests(said.get("crds"), ("crds",), files, findings),
        applications=tuple(
            _application(sheet, links, root["kubernetes"], around, part.outlines if part else {})
            for sheet in sheets.values()
        ),
    )


def _registry(said: Json) -> Registry | None:
    if said is None:
        return None
    return Registry(host=said["host"], pull_secret=said.get("pullSecret") is not False)


def _application(
    sheet: Draftsheet,
    links: Mapping[int, Horizon],
    kubernetes: str,
    around: Surroundings,
    outlines: Mapping[str, Outline],
) -> Application:
    values = given(sheet.said, around.defaults.of("application"))
    level = values["security"]
    environments = tuple(
        environment(
            stage,
            tuple(_microservices(stage, links, level, around, outlines)),
            level,
            kubernetes,
            _noting(f"{sheet.name}/{stage.name}/", around),
        )
        for stage in sheet.stages.values()
    )
    document, files = around.findings.document, _noting(f"{sheet.name}/", around).files
    return Application(
        name=sheet.name,
        slug=sheet.name.lower(),
        id=sheet.id,
        namespace=sheet.namespace,
        labels={
            "tenant": names.label_value(around.customer.name),
            "application": names.label_value(sheet.name),
        },
        annotations={"dolittle.io/tenant-id": around.customer.id, "dolittle.io/application-id": sheet.id},
        security=level,
        access=_access(values.get("access"), around),
        pull_secret=any(each.pull_secret for stage in environments for each in stage.microservices),
        external=frozenset((each["kind"], each["name"]) for each in values["external"]),
        environments=environments,
        patches=patches(document, values.get("patches"), (sheet.path,)),
        manifests=plain_manifests(values.get("manifests"), (*sheet.path, "manifests"), files, around.findings),
        path=sheet.path,
    )


def _microservices(
    stage: Stage, links: Mapping[int, Horizon], level: str, around: Surroundings, outlines: Mapping[str, Outline]
) -> Iterator[Microservice]:
    """Yield what is deployed to *stage*, in the document's order, and what stands in for the others."""
    sheet = stage.application
    for name in dict.fromkeys(each["name"] for each in sheet.said.get("microservices") or ()):
        draft, outline = stage.drafts.get(name), outlines.get(f"{sheet.name}/{stage.name}/{name}")
        if draft is not None:
            noting = _noting(f"{sheet.name}/{name}", around)
            yield microservice(draft, links.get(id(draft), Horizon()), level, noting)
        elif outline is not None:
            yield silhouette(name, stage, outline, around)


def _noting(owner: str, around: Surroundings) -> Surroundings:
    """Return *around* such that what is read is noted for *owner*; of environments and applications it ends in '/'."""
    return replace(around, files=seen_by(owner, around.files))


def _access(said: Json, around: Surroundings) -> Access:
    values = given(said, around.defaults.of("application", "access"))
    groups = values.get("groups", [f"tenant-{around.customer.id}"])
    return Access(groups=tuple(groups), users=tuple(values["users"]), edit=values["edit"])
