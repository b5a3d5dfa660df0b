"""`platformc adopt` on a real folder: what was edited in the output, taken into the document."""

from pathlib import Path

import pytest
import yaml

from generator.cli.main import main
from tests.cli.edited import CATALOG, adopt_in_two_runs, edit, objects

RESOURCES = ["requests:", 'cpu: "50m"', 'memory: "256Mi"', "limits:", 'cpu: "3"', 'memory: "1Gi"']


pytestmark = pytest.mark.usefixtures("shop")


def added_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Adopt everything, and return the lines that the document gained; it lost none, and the output fits again."""
    capsys.readouterr()
    assert main(["adopt", "--yes"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert not [each for each in shown if each.startswith("-") and not each.startswith("---")]
    assert main(["check", "-q"]) == 0
    return [each[1:].strip() for each in shown if each.startswith("+") and not each.startswith("+++")]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "catalog:1.4.0",
            "catalog:1.4.1",
            ["Dev:", "head:", 'image: "3f2c8a105b7d4c1e9a440d6e21b7f501.azurecr.io/catalog:1.4.1"'],
        ),
        ("replicas: 1", "replicas: 2", ["Dev:", "head:", "replicas: 2"]),
        ('"LOG_LEVEL": "info"', '"LOG_LEVEL": "debug"', ["Dev:", "env:", "LOG_LEVEL: debug"]),
        ('cpu: "2000m"', 'cpu: "3"', ["Dev:", "head:", "resources:", *RESOURCES]),
        (
            '"LOG_LEVEL": "info"',
            '"LOG_LEVEL": "info"\n  "PAGE": "yes"',
            ["Dev:", "env:", 'PAGE: "yes"'],
        ),
    ],
    ids=["image", "replicas", "variable", "resources", "new variable"],
)
def test_an_edit_that_a_key_says_becomes_that_key(
    capsys: pytest.CaptureFixture[str], old: str, new: str, lines: list[str]
) -> None:
    edit(CATALOG, old, new)
    wanted = objects()

    assert added_lines(capsys) == lines
    digest = "platformc.dev/configuration"
    found = objects()
    for version in (wanted, found):
        version["Deployment/dev-catalog"]["spec"]["template"]["metadata"]["annotations"].pop(digest)
    assert found == wanted


def test_an_annotation_becomes_a_patch_of_the_microservice_in_that_environment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(CATALOG, "    cert-manager.io", "    example.com/owner: me\n    cert-manager.io")
    wanted, elsewhere = objects(), objects("deploy/shop/prod/catalog.yaml")

    assert added_lines(capsys) == [
        "Dev:",
        "patches:",
        "- { target: Ingress, merge: { metadata: { annotations: { example.com/owner: me } } } }",
    ]
    assert objects() == wanted
    assert objects("deploy/shop/prod/catalog.yaml") == elsewhere


def test_a_sidecar_stands_where_it_was_put(capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = """\
        - name: sidecar
          image: "example/sidecar:1.0.0"
          resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { cpu: 10m, memory: 16Mi } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
"""
    edit(CATALOG, "        - name: runtime\n          image", sidecar + "        - name: runtime\n          image")
    wanted = objects()

    lines = added_lines(capsys)

    assert "- { name: head }" in lines
    assert not any("runtime" in each for each in lines)
    assert objects() == wanted


def test_the_port_of_a_service_is_changed(capsys: pytest.CaptureFixture[str]) -> None:
    edit(CATALOG, "      port: 8080", "      port: 8081")
    wanted = objects()

    assert "- target: Service" in added_lines(capsys)
    assert objects() == wanted


def test_what_a_merge_cannot_say_becomes_operations(capsys: pytest.CaptureFixture[str]) -> None:
    first = '            - name: "runtime"\n              protocol: TCP\n              containerPort: 50052\n'
    last = '            - name: "runtime-metrics"\n              protocol: TCP\n              containerPort: 9700\n'
    edit(CATALOG, first, "")
    edit(CATALOG, last, last + first)
    wanted = objects()

    lines = added_lines(capsys)

    assert any("op: " in each for each in lines)
    assert objects() == wanted


def test_an_object_that_was_added_becomes_a_plain_manifest(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budget = """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: dev-catalog }
spec:
  minAvailable: 1
  selector: { matchLabels: { environment: Dev, microservice: Catalog } }
"""
    with Path(CATALOG).open("a", encoding="utf-8") as stream:
        stream.write(budget)

    lines = added_lines(capsys)

    manifest = shop / "adopted" / "shop" / "dev" / "catalog" / "poddisruptionbudget-dev-catalog.yaml"
    assert yaml.safe_load(manifest.read_text(encoding="utf-8")) == yaml.safe_load(budget)
    assert lines[-1] == "manifests: [adopted/shop/dev/catalog/poddisruptionbudget-dev-catalog.yaml]"
    assert objects()["PodDisruptionBudget/dev-catalog"]["spec"]["minAvailable"] == 1


def test_two_files_of_different_owners_are_taken_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    edit("deploy/shop/application.yaml", "labels:", "labels:\n    example.com/team: shop")
    edit("deploy/shop/prod/website.yaml", "  replicas: 1", "  replicas: 5")
    wanted = objects("deploy/shop/application.yaml")

    lines = added_lines(capsys)

    assert "environments: { Prod: { head: { replicas: 5 } } }" in lines
    assert objects("deploy/shop/application.yaml") == wanted


def test_only_the_named_file_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    edit(CATALOG, "replicas: 1", "replicas: 2")
    edit("deploy/shop/prod/website.yaml", "  replicas: 1", "  replicas: 5")
    edited = Path(CATALOG).read_bytes()

    assert main(["adopt", "--yes", "deploy/shop/prod/website.yaml"]) == 0

    assert Path(CATALOG).read_bytes() == edited
    said = capsys.readouterr().err
    assert "; 1 other file is still not as platformc left it: see 'platformc check'\n" in said
    assert "platformc compile" not in said  # it would be refused
    assert main(["check", "-q"]) == 1


def test_compiling_is_named_where_it_brings_the_other_files_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    edit(CATALOG, "replicas: 1", "replicas: 2")
    Path("deploy/shop/prod/website.yaml").unlink()

    assert main(["adopt", "--yes"]) == 0

    assert "; run 'platformc compile' to bring 1 other file up to date\n" in capsys.readouterr().err
    assert main(["compile", "-q"]) == 0
    assert main(["check", "-q"]) == 0


def test_an_edit_of_an_edit_does_not_replace_the_patch_before(capsys: pytest.CaptureFixture[str]) -> None:
    edit(CATALOG, "  replicas: 1", "  replicas: 1\n  minReadySeconds: 5")
    added_lines(capsys)
    edit(CATALOG, "  minReadySeconds: 5", "  minReadySeconds: 5\n  revisionHistoryLimit: 2")

    assert '"Deployment, adopted"' in "".join(added_lines(capsys))
    assert (
        objects()["Deployment/dev-catalog"]["spec"].items() >= {"minReadySeconds": 5, "revisionHistoryLimit": 2}.items()
    )


def test_nothing_to_adopt_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adopt"]) == 0

    said = capsys.readouterr()
    assert said.out == ""
    assert "no file of the output was edited by hand; nothing to do" in said.err


def test_nothing_is_said_to_be_lost_where_the_edit_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    edit(CATALOG, "replicas: 1", "replicas: 2")
    edited = Path(CATALOG).read_bytes()

    assert main(["adopt", "--yes"]) == 0

    assert "not kept" not in capsys.readouterr().err
    assert Path(CATALOG).read_bytes() == edited


def test_all_paths_are_those_of_the_current_folder(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(CATALOG, "replicas: 1", "replicas: 2")
    monkeypatch.chdir(shop.parent)

    assert main(["adopt", "--yes", "-f", f"{shop.name}/platform.yaml"]) == 0

    assert f"  {shop.name}/{CATALOG}: Deployment/dev-catalog changed: spec.replicas\n" in capsys.readouterr().err


def test_comments_alone_change_no_document_and_are_announced(capsys: pytest.CaptureFixture[str]) -> None:
    document = Path("platform.yaml").read_bytes()
    edit(CATALOG, "apiVersion", "# a note\napiVersion")

    assert main(["adopt", "--yes"]) == 0

    assert "comments and layout: not kept" in capsys.readouterr().err
    assert Path("platform.yaml").read_bytes() == document
    assert main(["check", "-q"]) == 0


def test_a_dry_run_writes_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(CATALOG, "replicas: 1", "replicas: 2")
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()}

    assert main(["adopt", "--dry-run"]) == 0

    assert "+              replicas: 2" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("answer", "written"), [(True, True), (False, False)])
def test_a_person_is_asked(monkeypatch: pytest.MonkeyPatch, *, answer: bool, written: bool) -> None:
    before = Path("platform.yaml").read_bytes()
    edit(CATALOG, "replicas: 1", "replicas: 2")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_words, **_options: answer)

    assert main(["adopt"]) == 0

    assert (Path("platform.yaml").read_bytes() != before) == written


def test_an_adoption_that_was_cut_short_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    edit(CATALOG, '"LOG_LEVEL": "info"', '"LOG_LEVEL": "debug"')

    adopt_in_two_runs(monkeypatch)


def test_a_variable_that_was_taken_out_is_removed_in_that_environment(capsys: pytest.CaptureFixture[str]) -> None:
    edit("platform.yaml", "          LOG_LEVEL: info", "          LOG_LEVEL: info\n          MOTTO: one")
    assert main(["compile", "-q"]) == 0
    edit(CATALOG, '  "MOTTO": "one"\n', "")

    assert added_lines(capsys) == ["Dev:", "env:", "MOTTO: null"]
    assert objects()["ConfigMap/dev-catalog-env-variables"]["data"] == {"LOG_LEVEL": "info"}


def test_a_variable_that_an_environment_alone_has_leaves_the_document() -> None:
    before = Path("platform.yaml").read_text(encoding="utf-8")
    edit("platform.yaml", "env: { LOG_LEVEL: warn }", "env: { LOG_LEVEL: warn, MOTTO: one }  # kept")
    assert main(["compile", "-q"]) == 0
    edit("deploy/shop/prod/catalog.yaml", '  "MOTTO": "one"\n', "")

    assert main(["adopt", "--yes"]) == 0

    assert Path("platform.yaml").read_text(encoding="utf-8") == before.replace("warn }", "warn }  # kept")
    assert main(["check", "-q"]) == 0


def test_the_only_thing_that_an_environment_says_leaves_with_its_line() -> None:
    edit("platform.yaml", "            env: { LOG_LEVEL: warn }", "            env:\n              MOTTO: one # why\n")
    before = Path("platform.yaml").read_text(encoding="utf-8")
    assert main(["compile", "-q"]) == 0
    edit("deploy/shop/prod/catalog.yaml", '  "MOTTO": "one"\n', "")

    assert main(["adopt", "--yes"]) == 0

    assert Path("platform.yaml").read_text(encoding="utf-8") == before.replace(
        "            env:\n              MOTTO: one # why\n", ""
    )
    assert main(["check", "-q"]) == 0
