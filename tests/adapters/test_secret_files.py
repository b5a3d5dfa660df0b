"""Sealed files on a real disk."""

import os
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.failure import OutsideError, UnwritableFileError
from generator.adapters.secret_files import SecretFiles

FILE = PurePosixPath("secrets/shop/dev/catalog.yaml")


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)

    assert files.read(FILE) is None
    assert files.write(FILE, b"one\n")
    assert files.read(FILE) == b"one\n"
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o644


def test_the_same_content_again_touches_nothing(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)
    files.write(FILE, b"one\n")
    before = (tmp_path / FILE).stat()

    assert not files.write(FILE, b"one\n")
    after = (tmp_path / FILE).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)
    files.write(PurePosixPath("elsewhere/a.yaml"), b"one\n")
    (tmp_path / "elsewhere" / "a.yaml").chmod(0o640)
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere" / "a.yaml")

    files.write(FILE, b"two\n")

    assert (tmp_path / FILE).is_symlink()
    assert (tmp_path / "elsewhere" / "a.yaml").read_bytes() == b"two\n"
    assert (tmp_path / "elsewhere" / "a.yaml").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("path", ["../a.yaml", "out/a.yaml", "link.yaml"])
def test_what_lies_outside_is_neither_read_nor_written(tmp_path: Path, path: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "out").symlink_to(outside)
    (project / "link.yaml").symlink_to(outside / "a.yaml")
    files = SecretFiles(project)

    for action in (lambda: files.read(PurePosixPath(path)), lambda: files.write(PurePosixPath(path), b"x")):
        with pytest.raises(OutsideError):
            action()
    assert list(outside.iterdir()) == []


def test_what_a_killed_command_left_is_swept_and_a_failure_leaves_nothing(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)
    files.write(FILE, b"one\n")
    (tmp_path / FILE.parent / ".platformc-0a1b2c3d-0").write_bytes(b"half")

    files.write(FILE, b"two\n")

    assert os.listdir(tmp_path / FILE.parent) == ["catalog.yaml"]  # noqa: PTH208  (names)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir(parents=True)

    with pytest.raises(UnwritableFileError, match="something else than a file stands there"):
        SecretFiles(tmp_path).write(FILE, b"one\n")


def test_removing_a_file_removes_folders_that_this_leaves_empty(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)
    files.write(FILE, b"one\n")
    files.write(PurePosixPath("secrets/shop/registry.yaml"), b"one\n")

    assert files.remove(FILE)
    assert not files.remove(FILE)
    assert sorted(each.name for each in (tmp_path / "secrets/shop").iterdir()) == ["registry.yaml"]


def test_two_commands_take_turns(tmp_path: Path) -> None:
    with (
        SecretFiles(tmp_path).turn(),
        pytest.raises(UnwritableFileError, match="another platformc is writing there"),
        SecretFiles(tmp_path, patience=0.05).turn(),
    ):
        pass
