"""A file that holds a value in the clear is named in findings, and no line of it is shown."""

from pathlib import Path

import pytest

from tests.cli.secrets.shop import new_shop


@pytest.mark.parametrize("folder", [".", ".."])
def test_a_file_with_a_value_shows_no_line(tmp_path: Path, folder: str) -> None:
    shop = new_shop(tmp_path)
    (shop.root / folder / "value.txt").write_bytes(b"canary\n\xff\n")
    words = ["secrets", "set", "shop/Catalog", "DB_PASSWORD", "-e", "Dev", "--from", f"{folder}/value.txt"]

    ended = shop.run("platformc", *words)

    assert ended.returncode == 1
    assert "is not UTF-8" in ended.stderr
    assert "canary" not in ended.stderr


def test_a_project_in_another_folder_shows_none_either(tmp_path: Path) -> None:
    shop = new_shop(tmp_path)
    (shop.root / "value.txt").write_bytes(b"canary\n\xff\n")
    shop.root = tmp_path
    (tmp_path / "value.txt").write_bytes(b"canary\n\xff\n")
    words = ["secrets", "set", "-f", "a shop/platform.yaml", "shop/Catalog", "DB_PASSWORD", "-e", "Dev"]

    ended = shop.run("platformc", *words, "--from", "value.txt")

    assert ended.returncode == 1
    assert "canary" not in ended.stderr
