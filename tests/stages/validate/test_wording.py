"""The words for types, examples and limits."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from generator.adapters.package import read_schema
from generator.stages.validate.wording import described, example_of, expected, refused, retyped


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ("object", "a mapping"),
        ("boolean", "true or false"),
        (["string", "null"], "a string"),
        (["integer", "boolean", "null"], "a whole number or a boolean"),
        (["string", "integer", "number", "boolean", "object"], "a string, a number, a boolean or a mapping"),
    ],
)
def test_the_types_that_a_node_takes_read_as_a_list(types: str | list[str], words: str) -> None:
    assert expected(types) == words


@pytest.mark.parametrize(
    ("types", "value", "hint"),
    [
        ("string", 1.34, "put it in quotes"),
        ("string", True, "put it in quotes"),
        ("integer", "80", "write the number without quotes"),
        ("boolean", "true", "write it without quotes"),
        (["string", "object"], ["a", "b"], "write its items as one text"),
        ("object", "nginx", ""),
        ("integer", "many", ""),
    ],
)
def test_a_value_of_the_wrong_type_is_retyped_where_it_is_clear_how(
    types: str | list[str], value: object, hint: str
) -> None:
    assert retyped(types, value) == hint


@pytest.mark.parametrize(
    "example",
    [
        {"name": "acme", "id": "3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501"},
        {"image": "acme.azurecr.io/catalog:1.4.0", "port": 8080},
        {"schedule": "17 * * * *", "answer": "no"},
        {"version": "1.34", "token": True, "empty": ""},
        ["config/*.yaml", "a: b", "'", "{", "-", "a\nb"],
        "1.30",
        "yes",
    ],
)
def test_an_example_reads_back_as_it_was(example: Any) -> None:
    assert yaml.safe_load(example_of({"examples": [example]})) == example


def test_the_first_example_that_fits_on_a_line_is_shown() -> None:
    assert example_of({"examples": [{"a": "x" * 80}, "short"]}) == "short"


def test_a_description_begins_in_lower_case_unless_it_begins_with_an_abbreviation() -> None:
    assert described({"description": "How many pods.", "examples": [3]}) == "how many pods; for example 3"
    assert described({"description": "URLs of keys."}) == "URLs of keys"
    assert described({"description": "A name."}) == "a name"


@pytest.mark.parametrize(
    ("rule", "demand", "words"),
    [
        ("minimum", 0, "is less than 0"),
        ("maximum", 65535, "is more than 65535"),
        ("minItems", 1, "is empty"),
        ("pattern", "^/", "does not begin with '/'"),
        ("pattern", "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}$", "is not a GUID"),
        ("pattern", "^[a-z]+$", "is not written as it must be"),
    ],
)
def test_a_limit_is_told_in_words(rule: str, demand: object, words: str) -> None:
    assert refused(rule, demand) == words


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("Kubernetes MetricSpecs, besides `cpu`.", "Kubernetes MetricSpecs, besides `cpu`"),
        ("Flux: how often to look.", "Flux: how often to look"),
        ("ARNs of keys.", "ARNs of keys"),
        ("A name.", "a name"),
        ("Annotations of the Ingress.", "annotations of the Ingress"),
    ],
)
def test_a_description_in_a_hint_begins_in_lower_case_but_with_a_name(description: str, words: str) -> None:
    assert described({"description": description}) == words


def test_a_word_that_is_a_name_within_a_sentence_of_the_schema_is_one_at_its_beginning() -> None:
    texts = list(descriptions(json.loads(read_schema("platform.schema.json"))))
    within = {word for text in texts for word in re.findall(r"(?<=[a-z,`] )[A-Z][a-z]+\b", text)}

    lowered = {text.split()[0] for text in texts if described({"description": text})[0] != text[0]}

    assert len(within) > 20
    assert {word.strip(":;,.") for word in lowered} & within == set()


def descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield node["description"]
        for each in node.values():
            yield from descriptions(each)
    elif isinstance(node, list):
        for each in node:
            yield from descriptions(each)
