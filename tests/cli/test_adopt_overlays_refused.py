"""Edits in the kustomize layout that `platformc adopt` does not take: each is named, and nothing is written."""

from pathlib import Path

import pytest

from generator.cli.main import main
from tests.cli.edited import CANARY, edit, refused

BASE = "deploy/shop/base/catalog/objects.yaml"
OVERLAY = "deploy/shop/overlays/prod/catalog"
OBJECTS = f"{OVERLAY}/objects.yaml"
PATCHES = f"{OVERLAY}/patches.yaml"
KUSTOMIZATION = f"{OVERLAY}/kustomization.yaml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("components:", "images: [{ name: acme/catalog, newTag: 9.9.9 }]\ncomponents:"),
        ("  - objects.yaml\n", ""),
        ("patches:\n  - path: patches.yaml\n", ""),
        ("components:", "generatorOptions: { disableNameSuffixHash: true }\ncomponents:"),
    ],
    ids=["transformer", "resource", "patches", "unknown to the compiler"],
)
def test_what_is_built_of_what_follows_from_the_document(
    overlays: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    edit(KUSTOMIZATION, old, new)
    edit(PATCHES, "replicas: 3", "replicas: 4")

    said = refused(overlays, capsys)

    assert said.startswith(
        f"{KUSTOMIZATION}:1:1: error: '{KUSTOMIZATION}' says what is built of what, which follows from the document"
    )


def test_the_component_of_an_environment_follows_from_the_document(
    overlays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("deploy/shop/overlays/prod/environment/microservices/kustomization.yaml", "prod-", "live-")

    assert "says what is built of what" in refused(overlays, capsys)


@pytest.mark.parametrize("file", [BASE, PATCHES, OBJECTS])
def test_what_looks_like_a_secret_is_not_shown(overlays: Path, capsys: pytest.CaptureFixture[str], file: str) -> None:
    edit(
        file, "      annotations:\n" if file == PATCHES else "  annotations:\n", f"ANNOTATIONS    api-token: {CANARY}\n"
    )
    edit(file, "ANNOTATIONS", "      annotations:\n    " if file == PATCHES else "  annotations:\n")

    assert "[secret-looking-value]" in refused(overlays, capsys)


def test_a_sealed_secret_is_never_taken(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(f"{OVERLAY}/catalog.secret.yaml", "DB_PASSWORD: ", f"DB_PASSWORD: {CANARY} # ")

    said = refused(overlays, capsys)

    assert "[sealed-edit]" in said
    assert "'platformc secrets set shop/Catalog DB_PASSWORD -e Prod'" in said


def test_a_part_of_an_edit_that_changes_nothing_that_is_built_is_not_lost(
    overlays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(PATCHES, "        - name: head\n", '        - name: head\n          image: "acme/catalog:1.4.0"\n')
    edit(PATCHES, "replicas: 3", "replicas: 4")

    said = refused(overlays, capsys)

    assert "'spec.template.spec.containers.0.image of Deployment/prod-catalog' was edited, and nothing" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  replicas: 3", '  replicas: "3"'),
        ("  replicas: 3", "  strategy: { $patch: replace, type: Recreate }"),
        ("      containers:", "      dnsPolicy: null\n      containers:"),
        ("  name: prod-catalog", "  name: catalog"),
        ("metadata:", "metadata:\n  annotations: { dolittle.io/tenant-id: null }"),
    ],
    ids=["type", "directive", "nothing to remove", "no target", "annotation"],
)
def test_where_it_is_not_certain_what_kustomize_does_nothing_is_guessed(
    overlays: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    edit(PATCHES, old, new)

    assert f"{PATCHES}:2:1: error: " in refused(overlays, capsys)


def test_a_second_patch_of_an_object_is_refused(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(PATCHES)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}---\n{text}", encoding="utf-8")

    assert "there are two patches for 'Deployment/prod-catalog'" in refused(overlays, capsys)


def test_a_name_that_another_microservice_has_without_its_prefix_is_refused(
    overlays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(OBJECTS, "                name: catalog\n", "                name: website\n")

    said = refused(overlays, capsys)

    assert "whether kustomize writes the name 'website' in 'Ingress/prod-catalog-a1b2c3d' in full" in said


def test_an_object_that_is_gone_from_a_base_cannot_be_said(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(BASE)
    path.write_text(path.read_text(encoding="utf-8").partition("---\n")[2], encoding="utf-8")

    assert f" is gone from '{BASE}' or has another name" in refused(overlays, capsys)


def test_an_object_without_its_namespace_is_not_taken_for_the_same(
    overlays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(OBJECTS, "  namespace: application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02\n", "")

    assert "what kustomize makes of 'Ingress/catalog-a1b2c3d' here is not certain" in refused(overlays, capsys)


def test_broken_yaml_is_told_with_its_line(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = Path(PATCHES).read_text(encoding="utf-8").count("\n")
    with Path(PATCHES).open("a", encoding="utf-8") as stream:
        stream.write(f"  broken: [{CANARY}\n")

    assert refused(overlays, capsys).startswith(f"{PATCHES}:{lines + 1}:")


def test_a_base_without_its_edited_overlay_is_not_taken(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "acme/catalog:1.4.0", "acme/catalog:1.5.0")
    edit(PATCHES, "replicas: 3", "replicas: 4")

    said = refused(overlays, capsys, BASE)

    assert f"'{PATCHES}' was edited as well, and is built together with what is to be taken in" in said
    assert "name it as well, or run 'platformc adopt' to take all edits" in said


def test_where_the_document_changed_as_well_the_edit_cannot_be_told(
    overlays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("platform.yaml", "acme/catalog:1.4.0", "acme/catalog:1.5.0")
    edit(PATCHES, "replicas: 3", "replicas: 4")

    assert "the document has changed since" in refused(overlays, capsys)


def test_a_file_of_somebody_else_is_nobodys_edit(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("deploy/.platformc.lock").unlink()
    edit(PATCHES, "replicas: 3", "replicas: 4")

    assert "[foreign-file]" in refused(overlays, capsys, PATCHES)


def test_the_wiring_of_gitops_comes_from_the_document(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gitops = '{ engine: flux, repository: "https://github.com/acme/platform.git" }'
    edit("platform.yaml", "layout: kustomize }", f"layout: kustomize, gitops: {gitops} }}")
    assert main(["compile", "-q"]) == 0
    file = min(str(each.relative_to(overlays)) for each in (overlays / "deploy" / "gitops").rglob("*.yaml"))
    edit(file, "apiVersion", "# a note\napiVersion")

    assert f"'{file}' is compiled from what 'output' says of GitOps" in refused(overlays, capsys)


def test_what_an_api_server_would_refuse_is_refused(overlays: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(BASE, "  replicas: 1", "  replicas: 1\n  minReadySeconds: five")

    assert "'spec.minReadySeconds' in 'Deployment/" in refused(overlays, capsys)


@pytest.mark.usefixtures("overlays")
def test_check_does_not_send_to_adopt_where_that_cannot_be(capsys: pytest.CaptureFixture[str]) -> None:
    edit(KUSTOMIZATION, "components:", "namePrefix: x-\ncomponents:")

    assert main(["check"]) == 1
    assert "platformc adopt" not in capsys.readouterr().err
