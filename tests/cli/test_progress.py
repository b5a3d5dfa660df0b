"""The bar of a long command: where somebody looks, and nowhere else."""

import os
import pty
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys
import time
from generator.cli.bar import progress

with progress("opening", 3, quiet="-q" in sys.argv) as done:
    for _ in range(3):
        time.sleep(0.3)
        done()
print("product")
"""


def shown(folder: Path, *options: str, terminal: bool) -> str:
    """What a program with a bar writes to standard error, a *terminal* or a pipe."""
    reading, writing = pty.openpty() if terminal else os.pipe()
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=writing,
        env={**os.environ, "TERM": "xterm"},
        check=True,
        timeout=60,
    )
    assert ended.stdout == b"product\n"
    if terminal:
        os.write(writing, b"end")
    else:
        os.close(writing)
    text = os.read(reading, 100_000).decode()
    os.close(reading)
    return text.removesuffix("end")


def test_a_terminal_shows_a_bar_that_fills_and_vanishes(tmp_path: Path) -> None:
    text = shown(tmp_path, terminal=True)

    assert text.startswith("\ropening [")
    assert "100%" in text
    assert text.endswith("\r\x1b[K")


def test_a_pipe_gets_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, terminal=False) == ""


def test_quiet_means_without_a_bar(tmp_path: Path) -> None:
    assert shown(tmp_path, "-q", terminal=True) == ""
