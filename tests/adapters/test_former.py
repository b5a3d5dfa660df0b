"""Which folders were a document's output before."""

import os
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.disk import Output
from generator.adapters.failure import UnwritableFileError
from generator.adapters.former import Search, search, without_those_of
from generator.adapters.root import Root
from generator.model.lock import Lock, make_lock, parse_lock
from generator.model.tree import FileTree
from tests.adapters.output import on_disk, tree

OUT = PurePosixPath("out")


def compile_to(root: Path, folder: str, content: bytes = b"a: 1\n", document: str = "platform.yaml") -> None:
    """Write one file to *folder*, as the output of *document*."""
    output = Output(root, PurePosixPath(folder), document=document)
    output.update(tree({f"{folder}/shop/x.yaml": content}), compiler="1")


def left_at(root: Path, folder: str) -> None:
    """Leave in *folder* what compiling there did, whatever is elsewhere."""
    (root / folder / "shop").mkdir(parents=True)
    (root / folder / "shop/x.yaml").write_bytes(b"a: 1\n")
    lock = make_lock("1", {f"{folder}/shop/x.yaml": ("a" * 64,)}, "platform.yaml")
    (root / folder / ".platformc.lock").write_bytes(lock.text)


def found(root: Path, folder: PurePosixPath = OUT) -> list[str]:
    return [str(each) for each in search(Root(root), folder, "platform.yaml").found]


def nearest(root: Path, folder: PurePosixPath) -> Search:
    lock = parse_lock((root / folder / ".platformc.lock").read_bytes(), str(folder / ".platformc.lock"))[0]
    return search(Root(root), folder, "platform.yaml", lock.digests)


def test_they_are_found_at_any_depth_the_nearest_first(tmp_path: Path) -> None:
    for folder in ("b/c/d/e", "z", "a/z"):
        left_at(tmp_path, folder)

    assert found(tmp_path) == ["z", "a/z", "b/c/d/e"]


def test_the_output_folder_itself_is_none(tmp_path: Path) -> None:
    left_at(tmp_path, "out")

    assert found(tmp_path) == []


def test_the_output_folder_is_none_under_another_name_either(tmp_path: Path) -> None:
    left_at(tmp_path, "deploy")
    (tmp_path / "out").symlink_to("deploy")

    assert found(tmp_path) == []


@pytest.mark.parametrize("folder", [".hidden/deploy", "a/.git/deploy"])
def test_hidden_folders_are_not_entered(tmp_path: Path, folder: str) -> None:
    left_at(tmp_path, folder)

    assert found(tmp_path) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    left_at(tmp_path / "elsewhere", "deploy")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/deploy").symlink_to("../elsewhere/deploy")

    assert found(tmp_path / "project") == []


def test_a_project_within_the_project_is_not_entered(tmp_path: Path) -> None:
    left_at(tmp_path, "within/deploy")
    (tmp_path / "within/platform.yaml").write_bytes(b"")

    assert found(tmp_path) == []


def test_a_folder_that_somebody_copied_is_nobodys_output(tmp_path: Path) -> None:
    left_at(tmp_path, "deploy")
    (tmp_path / "deploy").rename(tmp_path / "kept")

    assert found(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\n",
        make_lock("1", {}, "platform.yaml").text,
        make_lock("1", {".sops.yaml": ("a" * 64,)}, "platform.yaml").text,
        make_lock("1", {"deploy/x": ("a" * 64,)}).text,
        make_lock("1", {"deploy/x": ("a" * 64,)}, "other.yaml").text,
    ],
)
def test_an_inventory_that_proves_nothing_is_not_heard(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/.platformc.lock").write_bytes(text)

    assert found(tmp_path) == []


def test_a_journal_beside_the_inventory_of_another_is_not_heard(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/.platformc.lock").write_bytes(make_lock("1", {"deploy/x": ("a" * 64,)}, "other.yaml").text)
    (tmp_path / "deploy/.platformc-journal").write_bytes(make_lock("", {"deploy/y": ("b" * 64,)}, "platform.yaml").text)

    assert found(tmp_path) == []


def test_a_folder_that_cannot_be_an_inventory_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "deploy/.platformc.lock").mkdir(parents=True)

    assert found(tmp_path) == []


def test_a_file_that_is_compiled_under_another_name_of_its_folder_is_none_that_was_left(tmp_path: Path) -> None:
    left_at(tmp_path, "deploy/a")
    (tmp_path / "link").symlink_to("deploy")
    was = {PurePosixPath("deploy/a"): Lock(digests={"deploy/a/shop/x.yaml": ("a",), "deploy/a/y.yaml": ("b",)})}

    apart = without_those_of(FileTree({PurePosixPath("link/a/shop/X.yaml"): b""}), was, Root(tmp_path))

    assert apart[PurePosixPath("deploy/a")].digests == {"deploy/a/y.yaml": ("b",)}


def test_a_folder_that_leads_elsewhere_by_now_is_refused_and_nothing_is_deleted(tmp_path: Path) -> None:
    compile_to(tmp_path, "deploy")
    (tmp_path / "deploy/shop").rename(tmp_path / "mine")
    (tmp_path / "deploy/shop").symlink_to("../mine")

    with pytest.raises(UnwritableFileError, match="leads out"):
        compile_to(tmp_path, "out")

    assert (tmp_path / "mine/x.yaml").read_bytes() == b"a: 1\n"


def test_what_a_killed_run_left_beside_its_places_is_swept_there_too(tmp_path: Path) -> None:
    compile_to(tmp_path, "deploy")
    (tmp_path / "deploy/shop/.platformc-0123abcd-1").write_bytes(b"half")

    compile_to(tmp_path, "out")

    assert on_disk(tmp_path) == {"out/shop/x.yaml": b"a: 1\n"}
    assert not (tmp_path / "deploy").exists()


def test_in_a_very_large_project_the_nearest_folders_are_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_at(tmp_path, "deploy")
    left_at(tmp_path, "a/b/c")
    monkeypatch.setattr("generator.adapters.former._MOST", 3)  # the project, 'a' and 'deploy'

    assert found(tmp_path) == ["deploy"]


@pytest.mark.parametrize(
    ("folder", "beside"), [("out", "deploy"), ("out", "a/b/c"), ("out", "out/old"), (".", "deploy"), ("a/out", "a/b")]
)
def test_beside_what_is_in_its_place_they_are_found_too(tmp_path: Path, folder: str, beside: str) -> None:
    compile_to(tmp_path, folder)
    left_at(tmp_path, beside)

    assert nearest(tmp_path, PurePosixPath(folder)).found.keys() == {PurePosixPath(beside)}


@pytest.mark.parametrize("folder", ["out", ".", "a/out", "link/out"])
def test_what_was_compiled_there_is_not_looked_through(tmp_path: Path, folder: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    compile_to(tmp_path, folder)

    looked_at = nearest(tmp_path, PurePosixPath(folder)).looked_at

    real = (tmp_path / folder).resolve().relative_to(tmp_path.resolve())
    assert str(real) in {*looked_at, "."}
    assert not any(each.endswith("shop") for each in looked_at)


def test_beside_it_the_nearest_are_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_to(tmp_path, "out")
    left_at(tmp_path, "deploy")
    left_at(tmp_path, "a/b/c")
    monkeypatch.setattr("generator.adapters.former._NEAREST", 4)  # the project, 'a', 'deploy' and 'out'

    assert nearest(tmp_path, OUT).found.keys() == {PurePosixPath("deploy")}


def test_a_thousand_folders_are_looked_into_beside_it(tmp_path: Path) -> None:
    compile_to(tmp_path, "out")
    left_at(tmp_path, "x/deploy")
    for number in range(990):
        (tmp_path / f"a{number}").mkdir()

    result = nearest(tmp_path, OUT)

    assert result.found.keys() == {PurePosixPath("x/deploy")}
    assert len(result.looked_at) <= 1_000


def test_a_folder_whose_name_is_no_text_is_not_looked_into(tmp_path: Path) -> None:
    compile_to(tmp_path, "out")
    (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    (tmp_path / "café").mkdir()

    assert set(nearest(tmp_path, OUT).looked_at) == {"", "out", "café"}


def test_all_that_another_search_depends_on_is_named(tmp_path: Path) -> None:
    compile_to(tmp_path, "out")
    compile_to(tmp_path, "preview", document="copy.yaml")
    (tmp_path / "within").mkdir()
    (tmp_path / "within/platform.yaml").write_bytes(b"")
    for name in (".hidden/x", "src/lib"):
        (tmp_path / name).mkdir(parents=True)

    found = set(nearest(tmp_path, OUT).looked_at)

    assert found == {"", "out", "preview", "preview/.platformc.lock", "preview/shop", "within", "src", "src/lib"}
