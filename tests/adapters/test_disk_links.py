"""Links in the output folder: none leads a write or a deletion out of it."""

from pathlib import Path

import pytest

from generator.adapters.failure import UnwritableFileError
from tests.adapters.output import CATALOG, on_disk, refused, update


@pytest.mark.parametrize("link", ["deploy", "deploy/shop", "deploy/shop/dev"])
def test_a_folder_that_is_a_link_out_of_the_project_is_not_written_through(tmp_path: Path, link: str) -> None:
    (tmp_path / "outside/shop/dev").mkdir(parents=True)
    (tmp_path / "project" / link).parent.mkdir(parents=True)
    (tmp_path / "project" / link).symlink_to(tmp_path / "outside")

    with pytest.raises(UnwritableFileError, match="leads out of the project through a link"):
        update(tmp_path / "project", {CATALOG: b"a"})

    assert on_disk(tmp_path / "outside") == {}


def test_a_folder_that_is_a_link_out_of_the_output_is_not_deleted_through(tmp_path: Path) -> None:
    update(tmp_path, {CATALOG: b"a"})
    (tmp_path / "deploy/shop/dev").rename(tmp_path / "src")
    (tmp_path / "deploy/shop/dev").symlink_to("../../src")

    with pytest.raises(UnwritableFileError, match="leads out"):
        update(tmp_path, {})

    assert (tmp_path / "src/catalog.yaml").exists()


def test_a_file_that_became_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"a")
    update(tmp_path, {CATALOG: b"a"})
    (tmp_path / CATALOG).unlink()
    (tmp_path / CATALOG).symlink_to(tmp_path / "outside")

    assert refused(tmp_path, {CATALOG: b"new"}) == [("hand-edited-file", CATALOG)]
    update(tmp_path, {CATALOG: b"new"}, overwrite=True)

    assert (tmp_path / "outside").read_bytes() == b"a"
    assert not (tmp_path / CATALOG).is_symlink()
    assert (tmp_path / CATALOG).read_bytes() == b"new"


@pytest.mark.parametrize("name", [".platformc.lock", ".platformc-journal"])
def test_book_keeping_that_is_a_link_is_replaced_and_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "victim").write_bytes(b"v")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / name).symlink_to("../victim")

    update(tmp_path, {CATALOG: b"a"})

    assert (tmp_path / "victim").read_bytes() == b"v"
    assert not (tmp_path / "deploy" / name).is_symlink()


def test_the_output_folder_may_be_a_link_inside_the_project(tmp_path: Path) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "deploy").symlink_to("manifests")

    update(tmp_path, {CATALOG: b"a"})

    assert (tmp_path / "manifests/shop/dev/catalog.yaml").read_bytes() == b"a"
