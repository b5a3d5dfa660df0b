"""How git gets to know of `platformc secrets merge`, and what becomes of compiled files."""

from pathlib import Path

import pytest

from tests.cli.secrets.divergence import DOCUMENT, diverge, new_repository
from tests.cli.secrets.repository import CATALOG, Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return new_repository(tmp_path)


def test_compiled_secrets_stay_whole_and_compiling_settles_them(repository: Repository) -> None:
    repository.do("platformc", "compile", "--quiet")
    repository.commit("compiled")

    def changed(**values: str) -> None:
        repository.change(**values)
        repository.do("platformc", "compile", "--quiet")

    diverge(repository, lambda: changed(A="canary-theirs"), lambda: changed(B="canary-ours"))
    assert repository.run("git", "merge", "--no-edit", "theirs").returncode == 1
    unmerged = repository.do("git", "diff", "--name-only", "--diff-filter=U").split()
    assert "deploy/shop/dev/catalog.secret.yaml" in unmerged
    assert CATALOG not in unmerged

    repository.do("platformc", "compile", "--quiet")
    repository.commit("merged")

    repository.do("platformc", "check", "--quiet")
    assert repository.opened("deploy/shop/dev/catalog.secret.yaml") == {
        "A": "canary-theirs",
        "B": "canary-ours",
        "C": "canary-c",
    }


def test_installing_again_changes_nothing_and_says_so(repository: Repository) -> None:
    attributes, config = repository.text(".gitattributes"), repository.text(".git/config")

    said = repository.do("platformc", "secrets", "merge", "--install")

    assert attributes == (
        "/secrets/**/*.yaml merge=platformc-secrets\n"
        "/deploy/** -merge\n/deploy/.platformc.lock merge=union\n/.sops.yaml -merge\n"
    )
    assert (repository.text(".gitattributes"), repository.text(".git/config")) == (attributes, config)
    assert said.count("already in") == 7
    assert "commit .gitattributes" not in said


def test_installing_keeps_the_attributes_that_are_there(repository: Repository) -> None:
    (repository.root / ".gitattributes").write_bytes(b"*.png binary")

    repository.do("platformc", "secrets", "merge", "--install")

    assert repository.text(".gitattributes").startswith("*.png binary\n/secrets/**/*.yaml merge=")


def test_there_must_be_a_repository_to_install_it_in(tmp_path: Path) -> None:
    outside = Repository(tmp_path, tmp_path / "none")
    (tmp_path / "platform.yaml").write_text(DOCUMENT.format(recipient=""))

    ended = outside.run("platformc", "secrets", "merge", "--install")

    assert ended.returncode == 2
    assert "is in no git work tree; run 'git init' first" in ended.stderr


@pytest.mark.parametrize("words", [[], ["a", "b", "c"], ["--install", "a"], ["no", "such", "file", "p"]])
def test_called_in_another_way_it_says_how(repository: Repository, words: list[str]) -> None:
    assert repository.run("platformc", "secrets", "merge", *words).returncode == 2
