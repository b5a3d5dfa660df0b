"""Work spread over processes."""

import os
from time import sleep

import pytest

from generator.adapters.workers import WORTH_IT, spread
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Position

MANY = range(WORTH_IT * 4)


def test_results_come_in_the_order_of_their_subjects() -> None:
    assert spread(lambda number: number * number, MANY) == [number * number for number in MANY]


def test_few_subjects_are_not_worth_a_process() -> None:
    assert spread(lambda _: os.getpid(), range(WORTH_IT)) == [os.getpid()] * WORTH_IT


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="there is one processor only"
)
def test_many_subjects_are_worked_on_by_several_processes() -> None:
    def who_works(_number: int) -> int:
        sleep(0.002)  # so long that one process cannot have done it all before the other begins
        return os.getpid()

    processes = set(spread(who_works, MANY))

    assert len(processes) > 1
    assert os.getpid() not in processes


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    finding = Diagnostic("template-error", "the template fails", Position("t.j2", 3))

    def fail(number: int) -> int:
        if number == 100:
            raise CompileError([finding])
        return number

    with pytest.raises(CompileError) as caught:
        spread(fail, MANY)

    assert caught.value.diagnostics == (finding,)
