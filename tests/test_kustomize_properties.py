"""One model, two layouts: `kustomize build` of an overlay gives the objects of the plain layout, field for field."""

from typing import Any

from hypothesis import HealthCheck, given, reject, settings

from generator.model.diagnostics import CompileError
from tests.compiled import Compiled, compile_said
from tests.kustomized import KUBECTL, assert_builds_alike, assert_same, build, on_disk, plain_objects
from tests.staged_platforms import staged_platforms

Drawn = tuple[dict[str, Any], dict[str, bytes]]


def sound(drawn: Drawn) -> Compiled:
    """Return the plain layout; what does not compile, hardly any, is another test's matter."""
    try:
        return compile_said(*drawn)
    except CompileError:
        reject()


@given(staged_platforms())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_environment_builds_the_objects_of_the_plain_layout(drawn: Drawn) -> None:
    plain = sound(drawn)
    kustomized = compile_said(*drawn, layout="kustomize")

    assert kustomized.compilation.objects == plain.compilation.objects
    assert_builds_alike(plain, kustomized)


@given(staged_platforms())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_kubectl_builds_the_same_objects(drawn: Drawn) -> None:
    plain = sound(drawn)

    assert_builds_alike(plain, compile_said(*drawn, layout="kustomize"), KUBECTL)


@given(staged_platforms())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_overlays_build_alone_and_everything_builds_together(drawn: Drawn) -> None:
    plain = plain_objects(sound(drawn))
    with on_disk(compile_said(*drawn, layout="kustomize")) as output:
        for stage in (output / "shop" / "overlays").iterdir():
            alone = [
                build(each.parent) for each in stage.glob("*/kustomization.yaml") if each.parent.name != "environment"
            ]
            found = {key: body for each in alone for key, body in each.items()}
            assert_same(found, {key: plain[f"shop/{stage.name}"][key] for key in found})
        everything = {key: body for objects in plain.values() for key, body in objects.items()}
        assert_same(build(output / "shop"), everything)
