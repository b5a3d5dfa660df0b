"""`platformc sops-config`: what sops seals with, before there is anything to compile."""

from pathlib import Path

from tests.cli.conftest import Platformc


def test_it_is_what_compile_writes(sealed_project: Path, platformc: Platformc) -> None:
    printed = platformc("sops-config")

    assert platformc("compile").returncode == 0
    assert printed.returncode == 0
    assert printed.stdout.startswith("# Compiled by platformc")
    assert printed.stdout == (sealed_project / ".sops.yaml").read_text(encoding="utf-8")


def test_a_missing_sealed_value_is_no_hindrance(sealed_project: Path, platformc: Platformc) -> None:
    (sealed_project / "secrets" / "shop" / "dev" / "catalog.yaml").unlink()

    assert platformc("sops-config").returncode == 0
    assert not (sealed_project / ".sops.yaml").exists()


def test_a_document_without_recipients_has_none(project: Path, platformc: Platformc) -> None:
    ended = platformc("sops-config")

    assert (project / "platform.yaml").exists()
    assert ended.returncode == 2
    assert "no environment has recipients" in ended.stderr
    assert ended.stdout == ""
