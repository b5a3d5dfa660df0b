"""Promotion: the document, edited so that one environment runs what another one runs."""

import copy
import json
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from generator.compiler import Compilation, compile_platform
from generator.front import Inputs
from generator.model.diagnostics import CompileError, Diagnostic, did_you_mean, listed
from generator.model.findings import Findings
from generator.model.promotion import Plan, Taking
from generator.model.source import Document, Json, Path, Position, same_json
from generator.revision import revised, with_edits
from generator.stages.parse import parse
from generator.stages.promote import planned
from generator.stages.resolve.draft import Draft, Draftsheet, draft_platform
from generator.stages.resolve.merge import MergeRules, key_of
from generator.stages.validate import validate


class UnknownNameError(ValueError):
    """A name means nothing, or too much; the words say which, and what there is."""


class Request(Struct, frozen=True, kw_only=True):
    """What to promote.

    Attributes:
        microservice: `APPLICATION/MICROSERVICE`, or `MICROSERVICE` where one application alone has it.
        source: The environment that runs it.
        target: The environment that is to run the same.
        image_only: Nothing but the image of the head.
        keep: The names of settings that stay as *target* has them.
    """

    microservice: str
    source: str
    target: str
    image_only: bool = False
    keep: tuple[str, ...] = ()


class Promotion(Struct, frozen=True, kw_only=True):
    """An edit that is known to compile to what it promises.

    Attributes:
        subject: The microservice, as `shop/Catalog`.
        plan: What the environment takes over; nothing where it runs the same already.
        file: The file that changes, in the project.
        before: Its bytes.
        after: Its bytes afterwards.
        compiled: What the edited document compiles to, None where nothing changes.
    """

    subject: str
    plan: Plan
    file: str
    before: bytes
    after: bytes
    compiled: Compilation | None


def promotion(inputs: Inputs, request: Request) -> Promotion:
    """Return the edit that *request* asks for. Nothing is written.

    Raises:
        UnknownNameError: When a name in *request* means nothing.
        CompileError: When the document is not valid, or would not compile afterwards.
    """
    schema: dict[str, Any] = json.loads(inputs.read_schema("platform.schema.json"))
    document, sheets = _read(inputs, schema)
    sheet, index = _found(sheets, request.microservice)
    source, target = (_draft(sheet, index, name) for name in (request.source, request.target))
    if source is target:
        raise UnknownNameError(
            f"'{request.source}' is the environment to promote from as well as the one to promote to"
        )
    override = (sheet.said["microservices"][index].get("environments") or {}).get(source.stage.name) or {}
    plan = planned(source.said, target.said, override, image_only=request.image_only, key_of=_file_name)
    plan = _without(plan, request.keep)
    place = (*sheet.path, "microservices", index)
    file, inner = document.origin(place)
    before = inputs.text if file == inputs.name else (inputs.files.read(PurePosixPath(file)) or b"")
    subject = f"{sheet.name}/{source.name}"
    if not plan.takings:
        return Promotion(subject=subject, plan=plan, file=file, before=before, after=before, compiled=None)
    where = document.locate((*place, "name"), value=True)
    try:
        override = (*inner, "environments", target.stage.name)
        after = revised(file, before, [partial(_set, override=override, taking=each) for each in plan.takings])
    except ValueError as error:
        raise CompileError([_by_hand(document, place, plan)]) from error
    edited = with_edits(inputs, {file: after})
    try:
        compiled = compile_platform(edited)
    except CompileError as error:
        errors = (each for each in error.diagnostics if each.severity == "error")
        raise CompileError(_told(each, where, plan, target.stage.name) for each in errors) from error
    _, others = _read(edited, schema)
    if not _is_kept(sheets, others, target, plan):
        raise CompileError([_by_hand(document, place, plan)])
    return Promotion(subject=subject, plan=plan, file=file, before=before, after=after, compiled=compiled)


def _read(inputs: Inputs, schema: dict[str, Any]) -> tuple[Document, dict[str, Draftsheet]]:
    """Return the document, and what it says of each microservice in each environment."""
    document = parse(inputs.name, inputs.text, inputs.files)
    validate(document, schema)
    findings = Findings(document)
    sheets = draft_platform(document.data, MergeRules(schema), findings, None)
    findings.stop_on_errors()
    return document, sheets


def _found(sheets: dict[str, Draftsheet], name: str) -> tuple[Draftsheet, int]:
    """Return the application of the microservice *name*, and its place among the application's."""
    known: dict[str, list[tuple[Draftsheet, int]]] = {}
    for sheet in sheets.values():
        for index, said in enumerate(sheet.said.get("microservices") or ()):
            known.setdefault(f"{sheet.name}/{said['name']}", []).append((sheet, index))
            known.setdefault(said["name"], []).append((sheet, index))
    found = known.get(name, [])
    if not found:
        hint = did_you_mean(name, known)
        raise UnknownNameError(f"there is no microservice '{name}'" + (f"; {hint}" if hint else ""))
    if len(found) > 1:
        choices = listed([f"{sheet.name}/{name}" for sheet, _ in found])
        raise UnknownNameError(f"several applications have a microservice '{name}'; choose from {choices}")
    return found[0]


def _draft(sheet: Draftsheet, index: int, environment: str) -> Draft:
    """Return what the document says of a microservice in *environment*."""
    name = sheet.said["microservices"][index]["name"]
    stage = sheet.stages.get(environment)
    if stage is None:
        hint = did_you_mean(environment, sheet.stages)
        raise UnknownNameError(f"'{sheet.name}' has no environment '{environment}'" + (f"; {hint}" if hint else ""))
    if name not in stage.drafts:
        message = f"'{sheet.name}/{name}' is not deployed to '{environment}': the document says `deploy: false`"
        raise UnknownNameError(message)
    return stage.drafts[name]


def _without(plan: Plan, keep: tuple[str, ...]) -> Plan:
    """Return *plan* without what is to stay."""
    known = [each.name for each in plan.takings]
    for name in keep:
        if name not in known:
            there = f"; {did_you_mean(name, known)}" if known else ""
            raise UnknownNameError(f"nothing called '{name}' would be promoted{there}")
    takings = tuple(each for each in plan.takings if each.name not in keep)
    return Plan(takings, tuple(sorted({*plan.staying, *keep})))


def _set(data: Json, *, override: Path, taking: Taking) -> Path:
    """Set what *taking* says in *data*, and return where it went."""
    node = data
    for step in (*override, *taking.below[:-1]):
        if isinstance(node, list):
            node = node[int(step)]
        else:
            if node.get(step) is None:
                node[step] = [] if step == "files" and taking.below[0] == "files" else {}
            node = node[step]
    last: str | int = taking.below[-1]
    if isinstance(node, list):
        last = next((index for index, each in enumerate(node) if _file_name(each) == last), len(node))
        node[last : last + 1] = [taking.value]
    else:
        node[last] = taking.value
    return (*override, *taking.below[:-1], last)


def _is_kept(before: dict[str, Draftsheet], after: dict[str, Draftsheet], target: Draft, plan: Plan) -> bool:
    """Say whether nothing but what *plan* takes over has changed, for any microservice in any environment."""
    places = {
        (sheet.name, stage.name, name): (stage.drafts[name], after[sheet.name].stages[stage.name].drafts.get(name))
        for sheet in before.values()
        for stage in sheet.stages.values()
        for name in stage.drafts
    }
    for old, new in places.values():
        if new is None:
            return False
        if old is target:
            if any(not _has(new.said, each) for each in plan.takings):
                return False
            if not same_json(_less(old.said, plan), _less(new.said, plan)):
                return False
        elif not same_json(old.said, new.said):
            return False
    return True


def _has(said: Json, taking: Taking) -> bool:
    """Say whether a microservice has what it was to take over."""
    node = said
    for step in taking.below:
        if isinstance(node, list):
            node = next((each for each in node if _file_name(each) == step), None)
        else:
            node = node.get(step) if isinstance(node, dict) else None
    removed = isinstance(taking.value, dict) and taking.value.get("$patch") == "delete"
    return node is None if removed else same_json(node, taking.value)


def _less(said: Json, plan: Plan) -> Json:
    """Return *said* without what *plan* takes over, and without maps and lists that this leaves empty."""
    rest = copy.deepcopy(said)
    for taking in plan.takings:
        node = rest
        for step in taking.below[:-1]:
            node = node.get(step) if isinstance(node, dict) else None
        if isinstance(node, list):
            node[:] = [each for each in node if _file_name(each) != taking.below[-1]]
        elif isinstance(node, dict):
            node.pop(taking.below[-1], None)
    return _pruned(rest)


def _pruned(value: Json) -> Json:
    if isinstance(value, dict):
        kept = {key: _pruned(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in ({}, [], None)}
    return value


def _told(finding: Diagnostic, where: Position, plan: Plan, target: str) -> Diagnostic:
    """Return what is wrong with the edited document at a place of the one that there is.

    A value is sealed for what a document declares, so a secret that only the promotion would declare comes first.
    """
    names = {f"'{each.below[-1]}'" for each in plan.takings if each.below[0] in {"env", "files"}}
    if finding.code == "missing-sealed-value" and finding.message.partition(" ")[0] in names:
        finding = replace(finding, hint=f"declare it for '{target}', {finding.hint}, and promote again")
    return replace(finding, at=where)


def _by_hand(document: Document, place: Path, plan: Plan) -> Diagnostic:
    message = f"the text cannot be edited so that this alone changes: {listed([each.name for each in plan.takings])}"
    hint = "is it shared through an anchor? write the environment's override out, then promote again"
    return Diagnostic("promotion-by-hand", message, document.locate((*place, "environments")), hint)


def _file_name(item: Json) -> str:
    return key_of(item, "name")
