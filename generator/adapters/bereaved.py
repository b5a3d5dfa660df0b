"""What removes a folder when the process that made it is gone, however that ended.

Run as a module, with the folder: a process of its own that waits for standard input to end, which is a pipe that only
the maker writes to. The system closes that when the maker dies, also by a signal that nothing can catch.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_TRIES = 100
_PAUSE = 0.05
"""Seconds between two tries: who is still at work in the folder may make a file while it is being removed."""


@contextmanager
def outlived(folder: str) -> Iterator[None]:
    """Have *folder* removed as soon as this is left, or this process is gone."""
    watch = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what ends a terminal or a group of processes does not end it
    )
    try:
        yield
    finally:
        watch.communicate()


def _remove(folder: str) -> None:
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return
        time.sleep(_PAUSE)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    _remove(sys.argv[1])
