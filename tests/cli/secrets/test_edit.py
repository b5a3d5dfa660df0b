"""`platformc secrets edit`, with real sops and age, and editors that need no person."""

import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.secrets.terminal import on_a_terminal
from tests.cli.secrets.workbench import CATALOG, Workbench, set_up


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return set_up(tmp_path)


def sealed(bench: Workbench) -> str:
    """Seal both variables of the catalog in Dev, and return the file."""
    for key in ("API_KEY", "DB_PASSWORD"):
        bench.secrets("set", "Catalog", key, "-e", "Dev", given="canary")
    return bench.text(CATALOG)


def edit(bench: Workbench, change: str, *words: str, keys: str = "dev") -> tuple[int, str]:
    """Let *change*, a command of sed, be what the person does in the editor; the status, and what was said."""
    ended = bench.secrets("edit", "Catalog", "-e", "Dev", *words, keys=keys, EDITOR=f"sed -i {shlex.quote(change)}")
    assert "canary" not in ended.stdout + ended.stderr
    return ended.returncode, ended.stderr


def test_a_changed_value_is_sealed_and_dated(bench: Workbench) -> None:
    before = re.sub(r"(# changed: \w+) \S+", r"\1 2024-02-03", sealed(bench))
    bench.path(CATALOG).write_text(before)

    status, said = edit(bench, "s/API_KEY: .*/API_KEY: new/")

    assert (status, said) == (0, f"{CATALOG}: sealed\n")
    assert bench.value(CATALOG, "API_KEY") == "new"
    first, second, *_ = bench.text(CATALOG).splitlines()
    assert not first.startswith("# changed: API_KEY 2024-02-03")
    assert second == before.splitlines()[1]


def test_a_new_file_begins_with_what_is_declared(bench: Workbench) -> None:
    status, said = edit(bench, "s/replace-this/new/")

    assert (status, said) == (0, f"{CATALOG}: sealed\n")
    assert bench.value(CATALOG, "DB_PASSWORD") == "new"
    assert bench.path(CATALOG).stat().st_mode & 0o777 == 0o644


def test_a_placeholder_that_is_left_is_no_value(bench: Workbench) -> None:
    status, said = edit(bench, "s/API_KEY: .*/API_KEY: new/")

    assert status == 1
    assert "error: the value for 'DB_PASSWORD' is still the placeholder [placeholder-value]" in said
    assert not bench.path("secrets").exists()


def test_nothing_changed_is_nothing_written(bench: Workbench) -> None:
    before = sealed(bench)

    status, said = edit(bench, "")

    assert (status, said) == (0, f"{CATALOG}: is as it was\n")
    assert bench.text(CATALOG) == before


def test_keys_are_put_in_order_and_what_nothing_declares_is_said(bench: Workbench) -> None:
    sealed(bench)

    status, said = edit(bench, "$a\\    AAA: more")

    assert status == 1
    assert f"{CATALOG}: sealed\n" in said
    assert "'AAA' is sealed, and nothing declares it [undeclared-sealed-value]" in said
    assert re.findall(r"^    ([A-Z_]+): ENC", bench.text(CATALOG), re.MULTILINE) == ["AAA", "API_KEY", "DB_PASSWORD"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ('s/API_KEY: .*/API_KEY: "canary/', "yaml-syntax"),
        ("s/API_KEY: .*/API_KEY: 12/", "sealed-shape"),
        ("s/API_KEY: .*/API_KEY:/", "empty-secret"),
        ("s/API_KEY: /API KEY: /", "bad-secret-key"),
        ("s/stringData/data/", "sealed-shape"),
        ("/_/d", "sealed-shape"),
        ("$s/$/\\xff/", "not-utf-8"),
    ],
)
def test_what_cannot_be_sealed_is_said_and_the_file_stays_as_it_was(bench: Workbench, change: str, code: str) -> None:
    before = sealed(bench)

    status, said = edit(bench, change)

    assert status == 1
    assert f"[{code}]" in said
    assert said.startswith(f"{CATALOG}:1:1: error: ")
    assert bench.text(CATALOG) == before


def test_on_a_terminal_the_editor_opens_again_with_what_was_typed(bench: Workbench) -> None:
    sealed(bench)
    editor = bench.path("editor.sh")
    editor.write_text(
        'if grep -q "API_KEY: 12" "$1"; then sed -i "s/: 12/: twelve/" "$1"\n'
        'else sed -i "s/API_KEY: .*/API_KEY: 12/" "$1"; fi\n'
    )
    words = (sys.executable, "-m", "generator", "secrets", "edit", "Catalog", "-e", "Dev")

    status, shown = on_a_terminal(words, bench.root, bench.variables("dev", EDITOR="sh editor.sh"), [""])

    assert status == 0, shown
    assert "the value for 'API_KEY' is not text [sealed-shape]" in shown
    assert bench.value(CATALOG, "API_KEY") == "twelve"


def test_no_key_means_no_editor(bench: Workbench) -> None:
    sealed(bench)

    status, said = edit(bench, "s/x/y/w opened", keys="prod")

    assert status == 1
    assert "[no-key]" in said
    assert not bench.path("opened").exists()


def test_an_editor_that_fails_leaves_the_file(bench: Workbench) -> None:
    before = sealed(bench)

    ended = bench.secrets("edit", "Catalog", "-e", "Dev", EDITOR="false")

    assert ended.returncode == 3
    assert ended.stderr.startswith("platformc: sops: the editor failed")
    assert bench.text(CATALOG) == before


def test_a_change_by_somebody_else_meanwhile_is_not_lost(bench: Workbench) -> None:
    sealed(bench)
    other = "# theirs\n" + bench.text(CATALOG)
    bench.path("theirs").write_text(other)
    script = f'cp theirs {CATALOG}; sed -i "s/API_KEY: .*/API_KEY: ours/" "$1"'
    bench.path("editor.sh").write_text(script)

    ended = bench.secrets("edit", "Catalog", "-e", "Dev", EDITOR="sh editor.sh")

    assert ended.returncode == 1
    assert "[changed-meanwhile]" in ended.stderr
    assert bench.text(CATALOG) == other


def test_the_plaintext_is_in_memory_in_a_folder_of_its_own_and_gone_afterwards(bench: Workbench) -> None:
    sealed(bench)
    bench.path("editor.sh").write_text('echo "$1" > where; stat -c %a "$(dirname "$1")" "$1" >> where\n')

    bench.secrets("edit", "Catalog", "-e", "Dev", EDITOR="sh editor.sh")

    where, *modes = bench.text("where").splitlines()
    assert modes == ["700", "600"]
    assert not Path(where).exists()
    assert not Path(where).parent.parent.exists()
    assert sys.platform != "linux" or where.startswith("/dev/shm/platformc-")  # noqa: S108  (where it should be)


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_the_plaintext_is_gone_when_the_command_is_killed(bench: Workbench, by: signal.Signals) -> None:
    sealed(bench)
    bench.path("editor.sh").write_text('echo "$1" > now; mv now where; while [ -e "$1" ]; do sleep 0.05; done\n')
    words = (sys.executable, "-m", "generator", "secrets", "edit", "Catalog", "-e", "Dev")
    variables = bench.variables("dev", EDITOR="sh editor.sh")

    with subprocess.Popen(words, cwd=bench.root, env=variables, stderr=subprocess.DEVNULL) as command:
        wait_until(bench.path("where").exists)
        plaintext = Path(bench.text("where").strip())
        assert "API_KEY: canary" in plaintext.read_text()
        command.send_signal(by)

    wait_until(lambda: not plaintext.parent.parent.exists())


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to that in 20 seconds")
