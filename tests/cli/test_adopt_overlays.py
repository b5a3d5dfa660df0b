"""`platformc adopt` in the kustomize layout: what bases and overlays build after an edit, taken into the document."""

from pathlib import Path

import pytest
import yaml

from generator.cli.main import main
from tests.cli.edited import adopt_in_two_runs, edit
from tests.kustomized import Identity, build

BASE = "deploy/shop/base/catalog/objects.yaml"
OVERLAY = "deploy/shop/overlays/prod/catalog"
PATCHES = f"{OVERLAY}/patches.yaml"
DIGESTS = ("platformc.dev/configuration", "platformc.dev/sealed")

BUDGET = """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: catalog }
spec:
  minAvailable: 1
  selector: { matchLabels: { microservice: Catalog } }
"""


pytestmark = pytest.mark.usefixtures("overlays")


def built() -> dict[Identity, object]:
    """Return what `kustomize build` makes of the whole application, but for what follows from everything else."""
    found = build(Path("deploy/shop"))
    for body in found.values():
        annotations = body.get("spec", {}).get("template", {}).get("metadata", {}).get("annotations", {})
        for each in DIGESTS:
            annotations.pop(each, None)
    return dict(found)


def added_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Adopt everything, and return the lines that files gained: the output fits again, and builds what it did."""
    wanted = built()
    capsys.readouterr()
    assert main(["adopt", "--yes"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert main(["check", "-q"]) == 0
    assert built() == wanted
    return [each[1:].strip() for each in shown if each.startswith("+") and not each.startswith("+++")]


def test_a_patch_of_one_environment_becomes_the_setting_of_that_environment(capsys: pytest.CaptureFixture[str]) -> None:
    edit(PATCHES, "replicas: 3", "replicas: 4")

    assert added_lines(capsys) == ["replicas: 4"]


def test_what_a_patch_said_is_changed_where_the_document_patches_it(capsys: pytest.CaptureFixture[str]) -> None:
    edit(PATCHES, "terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 90")

    assert added_lines(capsys) == ["spec: { template: { spec: { terminationGracePeriodSeconds: 90 } } }"]


def test_a_field_that_is_added_to_a_patch_becomes_a_patch(capsys: pytest.CaptureFixture[str]) -> None:
    edit(PATCHES, "  replicas: 3", "  replicas: 3\n  minReadySeconds: 5")

    lines = added_lines(capsys)

    assert any("minReadySeconds: 5" in each for each in lines)
    assert "minReadySeconds" not in Path("deploy/shop/overlays/dev/catalog/patches.yaml").read_text(encoding="utf-8")


def test_an_object_of_one_environment_alone_is_patched_there(capsys: pytest.CaptureFixture[str]) -> None:
    edit(f"{OVERLAY}/objects.yaml", "path: /api/catalog", "path: /api/products")

    lines = added_lines(capsys)

    assert "- target: Ingress" in lines
    assert "- path: /api/products" in lines


def test_a_setting_in_a_base_becomes_one_of_the_microservice(capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "acme/catalog:1.4.0", "acme/catalog:1.5.0")

    assert added_lines(capsys) == ["image: acme/catalog:1.5.0"]


def test_a_setting_in_a_base_leaves_the_environments_alone_that_say_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(BASE, "replicas: 1", "replicas: 2")

    assert added_lines(capsys) == ["replicas: 2"]
    assert "replicas: 3" in Path(PATCHES).read_text(encoding="utf-8")


def test_what_a_base_alone_can_say_becomes_one_patch_of_the_microservice(capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "  replicas: 1", "  replicas: 1\n  minReadySeconds: 5")

    assert added_lines(capsys) == [
        'patches: [{ name: "Deployment, adopted", target: Deployment, merge: { spec: { minReadySeconds: 5 } } }]'
    ]


def test_what_some_environments_lack_is_patched_in_each_of_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    edit("deploy/shop/base/website/objects.yaml", "maxReplicas: 6", "maxReplicas: 7")

    assert added_lines(capsys) == [
        "Test: { patches: [{ target: HorizontalPodAutoscaler, merge: { spec: { maxReplicas: 7 } } }] }",
        "Prod: { patches: [{ target: HorizontalPodAutoscaler, merge: { spec: { maxReplicas: 7 } } }] }",
    ]


def test_an_object_that_is_added_to_an_overlay_becomes_a_manifest_with_its_full_name(
    overlays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace = "namespace: application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"
    with Path(f"{OVERLAY}/objects.yaml").open("a", encoding="utf-8") as stream:
        stream.write(BUDGET.replace("name: catalog", f"name: catalog, {namespace}"))

    added_lines(capsys)

    manifest = overlays / "adopted" / "shop" / "prod" / "catalog" / "poddisruptionbudget-prod-catalog.yaml"
    body = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    assert body["metadata"]["name"] == "prod-catalog"
    assert body["spec"]["selector"]["matchLabels"] == {"microservice": "Catalog", "environment": "Prod"}


def test_an_object_that_is_added_without_a_namespace_gets_that_of_the_application() -> None:
    with Path(f"{OVERLAY}/objects.yaml").open("a", encoding="utf-8") as stream:
        stream.write(BUDGET)

    assert main(["adopt", "--yes", "-q"]) == 0
    assert main(["check", "-q"]) == 0
    key = ("policy/v1", "PodDisruptionBudget", "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02", "prod-catalog")
    assert key in build(Path(OVERLAY))


def test_an_object_that_is_added_to_a_base_is_added_to_every_environment(capsys: pytest.CaptureFixture[str]) -> None:
    namespace = "namespace: application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"
    with Path(BASE).open("a", encoding="utf-8") as stream:
        stream.write(BUDGET.replace("name: catalog", f"name: catalog, {namespace}"))

    added_lines(capsys)

    assert "name: catalog" in Path(BASE).read_text(encoding="utf-8").rpartition("PodDisruptionBudget")[2]


def test_an_environments_own_objects_are_patched_by_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    edit("deploy/shop/overlays/prod/environment/environment.yaml", "  labels:", "  labels:\n    example.com/team: shop")

    assert added_lines(capsys) == [
        "patches: [{ target: NetworkPolicy/prod, merge: { metadata: { labels: { example.com/team: shop } } } }]"
    ]


def test_an_applications_own_objects_are_patched_by_the_application(capsys: pytest.CaptureFixture[str]) -> None:
    edit("deploy/shop/application/application.yaml", "  labels:", "  labels:\n    example.com/team: shop")

    assert "example.com/team: shop" in " ".join(added_lines(capsys))


def test_an_object_that_is_left_as_it_is_named_is_patched(capsys: pytest.CaptureFixture[str]) -> None:
    Path("settings.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { MOTTO: one }\n", encoding="utf-8"
    )
    edit(
        "platform.yaml",
        "          Prod:\n            head:",
        "          Prod:\n            manifests: [settings.yaml]\n            head:",
    )
    assert main(["compile", "-q"]) == 0
    edit(f"{OVERLAY}/as-named/objects.yaml", "MOTTO: one", "MOTTO: two")

    assert any("MOTTO: two" in each for each in added_lines(capsys))


def test_edits_of_several_files_are_taken_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "acme/catalog:1.4.0", "acme/catalog:1.5.0")
    edit(PATCHES, "replicas: 3", "replicas: 4")
    edit("deploy/shop/base/website/objects.yaml", "nginx:1.27.3", "nginx:1.27.4")
    edit("deploy/shop/overlays/dev/environment/environment.yaml", "  labels:", "  labels:\n    example.com/team: shop")

    lines = added_lines(capsys)

    assert {"image: acme/catalog:1.5.0", "replicas: 4"} < set(lines)
    assert any("nginx:1.27.4" in each for each in lines)
    assert any("example.com/team" in each for each in lines)


def test_a_variable_takes_the_digests_of_other_overlays_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "  CURRENCIES:", '  MOTTO: "one"\n  CURRENCIES:')

    assert added_lines(capsys) == ["MOTTO: one"]


def test_where_each_part_went_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "acme/catalog:1.4.0", "acme/catalog:1.5.0")
    edit(PATCHES, "  replicas: 3", "  replicas: 4\n  minReadySeconds: 5")

    assert main(["adopt", "--yes"]) == 0

    said = capsys.readouterr().err
    assert f"{BASE}:\n  setting: head.image of shop/Catalog\n" in said
    assert f"{PATCHES}:\n  setting: head.replicas of shop/Prod/Catalog\n  patch: Deployment/prod-catalog\n" in said


@pytest.mark.parametrize("file", [BASE, PATCHES, f"{OVERLAY}/kustomization.yaml", "deploy/shop/kustomization.yaml"])
def test_comments_alone_change_no_document_and_are_announced(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = Path("platform.yaml").read_bytes()
    edit(file, "apiVersion", "# a note\napiVersion")

    assert main(["adopt", "--yes"]) == 0

    assert "comments and layout: not kept" in capsys.readouterr().err
    assert Path("platform.yaml").read_bytes() == document
    assert main(["check", "-q"]) == 0


def test_an_adoption_that_was_cut_short_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    edit(BASE, "  CURRENCIES:", '  MOTTO: "one"\n  CURRENCIES:')

    adopt_in_two_runs(monkeypatch)


def test_check_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    edit(PATCHES, "replicas: 3", "replicas: 4")

    assert main(["check"]) == 1
    assert "to take the edit into the document, run: platformc adopt\n" in capsys.readouterr().err


def test_the_layout_may_be_another_than_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    edit("platform.yaml", ", layout: kustomize", "")
    edit(PATCHES, "replicas: 3", "replicas: 4")
    assert main(["check", "--layout", "kustomize"]) == 1
    assert "run: platformc adopt --layout kustomize\n" in capsys.readouterr().err

    assert main(["adopt", "--yes", "--layout", "kustomize"]) == 0

    assert main(["check", "-q", "--layout", "kustomize"]) == 0
    assert "replicas: 4" in Path("platform.yaml").read_text(encoding="utf-8")
