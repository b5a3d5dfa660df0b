"""Commands that are killed at any moment leave every file old or new, and the same command again does its work."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.life.household import CATALOG_DEV, CATALOG_PROD, Household

TRIES = 4
SOURCE = "API_KEY='imported'\nDB_PASSWORD='imported, too'\n"
COMMANDS = {
    "set": ("set", "shop/Catalog", "API_KEY", "--all"),
    "unset": ("unset", "shop/Catalog", "API_KEY", "--all"),
    "import": ("import", "-", "shop/Catalog", "--all"),
    "rekey": ("rekey", "--all", "--rotate"),
}
GIVEN = {"set": "anew", "import": SOURCE}


def expected(verb: str, values: dict[str, str]) -> dict[str, str]:
    """Return what a file with *values* holds when the command is through."""
    match verb:
        case "set":
            return {**values, "API_KEY": "anew"}
        case "unset":
            return {key: value for key, value in values.items() if key != "API_KEY"}
        case "import":
            return {"API_KEY": "imported", "DB_PASSWORD": "imported, too"}
        case _:
            return values


def run_until(household: Household, verb: str, seconds: float, number: signal.Signals) -> int:
    """Run a command, send it and all that it started a signal after some *seconds*, and return its status."""
    words = (sys.executable, "-m", "generator", "secrets", *COMMANDS[verb])
    with subprocess.Popen(
        words,
        cwd=household.root,
        env=household.variables(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as command:
        assert command.stdin is not None
        command.stdin.write(GIVEN.get(verb, "").encode())
        command.stdin.close()
        time.sleep(seconds)
        if command.poll() is None:
            os.killpg(command.pid, number)
        return command.wait(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("verb", COMMANDS)
def test_every_file_is_old_or_new(model_home: Household, tmp_path: Path, verb: str, number: signal.Signals) -> None:
    moments = random.Random(f"{verb} {number}")  # noqa: S311  (moments, no secrets)
    trial = model_home.copy(tmp_path / "measured")
    began = time.perf_counter()
    assert run_until(trial, verb, 0, signal.SIGCONT) == 0
    whole = time.perf_counter() - began
    new = {file: trial.opened(file) for file in (CATALOG_DEV, CATALOG_PROD)}
    assert new == {file: expected(verb, model_home.opened(file)) for file in new}

    for attempt in range(TRIES):
        household = model_home.copy(tmp_path / str(attempt))
        before = household.files()
        run_until(household, verb, moments.uniform(0.1, 1) * whole, number)

        after = household.files()
        left = {name for name in after if after[name] != before.get(name)}
        assert {name for name in before if name not in after} == set()
        strays = {name for name in left if name not in before}
        assert all("/.platformc-" in name for name in strays)
        assert number is signal.SIGKILL or not strays
        for name in left - strays:
            assert household.opened(name) == expected(verb, model_home.opened(name))
        ended = household.platformc("secrets", *COMMANDS[verb], given=GIVEN.get(verb, ""))
        assert ended.returncode == 0 or (verb == "unset" and left), ended.stderr
        if verb != "unset":
            assert {file: household.opened(file) for file in new} == new
        assert household.files().keys() == before.keys()
