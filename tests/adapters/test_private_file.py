"""A file in the clear: for one person, and never where git would take it along."""

import stat
import subprocess
from pathlib import Path

import pytest

from generator.adapters.failure import UnwritableFileError
from generator.adapters.private_file import is_committable, write_private


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    (folder / ".gitignore").write_text("*.env\n")
    return folder


def test_what_git_would_add_is_committable_and_what_it_ignores_is_not(repository: Path) -> None:
    assert is_committable(str(repository / "plain.txt"))
    assert not is_committable(str(repository / "plain.env"))
    assert not is_committable(str(repository.parent / "plain.txt"))


def test_a_link_is_followed_to_where_the_file_would_be(repository: Path) -> None:
    link = repository.parent / "link"
    link.symlink_to(repository)

    assert is_committable(str(link / "plain.txt"))


def test_where_git_is_not_installed_any_repository_counts(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))

    assert is_committable(str(repository / "plain.env"))
    assert not is_committable(str(repository.parent / "plain.txt"))


def test_the_file_is_new_and_private(tmp_path: Path) -> None:
    file = tmp_path / "private"

    write_private(str(file), b"canary")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == b"canary"
    with pytest.raises(FileExistsError):
        write_private(str(file), b"other")
    assert file.read_bytes() == b"canary"


def test_where_the_system_refuses_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFileError):
        write_private(str(tmp_path / "none" / "private"), b"canary")
