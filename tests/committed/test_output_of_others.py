"""`output.directory` gets another name: what is not known to be of this document stays where it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.committed.killing import Forks, everything
from tests.committed.moving import DOCUMENT, compiled, name_output, run


def test_the_output_of_a_copy_of_the_document_stays(forks: Forks, tmp_path: Path) -> None:
    before = compiled(forks, tmp_path)
    name_output(tmp_path, "preview", "copy.yaml")

    run(forks, tmp_path, "compile", "-f", "copy.yaml")
    name_output(tmp_path, "preview-2", "copy.yaml")
    run(forks, tmp_path, "compile", "-f", "copy.yaml")

    now = everything(tmp_path)
    assert before.items() <= now.items()
    assert {name.partition("/")[0] for name in now} == {"copy.yaml", "deploy", "preview-2"}
    run(forks, tmp_path, "check")


def test_an_output_folder_that_is_another_documents_is_refused(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    other = DOCUMENT.replace("name: shop", "name: billing")
    (tmp_path / "billing.yaml").write_text(other, encoding="utf-8")
    before = everything(tmp_path)

    for command in (("compile",), ("compile", "-e", "Dev"), ("check",), ("adopt", "--yes")):
        said = run(forks, tmp_path, *command, "-f", "billing.yaml", status=1)
        assert said == (
            "deploy/.platformc.lock:3:1: error: 'deploy' is the output of 'platform.yaml' [taken-output]\n"
            "  |\n"
            "3 | # document platform.yaml\n"
            "  | ^\n"
            "  = hint: give this document an 'output.directory' of its own; if it takes the place of 'platform.yaml',"
            " remove that, or compile with '--overwrite'\n"
            "1 error\n"
        )
        assert everything(tmp_path) == before
    run(forks, tmp_path, "compile")
    run(forks, tmp_path, "check")


def test_a_folder_that_the_first_run_for_another_document_was_killed_in_is_refused(
    forks: Forks, tmp_path: Path
) -> None:
    name_output(tmp_path, "deploy")
    name_output(tmp_path, "deploy", "copy.yaml")
    forks.run(tmp_path, "compile", sabotage=("killed", 40))
    assert (tmp_path / "deploy/.platformc-journal").exists()
    assert not (tmp_path / "deploy/.platformc.lock").exists()

    said = run(forks, tmp_path, "compile", "-f", "copy.yaml", status=1)

    assert "'deploy' is the output of 'platform.yaml' [taken-output]" in said
    run(forks, tmp_path, "compile")
    run(forks, tmp_path, "check")


@pytest.mark.parametrize("way", ["told to", "the other document is gone", "the same document under two names"])
def test_a_folder_of_another_document_is_taken_over(forks: Forks, tmp_path: Path, way: str) -> None:
    before = compiled(forks, tmp_path)
    document = tmp_path / "platform.yaml"
    if way == "told to":
        name_output(tmp_path, "deploy", "copy.yaml")
    elif way == "the other document is gone":
        document.rename(tmp_path / "copy.yaml")
    else:
        (tmp_path / "copy.yaml").symlink_to("platform.yaml")

    run(forks, tmp_path, "compile", "-f", "copy.yaml", *(["--overwrite"] if way == "told to" else []))

    now = (tmp_path / "deploy/.platformc.lock").read_bytes()
    assert now == before["deploy/.platformc.lock"].replace(b"platform.yaml\n", b"copy.yaml\n")
    run(forks, tmp_path, "check", "-f", "copy.yaml")


def test_the_output_of_a_project_within_this_one_stays(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    within = compiled(forks, tmp_path / "other", "other")  # the paths in its inventory could be some of this project

    assert {name.partition("/")[0] for name in compiled(forks, tmp_path, "out")} == {"other", "out"}
    assert everything(tmp_path / "other") == within


def test_a_folder_that_was_chosen_by_hand_stays(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    run(forks, tmp_path, "compile", "-o", "preview")
    preview = everything(tmp_path / "preview")

    compiled(forks, tmp_path, "out")

    assert everything(tmp_path / "preview") == preview
    assert b"# document" not in preview[".platformc.lock"]
    assert not (tmp_path / "deploy").exists()


def test_a_folder_chosen_by_hand_that_was_the_output_is_nobodys_output_any_more(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    name_output(tmp_path, "out")
    run(forks, tmp_path, "compile", "-o", "deploy")
    chosen = everything(tmp_path / "deploy")

    run(forks, tmp_path, "compile")

    assert everything(tmp_path / "deploy") == chosen


def test_a_folder_chosen_by_hand_becomes_the_output_that_follows_another(forks: Forks, tmp_path: Path) -> None:
    cold = compiled(forks, tmp_path / "cold", "out")
    compiled(forks, tmp_path / "project")
    run(forks, tmp_path / "project", "compile", "-o", "out")

    assert compiled(forks, tmp_path / "project", "out") == cold


def test_an_inventory_that_does_not_say_whose_it_is_is_not_taken_for_anybodys(forks: Forks, tmp_path: Path) -> None:
    compiled(forks, tmp_path)
    lock = tmp_path / "deploy/.platformc.lock"
    lock.write_bytes(lock.read_bytes().replace(b"# document platform.yaml\n", b""))
    before = everything(tmp_path)

    assert before.items() <= compiled(forks, tmp_path, "out").items()


def test_another_name_of_the_document_is_one_line_of_the_inventory(forks: Forks, tmp_path: Path) -> None:
    before = compiled(forks, tmp_path)["deploy/.platformc.lock"].splitlines()
    (tmp_path / "platform.yaml").rename(tmp_path / "main.yaml")

    said = run(forks, tmp_path, "check", "-f", "main.yaml", status=1)
    run(forks, tmp_path, "compile", "-f", "main.yaml")

    assert said.splitlines()[0] == "deploy/.platformc.lock: inventory out of date"
    now = (tmp_path / "deploy/.platformc.lock").read_bytes().splitlines()
    assert set(before) ^ set(now) == {b"# document platform.yaml", b"# document main.yaml"}
    run(forks, tmp_path, "check", "-f", "main.yaml")


def test_a_document_on_standard_input_has_no_name_and_changes_none(forks: Forks, tmp_path: Path) -> None:
    before = compiled(forks, tmp_path)
    name_output(tmp_path, "out", "streamed.yaml")

    for name, directory in (("platform.yaml", "deploy"), ("streamed.yaml", "out")):
        command = (sys.executable, "-m", "generator", "compile", "-f", "-", "--quiet")
        subprocess.run(command, cwd=tmp_path, input=(tmp_path / name).read_bytes(), check=True)
        assert (tmp_path / directory).is_dir()

    now = everything(tmp_path)
    assert before.items() <= now.items()
    assert b"# document" not in now["out/.platformc.lock"]
