import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import click
import pytest

from generator.cli import main as entry
from generator.cli.main import COMMANDS, PROGRAM, cli, main
from generator.cli.secrets.group import COMMANDS as SECRETS_COMMANDS

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

HEAVY = (
    "jinja2",
    "msgspec",
    "jsonschema",
    "jsonschema_rs",
    "yaml",
    "yaml_rs",
    "ruamel",
    "generator.compiler",
    "difflib",
)


def commands() -> dict[str, click.Command]:
    context = click.Context(cli, info_name=PROGRAM)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_the_version_is_printed(platformc: Platformc) -> None:
    ended = platformc("--version")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "platformc 0.1.0\n", "")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["schema"]])
def test_a_light_command_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from generator.cli.main import main; main(sys.argv[1:]);"
        f"print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=True, encoding="utf-8")

    assert ended.stderr.split() == []


def test_without_a_command_it_says_how_to_start(platformc: Platformc) -> None:
    ended = platformc()

    assert ended.returncode == 0
    assert "Start here:" in ended.stdout


def test_a_misspelt_command_is_answered_with_the_nearest_one(platformc: Platformc) -> None:
    ended = platformc("compil")

    assert ended.returncode == 2
    assert ended.stderr == "platformc: no command 'compil'; did you mean 'compile'?\nsee: platformc --help\n"


def test_a_misspelt_option_points_at_the_commands_own_help(platformc: Platformc) -> None:
    ended = platformc("check", "--formt", "json")

    assert ended.returncode == 2
    assert "see: platformc check --help\n" in ended.stderr


@pytest.mark.parametrize("name", SECRETS_COMMANDS)
def test_the_help_of_every_command_on_secrets_fits_80_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["secrets", name, "--help"]) == 0

    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_in_80_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("-h", "--help"):
        assert main([name, option]) == 0

        said = capsys.readouterr().out
        assert f"Usage: platformc {name}" in said
        assert "Examples:" in said
        assert max(map(len, said.splitlines())) <= 80


def test_the_list_of_commands_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_the_table_is_there_under_its_name(name: str) -> None:
    assert commands()[name].name == name


def test_an_interrupt_is_one_word_and_no_traceback(project: Path) -> None:
    fifo = project / "slow.yaml"
    os.mkfifo(fifo)
    with subprocess.Popen(
        [sys.executable, "-m", "generator", "validate", "-f", "slow.yaml"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        writer = _opened_by_reader(fifo, process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        os.close(writer)

    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")


def _opened_by_reader(fifo: Path, process: subprocess.Popen[bytes]) -> int:
    """Return the writing end of *fifo*, once *process* reads from it."""
    while process.poll() is None:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            time.sleep(0.01)
    raise AssertionError(process.stderr and process.stderr.read())


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "generator", "schema"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)

    assert (ended.returncode, ended.stderr) == (141, b"")


def test_a_full_disk_behind_standard_output_is_said_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "generator", "schema"], stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert (ended.returncode, ended.stderr) == (3, b"platformc: no space left on device\n")


def test_a_closed_standard_output_is_said_in_one_line(project: Path) -> None:
    ended = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m generator schema >&-"], cwd=project, capture_output=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (3, b"platformc: standard output is closed\n")


def test_an_internal_error_is_one_line_that_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_arguments: object) -> int:
        raise KeyError("hunter2")

    monkeypatch.setattr(entry, "_run", broken)
    monkeypatch.delenv("PLATFORMC_DEBUG", raising=False)

    assert main(["validate"]) == 3
    assert capsys.readouterr().err == ("platformc: internal error (KeyError); PLATFORMC_DEBUG=1 shows where\n")


def test_an_internal_error_has_a_traceback_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_arguments: object) -> int:
        raise KeyError("hunter2")

    monkeypatch.setattr(entry, "_run", broken)
    monkeypatch.setenv("PLATFORMC_DEBUG", "1")

    with pytest.raises(KeyError):
        main(["validate"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_can_be_had_for_every_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_PLATFORMC_COMPLETE" in capsys.readouterr().out


def test_a_shell_that_asks_gets_the_commands_that_fit(platformc: Platformc) -> None:
    ended = platformc(_PLATFORMC_COMPLETE="bash_complete", COMP_WORDS="platformc co", COMP_CWORD="1")

    assert ended.stdout.split() == ["plain,compile", "plain,conform", "plain,completion"]


def test_a_shell_that_asks_gets_the_options_that_fit(platformc: Platformc) -> None:
    ended = platformc(_PLATFORMC_COMPLETE="bash_complete", COMP_WORDS="platformc check --fo", COMP_CWORD="2")

    assert ended.stdout.split() == ["plain,--format"]


def test_interrupted_while_it_is_still_being_loaded_it_says_so_and_no_more() -> None:
    code = """\
import sys

class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from generator.__main__ import run
run()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8")

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize("debug", ["", "1"])
def test_all_that_was_said_is_there_when_it_has_ended(platformc: Platformc, debug: str) -> None:
    printed = platformc("schema", PLATFORMC_DEBUG=debug)
    refused = platformc("compil", PLATFORMC_DEBUG=debug)

    assert printed.stdout == platformc("schema").stdout
    assert printed.stdout.endswith("}\n")
    assert len(printed.stdout) > 100_000
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 2)
