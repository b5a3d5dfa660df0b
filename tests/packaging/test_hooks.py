"""The hooks that the project offers to pre-commit, run by the real one in a real repository."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.packaging.checkout import BIN, DOCUMENT, ROOT


def git(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    identity = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ("git", *identity, *words), cwd=folder, capture_output=True, check=False, encoding="utf-8", env=_alone(folder)
    )


def _alone(folder: Path) -> dict[str, str]:
    """Return an environment in which pre-commit keeps what it builds in the test's own folder."""
    path = os.pathsep.join((str(BIN), os.environ["PATH"]))
    return os.environ | {"PATH": path, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "GIT_CONFIG_GLOBAL": ""}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as a repository that pre-commit can fetch hooks from."""
    folder = tmp_path_factory.mktemp("published") / "platformc"
    unwanted = shutil.ignore_patterns(
        ".*cache", "__pycache__", ".git", ".venv", ".tools", ".hypothesis", "dist", "tests"
    )
    shutil.copytree(ROOT, folder, ignore=unwanted)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "everything")):
        assert git(folder, *words).returncode == 0
    return folder


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
    installed = subprocess.run(
        (BIN / "pre-commit", "install", "--install-hooks"),
        cwd=repository,
        env=_alone(repository),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
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
    assert re.search(r"compile the platform document\.+(Failed|Passed)", stopped.stderr), stopped.stderr

    passed = commit(repository, "a platform")
    assert passed.returncode == 0, passed.stderr
    assert len(re.findall(r"\.+Passed", passed.stderr)) == 3

    (repository / "notes.md").write_text("hello\n", encoding="utf-8")
    unconcerned = commit(repository, "notes")
    assert unconcerned.returncode == 0
    assert len(re.findall(r"\(no files to check\)Skipped", unconcerned.stderr)) == 2

    (repository / "notes.yaml").write_text("token: ghp_" + "a1B2" * 9 + "\n", encoding="utf-8")
    guarded = commit(repository, "a leak")
    assert guarded.returncode == 1
    assert re.search(r"no secret in the open\.+Failed", guarded.stderr), guarded.stderr


def test_a_hook_that_always_runs_sees_a_commit_that_only_deletes(published: Path, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    hooked(published, repository, [{"id": "platformc-compile"}, {"id": "platformc-check", "always_run": True}])
    commit(repository, "a platform")
    assert commit(repository, "a platform").returncode == 0

    (repository / "deploy" / "shop" / "application.yaml").unlink()
    deleted = commit(repository, "a deletion")

    assert deleted.returncode == 1
    assert re.search(r"compile the platform document\.+\(no files to check\)Skipped", deleted.stderr), deleted.stderr
    assert re.search(r"compiled manifests are up to date\.+Failed", deleted.stderr), deleted.stderr
