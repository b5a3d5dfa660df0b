import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def test_fresh_output_is_up_to_date(platformc: Platformc) -> None:
    platformc("compile")

    ended = platformc("check")

    assert (ended.returncode, ended.stdout) == (0, "")
    assert re.search(r"^up to date: \d+ objects in 7 files$", ended.stderr, re.MULTILINE)


def test_stale_files_are_named_with_the_reason_and_the_command_that_mends_them(
    platformc: Platformc, project: Path, tmp_path: Path
) -> None:
    platformc("compile")
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("catalog:1.4.0", "catalog:1.5.0"))
    (project / "deploy" / "shop" / "prod" / "pricing.yaml").unlink()

    ended = platformc("check", "-f", "a project/platform.yaml", cwd=tmp_path)

    assert ended.returncode == 1
    assert "a project/deploy/shop/dev/catalog.yaml: source changed\n" in ended.stderr
    assert "a project/deploy/shop/prod/pricing.yaml: missing\n" in ended.stderr
    assert "; run: platformc compile -f 'a project/platform.yaml'\n" in ended.stderr


def test_check_writes_nothing(platformc: Platformc, project: Path) -> None:
    assert platformc("check").returncode == 1
    assert [path.name for path in project.iterdir()] == ["platform.yaml"]


def test_a_file_of_somebody_else_is_a_note(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    (project / "deploy" / "README.md").write_text("hello")

    ended = platformc("check")

    assert ended.returncode == 0
    assert "note: 'deploy/README.md' is not platformc's\n" in ended.stderr
    assert platformc("check", "-q").stderr == ""


def test_programs_get_a_finding_for_each_stale_file(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    (project / "deploy" / "shop" / "dev" / "catalog.yaml").write_text("mine\n")

    ended = platformc("check", "--format", "json")

    assert ended.returncode == 1
    found = json.loads(ended.stdout)["findings"]
    assert [(each["file"], each["code"]) for each in found] == [("deploy/shop/dev/catalog.yaml", "hand-edited-file")]
