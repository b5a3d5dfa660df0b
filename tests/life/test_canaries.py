"""Forty planted values go through every command that takes or gives one, and are nowhere but where they were asked for.

What is searched: the project, the home folder with its caches, temporary files in every state they were ever in, what
every command said, and the arguments and variables of every process, as it was told and as others see it.
"""

import base64
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.secrets.terminal import on_a_terminal
from tests.life.household import CATALOG_DEV, CATALOG_PROD, FILES_DEV, Household, found
from tests.life.watch import Watch, canaries, found_in

CANARIES = canaries(40)


@dataclass
class Trial:
    """A *household* under *watch*, what was *said* there, and which values are in use."""

    household: Household
    watch: Watch
    given: Path
    said: Path
    unused: Iterator[str] = field(default_factory=lambda: iter(CANARIES))
    _commands: int = 0

    def canary(self) -> str:
        return next(self.unused)

    def secrets(self, *words: str, expected: int = 0, given: str | bytes = b"", **variables: str) -> str:
        """Run a command of `platformc secrets`, keep what it said, and return its standard output."""
        return self.platformc("secrets", *words, expected=expected, given=given, **variables)

    def platformc(self, *words: str, expected: int = 0, given: str | bytes = b"", **variables: str) -> str:
        ended = self.household.platformc(*words, given=given, **{**self.watch.variables, **variables})
        assert ended.returncode == expected, f"{words}: {ended.stderr}"
        self.keep(ended.stderr if "-o" in words else ended.stdout + ended.stderr)
        return ended.stdout

    def typed(self, *words: str, lines: list[str], expected: int = 0) -> None:
        """Run a command of `platformc secrets` on a terminal."""
        command = [sys.executable, "-m", "generator", "secrets", *words]
        variables = self.household.variables(**self.watch.variables)
        status, shown = on_a_terminal(command, self.household.root, variables, lines)
        assert status == expected, shown
        self.keep(shown)

    def keep(self, words: str) -> None:
        self._commands += 1
        (self.said / str(self._commands)).write_text(words)

    def source(self, name: str, text: str) -> str:
        """Write what a person has in the clear, and return where."""
        path = self.given / name
        path.write_text(text)
        return str(path)

    def left(self) -> dict[str, set[str]]:
        """Return what left a trace where."""
        household = self.household
        return found_in([household.root, household.home, self.watch.kept, self.watch.temporary, self.said], CANARIES)


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    made = Trial(found(tmp_path), Watch(tmp_path / "watch"), tmp_path / "given", tmp_path / "said")
    made.given.mkdir()
    made.said.mkdir()
    with made.watch:
        yield made


def take_values_in(trial: Trial) -> None:
    """Give values by every way there is."""
    canary = trial.canary
    catalog = ("shop/Catalog", "-e", "Dev")
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Dev", given=canary())
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Prod", given=canary() + "\n")
    trial.secrets("set", "shop/Catalog", "DB_PASSWORD", "--all", "--from", trial.source("password", canary()))
    key = f"-----BEGIN-----\n{canary()}\n-----END-----\n"
    trial.secrets("set", "shop/Catalog", "tls.key", "--all", "--from", trial.source("key", key))
    value = canary()
    trial.typed("set", "shop/Pricing", "API_KEY", "-e", "Dev", lines=[value, value])
    trial.typed("set", "shop/Pricing", "API_KEY", "-e", "Prod", lines=[canary(), canary(), value, value])
    trial.secrets("set", "shop", "--registry", "--username", "puller", given=canary())
    trial.secrets("set", "shop", "azurestorageaccountkey", "--storage", given=canary())
    trial.secrets("set", "shop", "azurestorageaccountname", "--storage", given="acmebackups")
    dotenv = f"API_KEY={canary()}\nDB_PASSWORD='{canary()}'\nLOG_LEVEL={canary()}\nNO_SUCH={canary()}\n"
    trial.secrets("import", trial.source(".env", dotenv), *catalog, expected=1)
    trial.secrets("import", trial.source("a.json", f'{{"API_KEY": "{canary()}"}}'), *catalog)
    encoded = base64.b64encode(canary().encode()).decode()
    secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{ name: mine }}\ndata: {{ API_KEY: {encoded} }}\n"
    trial.secrets("import", trial.source("secret.yaml", secret), *catalog)
    trial.secrets("import", "-", *catalog, "--dry-run", given=f"API_KEY={canary()}")


def refuse_values(trial: Trial) -> None:
    """Give values that can be none, and values to who cannot seal them."""
    canary = trial.canary
    catalog = ("shop/Catalog", "-e", "Dev")
    trial.secrets("import", "-", *catalog, expected=1, given=f"API_KEY=$({canary()})\nDB_PASSWORD {canary()}\n")
    trial.secrets("import", "-", *catalog, "--as", "json", expected=1, given=f'{{"API_KEY": "{canary()}", }}')
    trial.secrets("import", "-", *catalog, "--as", "kubernetes", expected=1, given=f"kind: Secret\ndata: {canary()}: a")
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Dev", expected=1, given=canary().encode() + b"\xff")
    nobody = str(trial.household.people["cleo"][0])
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Dev", expected=1, given=canary(), SOPS_AGE_KEY_FILE=nobody)
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Dev", expected=3, given=canary(), PATH=str(trial.given))
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Dev", expected=1, given=canary() * 50_000)
    trial.secrets("set", "shop/Catalog", "NO_SUCH", "-e", "Dev", expected=1, given=canary())
    trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Test", expected=2, given=canary())
    trial.secrets("set", "shop", ".dockerconfigjson", "--registry", expected=1, given=f'{{"auths": "{canary()}"')


def edit_values(trial: Trial, folder: Path) -> None:
    """Edit with an editor that leaves what can be sealed, and with others that do not; each shows what it edits."""
    for number, (text, expected) in enumerate(
        [
            (f"stringData:\n    API_KEY: {trial.canary()}\n    DB_PASSWORD: {trial.canary()}\n", 0),
            (f"stringData:\n    API_KEY: '{trial.canary()}\n", 1),
            (f"stringData:\n    API_KEY: 12\n    {trial.canary()}: {trial.canary()}: {trial.canary()}\n", 1),
        ]
    ):
        (trial.given / f"typed.{number}").write_text(text)
        editor = trial.given / "editor"
        editor.write_text(
            f'#!/bin/sh\nls -ld "$(dirname "$1")" >> "{folder}/rights"; echo "$1" >> "{folder}/places"\n'
            f'cat "{trial.given}/typed.{number}" > "$1"; cat "$1"; cat "$1" >&2\n'
        )
        editor.chmod(0o755)
        trial.secrets("edit", "shop/Catalog", "-e", "Dev", expected=expected, EDITOR=f"'{editor}'")


def give_values_out(trial: Trial, folder: Path) -> None:
    """Ask for values, where that is allowed and where it is not."""
    catalog = ("download", "shop/Catalog", "-e", "Dev")
    for form in ("dotenv", "json", "yaml"):
        assert "canary-" in trial.secrets(*catalog, "--as", form, "-o", "-")
        trial.secrets(*catalog, "--as", form, "-o", str(folder / form))
    trial.secrets(*catalog, "-o", str(folder / "json"), expected=2)
    assert trial.secrets(*catalog, expected=2) == ""
    trial.secrets(*catalog, "-o", "-", expected=1, SOPS_AGE_KEY_FILE=str(trial.household.people["cleo"][0]))
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}


def look_after_values(trial: Trial) -> None:
    """Merge, rotate and verify, and whatever else opens files; then everything that does not."""
    household = trial.household
    base = household.text(CATALOG_DEV)
    sides = {"base": base}
    for side in ("ours", "theirs"):
        (household.root / CATALOG_DEV).write_text(base)
        trial.secrets("set", "shop/Catalog", "API_KEY", "-e", "Dev", given=trial.canary())
        sides[side] = household.text(CATALOG_DEV)
    files = [trial.source(name, text) for name, text in sides.items()]
    trial.secrets("merge", *files, CATALOG_DEV, expected=1)
    trial.secrets("set", "shop/Catalog", "DB_PASSWORD", "-e", "Dev", given=trial.canary())
    household.declare(["ann"], ["ann"])
    trial.secrets("rekey", "--rotate")
    trial.secrets("verify")
    for words in (["compile"], ["check"], ["validate"], ["secrets", "list"], ["secrets", "status"]):
        trial.platformc(*words)
    trial.secrets("guard")
    trial.secrets("unset", "shop/Catalog", "tls.key", "-e", "Prod")


def go_wrong(trial: Trial) -> None:
    """Fail in the middle, with tracebacks; meet files that somebody damaged, and people who type values as words."""
    household = trial.household
    debug = {"PLATFORMC_DEBUG": "1"}
    for event in ("os.rename", "shutil.rmtree", "os.remove"):
        words = ("secrets", "set", "shop/Catalog", "API_KEY", "-e", "Dev")
        ended = household.platformc(
            *words, given=trial.canary(), **{**trial.watch.variables, **debug, "WITNESS_FAILS": event}
        )
        if event != "os.remove":
            assert "RuntimeError: the witness was told to fail" in ended.stderr
        trial.keep(ended.stdout + ended.stderr)
    whole = household.text(CATALOG_PROD)
    lines = [each for each in whole.splitlines() if " API_KEY: " in each]
    pasted = trial.given / "pasted.yaml"
    pasted.write_text(whole.replace(lines[0], f"    API_KEY: {trial.canary()}"))
    (household.root / CATALOG_PROD).write_text(pasted.read_text())
    catalog = ("shop/Catalog", "-e", "Prod")
    trial.secrets("verify", expected=1, **debug)
    trial.secrets("download", *catalog, "-o", "-", expected=1, **debug)
    trial.secrets("edit", *catalog, expected=1, EDITOR="true", **debug)
    trial.secrets("set", *catalog[:1], "API_KEY", *catalog[1:], expected=1, given="a", **debug)
    trial.secrets("rekey", "--all", "--rotate", expected=1, **debug)
    trial.platformc("compile", expected=1, **debug)
    trial.platformc("validate", "--format", "json", expected=1, **debug)
    trial.secrets("guard", expected=1, **debug)
    (household.root / CATALOG_PROD).write_text(whole)


def test_no_value_is_anywhere_but_where_it_was_asked_for(trial: Trial, tmp_path: Path) -> None:
    edited, downloaded = tmp_path / "edited", tmp_path / "downloaded"
    edited.mkdir()
    downloaded.mkdir()

    take_values_in(trial)
    refuse_values(trial)
    edit_values(trial, edited)
    give_values_out(trial, downloaded)
    look_after_values(trial)
    temporary = list(trial.watch.temporary.iterdir())
    go_wrong(trial)

    assert next(trial.unused, None) is None
    assert trial.left() == {}
    assert temporary == []
    assert all("drwx------" in line for line in (edited / "rights").read_text().splitlines())
    assert not any(Path(line).exists() for line in (edited / "places").read_text().splitlines())
    assert len(trial.watch.calls()) > 40
    assert trial.watch.sampled() > 20
    kinds = {each.name.partition(".")[0] for each in trial.watch.kept.iterdir()}
    assert {"before", "after", "call"} <= kinds
    assert trial.household.opened(FILES_DEV)["tls.key"].splitlines()[1] in CANARIES


def test_the_search_finds_what_is_there(trial: Trial, tmp_path: Path) -> None:
    canary = trial.canary()
    for number, trace in enumerate([canary, base64.b64encode(f"user:{canary}".encode()).decode()]):
        (trial.said / str(number)).write_text(trace)
    trial.household.run(
        *("sh", "-c", f'python3 -c "import os, tempfile; os.remove(tempfile.mkstemp()[1])"; sops {canary}'),
        **{
            **trial.watch.variables,
            "PATH": f"{trial.watch.variables['PATH']}{os.pathsep}{Path(sys.executable).parent}",
        },
    )

    places = {str(Path(each).relative_to(tmp_path)).partition(".")[0] for each in trial.left()}

    assert {"said/0", "said/1", "watch/kept/call"} <= places
