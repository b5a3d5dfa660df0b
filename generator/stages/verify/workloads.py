"""What runs pods: Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs, CronJobs, and pods themselves."""

from collections.abc import Mapping

from generator.model.lazy_pattern import lazy_pattern
from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.names import LABEL_EXPECTED, is_label
from generator.stages.verify.objections import Objections, PlainFields, check_fields, span
from generator.stages.verify.pods import ENDING, FREE, PodRules, check_pod, check_template
from generator.stages.verify.schedules import SCHEDULE_EXPECTED, is_schedule, is_time_zone
from generator.stages.verify.selectors import check_owned, check_selector
from generator.stages.verify.storage import check_claim

_AT: Path = ("spec",)
_COUNTS: PlainFields = {
    "replicas": span(0),
    "minReadySeconds": span(0),
    "revisionHistoryLimit": span(0),
    "progressDeadlineSeconds": span(1),
    "podManagementPolicy": ("OrderedReady", "Parallel"),
}
_JOB: PlainFields = {
    "parallelism": span(0),
    "completions": span(0),
    "activeDeadlineSeconds": span(0),
    "backoffLimit": span(0),
    "ttlSecondsAfterFinished": span(0),
    "completionMode": ("NonIndexed", "Indexed"),
    "podReplacementPolicy": ("TerminatingOrFailed", "Failed"),
}
_CRON: PlainFields = {
    "concurrencyPolicy": ("Allow", "Forbid", "Replace"),
    "startingDeadlineSeconds": span(0, 2**63 - 1),
    "successfulJobsHistoryLimit": span(0),
    "failedJobsHistoryLimit": span(0),
}
_DEPLOYMENT = ("RollingUpdate", "Recreate")
_SET = ("RollingUpdate", "OnDelete")
_PERCENT = lazy_pattern(r"[0-9]+%")
_PARTITION: PlainFields = {"partition": span(0)}
_MUCH = 10**6
_NONE = (0, "0%")
# What stands for a pace that is left out: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/.
_PACES: Mapping[str, Mapping[str, Json]] = {
    "Deployment": {"maxSurge": "25%", "maxUnavailable": "25%"},
    "DaemonSet": {"maxSurge": 0, "maxUnavailable": 1},
}
_ALWAYS = PodRules()
_MINUTES_TEN = 600


def check_deployment(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a Deployment."""
    spec = manifest.body.get("spec") or {}
    _check_owner(spec, _ALWAYS, scope, objections)
    if strategy := spec.get("strategy"):
        _check_strategy(strategy, _DEPLOYMENT, ("spec", "strategy"), objections)
    deadline, ready = spec.get("progressDeadlineSeconds") or _MINUTES_TEN, spec.get("minReadySeconds") or 0
    if deadline <= ready:
        expected = f"expected more than the {ready} of 'minReadySeconds'"
        objections.add("out-of-range", ("spec", "progressDeadlineSeconds"), f"{deadline}", expected)


def check_replica_set(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a ReplicaSet."""
    _check_owner(manifest.body.get("spec") or {}, _ALWAYS, scope, objections)


def check_daemon_set(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a DaemonSet."""
    spec = manifest.body.get("spec") or {}
    _check_owner(spec, _ALWAYS, scope, objections)
    if strategy := spec.get("updateStrategy"):
        _check_strategy(strategy, _SET, ("spec", "updateStrategy"), objections)


def check_stateful_set(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a StatefulSet."""
    spec = manifest.body.get("spec") or {}
    claims = spec.get("volumeClaimTemplates") or []
    names = [each["metadata"].get("name") or "" for each in claims]
    _check_owner(spec, PodRules(claimed=frozenset(names)), scope, objections)
    if strategy := spec.get("updateStrategy"):
        _check_strategy(strategy, _SET, ("spec", "updateStrategy"), objections)
    service = spec.get("serviceName")
    if service and not is_label(service):
        objections.add("bad-name", ("spec", "serviceName"), f"bad name '{service}'", LABEL_EXPECTED)
    at = ("spec", "volumeClaimTemplates")
    if len(set(names)) != len(names):
        objections.taken(at, "the name of a claim")
    for index, claim in enumerate(claims):
        if not is_label(names[index]):
            place = (*at, index, "metadata", "name")
            objections.add("bad-name", place, f"bad name '{names[index]}'", LABEL_EXPECTED)
        check_claim(claim.get("spec") or {}, (*at, index, "spec"), objections)


def check_bare_pod(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a Pod."""
    check_pod(manifest.body.get("spec") or {}, manifest.body["metadata"], FREE, scope, _AT, objections)


def check_job(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a Job."""
    spec = manifest.body.get("spec") or {}
    if spec.get("manualSelector"):
        check_owned(spec, _AT, objections)
    elif spec.get("selector") is not None:
        expected = "the API server makes one; only 'manualSelector: true' takes another"
        objections.add("conflicting-fields", ("spec", "selector"), "a selector", expected)
    _check_job(spec, scope, _AT, objections)


def check_cron_job(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check a CronJob."""
    spec = manifest.body.get("spec") or {}
    check_fields(spec, _CRON, _AT, objections)
    schedule, zone = spec.get("schedule") or "", spec.get("timeZone")
    if "TZ" in schedule:
        place, hint = ("spec", "schedule"), "set 'timeZone' instead"
        objections.add("bad-schedule", place, f"a time zone in '{schedule}'", "expected none", hint)
    elif not is_schedule(schedule):
        objections.add("bad-schedule", ("spec", "schedule"), f"bad schedule '{schedule}'", SCHEDULE_EXPECTED)
    if zone is not None and not is_time_zone(zone):
        expected = "expected a name like 'Etc/UTC' or 'Europe/Oslo'"
        objections.add("bad-schedule", ("spec", "timeZone"), f"bad time zone '{zone}'", expected)
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    at = ("spec", "jobTemplate", "spec")
    if job.get("selector") is not None or job.get("manualSelector"):
        objections.add("conflicting-fields", at, "a selector", "the API server makes one for each Job")
    _check_job(job, scope, at, objections)


def _check_owner(spec: Mapping[str, Json], rules: PodRules, scope: Scope, objections: Objections) -> None:
    """Check what all have in common that keep pods running."""
    check_fields(spec, _COUNTS, _AT, objections)
    check_owned(spec, _AT, objections)
    check_template(spec.get("template"), rules, scope, ("spec", "template"), objections)


def _check_job(spec: Mapping[str, Json], scope: Scope, at: Path, objections: Objections) -> None:
    check_fields(spec, _JOB, at, objections)
    check_selector(spec.get("selector"), (*at, "selector"), objections)
    indexed = spec.get("completionMode") == "Indexed"
    if indexed and spec.get("completions") is None and spec.get("parallelism") is not None:
        objections.add("missing-field", at, "'completionMode: Indexed' without 'completions'")
    if not indexed:
        for name in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
            if spec.get(name) is not None:
                expected = "only 'completionMode: Indexed' takes it"
                objections.add("conflicting-fields", (*at, name), f"'{name}'", expected)
    check_template(spec.get("template"), ENDING, scope, (*at, "template"), objections)
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy")
    if spec.get("podFailurePolicy") is not None and policy == "OnFailure":
        expected = "'podFailurePolicy' takes 'Never' only"
        objections.add("conflicting-fields", (*at, "template", "spec", "restartPolicy"), "'OnFailure'", expected)


def _check_strategy(strategy: Mapping[str, Json], kinds: tuple[str, ...], at: Path, objections: Objections) -> None:
    kind, rolling = strategy.get("type") or kinds[0], strategy.get("rollingUpdate")
    if kind not in kinds:
        objections.misplaced((*at, "type"), kind, kinds)
    elif rolling is not None and kind != "RollingUpdate":
        objections.add("conflicting-fields", (*at, "rollingUpdate"), f"'rollingUpdate' beside 'type: {kind}'")
    if not rolling:
        return
    where = (*at, "rollingUpdate")
    check_fields(rolling, _PARTITION, where, objections)
    check_share(rolling.get("maxUnavailable"), (*where, "maxUnavailable"), objections)
    # Only a Deployment may double its pods and more.
    check_share(rolling.get("maxSurge"), (*where, "maxSurge"), objections, most=_MUCH if kinds is _DEPLOYMENT else 100)
    _check_pace(rolling, where, objections)


def _check_pace(rolling: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Refuse an update that could never replace a pod, or by a DaemonSet in two ways at once."""
    kind = objections.manifest.ref.kind
    if kind not in _PACES:
        return
    surge, unavailable = (
        default if rolling.get(name) is None else rolling[name] for name, default in _PACES[kind].items()
    )
    if surge in _NONE and unavailable in _NONE:
        what = "'maxSurge' and 'maxUnavailable' both zero"
        objections.add("conflicting-fields", at, what, "no pod could ever be replaced")
    elif kind == "DaemonSet" and surge not in _NONE and unavailable not in _NONE:
        what = "'maxSurge' and 'maxUnavailable' together"
        objections.add("conflicting-fields", at, what, "a DaemonSet takes one of them, the other being 0")


def check_share(value: Json, path: Path, objections: Objections, most: int = 100) -> None:
    """Check a number of pods or a percentage of them of at most *most*, which stands at *path*."""
    if isinstance(value, str):
        if _PERCENT.fullmatch(value) is None:
            objections.add("bad-quantity", path, f"'{value}'", "expected a number or a percentage like '25%'")
        elif int(value[:-1]) > most:
            objections.add("out-of-range", path, f"'{value}'", f"expected at most {most}%")
    elif value is not None and value < 0:
        objections.misplaced(path, value, span(0))
