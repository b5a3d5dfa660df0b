"""A person's own files, rewritten."""

import os
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.document_files import create, rewrite
from generator.adapters.failure import OutsideError, UnwritableFileError

DOCUMENT = PurePosixPath("platform.yaml")


def test_a_file_is_rewritten_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_bytes(b"old\n")
    file.chmod(0o640)

    rewrite(tmp_path, DOCUMENT, b"old\n", b"new\n")

    assert file.read_bytes() == b"new\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["platform.yaml"]  # noqa: PTH208  (hidden files too)


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_bytes(b"theirs\n")

    with pytest.raises(UnwritableFileError, match="changed meanwhile"):
        rewrite(tmp_path, DOCUMENT, b"old\n", b"new\n")

    assert file.read_bytes() == b"theirs\n"


def test_a_link_stays_and_what_it_leads_to_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"old\n")
    (tmp_path / "platform.yaml").symlink_to("real.yaml")

    rewrite(tmp_path, DOCUMENT, b"old\n", b"new\n")

    assert (tmp_path / "platform.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new\n"


def test_nothing_outside_the_project_is_written(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_bytes(b"old\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "platform.yaml").symlink_to("../outside.yaml")

    with pytest.raises(OutsideError):
        rewrite(project, DOCUMENT, b"old\n", b"new\n")

    assert (tmp_path / "outside.yaml").read_bytes() == b"old\n"


def test_a_file_that_is_gone_is_a_failure_and_not_created(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFileError):
        rewrite(tmp_path, DOCUMENT, b"old\n", b"new\n")

    assert not any(tmp_path.iterdir())


def test_a_new_file_is_written_with_its_folders(tmp_path: Path) -> None:
    create(tmp_path, PurePosixPath("adopted/shop/new.yaml"), b"new\n")

    assert (tmp_path / "adopted/shop/new.yaml").read_bytes() == b"new\n"
    assert os.listdir(tmp_path / "adopted/shop") == ["new.yaml"]  # noqa: PTH208  (hidden files too)


def test_a_new_file_takes_nobodys_place(tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_bytes(b"theirs\n")

    with pytest.raises(UnwritableFileError, match="stands there meanwhile"):
        create(tmp_path, PurePosixPath("new.yaml"), b"new\n")

    assert (tmp_path / "new.yaml").read_bytes() == b"theirs\n"


def test_a_new_file_does_not_leave_the_folder_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "adopted").symlink_to(tmp_path / "outside")

    with pytest.raises(OutsideError):
        create(tmp_path / "project", PurePosixPath("adopted/new.yaml"), b"new\n")

    assert list((tmp_path / "outside").iterdir()) == []
