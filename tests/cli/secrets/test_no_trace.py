"""A value leaves no trace but its ciphertext, and a command that is killed leaves every file old or new."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.secrets.workbench import CATALOG, Workbench, set_up

CANARY = "canary-5f1d7c-in-the-coal-mine"


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return set_up(tmp_path)


def watched(tmp_path: Path, before: str = "") -> dict[str, str]:
    """Return the environment of a command whose sops writes down how it was called, after it did *before*."""
    real = shutil.which("sops")
    folder = tmp_path / "bin"
    folder.mkdir()
    wrapper = folder / "sops"
    wrapper.write_text(
        f"#!/bin/sh\n{before}\n(echo \"$@\"; env; cat /proc/$PPID/cmdline /proc/$PPID/environ) >> '{tmp_path}/calls'\n"
        f"exec '{real}' \"$@\"\n"
    )
    wrapper.chmod(0o755)
    (tmp_path / "temporary").mkdir()
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(tmp_path / "temporary")}


def test_a_value_is_in_no_file_argument_variable_or_output(bench: Workbench, tmp_path: Path) -> None:
    variables = watched(tmp_path, f"cp -r '{tmp_path}/temporary' '{tmp_path}/kept.'$$")

    ended = [
        bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given=f"{CANARY}-1", **variables),
        bench.secrets("set", "Catalog", "DB_PASSWORD", "-e", "Dev", given=f"{CANARY}-2", **variables),
        bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given=f"{CANARY}-3", **variables),
        bench.secrets("set", "Catalog", "DB_PASSWORD", "-e", "Dev", given=f"{CANARY}-4", keys="", **variables),
        bench.secrets("unset", "Catalog", "DB_PASSWORD", "-e", "Dev", **variables),
        bench.secrets("list", "--format", "json", **variables),
    ]

    assert [each.returncode for each in ended] == [0, 0, 0, 1, 0, 0]
    assert not any(CANARY in each.stdout + each.stderr for each in ended)
    calls = (tmp_path / "calls").read_bytes()
    assert calls.count(b"--value-stdin") >= 3
    assert list(tmp_path.glob("kept.*/*"))
    assert [each for each in tmp_path.rglob("*") if each.is_file() and CANARY.encode() in each.read_bytes()] == []
    assert bench.value(CATALOG, "API_KEY") == f"{CANARY}-3"


def test_what_sops_says_of_a_tampered_file_is_not_passed_on(bench: Workbench) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")
    lines = bench.text(CATALOG).splitlines(keepends=True)
    bench.path(CATALOG).write_text(
        "".join(f"    API_KEY: {CANARY}\n" if "API_KEY: " in each else each for each in lines)
    )
    plain = bench.run("sops", "decrypt", CATALOG)
    assert CANARY in plain.stderr

    ended = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="b", PLATFORMC_DEBUG="1")

    assert ended.returncode == 1
    assert CANARY not in ended.stdout + ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("verb", ["decrypt", "set"])
def test_a_command_that_ends_early_leaves_every_file_as_it_was(
    bench: Workbench, tmp_path: Path, verb: str, number: signal.Signals
) -> None:
    bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="a")
    before = bench.files()
    hold = f'case " $* " in *" {verb} "*) touch \'{tmp_path}/reached\'; sleep 5;; esac'
    variables = bench.variables("dev", **watched(tmp_path, hold))
    words = (sys.executable, "-m", "generator", "secrets", "set", "Catalog", "API_KEY", "-e", "Dev")
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(
            words, cwd=bench.root, env=variables, stdin=subprocess.PIPE, stderr=said, start_new_session=True
        ) as command,
    ):
        assert command.stdin is not None
        command.stdin.write(CANARY.encode())
        command.stdin.close()
        while not (tmp_path / "reached").exists():
            assert command.poll() is None
            time.sleep(0.01)
        os.killpg(command.pid, number)
        status = command.wait(timeout=30)

    assert status == (130 if number is signal.SIGINT else -signal.SIGKILL)
    assert (tmp_path / "said").read_text() == ("interrupted\n" if number is signal.SIGINT else "")
    assert bench.files() == before
    if number is signal.SIGINT:
        assert list((tmp_path / "temporary").iterdir()) == []
    again = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="b")
    assert (again.returncode, bench.value(CATALOG, "API_KEY")) == (0, "b")
