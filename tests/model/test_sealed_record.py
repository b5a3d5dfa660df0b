"""The record of each value's last change, in the comments of a sealed file."""

from datetime import date

import pytest

from generator.model.sealed import SealedSource, read_sealed
from generator.model.sealed_record import Change, dates_of, iv_of, read_record, recorded, vectors_of, with_record

FIRST, SECOND, THIRD = ("A" * 11 + "1=", "B" * 11 + "2=", "C" * 11 + "3=")
TODAY = date(2026, 11, 23)


def sealed(values: dict[str, str], head: str = "", lastmodified: str = "2026-05-06T07:08:09Z") -> SealedSource:
    """Return a sealed file whose values have these initialisation vectors."""
    lines = "".join(f"    {key}: ENC[AES256_GCM,data:AAAA,iv:{iv},tag:AAAA,type:str]\n" for key, iv in values.items())
    block = (
        "sops:\n    age:\n        - recipient: age1x\n          enc: x\n"
        f'    lastmodified: "{lastmodified}"\n    mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]\n'
        "    encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n    version: 3.13.2\n"
    )
    return read_sealed("secrets/a.yaml", f"{head}stringData:\n{lines}{block}".encode())


def test_the_vector_of_a_sealed_value_and_of_anything_else() -> None:
    assert iv_of(f"ENC[AES256_GCM,data:,iv:{FIRST},tag:AAAA,type:str]") == FIRST
    assert iv_of("iv:AAAA") == ""
    assert vectors_of(sealed({"A": FIRST, "B": SECOND})) == {"A": FIRST, "B": SECOND}


def test_a_record_is_read_as_it_was_written() -> None:
    text = sealed({"A": FIRST}).text
    record = {"B.b": Change(date(2025, 1, 2), "BBBBBBBBBBB2"), "A": Change(TODAY, "AAAAAAAAAAA1")}

    written = with_record(text, record)

    assert written.startswith(
        "# changed: A 2026-11-23 AAAAAAAAAAA1\n# changed: B.b 2025-01-02 BBBBBBBBBBB2\nstringData:\n"
    )
    assert read_record(written) == record
    assert with_record(written, record) == written
    assert with_record(written, {}) == text


def test_comments_of_a_person_stay_where_they_are() -> None:
    head = "# ours\n# changed: A 2026-01-01 AAAAAAAAAAA1\n# changed: soon\n"
    text = sealed({"A": FIRST}, head).text

    written = with_record(text, {"A": Change(TODAY, "AAAAAAAAAAA1")})

    assert written.startswith("# ours\n# changed: soon\n# changed: A 2026-11-23 AAAAAAAAAAA1\nstringData:\n")


@pytest.mark.parametrize("line", ["# changed: A 2026-13-01 AAAAAAAAAAA1", "# changed: A 2026-01-01", "# Changed: A"])
def test_a_line_that_is_none_says_nothing(line: str) -> None:
    assert read_record(sealed({"A": FIRST}, f"{line}\n").text) == {}


def test_what_stands_below_is_no_record() -> None:
    assert read_record(sealed({"A": FIRST}).text + "# changed: A 2026-01-01 AAAAAAAAAAA1\n") == {}


def test_a_file_without_values_takes_no_record() -> None:
    with pytest.raises(ValueError, match="no stringData"):
        with_record("sops:\n", {})


def test_a_date_holds_as_long_as_the_value_has_its_vector() -> None:
    head = "# changed: A 2024-01-01 AAAAAAAAAAA1\n# changed: B 2024-01-01 CCCCCCCCCCC3\n"

    dates = dates_of(sealed({"A": FIRST, "B": SECOND, "C": THIRD}, head))

    assert dates == {"A": date(2024, 1, 1), "B": date(2026, 5, 6), "C": date(2026, 5, 6)}


def test_a_file_that_nobody_can_date_has_no_dates() -> None:
    assert dates_of(sealed({"A": FIRST}, lastmodified="some day")) == {}


def test_a_change_gets_todays_date_and_others_keep_what_was_known() -> None:
    before = sealed({"A": FIRST, "B": SECOND}, "# changed: A 2024-01-01 AAAAAAAAAAA1\n")
    after = sealed({"A": FIRST, "B": SECOND, "C": THIRD}, lastmodified="2026-11-23T00:00:00Z")

    record = read_record(recorded(after, before, TODAY))

    assert {key: str(change.date) for key, change in record.items()} == {
        "A": "2024-01-01",
        "B": "2026-05-06",
        "C": "2026-11-23",
    }
    assert record["C"].iv == "CCCCCCCCCCC3"


def test_a_value_that_is_gone_leaves_the_record() -> None:
    head = "# changed: A 2024-01-01 AAAAAAAAAAA1\n# changed: B 2024-01-01 BBBBBBBBBBB2\n"

    written = recorded(sealed({"A": FIRST}, head), sealed({"A": FIRST, "B": SECOND}, head), TODAY)

    assert list(read_record(written)) == ["A"]


def test_a_new_file_is_of_today() -> None:
    assert read_record(recorded(sealed({"A": FIRST}), None, TODAY)) == {"A": Change(TODAY, "AAAAAAAAAAA1")}
