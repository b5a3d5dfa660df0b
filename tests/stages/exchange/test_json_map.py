"""JSON files of secrets are one flat map of strings."""

import pytest

from generator.stages.exchange.json_map import read_json


def test_a_flat_map_of_strings_is_read_with_the_places_of_its_keys() -> None:
    reading = read_json("a.json", '{\n  "A": "one\\n\\ud83d\\ude00\\/",\n  "B" :""\n}\n')

    assert reading.findings == ()
    assert [(each.key, each.value, str(each.at)) for each in reading.entries] == [
        ("A", "one\n\N{GRINNING FACE}/", "a.json:2:3"),
        ("B", "", "a.json:3:3"),
    ]


def test_an_empty_map_holds_nothing() -> None:
    assert read_json("a.json", "{ }").entries == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"A": "canary"', "1:15: the file is not JSON from here on"),
        ("", "1:1: the file is not JSON from here on"),
        ('["canary"]', "1:1: the file is not a map"),
        ('{"A": {"B": "canary"}}', "1:2: the value of 'A' is a map, expected a string"),
        ('{"A": 5432}', "1:2: the value of 'A' is a number, expected a string"),
        ('{"A": true}', "1:2: the value of 'A' is a boolean, expected a string"),
        ('{"A": null}', "1:2: the value of 'A' is null, expected a string"),
        ('{"A": ["canary"]}', "1:2: the value of 'A' is a list, expected a string"),
        ('{"A": "canary\\ud83d"}', "1:2: the value of 'A' is no text"),
        ('{"A": "1",\n"A": "canary"}', "2:1: the key 'A' is there twice"),
    ],
)
def test_anything_else_is_refused_at_its_place(text: str, said: str) -> None:
    reading = read_json("a.json", text)

    assert [f"{each.at.line}:{each.at.column}: {each.message}" for each in reading.findings] == [said]
    assert reading.entries == ()
    assert "canary" not in str(reading.findings)
