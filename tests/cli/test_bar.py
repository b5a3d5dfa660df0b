import io
import os
import pty
import subprocess
import sys
from pathlib import Path

from generator.cli.bar import Bar, shown


def test_what_takes_less_than_half_a_second_shows_nothing() -> None:
    stream, times = io.StringIO(), iter([0.0, 0.1, 0.2, 0.49])
    bar = Bar(stream, "compiling", 3, lambda: next(times))
    for _ in range(3):
        bar.step()
    bar.clear()

    assert stream.getvalue() == ""


def test_what_takes_longer_shows_how_far_it_is_and_leaves_nothing() -> None:
    stream, times = io.StringIO(), iter([0.0, 0.6, 0.61, 0.8])
    bar = Bar(stream, "compiling", 4, lambda: next(times))
    for _ in range(3):
        bar.step()
    bar.clear()

    first, second = "#" * 7, "#" * 22
    assert stream.getvalue() == f"\rcompiling [{first:<30}]  25%\rcompiling [{second:<30}]  75%\r\x1b[K"


def test_work_that_is_shown_comes_to_the_same() -> None:
    work = shown(lambda function, subjects: [function(each) for each in subjects], processes=lambda _: 1)

    assert work(lambda number: number * 2, [1, 2, 3]) == [2, 4, 6]


def test_a_terminal_is_left_as_it_was(project: Path) -> None:
    """A platform this small is done before anybody needs to be told."""
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "generator", "compile", "--no-cache"]
    subprocess.run(command, cwd=project, stderr=theirs, check=True, timeout=60, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)

    assert b"compiled" in os.read(mine, 10_000)
    os.close(mine)
