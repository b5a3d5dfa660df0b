"""What other people and programs do to the output while it is compiled."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.anybody import as_anybody, run_uncached
from tests.committed.killing import JOURNAL, LOCK, Forks, everything

OLD = ("Catalog", "Pricing")
NEW = ("Catalog", "Orders")


def document(names: tuple[str, ...], image: str) -> str:
    return json.dumps(
        {
            "apiVersion": "platformc.dev/v1",
            "kind": "Platform",
            "customer": {"name": "acme"},
            "applications": [
                {
                    "name": "shop",
                    "environments": [{"name": name, "storage": {"backup": False}} for name in ("Dev", "Prod")],
                    "microservices": [{"name": name, "head": {"image": f"example/{image}"}} for name in names],
                }
            ],
        }
    )


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks({"PLATFORMC_CACHE": "off"})
    yield forks
    forks.end()


@pytest.fixture(scope="module")
def trees(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A project as it was, compiled, and as it is to be."""
    found = []
    for names, image in ((OLD, "one:1.0.0"), (NEW, "two:2.0.0")):
        folder = tmp_path_factory.mktemp("tree")
        (folder / "platform.yaml").write_text(document(names, image), encoding="utf-8")
        assert forks.run(folder, "compile")["status"] == 0
        found.append(folder)
    return found[0], found[1]


def began(trees: tuple[Path, Path], folder: Path) -> Path:
    """Return a project whose output is old and whose document is new."""
    shutil.copytree(trees[0], folder)
    shutil.copyfile(trees[1] / "platform.yaml", folder / "platform.yaml")
    return folder


def assert_whole(root: Path, trees: tuple[Path, Path]) -> None:
    """Demand that every file is old or new, the inventory not ahead of them, and nothing half-written left."""
    assert_old_or_new(root, trees)
    there, new = everything(root), everything(trees[1])
    if there.get(LOCK) == new[LOCK]:
        assert {name: content for name, content in there.items() if name != JOURNAL} == new


def assert_old_or_new(root: Path, trees: tuple[Path, Path]) -> None:
    old, new = everything(trees[0]), everything(trees[1])
    for name, content in everything(root).items():
        assert name == JOURNAL or content in (old.get(name), new.get(name)), name


# --- what may not be written -----------------------------------------------------------------------------------


def test_a_file_that_is_read_only_is_replaced_like_any_other(trees: tuple[Path, Path], tmp_path: Path) -> None:
    root = began(trees, tmp_path / "project")
    for path in (root / "deploy").rglob("*.yaml"):
        path.chmod(0o444)

    assert run_uncached(root, "compile", before=as_anybody()).returncode == 0

    assert everything(root) == everything(trees[1])
    assert (root / "deploy/shop/dev/catalog.yaml").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("folder", ["deploy", "deploy/shop/dev", "deploy/shop/prod"])
def test_a_folder_that_is_read_only_is_said_and_nothing_is_written(
    trees: tuple[Path, Path], tmp_path: Path, folder: str
) -> None:
    root = began(trees, tmp_path / "project")
    (root / folder).chmod(0o555)

    ended = run_uncached(root, "compile", before=as_anybody())

    (root / folder).chmod(0o755)
    assert (ended.returncode, ended.stderr.count("\n")) == (3, 3), ended.stderr
    assert f"error: '{folder}' cannot be written: permission denied [unwritable-file]" in ended.stderr
    assert "hint: check the folder's owner and its permissions\n" in ended.stderr
    assert everything(root) == everything(trees[0])
    assert run_uncached(root, "compile").returncode == 0
    assert everything(root) == everything(trees[1])


def test_a_folder_that_only_loses_a_file_and_is_read_only_is_said(trees: tuple[Path, Path], tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(trees[0], root)
    text = (root / "platform.yaml").read_text(encoding="utf-8").replace('"name": "Prod"', '"name": "Live"')
    (root / "platform.yaml").write_text(text, encoding="utf-8")
    (root / "deploy/shop/prod").chmod(0o555)

    ended = run_uncached(root, "compile", before=as_anybody())

    (root / "deploy/shop/prod").chmod(0o755)
    assert ended.returncode == 3
    assert "error: 'deploy/shop/prod' cannot be written: permission denied [unwritable-file]" in ended.stderr
    assert {name: each for name, each in everything(root).items() if name != JOURNAL} == everything(trees[0])
    assert run_uncached(root, "compile").returncode == 0
    assert sorted(path.name for path in (root / "deploy/shop").iterdir()) == ["application.yaml", "dev", "live"]
    assert not (root / JOURNAL).exists()


def test_where_no_folder_can_be_made_the_one_above_is_named(trees: tuple[Path, Path], tmp_path: Path) -> None:
    root = began(trees, tmp_path / "project")
    shutil.rmtree(root / "deploy/shop/dev")
    (root / "deploy/shop").chmod(0o555)

    ended = run_uncached(root, "compile", before=as_anybody())

    (root / "deploy/shop").chmod(0o755)
    assert "error: 'deploy/shop' cannot be written: permission denied [unwritable-file]" in ended.stderr


def test_a_file_that_nobody_may_read_is_said_and_nothing_is_written(trees: tuple[Path, Path], tmp_path: Path) -> None:
    root = began(trees, tmp_path / "project")
    closed = root / "deploy/shop/dev/catalog.yaml"
    closed.chmod(0)

    ended = run_uncached(root, "compile", before=as_anybody())

    closed.chmod(0o644)
    assert ended.returncode == 1
    assert "'deploy/shop/dev/catalog.yaml' cannot be read: permission denied [unreadable-file]" in ended.stderr
    assert everything(root) == everything(trees[0])


# --- what changes under one's feet -----------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["gone", "a file", "a link"])
def test_a_folder_that_becomes_something_else_before_any_step_harms_nothing(
    forks: Forks, trees: tuple[Path, Path], tmp_path: Path, what: str
) -> None:
    expected = everything(trees[1])
    refused = 0
    for step in range(1, 1000):
        root = began(trees, tmp_path / str(step) / "project")
        precious = {name: b"precious" for tree in trees for name in files_in(tree / "deploy/shop/dev")}
        elsewhere = root.parent / "elsewhere"
        elsewhere.mkdir()
        for name, content in precious.items():
            (elsewhere / name).write_bytes(content)
        ended = forks.run(root, "compile", sabotage=(what, step))
        if "(sabotage)" not in ended["said"]:
            break
        assert ended["status"] in {0, 1, 3}, (step, ended)
        assert "internal error" not in ended["said"], (step, ended)
        refused += ended["status"] != 0
        dev = root / "deploy/shop/dev"
        if dev.is_file() or dev.is_symlink():
            dev.unlink()
        assert files_in(elsewhere) == precious, step
        assert_old_or_new(root, trees)
        assert forks.run(root, "compile")["status"] == 0
        assert everything(root) == expected, step

    assert step > 40
    assert refused > 10


# --- Ctrl-C ----------------------------------------------------------------------------------------------------


def test_interrupted_at_any_moment_nothing_is_half_written(
    forks: Forks, trees: tuple[Path, Path], tmp_path: Path
) -> None:
    chance = random.Random(8)  # noqa: S311  (moments, no secrets)
    expected = everything(trees[1])
    whole = forks.run(began(trees, tmp_path / "measured"), "compile")["seconds"]
    ends = []
    for number in range(60):
        root = began(trees, tmp_path / str(number))

        if number % 2:  # at a moment, which is somewhere else on every machine, or at a step on the disk
            ended = forks.run(root, "compile", sabotage=("interrupted", chance.randint(1, 40)))
        else:
            ended = forks.run(root, "compile", patience=chance.uniform(0.1, 1.05) * whole, number=signal.SIGINT)

        ends.append(ended["status"])
        assert ended["status"] in {0, 130}, ended["said"]
        said = ended["said"].removeprefix("(sabotage)")
        if said.startswith("compiled ") and ended["status"]:  # told to stop behind its last word: all is done
            assert everything(root) == expected
            said = said.partition("\n")[2]
        assert said == "interrupted\n" or ended["status"] == 0, (number, ended)
        assert_whole(root, trees)
        assert forks.run(root, "compile")["status"] == 0
        assert everything(root) == expected
    assert ends.count(130) > 12


# --- two at once -----------------------------------------------------------------------------------------------


def started(folder: Path, document: Path, cache: Path) -> "subprocess.Popen[str]":
    """Compile *document* in *folder*: the one that is there by its name, any other from standard input."""
    own = document == folder / "platform.yaml"
    with document.open("rb") as text:
        return subprocess.Popen(
            (sys.executable, "-m", "generator", "compile", "-f", "platform.yaml" if own else "-"),
            cwd=folder,
            env=os.environ | {"PLATFORMC_CACHE": str(cache)},
            stdin=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def test_two_at_once_of_the_same_document_agree(trees: tuple[Path, Path], tmp_path: Path) -> None:
    for number in range(3):
        root = began(trees, tmp_path / str(number))
        both = [started(root, root / "platform.yaml", tmp_path / "cache") for _ in range(2)]
        said = [each.communicate()[0] for each in both]

        assert [each.returncode for each in both] == [0, 0], said
        assert everything(root) == everything(trees[1])


def test_two_at_once_of_two_states_of_the_document_leave_one_of_them_and_the_next_run_either(
    trees: tuple[Path, Path], tmp_path: Path
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    wanted = {}
    for tree in trees:
        lock = (tree / LOCK).read_bytes().replace(b"# document platform.yaml\n", b"")  # a stream has no name
        wanted[tree / "platform.yaml"] = output(tree) | {".platformc.lock": lock}
    for _ in range(4):
        both = [started(root, state, tmp_path / "cache") for state in wanted]
        said = [each.communicate()[0] for each in both]

        assert [each.returncode for each in both] == [0, 0], said
        assert output(root) in wanted.values()
        for state, files in wanted.items():
            with started(root, state, tmp_path / "cache") as alone:
                assert alone.wait() == 0
            assert output(root) == files


def output(folder: Path) -> dict[str, bytes]:
    return files_in(folder / "deploy")


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
