"""Setting one value in a text, and nothing else."""

import copy
import json
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.source import Path
from generator.stages.edit import with_value
from generator.stages.parse.reading import read_document


def edited(text: str, path: Path, value: Any) -> str:
    """Return *text* with *value* at *path*; the result reads as that, and as nothing else."""
    wanted: Any = json.loads(json.dumps(read_document("platform.yaml", text)))
    node = wanted
    for step in path[:-1]:
        if isinstance(node, dict) and node.get(str(step)) is None:
            node[step] = {}
        node = node[step]
    if isinstance(node, list) and path[-1] == len(node):
        node.append(value)
    else:
        node[path[-1]] = value
    found = with_value(text, path, wanted)
    assert read_document("platform.yaml", found) == wanted
    return found


def lines(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_a_value_is_replaced_in_its_quotes_and_its_comment_stays() -> None:
    before = lines("""
        head:   # the web server
          image: 'shop:1.0.0'   # pinned
          replicas: 3
    """)

    assert edited(before, ("head", "image"), "shop:1.1.0") == before.replace("1.0.0", "1.1.0")


def test_a_bare_word_stays_bare() -> None:
    assert edited("image: shop:1.0.0\n", ("image",), "shop:1.1.0") == "image: shop:1.1.0\n"


@pytest.mark.parametrize("value", ["no", "on", "1.0", "0x1f", "2026-11-23", "null", "~", "", "a: b", "a #b", "- a"])
def test_a_word_that_readers_take_for_something_else_is_quoted(value: str) -> None:
    assert edited("a: b\n", ("a",), value) == f"a: {json.dumps(value)}\n"


def test_a_new_key_goes_behind_the_last_one_before_blank_lines_and_comments() -> None:
    before = lines("""
        Prod:
          replicas: 3   # three

        # the end
        Test: {}
    """)

    assert edited(before, ("Prod", "image"), "shop:1.1.0") == before.replace("three\n", "three\n  image: shop:1.1.0\n")


def test_a_new_key_goes_into_braces() -> None:
    before = "Prod: { head: { replicas: 3 } }   # three\n"

    assert edited(before, ("Prod", "head", "image"), "shop:1.1.0") == (
        'Prod: { head: { replicas: 3, image: "shop:1.1.0" } }   # three\n'
    )


def test_a_new_mapping_is_written_as_its_neighbours_are() -> None:
    compact = edited("Dev: { deploy: false }\n", ("Prod",), {"head": {"image": "shop:1.0.0"}})
    tall = edited("Dev:\n  deploy: false\n", ("Prod",), {"head": {"image": "shop:1.0.0"}})

    assert compact.endswith('\nProd: { head: { image: "shop:1.0.0" } }\n')
    assert tall.endswith("\nProd:\n  head:\n    image: shop:1.0.0\n")


@pytest.mark.parametrize("nothing", ["", " ~", " null", " {}", " # later"])
def test_what_says_nothing_is_filled(nothing: str) -> None:
    found = edited(f"environments:\n  Prod:{nothing}\nname: x\n", ("environments", "Prod", "deploy"), False)  # noqa: FBT003

    assert "Prod: { deploy: false }" in found


@pytest.mark.parametrize("before", ["files:\n- a\n- { name: b }   # last\n\nname: x\n", "files: [a, { name: b }]\n"])
def test_an_item_is_added_to_a_list(before: str) -> None:
    assert "{ name: c }" in edited(before, ("files", 2), {"name": "c"})


def test_what_an_alias_shares_is_written_out_where_it_differs() -> None:
    before = lines("""
        common: &common
          image: shop:1.0.0
        Dev: *common
        Prod: *common   # as Dev
    """)

    assert edited(before, ("Prod", "image"), "shop:1.1.0") == before.replace(
        "Prod: *common", 'Prod: { image: "shop:1.1.0" }'
    )


def test_what_a_merge_key_brings_is_written_out_where_it_differs() -> None:
    before = lines("""
        common: &common
          head: { replicas: 3 }
        Prod:
          <<: *common
          deploy: true
    """)

    found = edited(before, ("Prod", "head", "image"), "shop:1.1.0")

    assert found.startswith(before)
    assert "shop:1.1.0" in found


def test_line_ends_of_windows_stay() -> None:
    found = edited("a:\r\n  b: 1\r\nc: 2\r\n", ("a", "d"), {"e": "f"})

    assert found == "a:\r\n  b: 1\r\n  d:\r\n    e: f\r\nc: 2\r\n"


def test_characters_that_end_a_line_for_some_readers_move_nothing() -> None:
    before = 'a: "x\u2028y"\nb: é\nc: 1\n'

    assert edited(before, ("b",), "z") == before.replace("é", "z")


KEYS = st.sampled_from(["a", "b", "image", "LOG_LEVEL", "x.y"])
SCALARS = st.one_of(st.booleans(), st.integers(-5, 5), st.text(st.characters(codec="utf-8"), max_size=8), st.none())
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


@given(DOCUMENTS, st.lists(KEYS, min_size=1, max_size=3), SCALARS, st.booleans())
def test_whatever_is_set_is_read_back_and_nothing_else_changes(
    document: dict[str, Any],
    steps: list[str],
    value: Any,
    compact: bool,  # noqa: FBT001
) -> None:
    from generator.model.yaml_text import emit, literal

    text = literal(document) + "\n" if compact else emit(document)
    wanted = copy.deepcopy(document)
    node: Any = wanted
    for step in steps[:-1]:
        if not isinstance(node.get(step), dict):
            node[step] = {}
        node = node[step]
    node[steps[-1]] = value

    try:
        found = with_value(text, tuple(steps), wanted)
    except ValueError:
        return

    assert read_document("platform.yaml", found) == wanted
