from pathlib import PurePosixPath as Path

import pytest

from generator.model.changes import Changes, compare, within
from generator.model.lock import Lock, make_lock, sha256
from generator.model.on_disk import Obstacle, OnDisk
from generator.model.refusals import Reason
from generator.model.tree import FileTree

CATALOG = Path("deploy/shop/dev/catalog.yaml")
PRICING = Path("deploy/shop/prod/pricing.yaml")


def lock_of(files: dict[Path, bytes], compiler: str = "1") -> Lock:
    return make_lock(compiler, {str(path): (sha256(content),) for path, content in files.items()})


def compared(compiled: dict[Path, bytes], written: dict[Path, bytes], disk: dict[Path, OnDisk]) -> Changes:
    return compare(FileTree(compiled), lock_of(written), disk.get, compiler="1")


def test_nothing_is_to_be_done_where_disk_inventory_and_tree_agree() -> None:
    changes = compared({CATALOG: b"a"}, {CATALOG: b"a"}, {CATALOG: b"a"})

    assert not changes
    assert changes.refusals() == ()


def test_a_file_whose_source_changed_is_written() -> None:
    changes = compared({CATALOG: b"new"}, {CATALOG: b"old"}, {CATALOG: b"old"})

    assert changes.written == changes.changed == (CATALOG,)
    assert changes.reasons == {CATALOG: Reason.SOURCE}


def test_another_version_of_the_compiler_is_the_reason_where_versions_differ() -> None:
    lock = lock_of({CATALOG: b"old"}, compiler="0.9")
    disk: dict[Path, OnDisk] = {CATALOG: b"old"}

    changes = compare(FileTree({CATALOG: b"new"}), lock, disk.get, compiler="1")

    assert changes.reasons == {CATALOG: Reason.COMPILER}
    assert changes.inventory is Reason.COMPILER


def test_a_missing_file_is_written() -> None:
    changes = compared({CATALOG: b"a"}, {CATALOG: b"a"}, {})

    assert changes.written == changes.added == (CATALOG,)
    assert changes.reasons == {CATALOG: Reason.MISSING}
    assert changes.inventory is None


def test_a_file_that_was_edited_by_hand_is_refused() -> None:
    changes = compared({CATALOG: b"a"}, {CATALOG: b"a"}, {CATALOG: b"edited"})

    assert (changes.hand_edited, changes.written) == ((CATALOG,), ())
    assert changes.reasons == {CATALOG: Reason.EDITED}
    assert [str(each) for each in changes.refusals()] == [
        f"{CATALOG}:1:1: error: '{CATALOG}' was edited by hand [hand-edited-file]"
    ]


def test_only_what_a_new_file_cannot_be_beside_is_to_be_deleted_before_that_is_written() -> None:
    above, namesake = Path("deploy/shop/new"), Path("deploy/shop/dev/Catalog.yaml")
    before: dict[Path, bytes] = {CATALOG: b"old", namesake: b"old", above: b"x", PRICING: b"x"}

    changes = compared({CATALOG: b"new", above / "orders.yaml": b"new"}, before, dict(before))

    assert set(changes.removed) == {namesake, above, PRICING}
    assert changes.obstacles == {namesake, above}


def test_what_is_new_under_a_name_that_differs_in_case_only_where_case_counts_is_in_nobodys_way() -> None:
    changes = compared({Path("Deploy/a.yaml"): b"a"}, {Path("deploy/a.yaml"): b"a"}, {Path("deploy/a.yaml"): b"a"})

    assert (changes.added, changes.obstacles) == ((Path("Deploy/a.yaml"),), frozenset())


def test_a_file_that_nobody_knows_is_refused() -> None:
    changes = compared({CATALOG: b"a"}, {}, {CATALOG: b"somebody's"})

    assert (changes.foreign, changes.written) == ((CATALOG,), ())
    assert [each.code for each in changes.refusals()] == ["foreign-file"]


def test_a_file_that_is_as_compiled_is_right_whatever_the_inventory_says() -> None:
    changes = compared({CATALOG: b"a", PRICING: b"b"}, {CATALOG: b"old"}, {CATALOG: b"a", PRICING: b"b"})

    assert changes.reasons == {}
    assert changes.inventory is Reason.INVENTORY
    assert changes.lock == lock_of({CATALOG: b"a", PRICING: b"b"})


@pytest.mark.parametrize("written", [{}, {CATALOG: b"a"}])
def test_a_folder_is_in_the_way_even_of_who_overwrites(written: dict[Path, bytes]) -> None:
    changes = compared({CATALOG: b"a"}, written, {CATALOG: Obstacle.FOLDER})

    for each in (changes, changes.forced()):
        assert (each.foreign, each.hand_edited, each.changed) == ((CATALOG,), (), ())
        assert each.reasons == {CATALOG: Reason.OBSTRUCTED}
        assert [found.code for found in each.refusals()] == ["foreign-file"]


@pytest.mark.parametrize("obstacle", [Obstacle.LINK, Obstacle.OTHER])
def test_what_is_no_file_is_in_the_way(obstacle: Obstacle) -> None:
    assert compared({CATALOG: b"a"}, {CATALOG: b"a"}, {CATALOG: obstacle}).hand_edited == (CATALOG,)
    assert compared({CATALOG: b"a"}, {}, {CATALOG: obstacle}).foreign == (CATALOG,)


def test_a_file_that_is_no_longer_compiled_is_removed() -> None:
    changes = compared({}, {CATALOG: b"a"}, {CATALOG: b"a"})

    assert changes.removed == (CATALOG,)
    assert changes.reasons == {CATALOG: Reason.RETIRED}
    assert changes.lock == lock_of({})


def test_a_file_that_is_no_longer_compiled_and_was_edited_is_refused() -> None:
    changes = compared({}, {CATALOG: b"a"}, {CATALOG: b"edited"})

    assert (changes.removed, changes.hand_edited) == ((), (CATALOG,))


@pytest.mark.parametrize("found", [None, Obstacle.FOLDER])
def test_a_file_that_is_no_longer_compiled_and_not_there_is_forgotten(found: OnDisk) -> None:
    changes = compared({}, {CATALOG: b"a"}, {CATALOG: found})

    assert changes.gone == (CATALOG,)
    assert changes.reasons == {}
    assert changes.inventory is Reason.INVENTORY


def test_the_inventory_is_missing_before_the_first_run() -> None:
    changes = compare(FileTree(), Lock(), lambda _: None, compiler="1")

    assert changes.inventory is Reason.MISSING


def test_overwriting_takes_every_file_for_the_compilers_own() -> None:
    retired = Path("deploy/shop/old.yaml")
    foreign = Path("deploy/shop/foreign.yaml")

    changes = compared(
        {CATALOG: b"a", foreign: b"f"},
        {CATALOG: b"a", retired: b"r"},
        {CATALOG: b"edited", retired: b"edited", foreign: b"somebody's"},
    ).forced()

    assert changes.written == (CATALOG, foreign)
    assert changes.removed == (retired,)
    assert changes.refusals() == ()


def test_what_is_out_of_scope_keeps_its_file_and_its_line() -> None:
    lock = lock_of({CATALOG: b"a", PRICING: b"b"})
    disk: dict[Path, OnDisk] = {CATALOG: b"a", PRICING: b"edited"}
    dev = within(Path("deploy/shop/dev"))

    changes = compare(FileTree({CATALOG: b"new"}), lock, disk.get, compiler="1", in_scope=dev)

    assert changes.reasons == {CATALOG: Reason.SOURCE}
    assert changes.lock == lock_of({CATALOG: b"new", PRICING: b"b"})


def test_of_two_digests_that_a_merge_left_the_one_on_disk_is_kept() -> None:
    lock = Lock(compiler="1", digests={str(PRICING): (sha256(b"ours"), sha256(b"theirs"))}, text=b"conflict")
    disk: dict[Path, OnDisk] = {PRICING: b"theirs"}

    changes = compare(FileTree(), lock, disk.get, compiler="1", in_scope=lambda _: False)

    assert changes.lock == lock_of({PRICING: b"theirs"})


@pytest.mark.parametrize("side", [b"ours", b"theirs"])
def test_a_file_as_either_side_of_a_merge_wrote_it_is_not_edited(side: bytes) -> None:
    lock = Lock(digests={str(CATALOG): (sha256(b"ours"), sha256(b"theirs"))}, text=b"conflict")
    disk: dict[Path, OnDisk] = {CATALOG: side}

    changes = compare(FileTree({CATALOG: b"merged"}), lock, disk.get, compiler="1")

    assert changes.changed == (CATALOG,)


def test_strangers_in_scope_are_noted_and_nothing_else() -> None:
    present = (str(CATALOG), "deploy/shop/dev/README.md", "deploy/shop/prod/README.md")
    disk: dict[Path, OnDisk] = {CATALOG: b"a"}
    lock = lock_of({CATALOG: b"a"})
    dev = within(Path("deploy/shop/dev"))

    changes = compare(FileTree({CATALOG: b"a"}), lock, disk.get, compiler="1", in_scope=dev, present=present)

    assert changes.strangers == (Path("deploy/shop/dev/README.md"),)
    assert not changes


def test_a_scope_holds_for_its_paths_and_what_is_below_them() -> None:
    in_scope = within(Path("deploy/shop/dev"), Path(".sops.yaml"))

    assert in_scope(Path("deploy/shop/dev/x/y.yaml"))
    assert in_scope(Path(".sops.yaml"))
    assert not in_scope(Path("deploy/shop/development.yaml"))


def test_a_path_that_no_inventory_can_name_is_not_compiled() -> None:
    with pytest.raises(ValueError, match="inventory"):
        compare(FileTree({Path("deploy/a\nb"): b""}), Lock(), lambda _: None, compiler="1")
