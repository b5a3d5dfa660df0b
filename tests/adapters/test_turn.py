import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.adapters.failure import UnwritableFileError
from generator.adapters.turn import turn

HOLD = """
import sys, time
from generator.adapters.turn import turn
with turn(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder(folder: Path, seconds: float) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    with holder(tmp_path, 0.5) as first, turn(str(tmp_path)):
        assert first.poll() is not None or first.wait(timeout=5) == 0


def test_the_second_gives_up_when_its_patience_ends(tmp_path: Path) -> None:
    with holder(tmp_path, 60) as first:
        started = time.monotonic()
        with pytest.raises(UnwritableFileError, match="another platformc is writing there"), turn(str(tmp_path), 0.1):
            pytest.fail("two at once")
        first.kill()

    assert time.monotonic() - started < 10


def test_a_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path, 60) as first:
        first.kill()

    with turn(str(tmp_path), 0):
        pass


def test_two_folders_do_not_wait_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    with turn(str(tmp_path / "a")), turn(str(tmp_path / "b"), 0):
        pass


def test_taking_a_turn_leaves_no_file_behind(tmp_path: Path) -> None:
    with turn(str(tmp_path)):
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFileError, match="vanished"), turn(str(tmp_path / "missing")):
        pytest.fail("no folder")
