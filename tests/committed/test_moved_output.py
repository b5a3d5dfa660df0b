"""`output.directory` gets another name: what was written under the old one goes."""

import json
import shutil
from pathlib import Path

import pytest

from tests.committed.killing import Forks, everything
from tests.committed.moving import DOCUMENT, compiled, folders, name_output, run

CATALOG = "deploy/shop/dev/catalog.yaml"


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("deploy", "out"),
        ("deploy", "gen/out"),
        ("gen/out", "deploy"),
        ("gen/out", "gen/new"),
        ("deploy", "deploy/out"),
        ("deploy/out", "deploy"),
        ("deploy", "."),
        (".", "deploy"),
        ("deploy", "deploy/shop"),
        ("deploy/shop", "deploy"),
    ],
)
def test_the_output_is_where_the_document_says_and_nowhere_else(
    forks: Forks, tmp_path: Path, before: str, now: str
) -> None:
    cold = compiled(forks, tmp_path / "cold", now)
    compiled(forks, tmp_path / "project", before)

    assert compiled(forks, tmp_path / "project", now) == cold
    assert folders(tmp_path / "project") == folders(tmp_path / "cold")
    assert "up to date: 14 objects in 5 files" in run(forks, tmp_path / "project", "check")


def test_a_file_that_was_edited_by_hand_stops_it_and_nothing_is_written(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    (tmp_path / CATALOG).write_bytes((tmp_path / CATALOG).read_bytes() + b"# mine\n")
    before = everything(tmp_path)
    name_output(tmp_path, "out")

    said = run(forks, tmp_path, "compile", status=1)

    assert f"'{CATALOG}' was edited by hand, and is compiled to another folder now [hand-edited-file]" in said
    assert everything(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_what_is_said_of_an_edit_in_the_old_folder_takes_it_along(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    edited = (tmp_path / CATALOG).read_text(encoding="utf-8").replace("catalog:1.4.0", "catalog:1.4.1")
    (tmp_path / CATALOG).write_text(edited, encoding="utf-8")
    name_output(tmp_path, "out")
    way = "name the old folder in 'output.directory' again, run 'platformc adopt', and then name the new one; or"

    assert f"= hint: {way} compile with '--overwrite' to lose the edit" in run(forks, tmp_path, "compile", status=1)
    said = run(forks, tmp_path, "adopt", "--yes", status=1)
    assert f"'{CATALOG}' was edited by hand, and is compiled to another folder now [unadoptable-edit]" in said
    assert f"= hint: {way} run 'platformc compile --overwrite' to lose the edit" in said
    said = run(forks, tmp_path, "check", status=1)
    assert f"{CATALOG}: edited by hand, and compiled to another folder now\n" in said
    assert f"to keep it, {way.removesuffix('; or')}\nto lose it, run: platformc compile --overwrite\n" in said

    document = tmp_path / "platform.yaml"
    name_output(tmp_path, "deploy")
    run(forks, tmp_path, "adopt", "--yes")
    document.write_text(document.read_text(encoding="utf-8").replace("directory: deploy", "directory: out"))
    run(forks, tmp_path, "compile")

    assert (tmp_path / "out/shop/dev/catalog.yaml").read_text(encoding="utf-8") == edited
    assert not (tmp_path / "deploy").exists()


def test_an_edit_in_the_old_folder_of_what_is_not_compiled_at_all_any_more_is_to_be_moved_away(
    forks: Forks, tmp_path: Path
) -> None:
    compiled(forks, tmp_path)
    (tmp_path / CATALOG).write_bytes(b"mine\n")
    text = DOCUMENT.replace("directory: deploy", "directory: out").replace("Catalog", "Stock")
    (tmp_path / "platform.yaml").write_text(text, encoding="utf-8")

    said = run(forks, tmp_path, "compile", status=1)

    assert f"'{CATALOG}' was edited by hand, and is no longer compiled [hand-edited-file]" in said
    assert "nothing in the document describes it" in run(forks, tmp_path, "adopt", "--yes", status=1)


def test_told_to_it_deletes_what_was_edited_by_hand(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold", "out")
    compiled(forks, tmp_path / "project")
    (tmp_path / "project" / CATALOG).write_bytes(b"mine\n")
    name_output(tmp_path / "project", "out")

    run(forks, tmp_path / "project", "compile", "--overwrite")

    assert everything(tmp_path / "project") == cold


def test_what_others_put_there_stays(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    (tmp_path / "deploy/shop/dev/notes.md").write_bytes(b"mine\n")

    now = compiled(forks, tmp_path, "out")

    assert {name for name in now if not name.startswith("out/")} == {"deploy/shop/dev/notes.md"}
    assert not (tmp_path / "deploy/shop/prod").exists()


def test_all_folders_that_were_left_behind_go(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold", "out")
    root = tmp_path / "project"
    compiled(forks, root)
    shutil.copytree(root / "deploy", tmp_path / "kept")
    compiled(forks, root, "old")
    shutil.copytree(tmp_path / "kept", root / "deploy")

    assert compiled(forks, root, "out") == cold


def test_check_names_the_files_on_both_sides(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    name_output(tmp_path, "out")

    said = run(forks, tmp_path, "check", status=1)

    assert said.splitlines() == [
        "deploy/shop/application.yaml: no longer compiled",
        "deploy/shop/dev/catalog.yaml: no longer compiled",
        "deploy/shop/dev/environment.yaml: no longer compiled",
        "deploy/shop/prod/catalog.yaml: no longer compiled",
        "deploy/shop/prod/environment.yaml: no longer compiled",
        "out/shop/application.yaml: missing",
        "out/shop/dev/catalog.yaml: missing",
        "out/shop/dev/environment.yaml: missing",
        "out/shop/prod/catalog.yaml: missing",
        "out/shop/prod/environment.yaml: missing",
        "'deploy' was the output folder, which is 'out' now: compiling moves what platformc wrote there",
        "out of date: 10 files; run: platformc compile",
    ]
    found = json.loads(run(forks, tmp_path, "check", "--format", "json", "--quiet", status=1).partition("\ndeploy")[0])
    told = {(each["file"], each["message"], each["hint"]) for each in found["findings"]}
    assert ("deploy/.platformc.lock", "no longer compiled", "run: platformc compile") in told
    assert ("out/.platformc.lock", "missing", "run: platformc compile") in told
    assert len(told) == 12


@pytest.mark.parametrize("part", [("-e", "Dev"), ("--select", "shop/Catalog"), ("-e", "Dev", "--overwrite")])
def test_a_part_is_refused_until_everything_was_compiled_to_the_new_folder(
    forks: Forks, tmp_path: Path, part: tuple[str, ...]
) -> None:
    cold = compiled(forks, tmp_path / "cold", "out")
    root = tmp_path / "project"
    before = compiled(forks, root)
    name_output(root, "out")

    for words in (("compile", *part), ("check", *part[:2])):
        assert run(forks, root, *words, status=1) == (
            "deploy/.platformc.lock:3:1: error: the output is in 'deploy' until everything is compiled to 'out'"
            " [moved-output]\n"
            "  |\n"
            "3 | # document platform.yaml\n"
            "  | ^\n"
            "  = hint: run 'platformc compile' first, without '-e' and '--select': that moves what was written there\n"
            "1 error\n"
        )
        assert everything(root) == before
        assert not (root / "out").exists()
    run(forks, root, "compile")
    run(forks, root, "compile", *part)
    run(forks, root, "check", *part[:2])
    assert everything(root) == cold


def test_a_part_is_the_first_that_is_compiled_where_nothing_is_left_elsewhere(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    name_output(tmp_path, "out")
    shutil.rmtree(tmp_path / "deploy")

    run(forks, tmp_path, "compile", "-e", "Dev")

    assert b"\n# document platform.yaml\n" in (tmp_path / "out/.platformc.lock").read_bytes()


def test_an_edit_is_adopted_in_the_new_folder_and_the_old_one_goes_when_everything_is_compiled(
    forks: Forks, tmp_path: Path
) -> None:
    before = compiled(forks, tmp_path)
    run(forks, tmp_path, "compile", "-o", "out")  # chosen by hand: nobody's output yet
    name_output(tmp_path, "out")
    edited = before[CATALOG].replace(b"catalog:1.4.0", b"catalog:1.4.1")
    (tmp_path / "out/shop/dev/catalog.yaml").write_bytes(edited)

    run(forks, tmp_path, "adopt", "--yes")
    assert before.items() <= everything(tmp_path).items()
    run(forks, tmp_path, "compile")

    assert not (tmp_path / "deploy").exists()
    assert (tmp_path / "out/shop/dev/catalog.yaml").read_bytes() == edited
    run(forks, tmp_path, "check")


def test_environments_one_by_one_make_up_what_compiling_everything_does(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold")
    root = tmp_path / "project"
    root.mkdir()
    name_output(root, "deploy")

    for environment in ("Dev", "Prod"):
        run(forks, root, "compile", "-e", environment)

    assert everything(root) == cold


def test_shards_leave_the_old_folder_to_join(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold", "out")
    root = tmp_path / "project"
    before = compiled(forks, root)
    name_output(root, "out")

    for number in ("1", "2"):
        run(forks, root, "compile", "--shard", f"{number}/2", "-o", f"../parts/{number}")
    assert everything(root) == before
    said = run(forks, root, "join", "../parts/1", "../parts/2", "--check", status=1)
    assert f"{CATALOG}: no longer compiled" in said
    run(forks, root, "join", "../parts/1", "../parts/2")
    assert everything(root) == cold
