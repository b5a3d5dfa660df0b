"""Several things at work at once."""

import threading

import pytest

from generator.adapters.parallel import in_parallel


def test_results_come_in_the_order_of_the_subjects_and_each_is_told() -> None:
    told: list[None] = []

    results = in_parallel(lambda number: number * 2, range(100), lambda: told.append(None))

    assert results == [number * 2 for number in range(100)]
    assert len(told) == 100


def test_two_at_once_where_there_are_two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.adapters.parallel.cores", lambda: 2)
    meeting = threading.Barrier(2, timeout=30)

    results = in_parallel(lambda number: (meeting.wait(), number)[1], [1, 2], lambda: None)

    assert results == [1, 2]


def test_what_one_raises_is_raised_and_the_rest_is_left() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 0:
            raise KeyboardInterrupt
        return number

    with pytest.raises(KeyboardInterrupt):
        in_parallel(work, range(10_000), lambda: None)

    assert len(begun) < 10_000
