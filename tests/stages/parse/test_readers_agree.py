"""What is accepted reads the same to every reader: the quick one, the careful one, and a stranger."""

import itertools
import json
import random
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from generator.model.diagnostics import CompileError
from generator.model.source import Json
from generator.model.yaml_text import emit
from generator.stages.parse.careful import read_carefully
from generator.stages.parse.quick import UNSURE, read_quickly
from generator.stages.parse.text import readable_text
from tests.hostile_values import HOSTILE
from tests.written_documents import shared

ORDINARY = """\
# yaml-language-server: $schema=https://example.com/platform.schema.json
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme, id: 3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501 }
kubernetes: "1.34"    # not 1.30, on which no more than 012 run
applications:
  - name: shop
    environments:
      - name: Dev
        recipients: { age: [age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0sxx0ss] }
        tenants:
          - { id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.shop.example.com, "*.example.com"] }
        storage: { size: 64Gi, backup: { schedule: "17 * * * *" } }
    microservices:
      - name: Catalog
        head:
          image: acme.azurecr.io/catalog:1.4.0
          port: 8080
          resources: { limits: { cpu: 1.5, memory: 128Mi } }
          args: ["--on", '--no-color', -v, "it's: fine"]
        runtime: { version: 9.3.3 }
        expose: { path: /api/catalog, tls: true }
        env:
          ANSWER: "yes"
          VERSION: '1.10'
          EMPTY: ""
          NOTHING:
        files:
          - name: workflow.yml
            content: |
              on: push
              jobs: { a: yes, b: 012, when: 1:30 }
              # no
              x && y
"""


def read_by_ruamel(text: str) -> Json:
    return YAML(typ="safe", pure=True).load(text)


def accepted(text: str) -> list[Json] | None:
    try:
        return read_carefully("p.yaml", text)
    except CompileError:
        return None


def same(one: Json, other: Json) -> bool:
    return repr(one) == repr(other)


WITH_ALIASES = """\
applications:
  - name: shop
    defaults: &usual
      head: { probes: &probes { readiness: { path: /healthz }, liveness: *aliased } }
    microservices:
      - &first
        name: One # not &two
        env: &env
          A: &text some words
          "B": 'x &y *z'
        args: &args ["--on", &on "yes"]
      - { name: Two, env: *env, args: [*on, *text] } # *none
      - *first
      - name: Three
        head: *probes
        env:
          C: *text
""".replace("*aliased", "{ path: /livez }")
"""Anchors as people write them, and aliases."""


@pytest.mark.parametrize(
    "text",
    [ORDINARY, ORDINARY.replace("\n", "\r\n"), emit({"a": [{"b": "c: d"}, 1, None]}), WITH_ALIASES],
)
def test_an_ordinary_document_is_read_quickly_and_like_everybody_reads_it(text: str) -> None:
    quick = read_quickly(text)

    assert quick is not UNSURE
    assert same([quick], accepted(text))
    assert same(quick, read_by_ruamel(text))


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1, *x]\n",
        "a: &x\n  b: *x\n",
        "a: &x 1\nb: &x 2\nc: *x\n",
        "a: &x { b: 1 }\nc:\n  <<: *x\n",
        "a: *x\n",
        "&x a: 1\nb: *x\n",
        "- &x a: 1\n- *x\n",
        "a: &x yes\nb: *x\n",
        "a: &x !!str 1\nb: *x\n",
        "a: &x\nb: *x\n",
        "a: &x [1]\n*x : 2\n",
        "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        + "".join(
            f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in itertools.pairwise("abcdefg")
        ),
    ],
)
def test_of_stranger_anchors_nobody_is_quickly_sure(text: str) -> None:
    assert read_quickly(text) is UNSURE


def by_sharing(tree: Json) -> str:
    """Return *tree* as YAML in which what is equal stands once, and its aliases otherwise."""
    return yaml.safe_dump(shared([tree, tree, {"a": tree}]), allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize(
    "spelling",
    [
        *["y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "=", "<<"],
        *["012", "0o14", "0O14", "0x1F", "0X1f", "0b11", "1_000", "_1", "1_", "-_1", "00", "08", "01.5", "+1", "-0"],
        *["1:30", "-1:30:00", "1:30.5", "1e3", "1E3", "1.5e3", "1.5e+3", "1.0e+3", "1e400", ".5", "-.5", "5.", "1.10"],
        *[".inf", "-.Inf", "+.INF", ".nan", ".NaN", "2020-01-01", "2020-1-1", "2020-01-01T00:00:00Z"],
        *["99999999999999999999", "9223372036854775808", "0.1000000000000000055511151231257827"],
    ],
)
@pytest.mark.parametrize(
    "shape",
    ["a: {}\n", "a: {} # x\n", "- {}\n", "{}: a\n", "a: [{}]\n", "a: [b,{},c]\n", "a: {{b: {}}}\n", "a: {{{}: b}}\n",
     "a: {{{}}}\n", "a:\n  {}\n", "a: !!str x\nb: {}\n", "- - {}\n", "a: {}"],
)  # fmt: skip
def test_an_ambiguous_scalar_is_refused_wherever_it_stands(spelling: str, shape: str) -> None:
    text = shape.format(spelling)

    assert read_quickly(text) is UNSURE
    with pytest.raises(CompileError):
        read_carefully("p.yaml", text)


@pytest.mark.parametrize("spelling", ["no", "012", "1e3", "2020-01-01", "<<", "8080", "null", "~", "-", ".5"])
@pytest.mark.parametrize("shape", ["a: '{}'\n", 'a: "{}"\n', "a: |-\n  {}\n", "a: [x, '{}']\n", "'{}': a\n"])
def test_what_is_quoted_is_text(spelling: str, shape: str) -> None:
    text = shape.format(spelling)

    assert same(accepted(text), [read_by_ruamel(text)])
    assert read_quickly(text) is UNSURE or same(read_quickly(text), read_by_ruamel(text))


words = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=12)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
    | st.sampled_from([each for each in HOSTILE if not set(each) & set("\x85\u2028\u2029")])
)
keys = st.from_regex("[A-Za-z][A-Za-z0-9_./-]{0,8}", fullmatch=True) | words
trees = st.dictionaries(
    keys,
    st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
    ),
    min_size=1,
    max_size=4,
)


def by_ruamel(tree: Json) -> str:
    stream = StringIO()
    printer = YAML(typ="safe", pure=True)
    printer.dump(tree, stream)
    return stream.getvalue()


PRINTERS = [
    lambda tree: yaml.safe_dump(tree, allow_unicode=True, sort_keys=False),
    lambda tree: yaml.safe_dump(tree, default_flow_style=True, width=30),
    lambda tree: yaml.safe_dump(tree, default_style="|", allow_unicode=True),
    lambda tree: yaml.safe_dump(tree, default_style='"'),
    lambda tree: yaml.safe_dump(tree, default_style="'", allow_unicode=True, indent=4),
    lambda tree: yaml.safe_dump(tree, explicit_start=True, line_break="\r\n"),
    by_ruamel,
    json.dumps,
    lambda tree: json.dumps(tree, ensure_ascii=False, indent=2),
    lambda tree: json.dumps(tree, separators=(",", ":")),
    emit,
    by_sharing,
]


@given(trees, st.sampled_from(PRINTERS))
@settings(max_examples=400)
def test_what_was_printed_by_anyone_reads_alike_or_is_refused(tree: dict[str, Any], printer: Any) -> None:
    agree(printer(tree))


@given(trees)
@settings(max_examples=150)
def test_what_this_package_prints_is_never_refused(tree: dict[str, Any]) -> None:
    finite = json.loads(json.dumps(tree), parse_float=lambda _: 0.5)

    assert same(accepted(emit(finite)), [finite])


FRAGMENTS = [
    *[
        "a",
        "b: ",
        "c:",
        "- ",
        "-",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        ": ",
        ":",
        "#",
    ],
    *[
        " # x",
        "'",
        '"',
        "'x'",
        '"y"',
        '"\\u0041"',
        "\\",
        "|",
        "|-\n",
        "|+\n",
        ">\n",
        ">-\n",
        "|2\n",
        "012",
        "no",
        "1e3",
    ],
    *[
        "yes:",
        "1:30",
        "1_0",
        "0x1F",
        "2020-01-01",
        " 10:00:00",
        "~",
        "null",
        "1.10",
        ".5",
        "8080",
        "<<",
        "=",
        "? ",
        "---",
    ],
    *[
        "...",
        "%",
        "@",
        "`",
        "key: v\n",
        "- i\n",
        "x y",
        "é",
        "\xa0",
        "😀",
        "!",
        "&",
        "*",
        "-1",
        "1.5",
        "\r\n",
        "\t",
        "_1",
    ],
    *["&a ", "&a\n", "&b [", "*a", "*b\n", "*a, ", "[*a]", "{ b: *a }", "c: &b x\n", "d: *b\n", "<<: *a\n"],
]


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=12), st.sampled_from(["", "a:\n", "- ", "a: "]))
@settings(max_examples=2_000)
@example(["[", "|x", "]", "\n"], "a: ")
@example(["{b: :c}", "\n"], "a: ")
@example(["{b:, c}", "\n"], "a: ")
@example(["{b: |2\n  c}", "\n"], "a: ")
@example(["{\n b: |2\n  c\n}", "\n"], "a: ")
@example(["[::]", "\n"], "a: ")
@example(["[?b]", "\n"], "a: ")
@example(["{b\n c: d}", "\n"], "a: ")
@example(['{"b\\\n c": d}', "\n"], "a: ")
@example([">\n", "\n  b"], "- ")
@example(["|\n"], "- ")
def test_no_text_is_read_quickly_and_wrong(fragments: list[str], beginning: str) -> None:
    agree(beginning + "".join(fragments))


@given(st.integers(), st.integers(1, 3))
@settings(max_examples=400)
def test_no_damaged_document_is_read_quickly_and_wrong(seed: int, times: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (hypothesis chooses the seed)
    text = ORDINARY
    for _ in range(times):
        at = chance.randrange(len(text))
        until = at + chance.choice([0, 0, 0, 1, 3])
        text = text[:at] + chance.choice(["", *FRAGMENTS]) + text[until:]
    agree(text)


def agree(text: str) -> None:
    """Check that the readers read *text* alike, as far as they accept it."""
    try:
        text = readable_text("p.yaml", text)
    except CompileError:
        return
    quick = read_quickly(text)
    careful = accepted(text)
    if quick is not UNSURE:
        assert same([quick], careful)
    if careful is None or len(careful) != 1 or not isinstance(careful[0], (dict, list)):
        return
    if "\n..." in text:
        return  # ruamel.yaml takes '...' at the beginning of a line for text below the header of an empty block
    with suppress(YAMLError):  # it refuses some that the others take, such as a block below blank lines with spaces
        assert same(careful[0], read_by_ruamel(text))
