from collections.abc import Callable
from typing import Any

from generator.model.diagnostics import Diagnostic
from generator.model.manifest import Manifest, ObjectRef, Origin
from generator.model.scope import Scope
from generator.model.source import Path, Position
from generator.stages.verify.rules import rule_findings


def test_a_sound_object_of_every_kind_passes(
    sound: dict[str, dict[str, Any]], findings: Callable[..., list[Diagnostic]]
) -> None:
    assert len(sound) == 16
    assert {kind: findings(kind, {}) for kind in sound} == {kind: [] for kind in sound}


def test_a_finding_names_the_object_the_field_what_stands_there_and_what_should(
    findings: Callable[..., list[Diagnostic]],
) -> None:
    (finding,) = findings("Deployment", {"spec.template.spec.containers.0.imagePullPolicy": "always"})

    assert finding.code == "bad-choice"
    assert finding.message == (
        "'always' in spec.template.spec.containers[0].imagePullPolicy of Deployment/shop: "
        "expected one of 'Always', 'IfNotPresent', 'Never'"
    )
    assert finding.hint == "did you mean 'Always'?"
    assert finding.at.file == "spec.template.spec.containers[0].imagePullPolicy"


def test_a_finding_is_one_line_whatever_a_name_holds(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("ConfigMap", {"data": {"a\nb": "value"}})

    assert finding.message.startswith("bad key 'a\\nb' in data['a\\nb'] of ConfigMap/shop: ")


def test_of_a_kind_that_kubernetes_does_not_know_only_the_metadata_is_checked() -> None:
    body = {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "a.b"}, "spec": {}}
    manifest = Manifest(ObjectRef("serving.knative.dev/v1", "Service", "", "a"), body, "", Origin("plain"))

    found = rule_findings(manifest, Scope("shop", "restricted"), lambda _manifest, _path: Position("x"))

    assert [each.code for each in found] == ["bad-name"]


def test_the_position_of_a_sound_object_is_never_asked_for(sound: dict[str, dict[str, Any]]) -> None:
    def locate(_manifest: Manifest, _path: Path) -> Position:
        raise AssertionError

    body = sound["Deployment"]
    ref = ObjectRef("apps/v1", "Deployment", "shop", "shop")

    assert rule_findings(Manifest(ref, body, "", Origin("plain")), Scope("shop", "restricted"), locate) == []
