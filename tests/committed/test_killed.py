"""A thousand times `kill -9`, at any moment of `platformc compile`."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.committed.killing import LOCK, Forks, Ordeal, State, document, everything

KILLS = 500
"""How many, with a cache and without one: half of them at a moment, the others at a step on the disk.

Where a moment falls depends on the machine. Where a step falls does not: for that every kind of kill is among them.
"""

STEPS = 180
"""A few more steps on the disk than the longest of these compilations takes."""

STATES = 8


@pytest.fixture(params=["with a cache", "without a cache"])
def forks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Forks]:
    cache = str(tmp_path / "cache") if request.param == "with a cache" else "off"
    forks = Forks({"PLATFORMC_CACHE": cache})
    yield forks
    forks.end()


def states(forks: Forks, folder: Path, chance: random.Random) -> list[State]:
    """Return documents with what they compile to where nothing was before."""
    found = []
    for number in range(STATES):
        root = folder / str(number)
        root.mkdir(parents=True)
        text = document(chance)
        (root / "platform.yaml").write_text(text, encoding="utf-8")
        ended = forks.run(root, "compile", "--no-cache")
        assert ended["status"] == 0, ended["said"]
        found.append(State(document=text, files=everything(root)))
    return found


@contextmanager
def told(seed: int, ordeal: Ordeal, number: int) -> Iterator[None]:
    """Say with what goes wrong how to see it again."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"seed {seed}, kill {number}, {dict(ordeal.hits)}")
        raise


def moment(chance: random.Random, whole: float) -> float:
    """Return when to kill what takes *whole* seconds: at any time, mostly where it writes, or just after its end."""
    return whole * (chance.uniform(0, 1.1) if chance.random() < 0.4 else chance.uniform(0.7, 1.05))


def killed(forks: Forks, ordeal: Ordeal, chance: random.Random, patience: float | None) -> dict[str, Any]:
    """Compile, killed after *patience* seconds or before a step on the disk, and return how that ended."""
    if patience is not None:
        return forks.run(ordeal.root, "compile", patience=patience)
    return forks.run(ordeal.root, "compile", sabotage=("killed", chance.randint(1, STEPS)))


def compile_to(forks: Forks, ordeal: Ordeal, state: State) -> float:
    """Compile undisturbed, demand that the outcome is *state*, and return how long that took."""
    ordeal.begin(state)
    ended = forks.run(ordeal.root, "compile")
    assert ended["status"] == 0, ended["said"]
    ordeal.converged(state)
    return float(ended["seconds"])


def person_edits(forks: Forks, ordeal: Ordeal, chance: random.Random, whole: float) -> None:
    """Have a person edit a file of the output: whatever happens to the run, the edit stays until it is taken back."""
    names = sorted(name for name in ordeal.found() if name.endswith(".yaml"))
    if not names:
        return
    edited = ordeal.root / chance.choice(names)
    before = edited.read_bytes()
    edited.write_bytes(before + b"# by hand\n")
    for patience in (moment(chance, whole), None):
        ended = forks.run(ordeal.root, "compile", patience=patience)
        assert edited.read_bytes() == before + b"# by hand\n"
        if patience is None:
            assert (ended["status"], "[hand-edited-file]" in ended["said"]) == (1, True), ended["said"]
    edited.write_bytes(before)


def test_a_thousand_times_killed_every_file_is_old_or_new_and_the_next_run_converges(
    forks: Forks, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = 6
    chance = random.Random(f"{seed} {request.node.name}")  # noqa: S311  (moments and edits, no secrets)
    root = tmp_path / "project"
    foreign = {"deploy/notes.md": b"mine\n", "deploy/shop/test/notes.md": b"mine, too\n"}
    ordeal = Ordeal(root, states(forks, tmp_path / "cold", chance), foreign)
    for name, content in foreign.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    whole = 0.0
    for number in range(KILLS):
        with told(seed, ordeal, number):
            if number % 25 == 0:  # how long it takes changes with what else this machine does
                whole = compile_to(forks, ordeal, chance.choice(ordeal.states))
            before = ordeal.begin(chance.choice(ordeal.states))
            if number % 25 == 24:
                person_edits(forks, ordeal, chance, whole)
                before = ordeal.found()
            ended = killed(forks, ordeal, chance, None if number % 2 else moment(chance, whole))
            assert ended["status"] in {0, -signal.SIGKILL}, ended["said"]
            ordeal.look(before, ended["status"])

    for state in (ordeal.states[0], ordeal.states[0]):
        compile_to(forks, ordeal, state)
    assert forks.run(root, "check", "--no-cache")["status"] == 0
    assert (root / LOCK).stat().st_mode & 0o777 == 0o644
    assert min(ordeal.hits[each] for each in ("before", "between", "after")) >= 15, ordeal.hits
    assert min(ordeal.hits[each] for each in ("with files beside their places", "with files in their places")) >= 5
