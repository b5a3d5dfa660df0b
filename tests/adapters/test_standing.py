import os
import time
from pathlib import Path

import pytest

from generator.adapters.standing import Standing, mark, settled

LATER = time.time_ns() + 3_600_000_000_000  # later than the longest run of all tests
"""A time at which nothing of what a test writes is new any more."""


def standing(folder: Path, name: str = "file") -> Standing:
    return Standing.of(str(folder), {name: "digest"}, LATER, Standing())


def doubtful(folder: Path, stood: Standing) -> list[str]:
    return [name for name, _ in stood.doubtful(str(folder))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    return path


def test_a_file_that_stands_as_it_stood_need_not_be_read(tmp_path: Path, file: Path) -> None:
    assert file.exists()
    assert doubtful(tmp_path, standing(tmp_path)) == []


def test_another_content_of_the_same_size_and_time_is_noticed(tmp_path: Path, file: Path) -> None:
    stood, before = standing(tmp_path), file.stat()

    file.write_bytes(b"two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert doubtful(tmp_path, stood) == ["file"]


def test_another_file_in_its_place_is_noticed(tmp_path: Path, file: Path) -> None:
    stood, before = standing(tmp_path), file.stat()

    (tmp_path / "other").write_bytes(b"two")
    os.utime(tmp_path / "other", ns=(before.st_atime_ns, before.st_mtime_ns))
    (tmp_path / "other").replace(file)

    assert doubtful(tmp_path, stood) == ["file"]


def test_another_mode_is_noticed(tmp_path: Path, file: Path) -> None:
    stood = standing(tmp_path)

    file.chmod(0o600)

    assert doubtful(tmp_path, stood) == ["file"]


def test_a_file_that_vanishes_is_noticed(tmp_path: Path, file: Path) -> None:
    stood = standing(tmp_path)

    file.unlink()

    assert doubtful(tmp_path, stood) == ["file"]


def test_a_file_that_was_not_there_and_still_is_not_need_not_be_read(tmp_path: Path) -> None:
    assert doubtful(tmp_path, standing(tmp_path)) == []


def test_a_file_that_was_not_there_and_appears_is_noticed(tmp_path: Path) -> None:
    stood = standing(tmp_path)

    (tmp_path / "file").write_bytes(b"one")

    assert doubtful(tmp_path, stood) == ["file"]


def test_a_link_is_always_read(tmp_path: Path) -> None:
    (tmp_path / "file").symlink_to("elsewhere")

    assert doubtful(tmp_path, standing(tmp_path)) == ["file"]


def test_a_file_that_changed_just_before_is_read(tmp_path: Path, file: Path) -> None:
    stood = Standing.of(str(tmp_path), {"file": "digest"}, file.stat().st_mtime_ns, Standing())

    assert doubtful(tmp_path, stood) == ["file"]


def test_where_times_have_no_fraction_just_before_is_longer() -> None:
    whole, fraction = 1_000_000_000_000, 1_000_000_000_001

    assert settled((1, 1, 1, 1, whole, whole), whole + 1_500_000_000) is None
    assert settled((1, 1, 1, 1, whole, fraction), whole + 1_500_000_000) is not None


def test_a_file_from_the_future_is_read(tmp_path: Path, file: Path) -> None:
    os.utime(file, ns=(LATER * 2, LATER * 2))

    assert doubtful(tmp_path, standing(tmp_path)) == ["file"]


def test_a_mark_that_was_found_out_is_not_kept(tmp_path: Path, file: Path) -> None:
    stood = standing(tmp_path)
    file.write_bytes(b"two")
    stood.doubtful(str(tmp_path))

    again = Standing.of(str(tmp_path), {"file": "digest"}, LATER, stood)

    assert again.marks == [mark(str(file))]
