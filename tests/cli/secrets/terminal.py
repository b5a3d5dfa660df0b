"""A terminal for a command that asks."""

import os
import pty
from collections.abc import Mapping, Sequence
from pathlib import Path


def on_a_terminal(
    words: Sequence[str], folder: Path, variables: Mapping[str, str], lines: Sequence[str]
) -> tuple[int, str]:
    """Run a command on a terminal of its own and type a line at each prompt; its status, and what was shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(words[0], list(words), dict(variables))  # noqa: S606  (a shell is not what is tested)
    shown, left = b"", list(lines)
    while True:
        try:
            part = os.read(terminal, 1024)
        except OSError:  # the other end is closed
            break
        shown += part
        if part.endswith(b": ") and left:
            os.write(terminal, f"{left.pop(0)}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()
