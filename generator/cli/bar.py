"""How far a long command is, on a terminal."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TextIO, TypeVar

from generator.model.spread import Spread

Subject = TypeVar("Subject")
Result = TypeVar("Result")

PATIENCE = 0.5
"""So many seconds nobody needs to be told that something happens."""

_PAUSE = 0.1
_WIDTH = 30
_CLEAR = "\r\x1b[K"


class Bar:
    """A line on *stream* that says how many of *total* steps are done, and vanishes; nothing below half a second.

    Click's own bar leaves its line behind, and shows it at once.

    Args:
        stream: The terminal.
        label: What is being done.
        total: How many steps there are.
        clock: Seconds that pass.
    """

    def __init__(self, stream: TextIO, label: str, total: int, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._label = label
        self._total = total
        self._clock = clock
        self._next = clock() + PATIENCE
        self._done = 0
        self._is_drawn = False

    def step(self) -> None:
        """Note that a further step is done."""
        self._done += 1
        now = self._clock()
        if now >= self._next:
            self._next = now + _PAUSE
            self._is_drawn = True
            share = min(self._done / max(self._total, 1), 1)
            bar = "#" * int(share * _WIDTH)
            self._say(f"\r{self._label} [{bar:<{_WIDTH}}] {share:4.0%}")

    def clear(self) -> None:
        """Leave nothing of it."""
        if self._is_drawn:
            self._say(_CLEAR)

    def _say(self, words: str) -> None:
        self._stream.write(words)
        self._stream.flush()


@contextmanager
def progress(label: str, total: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Show a bar while *total* things are done, each of which calls what this yields; where it is wanted."""
    if not is_wanted(quiet=quiet):
        yield lambda: None
        return
    bar = Bar(sys.stderr, label, total)
    try:
        yield bar.step
    finally:
        bar.clear()


def shown(work: Spread, *, processes: Callable[[int], int]) -> Spread:
    """Return *work* such that a bar shows how far it is, as far as this process knows: the others go as quickly.

    Args:
        work: Applies a function to subjects.
        processes: In how many processes it does that, by the number of subjects.
    """

    def work_shown(function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
        bar = Bar(sys.stderr, "compiling", len(subjects) // max(1, processes(len(subjects))))
        here = os.getpid()

        def counted(subject: Subject) -> Result:
            result = function(subject)
            if os.getpid() == here:
                bar.step()
            return result

        try:
            return work(counted, subjects)
        finally:
            bar.clear()

    return work_shown


def is_wanted(*, quiet: bool) -> bool:
    """Say whether anybody could see a bar: on a terminal that can erase a line."""
    return not quiet and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
