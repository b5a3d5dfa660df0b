"""Hints that are pasted into a shell do what they say from the folder where they were read."""

import io
import shlex
import sys
from pathlib import Path

import pytest

from generator.cli.hint import pasteable
from generator.cli.project import open_project
from tests.cli.conftest import Platformc


@pytest.fixture
def above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our shop").mkdir()
    for name in ("platform.yaml", "other.yaml", "our shop/platform.yaml"):
        (tmp_path / name).write_text("kind: Platform\n")
    return tmp_path


SET = "run 'platformc secrets set shop/Catalog DB_PASSWORD -e Dev'"
ENCRYPT = "run `sops encrypt --in-place secrets/shop/dev/catalog.yaml`, and change the values"


@pytest.mark.usefixtures("above")
@pytest.mark.parametrize(
    ("document", "hint", "expected"),
    [
        ("platform.yaml", SET, SET),
        ("platform.yaml", ENCRYPT, ENCRYPT),
        ("other.yaml", SET, "run `platformc secrets set shop/Catalog DB_PASSWORD -e Dev -f other.yaml`"),
        ("other.yaml", ENCRYPT, ENCRYPT),
        (
            "our shop/platform.yaml",
            SET,
            "run `platformc secrets set shop/Catalog DB_PASSWORD -e Dev -f 'our shop/platform.yaml'`",
        ),
        (
            "our shop/platform.yaml",
            ENCRYPT,
            "run `(cd 'our shop' && sops encrypt --in-place secrets/shop/dev/catalog.yaml)`, and change the values",
        ),
        (
            "our shop/platform.yaml",
            "run `git mv secrets/shop/dev secrets/shop/live`; if not, delete it",
            "run `(cd 'our shop' && git mv secrets/shop/dev secrets/shop/live)`; if not, delete it",
        ),
        ("our shop/platform.yaml", "by `git stash pop`", "by `(cd 'our shop' && git stash pop)`"),
        ("other.yaml", "run 'platformc compile -f other.yaml'", "run 'platformc compile -f other.yaml'"),
        ("other.yaml", "sealed; next: platformc compile", "sealed; next: platformc compile -f other.yaml"),
        ("other.yaml", "run: platformc compile -f other.yaml", "run: platformc compile -f other.yaml"),
        ("other.yaml", "edits by 'platformc adopt', or not", "edits by `platformc adopt -f other.yaml`, or not"),
        ("other.yaml", "see 'platformc secrets set --help'", "see 'platformc secrets set --help'"),
        ("other.yaml", "the hook: platformc secrets guard", "the hook: platformc secrets guard"),
        ("other.yaml", "did you mean 'Catalog'?", "did you mean 'Catalog'?"),
    ],
)
def test_a_command_names_the_document_and_the_folder(document: str, hint: str, expected: str) -> None:
    assert pasteable(hint, open_project(document)) == expected


@pytest.mark.usefixtures("above")
def test_what_is_named_is_one_word_for_the_shell() -> None:
    said = pasteable(SET, open_project("our shop/platform.yaml"))

    assert shlex.split(said.split("`")[1])[-2:] == ["-f", "our shop/platform.yaml"]


@pytest.mark.usefixtures("above")
@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (SET, "run `cat PLATFORM | platformc secrets set shop/Catalog DB_PASSWORD -e Dev -f - --from FILE`"),
        ("run: platformc compile -f -", "run: cat PLATFORM | platformc compile -f -"),
        ("run: platformc compile -f - -o out", "run: cat PLATFORM | platformc compile -o out -f -"),
    ],
)
def test_a_document_from_a_pipe_is_piped_in_again(hint: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"kind: Platform\n")))

    assert pasteable(hint, open_project("-")) == expected


def test_check_of_a_document_from_a_pipe_names_a_command_that_does_not_wait(
    platformc: Platformc, project: Path
) -> None:
    document = (project / "platform.yaml").read_text()

    ended = platformc("check", "-f", "-", stdin=document)

    assert ended.returncode == 1
    assert "; run: cat PLATFORM | platformc compile -f -\n" in ended.stderr
