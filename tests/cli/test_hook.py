"""`platformc hook`: what a commit has to have, or to delete, for a command to run; the output is out of date."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Platformc
from tests.cli.stale_repository import LATER, commit, edit, git, made_stale, was_run


@pytest.fixture
def stale(project: Path, platformc: Platformc) -> Path:
    return made_stale(project, platformc)


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize("name", ["platform.yaml", "data/logo.png", "deploy/shop/prod/catalog.yaml"])
def test_a_file_of_the_commit_that_the_platform_reads_or_compiles_to_is_a_reason(
    name: str, platformc: Platformc
) -> None:
    assert was_run(platformc("hook", "check", "src/main.py", name))
    assert was_run(platformc("hook", "check", "--no-cache", "--quiet", name))


def test_so_is_one_that_it_reads_from_now_on(stale: Path, platformc: Platformc) -> None:
    (stale / "microservices" / "wishes.yaml").write_text('name: Wishes\nhead: { image: "example/w:2.0.1" }\n')

    assert was_run(platformc("hook", "check", "microservices/wishes.yaml"))


@pytest.mark.usefixtures("stale")
def test_another_file_of_the_commit_is_none(platformc: Platformc) -> None:
    assert not was_run(platformc("hook", "check", "src/main.py", "README.md", "-old.yaml"))
    assert not was_run(platformc("hook", "check", "--no-cache", "src/main.py"))


def test_any_file_is_one_where_nobody_knows_what_the_platform_reads(stale: Path, platformc: Platformc) -> None:
    edit(stale, "kind: Platform", "kind: Plat")

    assert platformc("hook", "check", "README.md").returncode == 1


def test_where_there_is_no_document_there_is_nothing_to_do(stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-rq", "platform.yaml", "deploy")
    ended = platformc("hook", "check", "README.md")
    assert (ended.returncode, ended.stderr) == (0, "note: there is no 'platform.yaml', and nothing to check\n")
    commit(stale)

    ended = platformc("hook", "compile", "README.md")

    assert (ended.returncode, ended.stderr) == (0, "note: there is no 'platform.yaml', and nothing to compile\n")
    assert platformc("hook", "check", "-f", "platform.yaml", "README.md").returncode == 2


def test_without_files_and_without_a_deletion_there_is_none(stale: Path, platformc: Platformc) -> None:
    (stale / "README.md").write_text("hello again\n", encoding="utf-8")
    git(stale, "add", "-A")

    assert not was_run(platformc("hook", "check"))


@pytest.mark.parametrize("name", ["README.md", "src/main.py", "-old.yaml"])
def test_a_deleted_file_that_the_platform_does_not_know_is_none(name: str, stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-q", "--", name)

    assert not was_run(platformc("hook", "check"))
    assert not was_run(platformc("hook", "check", "--no-cache"))


@pytest.mark.parametrize(
    "name", ["deploy/shop/prod/catalog.yaml", "deploy/.platformc.lock", "microservices/basket.yaml"]
)
def test_a_deleted_file_that_it_reads_or_compiles_to_is_one(name: str, stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-q", "--", name)

    assert platformc("hook", "check").returncode == 1


def test_so_is_one_that_it_cannot_do_without(stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-q", "data/logo.png")

    ended = platformc("hook", "validate", "--format", "json")

    assert ended.returncode == 1
    assert "data/logo.png" in ended.stdout


def test_a_file_that_gets_another_name_is_deleted(stale: Path, platformc: Platformc) -> None:
    git(stale, "mv", "microservices/pricing.yaml", "microservices/pricing.txt")

    assert was_run(platformc("hook", "check"))


def test_the_document_itself_is_missed(stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-q", "platform.yaml")

    ended = platformc("hook", "check")

    assert ended.returncode == 2
    assert "there is no 'platform.yaml'" in ended.stderr


def test_a_file_that_a_link_leads_to_is_a_reason(stale: Path, platformc: Platformc) -> None:
    (stale / "microservices").rename(stale / "parts")
    (stale / "microservices").symlink_to("parts")
    commit(stale)
    git(stale, "rm", "-q", "parts/basket.yaml")

    assert was_run(platformc("hook", "check"))


def test_what_a_commit_of_single_files_deletes_stands_in_an_index_of_its_own(stale: Path, platformc: Platformc) -> None:
    index = {"GIT_INDEX_FILE": ".git/next-index-1.lock"}
    git(stale, "read-tree", "HEAD", **index)
    git(stale, "rm", "-q", "--cached", "deploy/shop/prod/catalog.yaml", **index)
    (stale / "deploy" / "shop" / "prod" / "catalog.yaml").unlink()

    assert not was_run(platformc("hook", "check"))
    assert was_run(platformc("hook", "check", **index))


def test_a_folder_that_is_gone_with_its_document_is_missed(stale: Path, platformc: Platformc) -> None:
    (stale / "infra").mkdir()
    (stale / "infra" / "platform.yaml").write_bytes((stale / "platform.yaml").read_bytes())
    commit(stale)
    git(stale, "rm", "-rq", "infra")

    ended = platformc("hook", "check", "-f", "infra/platform.yaml")

    assert ended.returncode == 2
    assert "there is no 'infra/platform.yaml'" in ended.stderr


def test_a_project_in_a_folder_asks_for_what_is_deleted_below_it(stale: Path, platformc: Platformc) -> None:
    platform = stale.parent / "platform"
    platform.mkdir()
    stale.rename(platform / "infra")
    (platform / "infra" / ".git").rename(platform / ".git")
    (platform / "data").mkdir()
    (platform / "data" / "logo.png").write_text("another picture\n", encoding="utf-8")
    commit(platform)
    index = {"GIT_INDEX_FILE": ".git/index", "GIT_DIR": str(platform / ".git")}
    arguments = ("hook", "check", "-f", "infra/platform.yaml")

    git(platform, "rm", "-q", "data/logo.png")
    assert not was_run(platformc(*arguments, cwd=platform, **index))
    git(platform, "rm", "-q", "infra/microservices/basket.yaml")
    assert was_run(platformc(*arguments, cwd=platform, **index))


def test_an_output_folder_elsewhere_is_asked_as_well(stale: Path, platformc: Platformc) -> None:
    git(stale, "rm", "-q", "README.md")
    output = stale.parent / "output"
    platformc("compile", "-o", str(output))
    edit(stale, LATER, "catalog:1.4.2")
    arguments = ("hook", "check", "-o", "../output")
    assert not was_run(platformc(*arguments))

    git(output, "init", "-q")
    commit(output)
    git(output, "rm", "-q", "shop/prod/catalog.yaml")

    assert was_run(platformc(*arguments))
    git(output, "rm", "-rq", ".")
    assert was_run(platformc(*arguments))


def test_before_a_push_its_commits_are_asked(stale: Path, platformc: Platformc) -> None:
    before = git(stale, "rev-parse", "HEAD")
    git(stale, "rm", "-q", "microservices/basket.yaml")
    commit(stale)
    pushed = {"PRE_COMMIT_FROM_REF": before, "PRE_COMMIT_TO_REF": git(stale, "rev-parse", "HEAD")}

    assert not was_run(platformc("hook", "check"))
    assert was_run(platformc("hook", "check", **pushed))
    assert not was_run(platformc("hook", "check", **pushed, PRE_COMMIT_CHECKOUT_TYPE="1"))


def test_what_a_push_of_another_branch_deletes_may_stand_here(stale: Path, platformc: Platformc) -> None:
    platformc("compile")
    commit(stale)
    before = git(stale, "rev-parse", "HEAD")
    git(stale, "checkout", "-qb", "another")
    git(stale, "rm", "-q", "deploy/shop/prod/catalog.yaml")
    git(stale, "commit", "-qm", "a deletion")
    git(stale, "checkout", "-q", "-")

    pushed = {"PRE_COMMIT_FROM_REF": before, "PRE_COMMIT_TO_REF": "another"}

    assert platformc("hook", "check", **pushed).returncode == 0


def test_a_push_beside_what_it_has_nothing_in_common_with_is_asked(stale: Path, platformc: Platformc) -> None:
    before = git(stale, "rev-parse", "HEAD")
    git(stale, "checkout", "-q", "--orphan", "another")
    git(stale, "rm", "-q", "--cached", "deploy/shop/prod/catalog.yaml")
    git(stale, "commit", "-qm", "anew")

    pushed = {"PRE_COMMIT_FROM_REF": before, "PRE_COMMIT_TO_REF": git(stale, "rev-parse", "HEAD")}

    assert was_run(platformc("hook", "check", **pushed))


def test_where_git_cannot_say_the_command_runs(stale: Path, platformc: Platformc) -> None:
    assert was_run(platformc("hook", "check", PRE_COMMIT_FROM_REF="no-such", PRE_COMMIT_TO_REF="commit"))
    assert was_run(platformc("hook", "check", PATH=os.devnull))
    (stale / ".git").rename(stale.parent / "no repository")
    assert was_run(platformc("hook", "check"))


def test_the_first_commit_deletes_nothing(project: Path, platformc: Platformc) -> None:
    git(project, "init", "-q")
    git(project, "add", "-A")

    assert platformc("hook", "check").returncode == 0


def test_any_name_that_a_file_may_have_is_a_name(stale: Path, platformc: Platformc) -> None:
    for each in ("-f.yaml", "--quiet.yaml", "two words.yaml", "two\nlines.yaml"):
        (stale / each).write_text("{}\n", encoding="utf-8")
        assert not was_run(platformc("hook", "check", each))
        (stale / "microservices" / each).write_text('name: More\nhead: { image: "example/more:2.0.1" }\n')

        assert was_run(platformc("hook", "check", f"microservices/{each}"))
        assert was_run(platformc("hook", "check", "-f", "platform.yaml", "--quiet", each, "-old.yaml", "platform.yaml"))
        (stale / "microservices" / each).unlink()
    commit(stale)
    git(stale, "rm", "-q", "--", "-f.yaml", "two\nlines.yaml")
    assert not was_run(platformc("hook", "check"))


def test_deleted_names_that_are_no_text_are_taken_as_they_are(stale: Path, platformc: Platformc) -> None:
    name = os.fsencode(stale) + b"/microservices/\xff.yaml"
    with open(name, "wb") as stream:  # noqa: PTH123  (pathlib has no bytes)
        stream.write(b"{}\n")
    commit(stale)
    os.unlink(name)  # noqa: PTH108  (pathlib has no bytes)
    git(stale, "add", "-A")

    assert was_run(platformc("hook", "check"))


def test_another_command_is_no_hook(platformc: Platformc) -> None:
    ended = platformc("hook", "render")

    assert ended.returncode == 2
    assert "'render' is not one of 'validate', 'check', 'compile'" in ended.stderr


def test_an_output_folder_that_came_back_is_a_reason(stale: Path, platformc: Platformc) -> None:
    old = git(stale, "rev-parse", "HEAD")
    edit(stale, "kind: Platform\n", "kind: Platform\noutput: { directory: out }\n")
    assert platformc("compile").returncode == 0
    commit(stale)
    git(stale, "checkout", old, "--", "deploy")
    name = "deploy/shop/prod/catalog.yaml"

    for _ in range(2):
        ended = platformc("hook", "check", "deploy/.platformc.lock", name)
        assert (ended.returncode, f"{name}: no longer compiled" in ended.stderr) == (1, True)
    assert platformc("hook", "check", "src/main.py").returncode == 0
