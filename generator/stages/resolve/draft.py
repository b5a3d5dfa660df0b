"""What the document says of each microservice in each environment, layers merged, before references are followed."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.model.names import derived_id, namespace
from generator.model.outline import Outline
from generator.model.runtime import Version
from generator.model.source import Json, Path
from generator.stages.resolve.merge import MergeRules, Unmatched, key_of
from generator.stages.resolve.runtime import version_of


class Part(Struct, frozen=True):
    """Some microservices of a platform, by `application/microservice`: *owners*.

    Attributes:
        owners: Those that are looked at; false for those of which only matters what the others see of them.
        outlines: By unit, what is known of the others, and of some of these where they are not looked at.
    """

    owners: Mapping[str, bool]
    outlines: Mapping[str, Outline] = field(default_factory=dict)


class Draft(Struct, frozen=True, kw_only=True):
    """One microservice in one environment: what was *said* of it, and in which *layers*, the strongest first."""

    name: str
    id: str
    said: dict[str, Json]
    layers: tuple[Path, ...]
    version: Version | None
    stage: "Stage"

    @property
    def object_name(self) -> str:
        """The name of its Deployment and Service."""
        return object_name(self.stage, self.name)

    @property
    def is_glimpsed(self) -> bool:
        """Say whether only what others see of it counts: what it refers to itself may have been left out."""
        return self.name in self.stage.application.glimpsed


class Stage(Struct, kw_only=True):
    """One environment of one application: its stores, layers merged, and the drafts of what is in it, both by name."""

    application: "Draftsheet"
    name: str
    said: dict[str, Json]
    path: Path
    stores: dict[str, Json] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)

    @property
    def tenants(self) -> tuple[str, ...]:
        """The ids of its tenants, in lower case."""
        return tuple(each["id"].lower() for each in self.said.get("tenants") or ())

    @property
    def store_layers(self) -> tuple[Path, ...]:
        """Where its stores are described, the strongest layer first."""
        return (*self.path, "stores"), (*self.application.path, "stores"), ("stores",)


def object_name(stage: Stage, microservice: str) -> str:
    """Return what the Deployment and Service of *microservice* are called in *stage*."""
    return f"{stage.name}-{microservice}".lower()


class Draftsheet(Struct, kw_only=True):
    """One application, and its environments by name; *glimpsed* are microservices as `Draft.is_glimpsed` has it."""

    name: str
    id: str
    said: dict[str, Json]
    path: Path
    stages: dict[str, Stage] = field(default_factory=dict)
    glimpsed: frozenset[str] = frozenset()

    @property
    def namespace(self) -> str:
        """Its namespace."""
        return namespace(self.id)


def draft_platform(
    document: Mapping[str, Any], rules: MergeRules, findings: Findings, part: Part | None
) -> dict[str, Draftsheet]:
    """Return every application of *document*, by name, with all its microservices, or *part* of them; see `resolve`."""
    customer = document["customer"]["name"]
    sheets: dict[str, Draftsheet] = {}
    for index, said in enumerate(document["applications"]):
        path: Path = ("applications", index)
        given_id = said.get("id") or derived_id(customer, said["name"])
        sheet = Draftsheet(
            name=said["name"], id=given_id.lower(), said=said, path=path, glimpsed=_glimpsed(said["name"], part)
        )
        if sheets.setdefault(sheet.name, sheet) is not sheet:
            _taken(findings, "application", sheet.name, (*path, "name"))
        _draft_stages(sheet, document, rules, findings)
        _draft_microservices(sheet, customer, rules, findings, part)
    return sheets


def _glimpsed(application: str, part: Part | None) -> frozenset[str]:
    owners = (owner.partition("/") for owner, counts in (part.owners if part else {}).items() if not counts)
    return frozenset(name for of, _, name in owners if of == application)


def _taken(findings: Findings, kind: str, name: str, path: Path) -> None:
    message = f"two {kind}s are named '{name}'"
    findings.error("name-taken", message, path, "give one of them another name", value=True)


def _draft_stages(sheet: Draftsheet, document: Mapping[str, Any], rules: MergeRules, findings: Findings) -> None:
    for index, said in enumerate(sheet.said["environments"]):
        path = (*sheet.path, "environments", index)
        stage = Stage(application=sheet, name=said["name"], said=said, path=path)
        _merge_stores(stage, document, rules, findings)
        if sheet.stages.setdefault(stage.name, stage) is not stage:
            _taken(findings, "environment", stage.name, (*path, "name"))


def _merge_stores(stage: Stage, document: Mapping[str, Any], rules: MergeRules, findings: Findings) -> None:
    layers = (document, stage.application.said, stage.said)
    for layer, where in zip(layers, reversed(stage.store_layers), strict=True):
        if layer.get("stores"):
            unmatched = _unmatched(stage.name, findings)
            stage.stores = rules.merge(stage.stores, layer["stores"], rules.definition("stores"), where, unmatched)


def _unmatched(environment: str, findings: Findings) -> Unmatched:
    """Return what finds `override-without-effect` where a removal in *environment* removes nothing."""

    def unmatched(removal: Path, name: str, known: Iterable[str]) -> None:
        message = f"there is no '{name}' to remove in '{environment}'"
        near = did_you_mean(name, known)
        hint = near if near.startswith("did you mean") else "leave the line out"
        findings.error("override-without-effect", message, removal, hint)

    return unmatched


def _draft_microservices(
    sheet: Draftsheet, customer: str, rules: MergeRules, findings: Findings, part: Part | None
) -> None:
    seen: set[str] = set()
    for index, said in enumerate(sheet.said.get("microservices") or ()):
        if part is not None and f"{sheet.name}/{said['name']}" not in part.owners:
            continue
        path = (*sheet.path, "microservices", index)
        if said["name"] in seen:
            _taken(findings, "microservice", said["name"], (*path, "name"))
        seen.add(said["name"])
        overrides = said.get("environments") or {}
        for layer, where in (
            (said, path),
            *((each or {}, (*path, "environments", name)) for name, each in overrides.items()),
        ):
            _refuse_repetitions(layer, where, findings)
        for name in overrides:
            if name not in sheet.stages:
                message = f"application '{sheet.name}' has no environment '{name}' to override"
                findings.error(
                    "unknown-environment",
                    message,
                    (*path, "environments", name),
                    did_you_mean(name, sheet.stages),
                )
        bases: Bases = {}
        for stage in sheet.stages.values():
            if part is not None and f"{sheet.name}/{stage.name}/{said['name']}" in part.outlines:
                continue
            draft = _draft(said, path, stage, rules, findings, customer=customer, bases=bases)
            if draft.said.get("deploy", True) is not False:
                stage.drafts[draft.name] = draft


def _refuse_repetitions(said: dict[str, Json], path: Path, findings: Findings) -> None:
    """Find `name-taken` where one layer says the same item of a keyed list twice: the second would hide the first."""
    for kind, items in (("file", "files"), ("patch", "patches")):
        seen: set[str] = set()
        for index, item in enumerate(said.get(items) or ()):
            key = key_of(item, "name")
            if key in seen:
                message = f"two {kind}{'es' if kind == 'patch' else 's'} of one list are called '{key}'"
                findings.error("name-taken", message, (*path, items, index), "give one of them a `name` of its own")
            seen.add(key)


def _draft(  # noqa: PLR0913  (what is said, where, and all that it is drafted with)
    said: dict[str, Json],
    path: Path,
    stage: Stage,
    rules: MergeRules,
    findings: Findings,
    *,
    customer: str,
    bases: "Bases",
) -> Draft:
    layers, merged = _base(said, path, stage, rules, bases)
    override = (said.get("environments") or {}).get(stage.name)
    if override:
        where = (*path, "environments", stage.name)
        merged = rules.merge(merged, override, rules.definition("override"), where, _unmatched(stage.name, findings))
        layers = (where, *layers)
    runtime = merged.get("runtime")
    return Draft(
        name=said["name"],
        id=(merged.get("id") or derived_id(customer, stage.application.name, said["name"])).lower(),
        said=merged,
        layers=layers,
        version=version_of(runtime) if runtime is not None else None,
        stage=stage,
    )


Bases: TypeAlias = dict[tuple[Path, ...], dict[str, Json]]
"""What a microservice is before its overrides, by the layers that this is made of: most environments share it."""


def _base(
    said: dict[str, Json], path: Path, stage: Stage, rules: MergeRules, bases: Bases
) -> tuple[tuple[Path, ...], dict[str, Json]]:
    """Return the layers of a microservice but for its overrides, the strongest first, and what they say together."""
    below, merged = _defaults(said, stage, rules)
    layers = (path, *below)
    if layers not in bases:
        own = {key: value for key, value in said.items() if key != "environments"}
        bases[layers] = rules.merge(merged, own, rules.definition("microservice"), path, _silent)
    return layers, bases[layers]


def _silent(_removal: Path, _name: str, _known: Iterable[str]) -> None:
    """Outside overrides `null` says no more than leaving the line out."""


def _defaults(said: dict[str, Json], stage: Stage, rules: MergeRules) -> tuple[list[Path], dict[str, Json]]:
    """Return the layers below a microservice's own description, the strongest first, and what they say together."""
    layers: list[Path] = []
    merged: dict[str, Json] = {}
    has_runtime = said.get("runtime") is not None or (
        ((said.get("environments") or {}).get(stage.name) or {}).get("runtime") is not None
    )
    for owner in (stage.application, stage):
        values = owner.said.get("defaults")
        if not values:
            continue
        path = (*owner.path, "defaults")
        if not has_runtime:
            values = {key: value for key, value in values.items() if key != "runtime"}
        merged = rules.merge(merged, values, rules.definition("defaults"), path, _silent)
        layers.insert(0, path)
    return layers, merged
