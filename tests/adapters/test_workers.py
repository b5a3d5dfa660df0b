"""Work spread over processes."""

import os
import signal
from time import sleep

import pytest

from generator.adapters.workers import WORTH_IT, spread
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Position

MANY = range(WORTH_IT * 4)
several_processors = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="there is one processor only"
)


def test_results_come_in_the_order_of_their_subjects() -> None:
    assert spread(lambda number: number * number, MANY) == [number * number for number in MANY]


def test_few_subjects_are_not_worth_a_process() -> None:
    assert spread(lambda _: os.getpid(), range(WORTH_IT)) == [os.getpid()] * WORTH_IT


@several_processors
def test_many_subjects_are_worked_on_by_several_processes() -> None:
    def who_works(_number: int) -> int:
        sleep(0.002)  # so long that one process cannot have done it all before the other begins
        return os.getpid()

    processes = set(spread(who_works, MANY))

    assert len(processes) > 1
    assert os.getpid() in processes


@several_processors
def test_a_process_that_is_killed_is_an_error_and_not_waited_for() -> None:
    asking = os.getpid()

    def die(number: int) -> int:
        if os.getpid() != asking:
            os.kill(os.getpid(), signal.SIGKILL)
        sleep(0.002)  # so that something is left for the other process
        return number

    with pytest.raises(ChildProcessError, match="is there enough memory"):
        spread(die, MANY)


@several_processors
def test_no_process_is_left_when_the_one_that_asked_fails() -> None:
    asking = os.getpid()

    def fail_here(_number: int) -> None:
        if os.getpid() == asking:
            raise KeyboardInterrupt
        sleep(60)

    with pytest.raises(KeyboardInterrupt):
        spread(fail_here, MANY)

    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    finding = Diagnostic("template-error", "the template fails", Position("t.j2", 3))

    def fail(number: int) -> int:
        if number == 100:
            raise CompileError([finding])
        return number

    with pytest.raises(CompileError) as caught:
        spread(fail, MANY)

    assert caught.value.diagnostics == (finding,)
