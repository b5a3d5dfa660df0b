"""What every microservice must have once its layers are merged: no layer alone is required to say it."""

from collections.abc import Mapping

from msgspec.structs import replace

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.stages.resolve.defaults import Defaults
from generator.stages.resolve.draft import Draft, Draftsheet
from generator.stages.resolve.head import head_ports
from generator.stages.resolve.runtime import version_of_image


def stop_on_gaps(sheets: Mapping[str, Draftsheet], defaults: Defaults, findings: Findings) -> None:
    """Refuse microservices that lack what nothing can default.

    Raises:
        CompileError: With `missing-key`, `unknown-port`, `runtime-version` and every finding made before.
    """
    for sheet in sheets.values():
        for stage in sheet.stages.values():
            for draft in stage.drafts.values():
                _look_for_gaps(draft, findings)
    findings.stop_on_errors()
    for sheet in sheets.values():
        for stage in sheet.stages.values():
            for draft in stage.drafts.values():
                _look_at_exposure(draft, defaults, findings)
    findings.stop_on_errors()


def fill_gaps(sheets: Mapping[str, Draftsheet]) -> None:
    """Put a stand-in where microservices lack what nothing can default, so that the rest of them can be looked at."""
    for sheet in sheets.values():
        for stage in sheet.stages.values():
            for name, draft in stage.drafts.items():
                head = {"image": "", **(draft.said.get("head") or {})}
                if "maxReplicas" not in (head.get("autoscaling") or {}):
                    head.pop("autoscaling", None)
                stage.drafts[name] = replace(draft, said={**draft.said, "head": head})


def _look_for_gaps(draft: Draft, findings: Findings) -> None:
    place = f"'{draft.name}' in environment '{draft.stage.name}'"
    said = draft.said.get("head")
    if not said or "image" not in said:
        path = findings.layered(draft.layers, ("head",))
        findings.error(
            "missing-key", f"the head of {place} has no 'image'", path, "add `image`, as in { image: nginx:1.27.3 }"
        )
    scaling = (said or {}).get("autoscaling")
    if scaling and "maxReplicas" not in scaling:
        path = findings.layered(draft.layers, ("head", "autoscaling"))
        findings.error(
            "missing-key",
            f"the autoscaling of {place} has no 'maxReplicas'",
            path,
            "add `maxReplicas`, as in { maxReplicas: 10 }",
        )
    if draft.said.get("runtime") is not None:
        _look_at_version(draft, place, findings)


def _look_at_version(draft: Draft, place: str, findings: Findings) -> None:
    tagged = version_of_image(draft.said["runtime"])
    if draft.version is None:
        path = findings.layered(draft.layers, ("runtime",))
        message = f"the Runtime of {place} has no version"
        hint = "add `version`, as in { version: 9.3.3 }, which decides the format of its configuration"
        findings.error("runtime-version", message, path, hint)
    elif tagged is not None and tagged != draft.version:
        path = findings.layered(draft.layers, ("runtime", "version"))
        message = f"the Runtime of {place} is of version {draft.version}, but its image of {tagged}"
        findings.error("runtime-version", message, path, "leave `version` out: the image's tag tells it", value=True)


def _look_at_exposure(draft: Draft, defaults: Defaults, findings: Findings) -> None:
    said = draft.said.get("expose")
    if said is None:
        return
    known = [port.name for port in head_ports(draft.said["head"], defaults)]
    wanted = said.get("port", "http")
    if wanted not in known:
        path = findings.layered(draft.layers, ("expose", "port"))
        message = f"'{draft.name}' exposes port '{wanted}', which its head does not listen on"
        findings.error("unknown-port", message, path, did_you_mean(wanted, known), value=True)
