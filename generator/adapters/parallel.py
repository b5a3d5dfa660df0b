"""Several tools of others at work at once: as many as there are cores, since each of them is a process of its own."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from generator.adapters.workers import cores

Subject = TypeVar("Subject")
Result = TypeVar("Result")


def in_parallel(
    function: Callable[[Subject], Result], subjects: Sequence[Subject], done: Callable[[], None]
) -> list[Result]:
    """Apply *function*, which waits for a process, to every one of *subjects*; return the results in their order.

    Works in threads of this process, so results may hold what must not be written anywhere. What a call raises is
    raised here, and what has not begun by then is left.

    Args:
        function: What to do; called from several threads.
        subjects: What to do it with.
        done: Is called after each of them, from this thread.
    """
    from concurrent.futures import ThreadPoolExecutor

    results: list[Result] = []
    with ThreadPoolExecutor(max_workers=cores()) as pool:
        try:
            for result in pool.map(function, subjects):
                results.append(result)
                done()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return results
