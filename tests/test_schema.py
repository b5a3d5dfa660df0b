"""The published schema: what editors show, what defaults come from, how layers merge."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from generator.adapters.package import read_schema
from generator.model.kubernetes import KubernetesSchemas

SCHEMA: dict[str, Any] = json.loads(read_schema("platform.schema.json"))
PARTS = ("application", "environment", "microservice")


def described(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema that a person can meet in an editor: definitions, properties, items and values of maps."""
    if "$ref" in node:
        return
    yield place, node
    for name, child in node.get("properties", {}).items():
        yield from described(child, f"{place}.{name}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield from described(node[keyword], f"{place}[]")


def everything() -> list[tuple[str, dict[str, Any]]]:
    found = list(described(SCHEMA, "platform"))
    for name, definition in SCHEMA["definitions"].items():
        found += described(definition, name)
    return found


EVERYTHING = everything()


def standalone(node: dict[str, Any]) -> Draft7Validator:
    return Draft7Validator({**node, "definitions": SCHEMA["definitions"]})


def test_it_is_a_schema_of_draft_7() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("keyword", ["title", "description", "examples"])
def test_everything_in_it_is_described(keyword: str) -> None:
    assert [place for place, node in EVERYTHING if not node.get(keyword)] == []


def test_every_example_is_valid() -> None:
    wrong = [place for place, node in EVERYTHING for each in node["examples"] if not standalone(node).is_valid(each)]

    assert wrong == []


def test_every_default_is_valid() -> None:
    wrong = [
        place for place, node in EVERYTHING if "default" in node and not standalone(node).is_valid(node["default"])
    ]

    assert wrong == []


def test_every_mapping_is_closed_or_says_what_it_holds() -> None:
    free = {
        place
        for place, node in EVERYTHING
        if "properties" in node
        and node.get("additionalProperties") is not False
        and not isinstance(node.get("additionalProperties"), dict)
    }

    assert free == set()


def test_every_list_of_a_layer_says_how_it_merges() -> None:
    """A list in a microservice, its overrides or the defaults; what a keyed list goes by exists in its items."""
    layered = [
        (place, node) for place, node in EVERYTHING if place.partition(".")[0] in {"head", "override", "autoscaling"}
    ]
    lists = [(place, node) for place, node in layered if "array" in node.get("type", ()) and "[]" not in place]

    assert len(lists) > 5
    assert [place for place, node in lists if "x-merge" not in node] == []


def test_it_offers_every_version_of_kubernetes_that_there_are_schemas_for() -> None:
    offered = [each for each in SCHEMA["properties"]["kubernetes"]["enum"] if each is not None]

    assert tuple(offered) == KubernetesSchemas(read_schema).versions()


@pytest.mark.parametrize("part", PARTS)
def test_the_schema_of_an_included_file_takes_one_item_or_several(part: str) -> None:
    schema = json.loads(read_schema(f"{part}.schema.json"))
    whole = Resource.from_contents(SCHEMA)
    registry: Registry[Any] = Registry().with_resources(
        [("platform.schema.json", whole), (schema["$id"].replace(part, "platform"), whole)]
    )
    validator = Draft7Validator(schema, registry=registry)
    (example, *_) = SCHEMA["definitions"][part]["examples"]

    assert validator.is_valid(example)
    assert validator.is_valid([example, example])
    assert not validator.is_valid({**example, "nonsense": 1})
