"""`platformc secrets guard`, as a hook or a person calls it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

TOKEN = "ghp_" + "a" * 36


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def guard(folder: Path, *arguments: str) -> Ended:
    return subprocess.run(
        [sys.executable, "-m", "generator", "secrets", "guard", *arguments],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_a_finding_names_file_line_and_column_and_never_the_value(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"# Notes\n\ntoken: {TOKEN}\n")

    ended = guard(tmp_path, "notes.md")

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("notes.md:3:8: error: this file holds what looks like a GitHub token")
    assert "ghp_" not in ended.stderr


def test_a_clean_file_is_clean(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n")

    ended = guard(tmp_path, "notes.md")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "looked through 1 file: no secrets\n")
    assert guard(tmp_path, "--quiet", "notes.md").stderr == ""


def test_findings_are_json_on_demand(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text(f"TOKEN={TOKEN}\n")

    ended = guard(tmp_path, "--format", "json")

    (found,) = json.loads(ended.stdout)["findings"]
    assert (ended.returncode, found["file"], found["line"], found["column"]) == (1, "a.env", 1, 7)
    assert found["length"] == 1
    assert TOKEN not in ended.stdout


def test_without_files_all_below_the_folder_are_looked_through(tmp_path: Path) -> None:
    (tmp_path / "a" / ".hidden").mkdir(parents=True)
    (tmp_path / "a" / ".hidden" / "key").write_text(TOKEN)

    ended = guard(tmp_path)

    assert ended.returncode == 1
    assert ended.stderr.startswith("a/.hidden/key:1:1: error: ")


def test_in_a_work_tree_what_git_ignores_is_left_out_and_what_is_new_is_not(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    for name in ("ignored.txt", "new.txt", "tracked ä.txt"):
        (tmp_path / name).write_text(TOKEN)
    (tmp_path / ".gitignore").write_text("ignored.txt\n")
    git(tmp_path, "add", "tracked ä.txt")

    found = json.loads(guard(tmp_path, "--format", "json").stdout)["findings"]

    assert [each["file"] for each in found] == ["new.txt", "tracked ä.txt"]


def test_a_file_that_was_deleted_and_is_still_in_the_index_is_no_mistake(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "gone.txt").write_text("nothing")
    git(tmp_path, "add", "gone.txt")
    (tmp_path / "gone.txt").unlink()

    assert guard(tmp_path).returncode == 0


def test_links_are_not_followed_unless_named(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text(TOKEN)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside")

    assert guard(tmp_path / "inside").returncode == 0
    assert guard(tmp_path / "inside", "link").returncode == 1


def test_a_file_that_is_not_there_is_a_mistake_in_the_command(tmp_path: Path) -> None:
    assert guard(tmp_path, "nothing.txt").returncode == 2


def test_a_warning_leaves_the_status_alone(tmp_path: Path) -> None:
    (tmp_path / "chart.yaml").write_text("kind: Secret\ndata: {{ .Values.password }\n")

    ended = guard(tmp_path)

    assert ended.returncode == 0
    assert "warning: not looked into" in ended.stderr
    assert "Values" not in ended.stderr


def test_a_file_that_cannot_be_read_is_a_finding(open_folder: Path) -> None:
    (open_folder / "closed").write_text("")
    (open_folder / "closed").chmod(0)
    code = (
        "import os, sys\nimport generator.cli.secrets.guard, generator.guard, generator.report.text\n"
        "from generator.adapters import repository\nfrom generator.cli.main import main\n"
        "if os.geteuid() == 0:\n    os.setuid(65534)  # root may read everything\n"
        "sys.exit(main(['secrets', 'guard', 'closed']))\n"
    )

    ended = subprocess.run([sys.executable, "-c", code], cwd=open_folder, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith("closed:1:1: error: 'closed' cannot be read: permission denied [unreadable-file]\n")


def test_it_starts_without_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n")
    code = (
        "import sys\nfrom generator.cli.main import main\nmain(['secrets', 'guard', '--quiet', 'notes.md'])\n"
        "heavy = ('jinja2', 'jsonschema_rs', 'ruamel.yaml', 'generator.compiler')\n"
        "print([each for each in heavy if each in sys.modules])"
    )

    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


def test_a_link_that_leads_nowhere_holds_no_secret(tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "notes.md").write_text("# Notes\n")

    ended = guard(tmp_path, "broken", "notes.md")

    assert ended.returncode == 0
    assert ended.stderr == (
        "note: 'broken' is a link to no file, and is passed over\nlooked through 1 file: no secrets\n"
    )


def test_a_file_that_is_not_there_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    ended = guard(tmp_path, "nowhere")

    assert ended.returncode == 2
    assert "'nowhere' does not exist" in ended.stderr
