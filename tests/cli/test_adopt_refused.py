"""Edits of the output that `platformc adopt` does not take: each is named, nothing is written, no value is shown."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.main import main
from tests.cli.conftest import Platformc
from tests.cli.edited import CANARY, CATALOG, edit, refused


def test_an_object_that_is_gone_cannot_be_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(CATALOG)
    path.write_text(path.read_text(encoding="utf-8").rpartition("---\n")[0], encoding="utf-8")

    said = refused(shop, capsys)

    assert said.startswith(
        f"{CATALOG}:1:1: error: 'Ingress/dev-catalog-445f8ea' is gone from '{CATALOG}' or has another name, and no "
        "patch can say that [unadoptable-edit]\n"
    )
    assert "'deploy: false'" in said


def test_a_sealed_secret_is_never_taken(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("deploy/shop/dev/catalog.secret.yaml", "DB_PASSWORD: ", f"DB_PASSWORD: {CANARY} # ")

    said = refused(shop, capsys)

    assert "[sealed-edit]" in said
    assert "'platformc secrets set shop/Catalog DB_PASSWORD -e Dev'" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"LOG_LEVEL": "info"', f'"LOG_LEVEL": "info"\n  "API_TOKEN": "{CANARY}"'),
        ("          env:\n", f"          env:\n            - {{ name: API_TOKEN, value: {CANARY} }}\n"),
        ('"LOG_LEVEL": "info"', '"LOG_LEVEL": "AKIA' + 'Q3EGRIXHVTQWERTY"'),
    ],
    ids=["variable", "container", "format"],
)
def test_what_looks_like_a_secret_is_not_shown(
    shop: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    edit(CATALOG, old, new)

    said = refused(shop, capsys)

    assert "[secret-looking-value]" in said
    assert "AKIA" not in said


def test_a_secret_in_the_open_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path(CATALOG).open("a", encoding="utf-8") as stream:
        stream.write(f"---\napiVersion: v1\nkind: Secret\nmetadata: {{ name: mine }}\nstringData: {{ a: {CANARY} }}\n")

    assert "[plain-secret]" in refused(shop, capsys)


def test_what_an_api_server_would_refuse_is_refused_at_the_line_of_the_object(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(CATALOG, "  replicas: 1", "  replicas: 1\n  minReadySeconds: five")

    said = refused(shop, capsys)

    number = Path(CATALOG).read_text(encoding="utf-8").split("kind: Deployment")[0].count("\n")
    assert said.startswith(f"{CATALOG}:{number}:1: error: 'spec.minReadySeconds' in 'Deployment/dev-catalog' must be a")


def test_what_kubernetes_does_not_change_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(
        CATALOG,
        '  selector:\n    matchLabels:\n      tenant: "acme"',
        '  selector:\n    matchLabels:\n      tenant: "else"',
    )

    assert "[immutable-field]" in refused(shop, capsys)


def test_broken_yaml_is_told_with_its_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = Path(CATALOG).read_text(encoding="utf-8").count("\n")
    with Path(CATALOG).open("a", encoding="utf-8") as stream:
        stream.write(f"  broken: [{CANARY}\n")

    assert refused(shop, capsys).startswith(f"{CATALOG}:{lines + 1}:")


def test_where_the_document_changed_as_well_the_edit_cannot_be_told(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("platform.yaml", "catalog:1.4.0", "catalog:1.5.0")
    edit(CATALOG, "  replicas: 1", "  replicas: 2")

    assert f"the document has changed since '{CATALOG}' was compiled" in refused(shop, capsys)


def test_the_commands_that_are_named_then_keep_both_changes(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ("init -q", "add -A", "-c user.name=A -c user.email=a@b.example commit -qm all"):
        subprocess.run(("git", *words.split()), check=True)
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):  # a stash is a commit
        monkeypatch.setenv(f"{name}_NAME", "A")
        monkeypatch.setenv(f"{name}_EMAIL", "a@b.example")
    edit("platform.yaml", "catalog:1.4.0", "catalog:1.5.0")
    edit(CATALOG, "  replicas: 1", "  replicas: 2")
    folder = shop.rename(shop.with_name("our shop"))
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert main(["adopt", "--yes", "-f", "our shop/platform.yaml"]) == 1

    (ways,) = re.findall(r"taken back by (.*), one after the other", capsys.readouterr().err)
    for command in re.findall(r"`([^`]*)`", ways):
        subprocess.run(command.replace("platformc adopt", "platformc adopt --yes"), shell=True, check=True)  # noqa: S602  (as a person pastes it)

    text = (folder / "platform.yaml").read_text(encoding="utf-8")
    assert "catalog:1.5.0" in text
    assert re.search(r"Dev:\n +head:\n +replicas: 2\n", text)
    assert main(["compile", "-q", "-f", "our shop/platform.yaml"]) == 0
    assert "\n  replicas: 2\n" in (folder / CATALOG).read_text(encoding="utf-8")


def test_a_file_of_somebody_else_is_nobodys_edit(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("deploy/.platformc.lock").unlink()
    edit(CATALOG, "  replicas: 1", "  replicas: 2")

    said = refused(shop, capsys, CATALOG)

    assert "[foreign-file]" in said
    assert "move it away, or run 'platformc compile --overwrite' to lose it" in said


def test_the_configuration_of_sops_comes_from_the_recipients(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(".sops.yaml", "creation_rules", "# a note\ncreation_rules")

    assert "'.sops.yaml' is compiled from the recipients" in refused(shop, capsys)


def test_a_file_that_is_no_longer_compiled_has_no_document(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("deploy/shop/dev/website.yaml", "  replicas: 1", "  replicas: 2")
    edit("platform.yaml", "        expose: { path: / }", "        environments: { Dev: { deploy: false } }")

    assert "is no longer compiled" in refused(shop, capsys, "deploy/shop/dev/website.yaml")


def test_a_file_that_platformc_does_not_compile_is_a_mistake(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "'platform.yaml' is no file that platformc compiles" in refused(shop, capsys, "platform.yaml", status=2)


def test_a_text_that_cannot_be_edited_alone_is_left(project: Path, platformc: Platformc) -> None:
    document = project / "platform.yaml"
    text = document.read_text(encoding="utf-8")
    shared = "        environments: &all { Dev: &dev { head: { replicas: 2 } }, Prod: *dev }\n"
    text = text.replace("        expose: { path: /api/catalog }\n", shared) + "        environments: *all\n"
    document.write_text(text, encoding="utf-8")
    assert platformc("compile").returncode == 0
    file = project / "deploy" / "shop" / "dev" / "catalog.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  replicas: 2", "  replicas: 3"), encoding="utf-8")

    ended = platformc("adopt", "--yes")

    assert ended.returncode == 1
    assert "the document cannot be edited so that it says this, and nothing else" in ended.stderr
    assert document.read_text(encoding="utf-8") == text
