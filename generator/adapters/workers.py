"""Both cores, where there is enough to do."""

import os
import pickle
import signal
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")

WORTH_IT = 64
"""So many subjects for each process are worth starting one: it costs some 20 ms."""

CHUNKS_EACH = 4
"""How many portions a process gets, so that the last ones to finish are not far apart."""

_task: tuple[Callable[[Any], Any], Sequence[Any]] = (repr, ())


def spread(function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
    """Apply *function* to every one of *subjects* and return the results in their order.

    Works in several processes where that pays and the system can fork; neither *function* nor *subjects* is then
    copied, only results are. What a call raises is raised here.
    """
    processes = min(_cores(), len(subjects) // WORTH_IT)
    if processes < 2 or not hasattr(os, "fork"):  # noqa: PLR2004  (one process needs no second)
        return [function(each) for each in subjects]
    import multiprocessing

    global _task  # noqa: PLW0603  (forked processes find it here)
    _task = (function, subjects)
    size = -(-len(subjects) // (processes * CHUNKS_EACH))
    portions = [range(start, min(start + size, len(subjects))) for start in range(0, len(subjects), size)]
    try:
        with multiprocessing.get_context("fork").Pool(processes, _leave_interruptions) as pool:
            return [result for portion in pool.imap(_work, portions) for result in _opened(portion)]
    finally:
        _task = (repr, ())


def _leave_interruptions() -> None:
    """Let the process that asked answer Ctrl-C: it ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(portion: range) -> list[Any] | bytes:
    """Return the results of a portion, or in pickled form what was raised.

    An exception that cannot be unpickled would leave the pool waiting for ever, so it is tried here.
    """
    function, subjects = _task
    try:
        return [function(subjects[index]) for index in portion]
    except Exception as error:  # noqa: BLE001  (it is raised again in the process that asked)
        pickled = pickle.dumps(error)
        try:
            pickle.loads(pickled)  # noqa: S301  (what this process has just made)
        except Exception:  # noqa: BLE001  (whatever it is, it cannot travel)
            return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
        return pickled


def _opened(portion: list[Any] | bytes) -> list[Any]:
    if isinstance(portion, bytes):
        raise pickle.loads(portion)  # noqa: S301  (what a process of ours has made)
    return portion


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
