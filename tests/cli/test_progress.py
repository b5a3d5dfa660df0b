"""The bar of a long command: where somebody looks, and nowhere else."""

import os
import pty
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys
from generator.cli.progress import progress
from generator.cli.project import open_project
from generator.cli.session import Session

session = Session(project=open_project("platform.yaml"), quiet="-q" in sys.argv, coloured=False, formats=("text",))
with progress(session, "Opening", 3) as done:
    for _ in range(3):
        done()
print("product")
"""


def shown(folder: Path, *options: str, terminal: bool) -> str:
    """What a program with a bar writes to standard error, a *terminal* or a pipe."""
    (folder / "platform.yaml").write_text("{}\n")
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


def test_a_terminal_shows_a_bar_that_fills(tmp_path: Path) -> None:
    text = shown(tmp_path, terminal=True)

    assert "Opening" in text
    assert "100%" in text


def test_a_pipe_gets_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, terminal=False) == ""


def test_quiet_means_without_a_bar(tmp_path: Path) -> None:
    assert shown(tmp_path, "-q", terminal=True) == ""
