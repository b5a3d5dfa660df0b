"""The marks of a merge, wherever git leaves them in a document, are named as such."""

import pytest

from generator.model.diagnostics import CompileError, Diagnostic
from generator.stages.parse.reading import read_document

LINES = [
    "applications:",
    "  - name: shop",
    "    microservices:",
    "      - name: Catalog",
    "        head: { image: nginx:1.27.3,",
    "                replicas: 2 }",
    "        files:",
    "          - name: notes.txt",
    "            content: |",
    "              some text",
    "              more of it",
    "      - name: Pricing",
    "        head: { image: nginx:1.27.3 }",
    "customer: { name: acme }",
]
OURS, BASE, MIDDLE, THEIRS = "<" * 7 + " HEAD", "|" * 7 + " base", "=" * 7, ">" * 7 + " 1a2b3c4 (fix: two)"


def refused(lines: list[str]) -> list[Diagnostic]:
    with pytest.raises(CompileError) as found:
        read_document("platform.yaml", "\n".join(lines))
    return list(found.value.diagnostics)


@pytest.mark.parametrize("line", range(len(LINES)))
@pytest.mark.parametrize("base", [[], [BASE]])
def test_a_conflict_is_named_where_it_begins(line: int, base: list[str]) -> None:
    side = LINES[line : line + 1]
    marked = [OURS, *side, *base, MIDDLE, *side, THEIRS]

    (found,) = refused([*LINES[:line], *marked, *LINES[line + 1 :]])

    assert (found.message, found.at.line, found.at.column) == ("a merge left a conflict here", line + 1, 1)


@pytest.mark.parametrize("mark", [OURS, BASE, MIDDLE, THEIRS])
def test_a_mark_that_was_forgotten_is_named(mark: str) -> None:
    (found,) = refused([*LINES[:11], mark, *LINES[11:]])

    assert (found.message, found.at.line) == ("a merge left a conflict here", 12)


def test_a_text_that_underlines_its_heading_is_none() -> None:
    assert read_document("platform.yaml", "note: |\n  Heading\n  =======\n") == {"note": "Heading\n=======\n"}
