"""`platformc promote` on a real folder."""

import io
import shutil
from pathlib import Path

import pytest

from generator.cli.main import main
from tests.compiled import ROOT

DEV = """\
          Dev: { head: { image: "3f2c8a105b7d4c1e9a440d6e21b7f501.azurecr.io/catalog:1.5.0" } }
          Prod:
"""


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample shop, in which Dev tries a new image."""
    shutil.copytree(ROOT / "samples" / "shop", tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    monkeypatch.setenv("NO_COLOR", "1")
    file = tmp_path / "shop" / "platform.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("          Prod:\n", DEV), encoding="utf-8")
    return file


PROMOTE = ("promote", "shop/Catalog", "--from", "Dev", "--to", "Prod")


def test_it_shows_the_difference_and_writes_what_it_showed(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = document.read_text(encoding="utf-8")

    status = main([*PROMOTE, "--yes"])

    said = capsys.readouterr()
    assert status == 0
    assert said.out.startswith("--- a/platform.yaml\n+++ b/platform.yaml\n@@")
    assert "catalog:1.5.0 (now 3f2c8a105b7d4c1e9a440d6e21b7f501.azurecr.io/catalog:1.4.0)" in said.err
    assert (
        "deploy/shop/prod/catalog.yaml: Deployment/prod-catalog changed: spec.template.spec.containers[head].image"
        in said.err
    )
    after = document.read_text(encoding="utf-8")
    assert after.replace(', image: "3f2c8a105b7d4c1e9a440d6e21b7f501.azurecr.io/catalog:1.5.0"', "") == before
    assert main(["compile", "-q"]) == 0


def test_a_dry_run_writes_nothing(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = document.read_bytes()

    assert main([*PROMOTE, "--dry-run"]) == 0

    assert "+++ b/platform.yaml" in capsys.readouterr().out
    assert document.read_bytes() == before


def test_where_nobody_can_be_asked_nothing_is_written(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = document.read_bytes()

    assert main([*PROMOTE]) == 2

    assert "say '--yes' to write" in capsys.readouterr().err
    assert document.read_bytes() == before


@pytest.mark.parametrize(("answer", "written"), [(True, True), (False, False)])
def test_a_person_is_asked(document: Path, monkeypatch: pytest.MonkeyPatch, *, answer: bool, written: bool) -> None:
    before = document.read_bytes()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_words, **_options: answer)

    assert main([*PROMOTE]) == 0

    assert (document.read_bytes() != before) == written


def test_what_runs_already_is_nothing_to_do(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PROMOTE, "--yes", "-q"]) == 0
    promoted = document.stat()
    capsys.readouterr()

    assert main([*PROMOTE]) == 0

    said = capsys.readouterr()
    assert said.out == ""
    assert "'Prod' already runs what 'Dev' runs of shop/Catalog; nothing to do" in said.err
    assert document.stat().st_mtime_ns == promoted.st_mtime_ns


def test_standard_input_cannot_be_edited(
    document: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(document.read_bytes())))

    assert main([*PROMOTE, "-f", "-"]) == 2

    assert "standard input cannot be edited" in capsys.readouterr().err


def test_a_document_that_would_not_compile_is_left_alone(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = document.read_text(encoding="utf-8").replace(
        "          Dev: { head:", "          Dev: { env: { TOKEN: { secret: true } }, head:"
    )
    document.write_text(text, encoding="utf-8")

    assert main([*PROMOTE, "--yes"]) == 1

    said = capsys.readouterr()
    assert "'TOKEN'" in said.err
    assert "secrets/shop/prod/catalog.yaml" in said.err
    assert document.read_text(encoding="utf-8") == text
