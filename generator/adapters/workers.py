"""Both cores, where there is enough to do."""

import errno
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")

WORTH_IT = 64
"""So many subjects for each process are worth starting one: it costs some 20 ms."""


def spread(function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
    """Apply *function* to every one of *subjects* and return the results in their order.

    Works in several processes where that pays and the system can fork; neither *function* nor *subjects* is then
    copied, only results are. What a call raises is raised here.

    Raises:
        ChildProcessError: When somebody killed one of the processes.
    """
    processes = processes_for(len(subjects))
    if processes == 1:
        return [function(each) for each in subjects]
    helpers: list[_Helper] = []
    try:
        helpers.extend(_Helper(function, subjects[number::processes]) for number in range(1, processes))
        shares = [[function(each) for each in subjects[::processes]], *(each.results() for each in helpers)]
    finally:
        for each in helpers:
            each.end()
    return [shares[index % processes][index // processes] for index in range(len(subjects))]


def processes_for(subjects: int) -> int:
    """Return in how many processes so many *subjects* are worked on."""
    return max(1, min(cores(), subjects // WORTH_IT)) if hasattr(os, "fork") else 1


class _Helper:
    """A process of ours that works on a share of the subjects, and the pipe through which it sends what comes out.

    Each has a pipe of its own: whichever process is killed, the others read an end or write to nobody, and end too.
    """

    def __init__(self, function: Callable[[Any], Any], subjects: Sequence[Any]) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(reading)
            _work(function, subjects, writing)
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")

    def results(self) -> list[Any]:
        """Return what came out, in order, once all of it has; what a call raised is raised."""
        import pickle

        content = self._pipe.read()
        process, self._process = self._process, 0
        if os.waitpid(process, 0)[1]:
            raise ChildProcessError(errno.ECHILD, "a process at work was killed: is there enough memory?")
        found = pickle.loads(content)  # noqa: S301  (what a process of ours has made)
        if isinstance(found, Exception):
            raise found
        results: list[Any] = found
        return results

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._pipe.close()
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _work(function: Callable[[Any], Any], subjects: Sequence[Any], pipe: int) -> NoReturn:
    """Send the results, or what was raised, and end; whoever asked answers Ctrl-C, and says what is to be said."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with os.fdopen(pipe, "wb") as sink:
            sink.write(_outcome(function, subjects))
        status = 0
    finally:
        os._exit(status)  # buffers and exit handlers are those of whoever asked


def _outcome(function: Callable[[Any], Any], subjects: Sequence[Any]) -> bytes:
    """Return in pickled form what *function* makes of *subjects*, or what it raised."""
    import pickle

    try:
        return pickle.dumps([function(each) for each in subjects])
    except Exception as error:  # noqa: BLE001  (it is raised again by whoever asked)
        try:
            pickled = pickle.dumps(error)
            pickle.loads(pickled)  # noqa: S301  (what this process has just made)
        except Exception:  # noqa: BLE001  (whatever it is, it cannot travel)
            return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
        return pickled


def cores() -> int:
    """Return how many processes of this machine may work at once for us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
