"""Taking one thing out of a text, and nothing else."""

import copy
from textwrap import dedent

import pytest

from generator.model.source import Json, Path
from generator.stages.edit import without
from generator.stages.parse.reading import read_document


def taken(text: str, *path: str | int) -> str:
    """Return *text* without what is at *path*; the result reads as that, and as nothing else."""
    wanted: Json = copy.deepcopy(read_document("platform.yaml", text))
    node = wanted
    for step in path[:-1]:
        node = node[step]
    node.pop(path[-1])
    found = without(text, path)
    assert read_document("platform.yaml", found) == wanted
    return found


BLOCK = dedent("""\
    env:
      A: one   # the first
      # about the second
      B:
        secret: true
      C: three
    last: true
""")


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (("env", "A"), "  A: one   # the first\n"),
        (("env", "B"), "  B:\n    secret: true\n"),
        (("env", "C"), "  C: three\n"),
        (("last",), "last: true\n"),
    ],
)
def test_a_member_goes_with_its_lines_and_other_comments_stay(path: Path, lines: str) -> None:
    assert taken(BLOCK, *path) == BLOCK.replace(lines, "")


@pytest.mark.parametrize(
    ("key", "left"),
    [("A", "env: { B: 2, C: 3 } # all"), ("B", "env: { A: 1, C: 3 } # all"), ("C", "env: { A: 1, B: 2 } # all")],
)
def test_a_member_in_braces_goes_with_its_comma(key: str, left: str) -> None:
    assert taken("env: { A: 1, B: 2, C: 3 } # all\n", "env", key) == f"{left}\n"


def test_an_item_of_a_list_goes_with_its_dash() -> None:
    text = "patches:\n  - target: A\n    merge: {}\n  - target: B\n    merge: {}\n"

    assert taken(text, "patches", 0) == "patches:\n  - target: B\n    merge: {}\n"
    assert taken("hosts: [a, b]\n", "hosts", 1) == "hosts: [a]\n"


def test_line_ends_of_windows_stay() -> None:
    assert taken("a: 1\r\nb: 2\r\nc: 3\r\n", "b") == "a: 1\r\nc: 3\r\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("env: { A: 1 }\n", ("env", "A")),
        ("- name: a\n  size: 1\n", (0, "name")),
        ("a: &x { b: 1, c: 2 }\nd: *x\n", ("d", "b")),
        ("a: 1\n", ("b",)),
        ("a: 1\n", ("a", "b")),
    ],
)
def test_what_cannot_be_taken_out_by_itself_is_refused(text: str, path: Path) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        without(text, path)
