"""How work on many subjects is done: one by one, or by whoever has several processes."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")


class Spread(Protocol):
    """Applies a function to many subjects and returns the results in their order; possibly in several processes."""

    def __call__(self, function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
        """Return what *function* makes of each of *subjects*."""


def one_by_one(function: Callable[[Subject], Result], subjects: Sequence[Subject]) -> list[Result]:
    """Apply *function* to every one of *subjects* in this process."""
    return [function(each) for each in subjects]
