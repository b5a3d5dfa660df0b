"""`platformc hook`: a commit without files that the command saw is stopped."""

from pathlib import Path

import pytest

from tests.cli.conftest import Platformc
from tests.cli.stale_repository import commit, edit, git, made_stale


@pytest.fixture
def stale(project: Path, platformc: Platformc) -> Path:
    return made_stale(project, platformc)


def test_a_file_that_git_forgets_and_that_is_still_there_would_be_missed(stale: Path, platformc: Platformc) -> None:
    platformc("compile")
    commit(stale)
    git(stale, "rm", "-q", "--cached", "deploy/shop/prod/catalog.yaml", "README.md")

    ended = platformc("hook", "check", "--quiet")

    assert ended.returncode == 1
    assert ended.stderr == (
        "the commit is without 'deploy/shop/prod/catalog.yaml', of this platform: 'git add' puts it in\n"
    )
    assert platformc("hook", "validate").returncode == 0
    assert platformc("hook", "check", "README.md").returncode == 1


@pytest.mark.parametrize("options", [(), ("--no-cache",)])
def test_files_that_nobody_added_would_be_missed(options: tuple[str, ...], stale: Path, platformc: Platformc) -> None:
    (stale / "microservices" / "wishes.yaml").write_text('name: Wishes\nhead: { image: "example/w:2.0.1" }\n')
    platformc("compile", *options)
    git(stale, "add", "-u")

    ended = platformc("hook", "check", *options, "deploy/.platformc.lock")

    assert ended.returncode == 1
    words = "'deploy/shop/dev/wishes.yaml' and 2 more, of this platform: 'git add' puts it in"
    assert ended.stderr.splitlines()[-1] == f"the commit is without {words}"
    git(stale, "add", "deploy")
    ended = platformc("hook", "check", *options, "platform.yaml")
    assert "the commit is without 'microservices/wishes.yaml', of this platform" in ended.stderr
    git(stale, "add", "microservices")
    assert platformc("hook", "check", *options, "platform.yaml").returncode == 0


def test_a_commit_of_an_output_folder_that_nobody_added_is_stopped(stale: Path, platformc: Platformc) -> None:
    edit(stale, "kind: Platform\n", "kind: Platform\noutput: { directory: out }\n")
    platformc("compile")
    git(stale, "add", "-u")

    ended = platformc("hook", "check", "platform.yaml", "deploy/.platformc.lock")

    assert ended.returncode == 1
    assert "the commit is without 'out/.platformc.lock' and " in ended.stderr


def test_files_of_another_repository_within_are_not_missed(stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-rq", "--cached", "data")
    git(stale / "data", "init", "-q")
    commit(stale / "data")
    platformc("compile")
    git(stale, "add", "-A")

    ended = platformc("hook", "check", "platform.yaml")

    assert ended.returncode == 0, ended.stderr


def test_output_that_is_ignored_from_now_on_would_not(stale: Path, platformc: Platformc) -> None:
    platformc("compile")
    commit(stale)
    git(stale, "rm", "-rq", "--cached", "deploy")
    (stale / ".gitignore").write_text("deploy/\n", encoding="utf-8")

    assert platformc("hook", "check").returncode == 0


def test_a_file_that_becomes_a_link_is_not_missed(stale: Path, platformc: Platformc) -> None:
    (stale / "data" / "logo.png").rename(stale / "logo.png")
    (stale / "data" / "logo.png").symlink_to("../logo.png")
    platformc("compile")
    git(stale, "add", "-A")

    assert platformc("hook", "check").returncode == 0


def test_compile_writes_what_was_deleted_and_says_so_by_its_status(stale: Path, platformc: Platformc) -> None:
    platformc("compile")
    commit(stale)
    manifest = stale / "deploy" / "shop" / "prod" / "catalog.yaml"
    git(stale, "rm", "-q", str(manifest))

    stopped = platformc("hook", "compile", "--quiet", "--exit-code")

    assert stopped.returncode == 1
    assert "1 written" in stopped.stderr
    assert "look at what was written, and add it to the commit" in stopped.stderr
    assert manifest.is_file()
    assert platformc("hook", "compile", "--quiet", "--exit-code").returncode == 1, "nobody added it"
    git(stale, "add", str(manifest))
    assert platformc("hook", "compile", "--quiet", "--exit-code").returncode == 0
