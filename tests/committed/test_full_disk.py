"""A disk that is full: every file is old or new, nothing else is left, and with room the next run converges."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.committed.small_disk import SmallDisk, document, files

ENTRIES = ("deploy", "platform.yaml")


def cold(folder: Path, text: str) -> dict[str, bytes]:
    """Return what *text* compiles to where there is room."""
    folder.mkdir()
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    subprocess.run((sys.executable, "-m", "generator", "compile", "--no-cache", "-q"), cwd=folder, check=True)
    return files(folder)


def assert_full(ended: "subprocess.CompletedProcess[str]") -> None:
    """Demand the finding, its hint, and the status of a failure of the machine."""
    assert ended.returncode == 3
    assert ": no space is left on the disk [unwritable-file]\n" in ended.stderr
    assert "hint: make room, then run again\n" in ended.stderr
    assert ended.stderr.endswith("\n1 error\n")


@pytest.mark.parametrize(("size", "inodes"), [("1m", 0), ("32m", 100)], ids=["bytes", "inodes"])
def test_a_first_run_that_does_not_fit_leaves_nothing(tmp_path: Path, size: str, inodes: int) -> None:
    text = document(100)
    expected = cold(tmp_path / "cold", text)
    with SmallDisk(tmp_path / "disk", size, inodes) as disk:
        (disk.path / "platform.yaml").write_text(text, encoding="utf-8")

        ended = disk.platformc("compile", PLATFORMC_CACHE="off")

        assert_full(ended)
        assert [path.name for path in disk.path.iterdir()] == ["platform.yaml"]
        disk.grow("32m")
        assert disk.platformc("compile", PLATFORMC_CACHE="off").returncode == 0
        assert files(disk.path) == expected
        assert disk.platformc("check", PLATFORMC_CACHE="off").returncode == 0


def test_a_later_run_that_does_not_fit_leaves_what_was_there(tmp_path: Path) -> None:
    """Wherever it runs out of room: at its journal, at a file, at the inventory, and wherever the cache is."""
    before = cold(tmp_path / "before", document(40))
    after = cold(tmp_path / "after", document(44, "example/two:2.0.0"))
    with SmallDisk(tmp_path / "disk", "1m") as disk:
        project, variables = disk.path / "project", {"PLATFORMC_CACHE": str(tmp_path / "disk/cache")}
        inside = tmp_path / "disk/project"
        shutil.copytree(tmp_path / "before", project)
        assert disk.platformc("check", cwd=inside, **variables).returncode == 0
        there = files(project)
        (project / "platform.yaml").write_text((tmp_path / "after/platform.yaml").read_text("utf-8"), "utf-8")
        ballast, room = disk.path / "ballast", disk.free()
        for left in (0, 4 << 10, 20 << 10, 40 << 10, 100 << 10, room):
            ballast.write_bytes(bytes(room - left))

            ended = disk.platformc("compile", cwd=inside, **variables)

            assert_full(ended)
            assert files(project) == there
            assert sorted(path.name for path in (project / "deploy/shop/dev").iterdir()) == sorted(
                Path(name).name for name in before if name.startswith("deploy/shop/dev/")
            )
        ballast.unlink()
        disk.grow("8m")
        assert disk.platformc("compile", cwd=inside, **variables).returncode == 0
        assert files(project) == after


@pytest.mark.parametrize(("size", "inodes"), [("4k", 0), ("1m", 3)], ids=["bytes", "inodes"])
def test_a_cache_on_a_full_disk_makes_no_difference(tmp_path: Path, size: str, inodes: int) -> None:
    project = tmp_path / "project"
    expected = cold(project, document(3))
    edited = cold(tmp_path / "edited", document(3, "example/two:2.0.0"))
    with SmallDisk(tmp_path / "disk", size, inodes) as disk:
        (disk.path / "ballast").write_bytes(bytes(disk.free()))
        variables = {"PLATFORMC_CACHE": str(tmp_path / "disk/cache")}
        for command, said in (
            ("check", "up to date: "),
            ("compile", ": nothing to write ("),
            ("check", "up to date: "),
        ):
            ended = disk.platformc(command, cwd=project, **variables)
            assert (ended.returncode, said in ended.stderr, ended.stderr.count("\n")) == (0, True, 1), ended.stderr
        assert files(project) == expected

        (project / "platform.yaml").write_text(document(3, "example/two:2.0.0"), encoding="utf-8")
        assert disk.platformc("check", cwd=project, **variables).returncode == 1
        assert disk.platformc("compile", cwd=project, **variables).returncode == 0
        assert files(project) == edited
        assert not [path for path in (disk.path / "cache").rglob("*") if path.is_file()]
