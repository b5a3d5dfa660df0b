"""Another output of the document is there beside the one that it names: what platformc wrote to it goes."""

import shutil
import time
from pathlib import Path

import pytest

from tests.committed.killing import Forks, everything
from tests.committed.moving import commit, compiled, folders, git, name_output, run

CATALOG = "deploy/shop/dev/catalog.yaml"


def at_rest(forks: Forks, root: Path) -> None:
    """Check until all times of files are old enough to be trusted, as they mostly are."""
    run(forks, root, "check")
    time.sleep(0.15)
    run(forks, root, "check")


def moved(forks: Forks, root: Path, *, folder: str = "out") -> Path:
    """Make *root* a repository whose output moved from `deploy` to *folder*, and return what it left out of there."""
    compiled(forks, root)
    git(root, "init", "-q")
    commit(root, "in one folder")
    kept = root.parent / "kept"
    shutil.copytree(root / "deploy", kept)
    compiled(forks, root, folder)
    commit(root, "in another")
    at_rest(forks, root)
    return kept


def give_it_two_names(forks: Forks, root: Path) -> None:
    """Begin with an output to which two branches gave the names `one` and `two`."""
    compiled(forks, root)
    git(root, "init", "-q")
    commit(root, "before")
    for name in ("one", "two"):
        git(root, "checkout", "-qb", name, "main")
        compiled(forks, root, name)
        commit(root, name)


def test_of_two_names_that_two_branches_gave_it_the_one_is_left_that_the_merged_document_has(
    forks: Forks, tmp_path: Path
) -> None:
    cold, root = compiled(forks, tmp_path / "cold", "one"), tmp_path / "project"
    give_it_two_names(forks, root)
    git(root, "checkout", "-q", "one")
    at_rest(forks, root)

    git(root, "merge", "two", status=1)
    git(root, "checkout", "-q", "one", "--", "platform.yaml", "one")
    git(root, "checkout", "-q", "two", "--", "two")
    commit(root, "merged")
    assert (root / "one/.platformc.lock").read_bytes() == cold["one/.platformc.lock"]
    assert (root / "two/.platformc.lock").exists()

    assert run(forks, root, "check", status=1).splitlines() == [
        "two/shop/application.yaml: no longer compiled",
        "two/shop/dev/catalog.yaml: no longer compiled",
        "two/shop/dev/environment.yaml: no longer compiled",
        "two/shop/prod/catalog.yaml: no longer compiled",
        "two/shop/prod/environment.yaml: no longer compiled",
        "'two' was the output folder, which is 'one' now: compiling deletes what platformc wrote there",
        "out of date: 5 files; run: platformc compile",
    ]
    assert "5 removed" in run(forks, root, "compile")
    shutil.rmtree(root / ".git")
    assert everything(root) == cold
    assert folders(root) == folders(tmp_path / "cold")
    run(forks, root, "check")


def test_both_inventories_as_the_merge_left_them_with_its_marks_say_enough(forks: Forks, tmp_path: Path) -> None:
    cold, root = compiled(forks, tmp_path / "cold", "one"), tmp_path / "project"
    give_it_two_names(forks, root)
    git(root, "merge", "one", status=1)
    assert all(b"<<<<<<<" in (root / name / ".platformc.lock").read_bytes() for name in ("one", "two"))
    name_output(root, "one")

    assert "5 removed" in run(forks, root, "compile")

    shutil.rmtree(root / ".git")
    assert everything(root) == cold


@pytest.mark.parametrize("folder", ["out", "gen/out", ".", "deploy/new"])
def test_an_old_folder_that_git_restored_goes_again(forks: Forks, tmp_path: Path, folder: str) -> None:
    root = tmp_path / "project"
    moved(forks, root, folder=folder)
    cold = everything(root)

    git(root, "checkout", "-q", "HEAD~1", "--", "deploy")
    assert f"{CATALOG}: no longer compiled" in run(forks, root, "check", status=1)
    assert "5 removed" in run(forks, root, "compile")

    assert {name: text for name, text in everything(root).items() if not name.startswith(".git/")} == {
        name: text for name, text in cold.items() if not name.startswith(".git/")
    }
    run(forks, root, "check")


def test_an_edit_of_the_document_meanwhile_hides_nothing(forks: Forks, tmp_path: Path) -> None:
    root, document = tmp_path / "project", tmp_path / "project/platform.yaml"
    moved(forks, root)
    git(root, "checkout", "-q", "HEAD~1", "--", "deploy")
    document.write_text(document.read_text(encoding="utf-8").replace("catalog:1.4.0", "catalog:1.4.1"), "utf-8")

    assert "2 written, 5 removed" in run(forks, root, "compile")
    assert not (root / "deploy").exists()


def test_it_is_found_by_the_run_after_one_that_it_came_back_during(forks: Forks, tmp_path: Path) -> None:
    root = tmp_path / "project"
    kept = moved(forks, root)
    for number in range(3):
        name_output(root, "out")
        document = root / "platform.yaml"
        document.write_text(document.read_text(encoding="utf-8").replace("1.4.0", f"1.4.{number + 1}"), "utf-8")
        run(forks, root, "compile")
        shutil.copytree(kept, root / "deploy")  # within the tick of the clock that the run ended in, as like as not

        assert f"{CATALOG}: no longer compiled" in run(forks, root, "check", status=1)
        run(forks, root, "compile")
        assert not (root / "deploy").exists()


def test_an_inventory_that_becomes_one_of_the_document_s_where_it_stands_is_seen(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    name_output(tmp_path, "preview", "copy.yaml")
    run(forks, tmp_path, "compile", "-f", "copy.yaml")
    at_rest(forks, tmp_path)
    lock = tmp_path / "preview/.platformc.lock"
    stamp = (tmp_path / "preview").stat().st_mtime_ns

    lock.write_bytes(lock.read_bytes().replace(b"# document copy.yaml\n", b"# document platform.yaml\n"))

    assert (tmp_path / "preview").stat().st_mtime_ns == stamp
    assert "preview/shop/dev/catalog.yaml: no longer compiled" in run(forks, tmp_path, "check", status=1)


def test_a_file_in_it_that_was_edited_by_hand_stops_it_and_what_others_put_there_stays(
    forks: Forks, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    moved(forks, root)
    git(root, "checkout", "-q", "HEAD~1", "--", "deploy")
    original = (root / CATALOG).read_bytes()
    (root / CATALOG).write_bytes(original + b"# mine\n")
    (root / "deploy/shop/notes.md").write_bytes(b"mine\n")
    before = everything(root)

    said = run(forks, root, "compile", status=1)
    assert f"'{CATALOG}' was edited by hand, and is compiled to another folder now [hand-edited-file]" in said
    assert f"{CATALOG}: edited by hand, and compiled to another folder now" in run(forks, root, "check", status=1)
    assert everything(root) == before
    (root / CATALOG).write_bytes(original)
    run(forks, root, "compile")
    assert [str(each.relative_to(root)) for each in (root / "deploy").rglob("*") if each.is_file()] == [
        "deploy/shop/notes.md"
    ]


def test_an_edit_in_it_is_taken_along_as_it_is_told(forks: Forks, tmp_path: Path) -> None:
    root = tmp_path / "project"
    moved(forks, root)
    git(root, "checkout", "-q", "HEAD~1", "--", "deploy")
    edited = (root / CATALOG).read_bytes().replace(b"catalog:1.4.0", b"catalog:1.4.1")
    (root / CATALOG).write_bytes(edited)

    name_output(root, "deploy")
    run(forks, root, "adopt", "--yes")
    document = root / "platform.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace("directory: deploy", "directory: out"), "utf-8")
    run(forks, root, "compile")

    assert not (root / "deploy").exists()
    assert (root / "out/shop/dev/catalog.yaml").read_bytes() == edited


def test_the_old_name_again_after_the_folder_came_back_leaves_that_one(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold")
    root = tmp_path / "project"
    kept = moved(forks, root)
    shutil.copytree(kept, root / "deploy")
    shutil.rmtree(root / ".git")

    assert compiled(forks, root) == cold


def test_compiling_a_part_leaves_it_to_the_next_whole_run(forks: Forks, tmp_path: Path) -> None:
    root = tmp_path / "project"
    moved(forks, root)
    git(root, "checkout", "-q", "HEAD~1", "--", "deploy")
    before = everything(root)

    for _ in range(2):
        run(forks, root, "compile", "-e", "Dev")
        run(forks, root, "check", "-e", "Dev")
        run(forks, root, "check", status=1)
    run(forks, root, "compile", "-o", "../elsewhere")
    assert everything(root) == before


def test_parts_of_several_machines_are_joined_without_it(forks: Forks, tmp_path: Path) -> None:
    root = tmp_path / "project"
    moved(forks, root)
    git(root, "checkout", "-q", "HEAD~1", "--", "deploy")
    for number in ("1", "2"):
        run(forks, root, "compile", "--shard", f"{number}/2", "-o", f"../parts/{number}")

    said = run(forks, root, "join", "../parts/1", "../parts/2", "--check", status=1)
    assert f"{CATALOG}: no longer compiled" in said
    run(forks, root, "join", "../parts/1", "../parts/2")

    assert not (root / "deploy").exists()
    run(forks, root, "check")


def test_that_of_another_document_stays(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    name_output(tmp_path, "preview", "copy.yaml")
    run(forks, tmp_path, "compile", "-f", "copy.yaml")
    before = everything(tmp_path)

    for document in ("platform.yaml", "copy.yaml"):
        run(forks, tmp_path, "compile", "-f", document)
        run(forks, tmp_path, "check", "-f", document)

    assert everything(tmp_path) == before
