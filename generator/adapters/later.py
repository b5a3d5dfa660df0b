"""Something that another process works out meanwhile."""

import os
import signal
from collections.abc import Callable
from typing import NoReturn

from generator.adapters.workers import cores


class Later:
    """What a function returns, which a process of its own works out while this one does something else.

    Where the system cannot fork, or has one processor, this one works it out, when it is asked for.
    """

    def __init__(self, function: Callable[[], bytes]) -> None:
        self._function = function
        self._process = 0
        if not hasattr(os, "fork") or cores() == 1:
            return
        reading, writing = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(reading)
            _work_out(function, writing)
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")

    def result(self) -> bytes:
        """Return what the function returns, or raise what it raises; to be called once."""
        if not self._process:
            return self._function()
        with self._pipe:
            found = self._pipe.read()
        os.waitpid(self._process, 0)
        # The last byte says that all of it is there. Where it is not, somebody killed the process, or the function
        # raised something: who asks is to see what.
        return found[:-1] if found.endswith(_END) else self._function()


_END = b"\n"


def _work_out(function: Callable[[], bytes], pipe: int) -> NoReturn:
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked answers Ctrl-C
        with os.fdopen(pipe, "wb") as sink:
            sink.write(function() + _END)
    finally:
        os._exit(0)  # buffers and exit handlers are those of whoever asked
