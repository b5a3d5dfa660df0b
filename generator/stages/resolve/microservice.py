"""A microservice in one environment, everything in it decided."""

from collections.abc import Mapping

from msgspec import Struct

from generator.model import names
from generator.model.findings import Findings
from generator.model.inputs import Files
from generator.model.microservice import Microservice
from generator.model.outline import NO_HEAD, NOT_UPHELD, Outline, Silhouette, sealed_alone
from generator.model.platform import Customer, Registry
from generator.model.runtime import Runtime, Subscription
from generator.model.source import Json
from generator.model.vault import Upholding
from generator.stages.resolve.defaults import Defaults, given
from generator.stages.resolve.draft import Draft, Stage, object_name
from generator.stages.resolve.head import exposure, head, security_level
from generator.stages.resolve.horizon import Horizon
from generator.stages.resolve.runtime import runtime
from generator.stages.resolve.sources import patches, plain_manifests
from generator.stages.resolve.variables import file_upkeep, head_files, variables, vault_files

RUNTIME_LABEL = "platformc.dev/runtime"
"""The label that only pods with a Runtime carry: MongoDB answers no others."""


class Surroundings(Struct, frozen=True):
    """What every microservice of a platform is resolved with."""

    customer: Customer
    registry: Registry | None
    defaults: Defaults
    files: Files
    findings: Findings


def microservice(draft: Draft, horizon: Horizon, security: str, around: Surroundings) -> Microservice:
    """Return the microservice that *draft* describes; *security* is its application's Pod Security level."""
    said, stage = draft.said, draft.stage
    level = security_level(said["head"], security)
    labels = _labels(draft.name, stage, around.customer)
    beside = runtime(said["runtime"], draft.version, level, around.defaults) if draft.version else None
    the_head = head(said["head"], draft.object_name, level, around.defaults)
    plain_files, secret_files = head_files(draft, around.files, around.findings)
    return Microservice(
        name=draft.name,
        slug=draft.name.lower(),
        object_name=draft.object_name,
        id=draft.id,
        short=draft.id[: names.SHORT],
        environment=stage.name,
        labels=labels,
        annotations=_annotations(draft.id, stage, around.customer),
        pod_labels={**labels, **({RUNTIME_LABEL: "true"} if beside else {}), **the_head.labels},
        head=the_head,
        runtime=beside,
        expose=exposure(said.get("expose"), around.defaults),
        variables=variables(draft, around.defaults, around.findings),
        files=plain_files,
        secret_files=secret_files,
        file_upkeep=file_upkeep(draft),
        vault_files=vault_files(draft, around.findings),
        upholding=_upholding(said.get("externalSecret"), around.defaults),
        pull_secret=pulls_from(around.registry, the_head.image, beside),
        callers=(),
        subscriptions=tuple(sorted(horizon.subscriptions, key=_subscription_order)),
        producers=tuple(sorted(horizon.producers.values(), key=lambda each: each.id)),
        consents=tuple(consent for _, consent in sorted(horizon.consents.items())),
        subscribers=tuple(sorted(horizon.subscribers, key=_peer_order)),
        patches=patches(around.findings.document, said.get("patches"), draft.layers),
        manifests=plain_manifests(
            said.get("manifests"),
            around.findings.layered(draft.layers, ("manifests",)),
            around.files,
            around.findings,
        ),
        layers=draft.layers,
    )


def silhouette(name: str, stage: Stage, outline: Outline, around: Surroundings) -> Silhouette:
    """Return what stands in *stage* for the microservice *name*, of which no more is known than the *outline*."""
    labels = _labels(name, stage, around.customer)
    return Silhouette(
        name=name,
        slug=name.lower(),
        object_name=object_name(stage, name),
        id=outline.id,
        short=outline.id[: names.SHORT],
        environment=stage.name,
        labels=labels,
        annotations=_annotations(outline.id, stage, around.customer),
        pod_labels=labels,
        head=NO_HEAD,
        runtime=None,
        expose=None,
        variables=sealed_alone(outline.secrets),
        files=(),
        secret_files=outline.secret_files,
        file_upkeep={},
        vault_files=(),
        upholding=NOT_UPHELD,
        pull_secret=outline.pull_secret,
        callers=(),
        subscriptions=(),
        producers=(),
        consents=(),
        subscribers=(),
        patches=(),
        manifests=(),
        layers=(),
        outline=outline,
    )


def _subscription_order(each: Subscription) -> tuple[str, ...]:
    return (each.tenant, each.producer, each.stream, each.partition)


def _peer_order(peer: tuple[Mapping[str, str], Mapping[str, str]]) -> list[list[tuple[str, str]]]:
    return [sorted(labels.items()) for labels in peer]


def _upholding(said: Json, defaults: Defaults) -> Upholding:
    values = given(said, defaults.external_secret)
    return Upholding(
        refresh_interval=values["refreshInterval"],
        refresh_policy=values["refreshPolicy"],
        deletion_policy=values["deletionPolicy"],
    )


def _labels(name: str, stage: Stage, customer: Customer) -> dict[str, str]:
    return {
        "tenant": names.label_value(customer.name),
        "application": names.label_value(stage.application.name),
        "environment": names.label_value(stage.name),
        "microservice": names.label_value(name),
    }


def _annotations(identifier: str, stage: Stage, customer: Customer) -> Mapping[str, str]:
    return {
        "dolittle.io/tenant-id": customer.id,
        "dolittle.io/application-id": stage.application.id,
        "dolittle.io/microservice-id": identifier,
        "dolittle.io/microservice-kind": "simple",
    }


def pulls_from(registry: Registry | None, image: str, beside: Runtime | None) -> bool:
    """Say whether the head's *image* or the Runtime's comes from *registry*, so that its pull secret is needed."""
    if registry is None or not registry.pull_secret:
        return False
    images: list[Json] = [image, beside.image if beside else ""]
    return any(each.startswith(f"{registry.host}/") for each in images)
