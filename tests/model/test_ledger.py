from pathlib import PurePosixPath

import pytest

from generator.model.inputs import FilesInMemory
from generator.model.ledger import ABSENT, Ledger, Notes, joined, look_beyond, seen_by
from generator.model.lock import sha256

A, B = PurePosixPath("a.json"), PurePosixPath("b.json")
FILES = FilesInMemory({"a.json": b"1", "b.json": b"2"})


def test_what_is_read_is_noted_with_its_digest() -> None:
    ledger = Ledger(FILES)

    assert (ledger.read(A), ledger.read(PurePosixPath("c"))) == (b"1", None)
    assert ledger.taken().files == {"a.json": sha256(b"1"), "c": ABSENT}


def test_what_a_pattern_matches_is_noted() -> None:
    ledger = Ledger(FILES)

    assert ledger.glob("*.json") == (A, B)
    assert ledger.taken().patterns == {"*.json": sha256(b"a.json\nb.json")}


def test_notes_are_taken_once() -> None:
    ledger = Ledger(FILES)
    ledger.read(A)
    ledger.taken()

    assert ledger.taken() == Notes()


def test_an_owner_has_notes_of_its_own() -> None:
    ledger = Ledger(FILES)
    ledger.read(A)
    seen_by("shop/Catalog", ledger).read(B)

    assert ledger.taken().files.keys() == {"a.json"}
    assert ledger.owned["shop/Catalog"].files.keys() == {"b.json"}


def test_other_files_need_no_ledger() -> None:
    assert seen_by("shop/Catalog", FILES) is FILES
    look_beyond(FILES, "everything")


def test_what_stands_in_the_output_is_noted_where_it_is_not_written_over() -> None:
    own, elsewhere = Ledger(FILES), Ledger(FILES, elsewhere=True)

    assert (own.standing.read(A), elsewhere.standing.read(A)) == (b"1", b"1")
    assert (own.taken().files, elsewhere.taken().files) == ({}, {"a.json": sha256(b"1")})


def test_what_could_not_be_read_leaves_no_doubt_about_it() -> None:
    ledger = Ledger(FILES)
    with pytest.raises(ValueError, match="outside"):
        ledger.read(PurePosixPath("../a.json"))

    assert ledger.refused


def test_notes_that_contradict_each_other_are_none() -> None:
    assert joined([Notes({"a": "1"}), Notes({"b": "2"})]) == Notes({"a": "1", "b": "2"})
    assert joined([Notes({"a": "1"}), Notes({"a": "2"})]) is None


def test_who_looks_at_others_is_noted() -> None:
    ledger = Ledger(FILES)
    look_beyond(ledger, "the Secrets of the application")

    assert ledger.taken().beyond == ["the Secrets of the application"]
