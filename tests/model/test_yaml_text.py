"""What is printed reads back the same in both dialects of YAML, and in the tools that apply it."""

import re
import shutil
import subprocess
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
import yaml_rs
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from generator.model.yaml_text import block, branch, emit, is_plain_key, literal
from tests.hostile_values import HOSTILE

Reader = Callable[[str], Any]

READERS: dict[str, Reader] = {
    "PyYAML, 1.1": yaml.safe_load,
    "libyaml, 1.1": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
    "ruamel.yaml, 1.2": lambda text: YAML(typ="safe", pure=True).load(text),
    "yaml-rs, 1.2": lambda text: yaml_rs.loads(text, parse_datetime=False),
}

strings = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(HOSTILE)
lines = st.text(st.sampled_from("ab \t\n#:-|'\"\x85\u2028\ufeff\r\xa0é😀\x00"), max_size=20)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | strings
    | lines
)
keys = strings.filter(lambda key: len(key) < 100)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def read_by_all(text: str) -> list[Any]:
    return [read(text) for read in READERS.values()]


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_reads_back_unchanged(value: str, reader: Reader) -> None:
    last = f"key:\n  text: {block(value, 4)}\n"
    middle = f"{last}  next: 1\n"

    assert reader(f"key: {literal(value)}\n") == {"key": value}
    assert reader(emit({"a": [value, {"b": value}]})) == {"a": [value, {"b": value}]}
    assert reader(last) == {"key": {"text": value}}
    assert reader(middle) == {"key": {"text": value, "next": 1}}


def test_kustomize_and_kubectl_read_the_hostile_values_unchanged(tmp_path: Path) -> None:
    # However they are written, kustomize prints these characters raw between its own steps, and then fails to
    # read them, or takes U+0085 for a line break.
    lost_by_kustomize = re.compile("[\x7f-\x9f\ufffe\uffff]")
    kept = [value for value in HOSTILE if not lost_by_kustomize.search(value)]
    values = {f"v{index:03}": value for index, value in enumerate(kept)}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "hostile"}, "data": values}
    (tmp_path / "emitted.yaml").write_text(emit(body), encoding="utf-8", newline="")
    (tmp_path / "kustomization.yaml").write_text("resources: [emitted.yaml]\n", encoding="utf-8")

    for command in (["kustomize", "build"], ["kubectl", "kustomize"]):
        # It prints '=' and '<<' plain: a reader that takes every scalar for a string reads what was meant.
        printed = yaml.load(run(*command, str(tmp_path)), Loader=yaml.BaseLoader)  # noqa: S506  (strings only)
        assert printed["data"] == values
    assert len(kept) > 140


def run(tool: str, *arguments: str) -> bytes:
    found = shutil.which(tool)
    assert found is not None, f"{tool} is not on the PATH"
    return subprocess.run([found, *arguments], check=True, capture_output=True).stdout


@given(trees)
@settings(max_examples=200)
@example([1e16, 1e-7, -0.0, 1.0])
def test_both_dialects_read_back_what_was_emitted(value: Any) -> None:
    assert all(repr(each) == repr(value) for each in read_by_all(emit(value)))


@given(trees)
@settings(max_examples=100)
def test_both_dialects_read_back_a_literal(value: Any) -> None:
    printed = literal(value)

    assert "\n" not in printed
    assert all(repr(each) == repr(value) for each in read_by_all(printed))


@given(st.dictionaries(keys, trees, min_size=1, max_size=4))
@settings(max_examples=100)
def test_both_dialects_read_back_a_branch(value: dict[str, Any]) -> None:
    printed = f"members:\n  {branch(value, 2)}\n"

    assert all(repr(each) == repr({"members": value}) for each in read_by_all(printed))


@given(strings | lines)
@settings(max_examples=300)
@example("a\nb")
@example(" a\nb\n")
def test_a_block_reads_back_wherever_it_stands(text: str) -> None:
    printed = f"key:\n  - first: {block(text, 6)}\n    second: {block(text, 6)}\nlast: {block(text, 2)}\n"

    assert read_by_all(printed) == [{"key": [{"first": text, "second": text}], "last": text}] * len(READERS)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\nb\n", "|\n    a\n    b"),
        ("a\nb", "|-\n    a\n    b"),
        ("a\n\nb\n", "|\n    a\n\n    b"),
        ("  a\nb\n", "|2\n      a\n    b"),
        ("one line\n", '"one line\\n"'),
        ("a\nb\n\n", '"a\\nb\\n\\n"'),
        ("a \nb\n", '"a \\nb\\n"'),
        ("\ta\nb\n", '"\\ta\\nb\\n"'),
        ("a\r\nb\r\n", '"a\\r\\nb\\r\\n"'),
        ("\n\n\n", '"\\n\\n\\n"'),
    ],
)
def test_a_block_is_a_literal_where_a_reader_would_change_it(text: str, printed: str) -> None:
    assert block(text, 4) == printed


def test_an_object_is_printed_as_kubernetes_people_write_it() -> None:
    body = {
        "kind": "ConfigMap",
        "data": {"no": "y", "file.json": "{\n  1\n}\n"},
        "ports": [{"name": "http", "port": 80}, [], {}, [1, 2]],
        "empty": {},
        "nothing": None,
    }

    assert emit(body) == (
        "kind: ConfigMap\n"
        "data:\n"
        '  "no": "y"\n'
        "  file.json: |\n"
        "    {\n"
        "      1\n"
        "    }\n"
        "ports:\n"
        "  - name: http\n"
        "    port: 80\n"
        "  - []\n"
        "  - {}\n"
        "  - - 1\n"
        "    - 2\n"
        "empty: {}\n"
        "nothing: null\n"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"k" * 1001: 1}, {1: "x"}, {None: "x"}])
def test_what_no_yaml_can_say_is_refused_in_every_form(value: Any) -> None:
    for printer in (literal, emit):
        with pytest.raises(ValueError, match=r"finite|surrogate|key"):
            printer(value)


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON: bytes"):
        literal(b"x")


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(ValueError, match="surrogate") as caught:
        literal("hunter2\ud800")

    assert "hunter2" not in str(caught.value)


def test_subclasses_print_as_what_they_are() -> None:
    class Word(StrEnum):
        NO = "no"

    assert literal([Word.NO, True, (1,), MappingProxyType({"a": 1})]) == '["no", true, [1], {"a": 1}]'


@pytest.mark.parametrize("key", ["no", "Y", "null", "1", "1.5", "a b", "a:", "", "-", "_1", "~", "é", "k" * 129, "a\n"])
def test_a_key_that_a_reader_may_misread_is_not_plain(key: str) -> None:
    assert not is_plain_key(key)


@pytest.mark.parametrize("key", ["app.kubernetes.io/name", "LOG_LEVEL", "file.json", "x-y", "yes-man"])
def test_an_ordinary_key_is_plain(key: str) -> None:
    assert is_plain_key(key)
