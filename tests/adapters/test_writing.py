import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.disk import Output
from generator.adapters.failure import UnwritableFileError
from generator.model.diagnostics import CompileError
from generator.model.tree import FileTree

DEPLOY = PurePosixPath("deploy")

UPDATE = """
import os, pathlib, resource, signal, sys
from generator.adapters.disk import Output
from generator.model.tree import FileTree

root, version, count, limit, step = pathlib.Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])

def die_at(event, arguments, seen=[0]):
    seen[0] += 1
    if seen[0] == step:
        os.kill(os.getpid(), signal.SIGKILL)

names = [f"deploy/shop/{version if n % 3 == 0 else 'all'}/{n}.yaml" for n in range(count)] + [".sops.yaml"]
tree = FileTree({pathlib.PurePosixPath(n): f"{version} {n} ".encode() * 500 for n in names})
output = Output(root, pathlib.PurePosixPath("deploy"))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
if step:
    sys.addaudithook(die_at)
print("ready", flush=True)
output.update(tree, compiler="1")
"""


def compiled(version: str, count: int) -> dict[str, bytes]:
    names = [f"deploy/shop/{version if n % 3 == 0 else 'all'}/{n}.yaml" for n in range(count)]
    return {name: f"{version} {name} ".encode() * 500 for name in [*names, ".sops.yaml"]}


def tree(files: dict[str, bytes]) -> FileTree:
    return FileTree({PurePosixPath(name): content for name, content in files.items()})


def update(root: Path, files: dict[str, bytes]) -> None:
    root.mkdir(exist_ok=True)
    Output(root, DEPLOY).update(tree(files), compiler="1")


def started(root: Path, version: str, count: int, limit: int = 0, step: int = 0) -> "subprocess.Popen[str]":
    """Start a process that compiles *version*, with files of *limit* bytes at most, killed at system call *step*."""
    process = subprocess.Popen(
        [sys.executable, "-c", UPDATE, str(root), version, str(count), str(limit), str(step)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def everything(root: Path) -> dict[str, bytes]:
    """Return every file below *root*, book-keeping included."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def is_written(name: str) -> bool:
    return re.search(r"/\.platformc(-|\.lock$)|^\.platformc-", name) is None


def assert_old_or_new(root: Path, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    found = {name: content for name, content in everything(root).items() if is_written(name)}
    for name, content in found.items():
        assert content in (old.get(name), new.get(name)), name
    for name in old.keys() & new.keys():
        assert name in found


def test_killed_before_any_of_its_steps_it_leaves_old_or_new_files_and_the_next_run_converges(
    tmp_path: Path,
) -> None:
    old, new, newest = compiled("old", 5), compiled("new", 5), compiled("newest", 5)
    update(tmp_path / "expected", newest)
    killed = 0
    root = tmp_path
    for step in range(1, 1000):
        root = tmp_path / str(step)
        update(root, old)
        with started(root, "new", 5, step=step) as process:
            process.wait()
        if process.returncode == 0:
            break
        killed += 1
        assert process.returncode == -signal.SIGKILL
        assert_old_or_new(root, old, new)
        update(root, newest)  # the document went on changing: nothing may be taken for edited by hand
        assert everything(root) == everything(tmp_path / "expected")

    assert everything(root).keys() == {*new, "deploy/.platformc.lock"}
    assert killed > 30


def test_killed_before_any_of_its_steps_and_asked_for_what_was_there_before_it_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    """The person takes back the edit that was being compiled."""
    old = compiled("old", 3)
    update(tmp_path / "expected", old)
    expected = sorted(path.relative_to(tmp_path / "expected") for path in (tmp_path / "expected").rglob("*"))
    for step in range(1, 1000):
        root = tmp_path / str(step)
        update(root, old)
        with started(root, "new", 3, step=step) as process:
            process.wait()
        if process.returncode == 0:
            break
        update(root, old)
        assert everything(root) == everything(tmp_path / "expected"), step
        assert sorted(path.relative_to(root) for path in root.rglob("*")) == expected, step

    assert step > 20


def test_killed_at_any_moment_time_and_again_it_converges(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311  (moments, not secrets)
    root = tmp_path / "root"
    root.mkdir()
    whole: dict[str, set[bytes]] = {}
    killed = 0
    for number in range(30):
        for name, content in compiled(f"v{number}", 300).items():
            whole.setdefault(name, set()).add(content)
        with started(root, f"v{number}", 300) as process:
            time.sleep(chance.uniform(0, 0.06))
            process.kill()
        killed += process.returncode == -signal.SIGKILL
        assert all(content in whole[name] for name, content in everything(root).items() if is_written(name))

    update(root, compiled("last", 300))
    update(tmp_path / "expected", compiled("last", 300))

    assert everything(root) == everything(tmp_path / "expected")
    assert killed > 0


def test_while_a_killed_run_is_unfinished_inspecting_takes_nothing_for_edited_by_hand(tmp_path: Path) -> None:
    old = compiled("old", 5)
    update(tmp_path, old)
    with started(tmp_path, "new", 5, step=70) as process:
        process.wait()
    before = everything(tmp_path)

    changes, found = Output(tmp_path, DEPLOY).inspect(tree(compiled("newest", 5)), compiler="1")

    assert "deploy/.platformc-journal" in before
    assert any(content == compiled("new", 5).get(name) != old.get(name) for name, content in before.items())
    assert (changes.hand_edited, changes.foreign, changes.strangers, found) == ((), (), (), ())
    assert everything(tmp_path) == before


def test_two_at_once_leave_what_one_of_them_leaves(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for number in range(5):
        with started(root, f"a{number}", 200) as one, started(root, f"b{number}", 200) as other:
            assert (one.wait(), other.wait()) == (0, 0)
        kept = "a" if everything(root)[".sops.yaml"].startswith(b"a") else "b"
        update(tmp_path / f"{kept}{number}", compiled(f"{kept}{number}", 200))
        assert everything(root) == everything(tmp_path / f"{kept}{number}")


def test_interrupted_by_a_person_it_cleans_up_after_itself(tmp_path: Path) -> None:
    interrupted = 0
    for number in range(20):
        with started(tmp_path, f"v{number}", 400) as process:
            time.sleep(0.004 * number)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            interrupted += "KeyboardInterrupt" in process.stderr.read()
        assert not [name for name in everything(tmp_path) if re.search(r"platformc-[0-9a-f]{8}-", name)]

    update(tmp_path, compiled("last", 400))
    assert everything(tmp_path).keys() == {*compiled("last", 400), "deploy/.platformc.lock"}
    assert interrupted > 0


def test_when_a_file_cannot_be_written_nothing_is(tmp_path: Path) -> None:
    update(tmp_path, compiled("old", 9))
    before = everything(tmp_path)

    with started(tmp_path, "new", 9, limit=5000) as process:
        assert process.stderr is not None
        said = process.stderr.read()

    assert "UnwritableFileError: '.sops.yaml' cannot be written: the file is too large" in said
    assert everything(tmp_path) == before


def test_when_the_first_run_fails_not_even_a_folder_stays(tmp_path: Path) -> None:
    with started(tmp_path, "new", 9, limit=5000) as process:
        process.wait()

    assert process.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_longer_compiled_makes_room_for_a_folder(tmp_path: Path) -> None:
    update(tmp_path, {"deploy/a": b"a", "deploy/b": b"b"})

    update(tmp_path, {"deploy/a/c.yaml": b"c", "deploy/d": b"d"})

    found = everything(tmp_path)
    del found["deploy/.platformc.lock"]
    assert found == {"deploy/a/c.yaml": b"c", "deploy/d": b"d"}


@pytest.mark.parametrize("obstacle", ["deploy", "deploy/shop", "deploy/shop/all"])
def test_a_file_where_a_folder_is_needed_is_said(tmp_path: Path, obstacle: str) -> None:
    (tmp_path / obstacle).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / obstacle).write_bytes(b"mine")

    with pytest.raises(UnwritableFileError, match="a file stands where a folder is needed"):
        update(tmp_path, compiled("new", 5))

    assert everything(tmp_path) == {obstacle: b"mine"}


def test_a_folder_where_a_file_is_needed_is_said(tmp_path: Path) -> None:
    (tmp_path / "deploy/shop/all/1.yaml/mine").mkdir(parents=True)

    with pytest.raises(CompileError) as caught:
        Output(tmp_path, DEPLOY).update(tree(compiled("new", 5)), compiler="1", overwrite=True)

    assert [each.message for each in caught.value.diagnostics] == [
        "'deploy/shop/all/1.yaml' is a folder, and a compiled file belongs there"
    ]
    assert (tmp_path / "deploy/shop/all/1.yaml/mine").is_dir()


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFileError, match="the name is too long"):
        update(tmp_path, {"deploy/a.yaml": b"a", f"deploy/{'x' * 300}/b.yaml": b"b"})

    assert list(tmp_path.iterdir()) == []


def test_an_error_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "deploy").write_bytes(b"mine")

    with pytest.raises(UnwritableFileError) as caught:
        update(tmp_path, compiled("new", 1))

    found = caught.value.diagnostic
    assert str(found) == (
        "deploy:1:1: error: 'deploy' cannot be written: a file stands where a folder is needed [unwritable-file]"
    )
    assert found.hint == "move that file away, then run again"


def test_only_files_that_a_killed_run_left_are_swept(tmp_path: Path) -> None:
    update(tmp_path, compiled("old", 5))
    mine = ("deploy/.platformc-notes", "deploy/shop/.platformc-0123456789-0", "src/.platformc-01234567-0")
    left = ("deploy/.platformc-01234567-0", "deploy/shop/.platformc-89abcdef-12", ".platformc-01234567-3")
    for name in (*mine, *left, "deploy/.platformc-journal"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    update(tmp_path, compiled("old", 5))

    assert everything(tmp_path).keys() == {*compiled("old", 5), *mine, "deploy/.platformc.lock"}
