"""Both cores, where there is enough to do."""

import errno
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn, TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")

WORTH_IT = 64
"""So many subjects for each process are worth starting one: it costs some 20 ms."""

PARTS = 24
"""Into so many parts for each process the work is divided: then nobody waits long for the last one."""

MOST_PARTS = 255
"""A byte has to hold the number of each."""


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
    work = _Work(function, subjects, processes)
    helpers: list[_Helper] = []
    try:
        helpers.extend(_Helper(work) for _ in range(1, processes))
        found = dict(work.done())
        for each in helpers:
            found.update(each.results())
    finally:
        work.close()
        for each in helpers:
            each.end()
    return [result for _, part in sorted(found.items()) for result in part]


def processes_for(subjects: int) -> int:
    """Return in how many processes so many *subjects* are worked on."""
    return max(1, min(cores(), subjects // WORTH_IT)) if hasattr(os, "fork") else 1


class _Work:
    """Subjects in parts that are there to be taken: whoever is done with one takes the next, so that all end together.

    The numbers of the parts lie in a pipe, a byte each, from which every process reads: nobody gets what another has.
    """

    def __init__(self, function: Callable[[Any], Any], subjects: Sequence[Any], processes: int) -> None:
        self._function = function
        self._subjects = subjects
        self._parts = min(MOST_PARTS, PARTS * processes, len(subjects))
        self._numbers, writing = os.pipe()
        os.write(writing, bytes(range(self._parts)))
        os.close(writing)

    def done(self) -> Iterator[tuple[int, list[Any]]]:
        """Take parts as long as there are any, and yield the number of each with its results."""
        while taken := os.read(self._numbers, 1):
            begin, end = (len(self._subjects) * each // self._parts for each in (taken[0], taken[0] + 1))
            yield taken[0], [self._function(each) for each in self._subjects[begin:end]]

    def close(self) -> None:
        """Take no more."""
        os.close(self._numbers)


class _Helper:
    """A process of ours that has a share in the work, and the pipe through which it sends what comes out.

    Each has a pipe of its own: whichever process is killed, the others read an end or write to nobody, and end too.
    """

    def __init__(self, work: _Work) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(reading)
            _help(work, writing)
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")

    def results(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the numbers of parts and their results, once all are there; what a call raised is raised."""
        import pickle

        try:
            while found := pickle.load(self._pipe):  # noqa: S301  (what a process of ours has made)
                if isinstance(found, Exception):
                    raise found
                yield found
        except (EOFError, pickle.UnpicklingError) as error:
            raise ChildProcessError(errno.ECHILD, "a process at work was killed: is there enough memory?") from error

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._pipe.close()
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


def _help(work: _Work, pipe: int) -> NoReturn:
    """Send the results, or what was raised, and end; whoever asked answers Ctrl-C, and says what is to be said."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        outcome = _outcome(work)
        with os.fdopen(pipe, "wb") as sink:
            sink.writelines(outcome)
        status = 0
    finally:
        os._exit(status)  # buffers and exit handlers are those of whoever asked


def _outcome(work: _Work) -> list[bytes]:
    """Return what comes of a share in the *work*, or what was raised, as a row of pickles that ends with None."""
    import pickle

    try:
        return [*map(pickle.dumps, work.done()), pickle.dumps(None)]
    except Exception as error:  # noqa: BLE001  (it is raised again by whoever asked)
        try:
            pickled = pickle.dumps(error)
            pickle.loads(pickled)  # noqa: S301  (what this process has just made)
        except Exception:  # noqa: BLE001  (whatever it is, it cannot travel)
            return [pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))]
        return [pickled]


def cores() -> int:
    """Return how many processes of this machine may work at once for us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
