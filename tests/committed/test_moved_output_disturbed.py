"""`output.directory` gets another name, and the compilation that moves the output comes to nothing, or is killed."""

import itertools
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.anybody import as_anybody, run_uncached
from tests.committed.killing import Forks, everything
from tests.committed.moving import DOCUMENT, compiled, name_output, run


@pytest.fixture
def forks() -> Iterator[Forks]:
    forks = Forks({"PLATFORMC_CACHE": "off", "NO_COLOR": "1"})
    yield forks
    forks.end()


def written(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return what is in its place: no books, nothing under a temporary name."""
    return {name: content for name, content in files.items() if not Path(name).name.startswith(".platformc")}


@pytest.mark.parametrize(
    ("before", "now", "stride"), [("deploy", "out", 1), ("deploy", "deploy/out", 4), ("deploy/out", "deploy", 4)]
)
def test_killed_at_any_step_it_is_finished_or_taken_back_by_the_next_run(
    forks: Forks, tmp_path: Path, before: str, now: str, stride: int
) -> None:
    old, new = compiled(forks, tmp_path / "old", before), compiled(forks, tmp_path / "new", now)
    root, lock = tmp_path / "project", f"{now}/.platformc.lock"

    ended = {"status": -signal.SIGKILL}
    for step in itertools.count(1, stride):
        if ended["status"] == 0:
            break
        for directory, wanted in ((now, new), (before, old)):
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(tmp_path / "old", root)
            name_output(root, now)
            ended = forks.run(root, "compile", sabotage=("killed", step))
            assert ended["status"] in {0, -signal.SIGKILL}, ended["said"]
            there = everything(root)
            for name, content in written(there).items():
                assert content in {old.get(name), new.get(name)}, f"{name} is neither old nor new after step {step}"
            if there.get(lock) == new[lock]:
                assert written(there) == written(new), "the lock is ahead"
            name_output(root, directory)
            run(forks, root, "compile")
            assert everything(root) == wanted, f"killed at step {step}, then compiled to {directory}"
    assert step > 60


@pytest.mark.parametrize("again", ["deploy", "out"])
def test_killed_at_any_step_while_a_folder_that_came_back_goes_it_is_finished_by_the_next_run(
    forks: Forks, tmp_path: Path, again: str
) -> None:
    expected = compiled(forks, tmp_path / "expected", again)
    old, new = compiled(forks, tmp_path / "old"), compiled(forks, tmp_path / "new", "out")
    shutil.copytree(tmp_path / "old/deploy", tmp_path / "new/deploy")
    root = tmp_path / "project"

    for step in itertools.count(1, 2):
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(tmp_path / "new", root)
        ended = forks.run(root, "compile", sabotage=("killed", step))
        there = everything(root)
        assert written(new).items() <= there.items()
        assert written(there).items() <= (old | new).items()
        name_output(root, again)
        run(forks, root, "compile")
        assert everything(root) == expected, f"killed at step {step}"
        if ended["status"] == 0:
            break
    assert step > 20


@pytest.mark.parametrize("what", ["the folder", "a microservice"])
def test_killed_at_any_step_all_of_the_old_or_all_of_the_new_is_there(forks: Forks, tmp_path: Path, what: str) -> None:
    moves = {"the folder": ("directory: deploy", "directory: out"), "a microservice": ("Catalog", "Stock")}
    for name, text in (("old", DOCUMENT), ("new", DOCUMENT.replace(*moves[what]))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "platform.yaml").write_text(text, encoding="utf-8")
        run(forks, tmp_path / name, "compile")
    old, new = (written(everything(tmp_path / name)) for name in ("old", "new"))
    root = tmp_path / "project"

    seen = set()
    for step in itertools.count(1, 2):
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(tmp_path / "old", root)
        shutil.copyfile(tmp_path / "new/platform.yaml", root / "platform.yaml")
        ended = forks.run(root, "compile", sabotage=("killed", step))
        there = written(everything(root))
        assert old.keys() <= there.keys() or new.items() <= there.items(), f"killed at step {step}"
        seen.add((old.keys() <= there.keys(), new.items() <= there.items()))
        if ended["status"] == 0:
            break
    assert seen == {(True, False), (True, True), (False, True)}


@pytest.mark.parametrize("again", ["deploy", "out"])
def test_an_old_folder_that_is_read_only_is_said_and_nothing_goes_missing(
    forks: Forks, tmp_path: Path, again: str
) -> None:
    expected = compiled(forks, tmp_path / "expected", again)
    root = tmp_path / "project"
    before = compiled(forks, root)
    name_output(root, "out")
    (root / "deploy/shop/dev").chmod(0o555)

    ended = run_uncached(root, "compile", before=as_anybody())

    (root / "deploy/shop/dev").chmod(0o755)
    assert ended.returncode == 3
    assert "error: 'deploy/shop/dev' cannot be written: permission denied [unwritable-file]" in ended.stderr
    assert everything(root) == before
    assert compiled(forks, root, again) == expected


def test_where_the_new_folder_cannot_be_made_the_old_one_is_as_it_was(forks: Forks, tmp_path: Path) -> None:
    before = compiled(forks, tmp_path)
    name_output(tmp_path, "out")
    (tmp_path / "out").write_bytes(b"mine\n")

    said = run(forks, tmp_path, "compile", status=3)

    assert "a file stands where a folder is needed" in said
    assert everything(tmp_path) == before | {"out": b"mine\n"}


def test_a_folder_in_the_way_of_a_file_leaves_the_old_output_to_the_next_run(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold", "out")
    root = tmp_path / "project"
    compiled(forks, root)
    name_output(root, "out")
    (root / "out/shop/dev/catalog.yaml").mkdir(parents=True)

    said = run(forks, root, "compile", status=1)

    assert "'out/shop/dev/catalog.yaml' is a folder, and a compiled file belongs there" in said
    (root / "out/shop/dev/catalog.yaml").rmdir()
    run(forks, root, "compile")
    assert everything(root) == cold
