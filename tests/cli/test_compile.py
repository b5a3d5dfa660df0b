import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_what_was_written_is_summed_up_on_standard_error(platformc: Platformc, project: Path) -> None:
    ended = platformc("compile")

    assert (ended.returncode, ended.stdout) == (0, "")
    assert re.search(r"^compiled \d+ objects in 7 files: 7 written \(\d+\.\d\d s\)$", ended.stderr, re.MULTILINE)
    assert (project / "deploy" / "shop" / "prod" / "pricing.yaml").is_file()


def test_a_second_time_there_is_nothing_to_write(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    before = {path: path.stat().st_mtime_ns for path in (project / "deploy").rglob("*")}

    ended = platformc("compile")

    assert ": nothing to write (" in ended.stderr
    assert {path: path.stat().st_mtime_ns for path in (project / "deploy").rglob("*")} == before


def test_quiet_is_quiet(platformc: Platformc) -> None:
    ended = platformc("compile", "--quiet")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_an_error_writes_nothing(platformc: Platformc, project: Path) -> None:
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("head:", "haed:", 1))

    ended = platformc("compile")

    assert ended.returncode == 1
    assert ended.stderr.endswith("\n")
    assert files(project).keys() == {"platform.yaml"}


def test_one_environment_leaves_the_others_alone(platformc: Platformc, project: Path) -> None:
    platformc("compile", "-e", "Dev")

    assert (project / "deploy" / "shop" / "dev" / "catalog.yaml").is_file()
    assert not (project / "deploy" / "shop" / "prod").exists()


def test_one_microservice_leaves_the_others_alone(platformc: Platformc, project: Path) -> None:
    platformc("compile", "--select", "shop/Catalog")

    assert {path.name for path in (project / "deploy" / "shop").rglob("*.yaml")} == {"catalog.yaml"}


def test_an_environment_that_is_not_there_is_answered_with_the_nearest_one(platformc: Platformc) -> None:
    ended = platformc("compile", "-e", "Prd")

    assert ended.returncode == 2
    assert "'Prd'" in ended.stderr
    assert "did you mean 'Prod'?" in ended.stderr


def test_output_may_go_elsewhere_and_is_the_same_there(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "new folder" / "out"

    assert platformc("compile", "-o", str(elsewhere)).returncode == 0
    assert not (project / "deploy").exists()
    assert not (elsewhere.parent / ".sops.yaml").exists()

    platformc("compile")
    here, there = files(project / "deploy"), files(elsewhere)
    assert here.keys() == there.keys()
    del here[".platformc.lock"], there[".platformc.lock"]
    assert here == there
    assert platformc("check", "-o", str(elsewhere)).returncode == 0


def test_output_may_be_the_documents_own_folder_by_another_name(platformc: Platformc, project: Path) -> None:
    platformc("compile")

    assert ": nothing to write (" in platformc("compile", "-o", str(project / "deploy")).stderr


def test_a_document_elsewhere_is_compiled_beside_itself(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    ended = platformc("compile", "-f", "a project/platform.yaml", cwd=tmp_path)

    assert ended.returncode == 0
    assert (project / "deploy" / "shop" / "dev" / "catalog.yaml").is_file()


def test_a_file_that_was_edited_by_hand_is_kept_and_named(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    platformc("compile")
    edited = project / "deploy" / "shop" / "dev" / "catalog.yaml"
    edited.write_text("mine\n")

    ended = platformc("compile", "-f", "a project/platform.yaml", cwd=tmp_path)

    assert ended.returncode == 1
    assert "a project/deploy/shop/dev/catalog.yaml:1:1: error: " in ended.stderr
    assert "[hand-edited-file]" in ended.stderr
    assert edited.read_text() == "mine\n"

    assert platformc("compile", "--overwrite").returncode == 0
    assert edited.read_text() != "mine\n"


def test_elsewhere_an_edited_file_is_named_by_its_path_and_there_is_nothing_to_adopt(
    platformc: Platformc, project: Path
) -> None:
    platformc("compile", "--quiet", "-o", "sub/out")
    (project / "sub" / "out" / "shop" / "dev" / "catalog.yaml").write_text("# mine\n", encoding="utf-8")

    result = platformc("compile", "-o", "sub/out")

    assert result.returncode == 1
    assert "sub/out/shop/dev/catalog.yaml:1:1: error: 'sub/out/shop/dev/catalog.yaml' was edited" in result.stderr
    assert "= hint: compile with '--overwrite' to lose it" in result.stderr
    assert platformc("compile", "-o", "sub/out", "--overwrite").returncode == 0


def test_a_folder_in_the_place_of_a_file_is_named_and_never_written_over(platformc: Platformc, project: Path) -> None:
    platformc("compile", "--quiet")
    place = project / "deploy" / "shop" / "dev" / "catalog.yaml"
    place.unlink()
    place.mkdir()
    (place / "mine").write_bytes(b"x")

    for options in ((), ("--overwrite",)):
        result = platformc("compile", *options)
        assert result.returncode == 1
        assert "'deploy/shop/dev/catalog.yaml' is a folder, and a compiled file belongs there" in result.stderr
    said = platformc("check").stderr
    assert "deploy/shop/dev/catalog.yaml: a folder stands in its place" in said
    assert "--overwrite" not in said
    assert (place / "mine").read_bytes() == b"x"


def test_output_that_cannot_be_written_is_a_failure_in_words(platformc: Platformc, project: Path) -> None:
    (project / "deploy").write_text("a file where a folder belongs")

    ended = platformc("compile")

    assert ended.returncode == 3
    assert "[unwritable-file]" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["compile", "check", "conform"])
def test_a_file_that_is_named_as_the_output_folder_is_answered_as_such(platformc: Platformc, command: str) -> None:
    ended = platformc(command, "-o", "platform.yaml")

    assert ended.returncode == 2
    assert ended.stderr == (
        "platformc: 'platform.yaml' is a file; give '-o' a folder, which is made where there is none\n"
        f"see: platformc {command} --help\n"
    )


def test_a_file_on_the_way_to_the_output_folder_is_named(platformc: Platformc) -> None:
    ended = platformc("compile", "-o", "platform.yaml/below/out")

    assert ended.returncode == 2
    assert ended.stderr.startswith("platformc: 'platform.yaml', on the way to 'platform.yaml/below/out', is a file; ")


def test_the_output_folder_may_be_a_link_that_leads_to_none_yet(platformc: Platformc, project: Path) -> None:
    (project / "link").symlink_to("made")

    assert platformc("compile", "-o", "link").returncode == 0
    assert (project / "made" / ".platformc.lock").is_file()


def test_programs_get_findings_as_json_on_standard_output(platformc: Platformc, project: Path) -> None:
    assert json.loads(platformc("compile", "--format", "json").stdout) == {"version": 1, "findings": []}

    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("head:", "haed:", 1))
    ended = platformc("compile", "--format", "json")

    findings = json.loads(ended.stdout)["findings"]
    assert ended.returncode == 1
    assert ("unknown-key", "platform.yaml", 19) in {(each["code"], each["file"], each["line"]) for each in findings}


def test_colours_are_for_terminals_and_for_who_insists(platformc: Platformc, project: Path) -> None:
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("head:", "haed:", 1))

    assert "\x1b[" not in platformc("validate").stderr
    assert "\x1b[" in platformc("validate", "--color", "always").stderr
    assert "\x1b[" in platformc("validate", FORCE_COLOR="1").stderr
    assert "\x1b[" not in platformc("validate", FORCE_COLOR="1", NO_COLOR="1").stderr
    assert "\x1b[" not in platformc("validate", "--color", "never", FORCE_COLOR="1").stderr


def test_colours_are_there_on_a_terminal(project: Path) -> None:
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("head:", "haed:", 1))
    terminal, its_side = pty.openpty()
    quiet = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}

    subprocess.run(
        [sys.executable, "-m", "generator", "validate"],
        cwd=project,
        stderr=its_side,
        env=quiet | {"TERM": "xterm"},
        check=False,
    )
    os.close(its_side)
    said = os.read(terminal, 1 << 16)
    os.close(terminal)

    assert b"\x1b[1;31merror:" in said
