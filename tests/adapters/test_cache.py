import hashlib
import os
from pathlib import Path

import pytest

from generator.adapters import cache as cache_module
from generator.adapters.cache import Cache, cache_folder


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"))

    cache.save("entry", b"content")

    assert cache.load("entry") == b"content"
    assert cache.load("another") is None


def test_what_is_loaded_by_its_digest_is_that_or_nothing(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"))

    digest = cache.save("entry", b"content")

    assert digest == hashlib.sha256(b"content").hexdigest()
    assert cache.load("entry", digest) == b"content"
    assert cache.load("entry", hashlib.sha256(b"another").hexdigest()) is None


def test_the_folder_and_its_entries_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Cache(str(tmp_path / "cache")).save("entry", b"content")
    finally:
        os.umask(before)

    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "cache" / "entry").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damaged", [b"", b"x", b"content", b"platformc 1 " + b"0" * 64 + b"\ncontent"])
def test_an_entry_that_is_not_what_was_saved_is_none(tmp_path: Path, damaged: bytes) -> None:
    cache = Cache(str(tmp_path / "cache"))
    cache.save("entry", b"content")

    (tmp_path / "cache" / "entry").write_bytes(damaged)

    assert cache.load("entry") is None


def test_an_entry_that_was_cut_off_is_none(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"))
    cache.save("entry", b"content")
    whole = (tmp_path / "cache" / "entry").read_bytes()

    for length in range(len(whole)):
        (tmp_path / "cache" / "entry").write_bytes(whole[:length])
        assert cache.load("entry") is None


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"))
    cache.save("entry", b"content")
    (tmp_path / "cache").chmod(0o777)

    assert cache.load("entry") is None
    cache.save("more", b"content")
    assert not (tmp_path / "cache" / "more").exists()


def test_a_link_in_place_of_the_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")

    Cache(str(tmp_path / "cache")).save("entry", b"content")

    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    Cache(str(tmp_path / "file" / "cache")).save("entry", b"content")

    assert Cache(str(tmp_path / "file" / "cache")).load("entry") is None


def test_the_entries_that_nobody_used_for_longest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "ENTRIES", 3)
    cache = Cache(str(tmp_path / "cache"))
    for number in range(3):
        cache.save(f"entry-{number}", b"content")
        os.utime(tmp_path / "cache" / f"entry-{number}", (number, number))

    cache.load("entry-0")
    cache.save("entry-3", b"content")
    cache.tidy()

    assert {path.name for path in (tmp_path / "cache").iterdir()} == {"entry-0", "entry-2", "entry-3"}


def test_entries_are_bounded_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "BYTES", 1000)
    cache = Cache(str(tmp_path / "cache"))
    for number in range(10):
        cache.save(f"entry-{number}", bytes(300))
    cache.tidy()

    assert sum(path.stat().st_size for path in (tmp_path / "cache").iterdir()) <= 1000


def test_nothing_is_left_of_an_entry_that_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError

    cache = Cache(str(tmp_path / "cache"))
    monkeypatch.setattr(os, "replace", fail)
    cache.save("entry", b"content")

    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("wanted", ["off", "OFF"])
def test_the_environment_can_turn_it_off(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setenv("PLATFORMC_CACHE", wanted)

    assert cache_folder() == ""


def test_the_environment_can_name_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORMC_CACHE", str(tmp_path / "mine"))

    assert cache_folder() == str(tmp_path / "mine")


def test_by_default_it_is_where_linux_has_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("PLATFORMC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert cache_folder() == str(tmp_path / "platformc")


def test_a_relative_folder_of_the_system_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLATFORMC_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("LOCALAPPDATA", "relative")
    monkeypatch.setenv("HOME", "relative")

    assert cache_folder() == ""
