import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.anybody import as_anybody, run_uncached

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def test_a_missing_document_is_answered_with_those_nearby(platformc: Platformc, tmp_path: Path) -> None:
    (tmp_path / "platforms" / "acme").mkdir(parents=True)
    (tmp_path / "platforms" / "acme" / "platform.yaml").write_text("")

    ended = platformc("validate", cwd=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr == (
        "platformc: there is no 'platform.yaml'; did you mean '-f a project/platform.yaml'"
        " or '-f platforms/acme/platform.yaml'?\n"
        "see: platformc validate --help\n"
    )


def test_a_missing_document_with_nothing_nearby_is_answered_with_how_to_start(
    platformc: Platformc, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    ended = platformc("compile", cwd=empty)

    assert ended.returncode == 2
    assert "there is no 'platform.yaml'" in ended.stderr
    assert "'platformc --help'" in ended.stderr


def test_a_folder_instead_of_a_document_is_answered_with_the_document_in_it(
    platformc: Platformc, tmp_path: Path
) -> None:
    ended = platformc("validate", "-f", "a project", cwd=tmp_path)

    assert ended.returncode == 2
    assert "'a project' is a folder; did you mean '-f a project/platform.yaml'?" in ended.stderr


def test_a_document_that_cannot_be_read_is_said_in_words(platformc: Platformc, project: Path) -> None:
    (project / "loop.yaml").symlink_to("loop.yaml")

    ended = platformc("validate", "-f", "loop.yaml")

    assert ended.returncode == 2
    assert "platformc: 'loop.yaml' cannot be read: its links lead in a circle\n" in ended.stderr


@pytest.mark.parametrize("command", ["validate", "check", "compile"])
def test_a_document_that_the_system_does_not_hand_out_is_a_failure_of_the_machine(project: Path, command: str) -> None:
    (project / "platform.yaml").chmod(0)

    ended = run_uncached(project, command, before=as_anybody())

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == "platformc: 'platform.yaml' cannot be read: permission denied\n"


def test_a_document_whose_disk_fails_is_a_failure_of_the_machine(platformc: Platformc) -> None:
    ended = platformc("validate", "-f", "/proc/self/mem")  # nothing is mapped at its beginning: EIO, see proc(5)

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == "platformc: '/proc/self/mem' cannot be read: input/output error\n"


def test_a_document_that_is_not_utf8_is_a_finding(platformc: Platformc, project: Path) -> None:
    (project / "platform.yaml").write_bytes("kind: Plätform\n".encode("latin-1"))

    ended = platformc("validate")

    assert ended.returncode == 1
    assert ended.stderr.startswith("platform.yaml:1:")
    assert "Traceback" not in ended.stderr


def test_findings_name_files_as_the_current_folder_does(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("head:", "haed:", 1))

    ended = platformc("validate", "-f", "a project/platform.yaml", cwd=tmp_path)

    assert ended.returncode == 1
    assert "a project/platform.yaml:19:9: error: " in ended.stderr
    assert "\n19 |         haed: {" in ended.stderr


def test_an_included_file_is_named_and_shown_as_well(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    document = project / "platform.yaml"
    (project / "more").mkdir()
    (project / "more" / "basket.yaml").write_text("name: Basket\nhead: { imagr: 'a/b:1.0.0' }\n")
    document.write_text(document.read_text() + "      - include: more/*.yaml\n")

    ended = platformc("validate", "-f", "a project/platform.yaml", cwd=tmp_path)

    assert ended.returncode == 1
    assert "a project/more/basket.yaml:2:9: error: unknown key 'imagr'" in ended.stderr
    assert "\n2 | head: { imagr: 'a/b:1.0.0' }\n" in ended.stderr


def test_a_document_may_come_from_standard_input(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    good = (project / "platform.yaml").read_text()

    assert platformc("validate", "-f", "-", cwd=tmp_path, stdin=good).returncode == 0

    ended = platformc("validate", "-f", "-", cwd=tmp_path, stdin=good.replace("head:", "haed:", 1))
    assert ended.returncode == 1
    assert "<stdin>:19:9: error: " in ended.stderr
    assert "\n19 |         haed: {" in ended.stderr


def test_no_line_of_a_secrets_file_is_shown(platformc: Platformc, sealed_project: Path) -> None:
    source = sealed_project / "secrets" / "shop" / "dev" / "catalog.yaml"
    source.write_text("stringData:\n  DB_PASSWORD: hunter2hunter2\n")

    ended = platformc("validate")

    assert ended.returncode == 1
    assert "secrets/shop/dev/catalog.yaml:" in ended.stderr
    assert "hunter2" not in ended.stdout + ended.stderr
