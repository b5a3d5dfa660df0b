import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.disk import Output
from generator.model.changes import within
from generator.model.diagnostics import CompileError
from generator.model.lock import Lock, sha256
from generator.model.refusals import Reason
from tests.adapters.output import CATALOG, DEPLOY, PRICING, on_disk, refused, stamps, tree, update


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_a_tree_is_written_with_its_inventory(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b", ".sops.yaml": b"c"})

    assert on_disk(tmp_path) == {CATALOG: b"a", PRICING: b"b", ".sops.yaml": b"c"}
    assert [line[66:] for line in (tmp_path / "deploy/.platformc.lock").read_text().splitlines()[2:]] == [
        ".sops.yaml",
        CATALOG,
        PRICING,
    ]


def test_the_second_run_touches_nothing(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    before = stamps(tmp_path)

    changes = Output(tmp_path, DEPLOY).update(tree({CATALOG: b"a", PRICING: b"b"}), compiler="1")

    assert not changes
    assert stamps(tmp_path) == before


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    before = stamps(tmp_path)

    update(tmp_path, {CATALOG: b"new", PRICING: b"b"})

    assert on_disk(tmp_path) == {CATALOG: b"new", PRICING: b"b"}
    assert stamps(tmp_path)[str(tmp_path / PRICING)] == before[str(tmp_path / PRICING)]


@pytest.mark.usefixtures("umask")
def test_modes_of_files_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a"})

    assert stat.S_IMODE((tmp_path / CATALOG).stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "deploy/.platformc.lock").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "deploy/shop").stat().st_mode) == 0o700


def test_files_that_are_no_longer_compiled_go_with_the_folders_that_they_leave_empty(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", "deploy/old/dev/x.yaml": b"x", "deploy/old/prod/x.yaml": b"x"})
    (tmp_path / "deploy/old/prod/README.md").write_bytes(b"mine")

    update(tmp_path, {CATALOG: b"a"})

    assert on_disk(tmp_path) == {CATALOG: b"a", "deploy/old/prod/README.md": b"mine"}
    assert not (tmp_path / "deploy/old/dev").exists()


def test_the_output_folder_stays_when_nothing_is_compiled(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", ".sops.yaml": b"s"})

    update(tmp_path, {})

    assert sorted(path.name for path in tmp_path.rglob("*")) == [".platformc.lock", "deploy"]


def test_a_file_that_was_edited_by_hand_stops_everything(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    (tmp_path / CATALOG).write_bytes(b"edited")
    before = stamps(tmp_path)

    assert refused(tmp_path, {CATALOG: b"new", PRICING: b"new"}) == [("hand-edited-file", CATALOG)]
    assert stamps(tmp_path) == before


def test_a_foreign_file_in_the_way_stops_everything(tmp_path: Path) -> None:
    (tmp_path / ".sops.yaml").write_bytes(b"somebody's")

    assert refused(tmp_path, {".sops.yaml": b"s", CATALOG: b"a"}) == [("foreign-file", ".sops.yaml")]
    assert on_disk(tmp_path) == {".sops.yaml": b"somebody's"}
    assert not (tmp_path / "deploy").exists()


def test_overwriting_loses_what_stood_in_the_way(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    (tmp_path / CATALOG).write_bytes(b"edited")
    (tmp_path / PRICING).write_bytes(b"edited")
    (tmp_path / ".sops.yaml").write_bytes(b"somebody's")

    update(tmp_path, {CATALOG: b"a", ".sops.yaml": b"s"}, overwrite=True)

    assert on_disk(tmp_path) == {CATALOG: b"a", ".sops.yaml": b"s"}
    assert not Output(tmp_path, DEPLOY).inspect(tree({CATALOG: b"a", ".sops.yaml": b"s"}), compiler="1")[0]


def test_another_version_that_compiles_the_same_writes_the_inventory_only(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a"})
    before = stamps(tmp_path)

    Output(tmp_path, DEPLOY).update(tree({CATALOG: b"a"}), compiler="2")

    assert "# compiler 2\n" in (tmp_path / "deploy/.platformc.lock").read_text()
    assert stamps(tmp_path)[str(tmp_path / CATALOG)] == before[str(tmp_path / CATALOG)]


def test_inspecting_says_why_and_writes_nothing(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b", "deploy/old.yaml": b"o", "deploy/edited.yaml": b"e"})
    (tmp_path / "deploy/edited.yaml").write_bytes(b"E")
    (tmp_path / "deploy/foreign.yaml").write_bytes(b"F")
    (tmp_path / "deploy/README.md").write_bytes(b"R")
    (tmp_path / PRICING).unlink()
    before = stamps(tmp_path)
    compiled = {CATALOG: b"A", PRICING: b"b", "deploy/edited.yaml": b"e", "deploy/foreign.yaml": b"f"}

    changes, found = Output(tmp_path, DEPLOY).inspect(tree(compiled), compiler="1")

    assert {str(path): reason for path, reason in changes.reasons.items()} == {
        CATALOG: Reason.SOURCE,
        PRICING: Reason.MISSING,
        "deploy/edited.yaml": Reason.EDITED,
        "deploy/foreign.yaml": Reason.FOREIGN,
        "deploy/old.yaml": Reason.RETIRED,
    }
    assert changes.strangers == (PurePosixPath("deploy/README.md"),)
    assert found == ()
    assert stamps(tmp_path) == before


def test_a_part_leaves_the_rest_alone(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", "deploy/shop/dev/old.yaml": b"o", PRICING: b"b"})
    (tmp_path / PRICING).write_bytes(b"edited")
    dev = within(PurePosixPath("deploy/shop/dev"))

    Output(tmp_path, DEPLOY).update(tree({CATALOG: b"new"}), compiler="1", in_scope=dev)

    assert on_disk(tmp_path) == {CATALOG: b"new", PRICING: b"edited"}
    assert PRICING in (tmp_path / "deploy/.platformc.lock").read_text()


def test_parts_one_after_the_other_are_what_the_whole_is(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    update(tmp_path / "whole", {CATALOG: b"a", PRICING: b"b"})

    for part, files in (("deploy/shop/prod", {PRICING: b"b"}), ("deploy/shop/dev", {CATALOG: b"a"})):
        output = Output(tmp_path / "parts", DEPLOY)
        output.update(tree(files), compiler="1", in_scope=within(PurePosixPath(part)))

    lock = "deploy/.platformc.lock"
    assert (tmp_path / "parts" / lock).read_bytes() == (tmp_path / "whole" / lock).read_bytes()


def test_a_damaged_inventory_is_found_and_mended(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    lock = tmp_path / "deploy/.platformc.lock"
    whole = lock.read_bytes()
    lock.write_bytes(b"<<<<<<< HEAD\n" + whole)

    _, found = Output(tmp_path, DEPLOY).inspect(tree({CATALOG: b"a", PRICING: b"b"}), compiler="1")
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})

    assert [str(each.at) for each in found] == ["deploy/.platformc.lock:1:1"]
    assert lock.read_bytes() == whole


def test_a_hostile_inventory_deletes_nothing_that_is_not_output(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "outside.yaml").write_bytes(b"x")
    (tmp_path / "project/platform.yaml").write_bytes(b"x")
    update(tmp_path / "project", {CATALOG: b"x"})
    lock = tmp_path / "project/deploy/.platformc.lock"
    line = lock.read_text().splitlines()[2]
    names = ("../outside.yaml", str(tmp_path / "outside.yaml"), "platform.yaml", "deploy/../platform.yaml")
    lock.write_text(lock.read_text() + "".join(f"{line[:66]}{name}\n" for name in names))

    update(tmp_path / "project", {CATALOG: b"x"})

    assert (tmp_path / "outside.yaml").exists()
    assert (tmp_path / "project/platform.yaml").exists()
    assert lock.read_text().splitlines()[2:] == [line]


def test_the_output_folder_may_be_the_root(tmp_path: Path) -> None:
    output = Output(tmp_path, PurePosixPath())

    output.update(tree({"shop/x.yaml": b"x", "shop/y.yaml": b"y"}), compiler="1")
    output.update(tree({}), compiler="1")

    assert [path.name for path in tmp_path.iterdir()] == [".platformc.lock"]


def test_an_edit_that_is_known_is_written_over_and_no_other(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    (tmp_path / CATALOG).write_bytes(b"edited")
    known = Lock(digests={CATALOG: (sha256(b"edited"),)})

    Output(tmp_path, DEPLOY).update(tree({CATALOG: b"new", PRICING: b"b"}), compiler="1", known=known)

    assert on_disk(tmp_path) == {CATALOG: b"new", PRICING: b"b"}
    (tmp_path / CATALOG).write_bytes(b"edited again")
    with pytest.raises(CompileError):
        Output(tmp_path, DEPLOY).update(tree({CATALOG: b"newer", PRICING: b"b"}), compiler="1", known=known)
    assert on_disk(tmp_path)[CATALOG] == b"edited again"


def test_what_is_handmade_is_told_from_what_is_foreign_and_what_is_outdated(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a", PRICING: b"b"})
    (tmp_path / CATALOG).write_bytes(b"edited")
    foreign = PurePosixPath("deploy/shop/dev/website.yaml")
    (tmp_path / foreign).write_bytes(b"theirs")
    compiled = tree({CATALOG: b"a", PRICING: b"other", str(foreign): b"ours"})

    found = Output(tmp_path, DEPLOY).handmade(compiled, [PurePosixPath(CATALOG), PurePosixPath(PRICING), foreign])

    assert [(each.content, each.is_current, each.is_foreign) for each in found] == [
        (b"edited", True, False),
        (b"b", False, False),
        (b"theirs", False, True),
    ]
