"""The hooks that the project offers to pre-commit, run by the real one in a real repository."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packaging.checkout import BIN, DOCUMENT, ROOT


def git(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    identity = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
    return _ran(folder, "git", *identity, *words)


def _ran(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, cwd=folder, capture_output=True, check=False, encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """This project as a repository that pre-commit can fetch hooks from, which keeps what it builds beside it."""
    folder = tmp_path_factory.mktemp("published") / "platformc"
    unwanted = shutil.ignore_patterns(
        ".*cache", "__pycache__", ".git", ".venv", ".tools", ".hypothesis", "dist", "tests"
    )
    shutil.copytree(ROOT, folder, ignore=unwanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join((str(BIN), os.environ["PATH"])))
        patch.setenv("PRE_COMMIT_HOME", str(folder.parent / "pre-commit"))
        patch.setenv("GIT_CONFIG_GLOBAL", "")
        for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "everything")):
            assert git(folder, *words).returncode == 0
        yield folder


def commit(repository: Path, message: str) -> "subprocess.CompletedProcess[str]":
    git(repository, "add", "-A")
    return git(repository, "commit", "-m", message)


def hooked(published: Path, repository: Path, hooks: list[dict[str, Any]]) -> None:
    """Make *repository*, with a platform in it and the *hooks* installed."""
    repository.mkdir()
    git(repository, "init", "-q")
    revision = git(published, "rev-parse", "HEAD").stdout.strip()
    config = {"repos": [{"repo": str(published), "rev": revision, "hooks": hooks}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (repository / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
    git(repository, "add", "-A")
    installed = _ran(repository, "pre-commit", "install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr


def test_the_hooks_stop_a_commit_whose_output_is_stale_and_let_it_pass_afterwards(
    published: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "a repository"
    hooked(published, repository, [{"id": f"platformc-{name}"} for name in ("guard", "check", "compile")])

    stopped = commit(repository, "a platform")
    assert stopped.returncode == 1
    assert re.search(r"compiled manifests are up to date\.+Failed", stopped.stderr), stopped.stderr
    assert "run: platformc compile" in stopped.stderr
    assert re.search(r"compile the platform document\.+Failed", stopped.stderr), stopped.stderr

    passed = commit(repository, "a platform")
    assert passed.returncode == 0, passed.stderr
    assert len(re.findall(r"\.+Passed", passed.stderr)) == 3

    (repository / "notes.md").write_text("hello\n", encoding="utf-8")
    unconcerned = commit(repository, "notes")
    assert unconcerned.returncode == 0
    assert len(re.findall(r"\.+Passed", unconcerned.stderr)) == 3

    (repository / "notes.yaml").write_text("token: ghp_" + "a1B2" * 9 + "\n", encoding="utf-8")
    guarded = commit(repository, "a leak")
    assert guarded.returncode == 1
    assert re.search(r"no secret in the open\.+Failed", guarded.stderr), guarded.stderr


PART = """\
name: Basket
head: { image: "example/basket:2.0.0" }
"""


@pytest.fixture
def tended(published: Path, tmp_path: Path) -> Path:
    """A repository with hooks whose platform includes a file, compiled and committed."""
    repository = tmp_path / "a repository"
    hooked(published, repository, [{"id": f"platformc-{name}"} for name in ("validate", "check", "compile")])
    with (repository / "platform.yaml").open("a", encoding="utf-8") as document:
        document.write("      - include: basket.yaml\n")
    for name, text in (("basket.yaml", PART), ("README.md", "hello\n"), ("notes.md", "hello\n")):
        (repository / name).write_text(text, encoding="utf-8")
    assert _ran(repository, "platformc", "compile").returncode == 0
    git(repository, "add", "-A")
    assert git(repository, "commit", "-q", "--no-verify", "-m", "a platform").returncode == 0
    return repository


MANIFEST = "deploy/shop/dev/catalog.yaml"


def verdicts(committed: "subprocess.CompletedProcess[str]") -> list[str]:
    """Return what the hooks came to, in their order: validate, check, compile."""
    return re.findall(r"\.{3,}(?:\(no files to check\))?(Passed|Failed|Skipped)", committed.stderr)


def test_a_commit_that_only_deletes_a_manifest_is_stopped_until_it_is_there_again(tended: Path) -> None:
    git(tended, "rm", "-q", MANIFEST)

    stopped = git(tended, "commit", "-m", "a deletion")
    again = git(tended, "commit", "-m", "a deletion")
    git(tended, "add", MANIFEST)

    assert verdicts(stopped) == ["Passed", "Failed", "Failed"], stopped.stderr
    assert "missing" in stopped.stderr
    assert "1 written" in stopped.stderr
    assert verdicts(again) == ["Passed", "Failed", "Failed"], again.stderr
    assert f"the commit is without '{MANIFEST}'" in again.stderr
    assert git(tended, "status", "--porcelain").stdout == ""


def test_a_commit_without_output_that_nobody_added_is_stopped(tended: Path) -> None:
    with (tended / "platform.yaml").open("a", encoding="utf-8") as document:
        document.write('      - { name: Wishes, head: { image: "example/wishes:2.0.0" } }\n')
    assert _ran(tended, "platformc", "compile").returncode == 0

    stopped = git(tended, "commit", "-am", "one more")
    passed = commit(tended, "one more")

    assert verdicts(stopped) == ["Passed", "Failed", "Failed"], stopped.stderr
    assert "the commit is without 'deploy/shop/dev/wishes.yaml'" in stopped.stderr
    assert verdicts(passed) == ["Passed", "Passed", "Passed"], passed.stderr


def test_a_commit_that_only_deletes_what_the_document_includes_is_stopped(tended: Path) -> None:
    git(tended, "rm", "-q", "basket.yaml")

    stopped = git(tended, "commit", "-m", "a deletion")

    assert verdicts(stopped) == ["Failed", "Failed", "Failed"], stopped.stderr
    assert "basket.yaml" in stopped.stderr


def test_a_commit_that_has_nothing_to_do_with_stale_output_passes(tended: Path) -> None:
    edited = (tended / "basket.yaml").read_text(encoding="utf-8").replace("2.0.0", "2.0.1")
    (tended / "basket.yaml").write_text(edited, encoding="utf-8")
    git(tended, "commit", "-q", "--no-verify", "-am", "stale")

    (tended / "notes.md").write_text("hello again\n", encoding="utf-8")
    edited_notes = git(tended, "commit", "-am", "notes")
    git(tended, "rm", "-q", "README.md")
    deleted = git(tended, "commit", "-m", "no notes")

    assert verdicts(edited_notes) == ["Passed", "Passed", "Passed"], edited_notes.stderr
    assert verdicts(deleted) == ["Passed", "Passed", "Passed"], deleted.stderr
    assert _ran(tended, "pre-commit", "run", "--all-files", "platformc-check").returncode == 1


@pytest.mark.parametrize("words", [("-a",), (MANIFEST,)])
def test_a_deletion_that_is_not_in_the_index_yet_is_seen(words: tuple[str, ...], tended: Path) -> None:
    (tended / MANIFEST).unlink()

    stopped = git(tended, "commit", "-m", "a deletion", *words)

    assert stopped.returncode == 1
    assert verdicts(stopped) == ["Passed", "Failed", "Failed"], stopped.stderr


def test_a_work_tree_beside_it_and_a_project_in_a_folder_are_looked_at(tended: Path) -> None:
    (tended / "infra").mkdir()
    git(tended, "mv", "platform.yaml", "basket.yaml", "deploy", "infra")
    config = tended / ".pre-commit-config.yaml"
    hooks = yaml.safe_load(config.read_text(encoding="utf-8"))
    hooks["repos"][0]["hooks"] = [{"id": "platformc-check", "files": "^infra/", "args": ["-f", "infra/platform.yaml"]}]
    config.write_text(yaml.safe_dump(hooks), encoding="utf-8")
    assert commit(tended, "a folder of its own").returncode == 0
    beside = tended.parent / "beside"
    git(tended, "worktree", "add", "-q", str(beside), "-b", "beside")

    git(beside, "rm", "-q", f"infra/{MANIFEST}")
    stopped = git(beside, "commit", "-m", "a deletion")
    every = _ran(tended, "pre-commit", "run", "--all-files")

    assert verdicts(stopped) == ["Failed"], stopped.stderr
    assert f"infra/{MANIFEST}" in stopped.stderr
    assert every.returncode == 0, every.stdout
