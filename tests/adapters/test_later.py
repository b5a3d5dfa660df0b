import os
import signal

import pytest

from generator.adapters import later
from generator.adapters.later import Later


def where_it_runs() -> bytes:
    return str(os.getpid()).encode()


def test_another_process_works_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)

    assert int(Later(where_it_runs).result()) != os.getpid()


def test_with_one_processor_it_is_worked_out_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 1)

    assert int(Later(where_it_runs).result()) == os.getpid()


def test_much_of_it_arrives_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)
    much = bytes(range(256)) * 40_000 + b"\n"

    assert Later(lambda: much).result() == much


def test_where_the_process_is_killed_it_is_worked_out_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)
    here = os.getpid()

    def killed_elsewhere() -> bytes:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"worked out"

    assert Later(killed_elsewhere).result() == b"worked out"


def test_what_it_raises_is_raised_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "cores", lambda: 2)

    def failing() -> bytes:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        Later(failing).result()
