"""A page of the documentation: its examples, and what its marks ask to be done with them.

An example is a fenced block. An HTML comment in the line above, which no reader sees, says what it is:

    <!-- platform: hello -->      a whole document: written to hello/platform.yaml, and compiled
    <!-- microservice: hello -->  a part of one, which a small platform around it includes; so are
    <!-- environment: hello -->   an environment and
    <!-- application: hello -->   an application
    <!-- file: hello/x.json -->   a file, written to that path
    <!-- insert: hello/platform.yaml:9 -->  lines, inserted below that line of that file
    <!-- typed -->                what a person types into the editor that the console block above it opens

A `console` block is run in the folder that was named last, and what it prints is compared. A line that holds
nothing but `…` stands for any lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- (?P<what>[a-z]+)(?:: (?P<argument>[^ ]+))? -->\n$")
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A fenced block at a *line*, counted from 1, and the mark above it: *what* it is, and the mark's *argument*."""

    line: int
    language: str
    text: str
    what: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block, and the lines that it prints."""

    words: str
    printed: tuple[str, ...]


def examples(markdown: str) -> list[Example]:
    """Return the examples of a page, in their order."""
    return [_example(markdown, found) for found in _FENCE.finditer(markdown)]


def commands(console: str) -> Iterator[Command]:
    """Yield the commands of a console block: each begins with `$`, and goes on after a backslash."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        words, *lines = part.replace("\\\n", " ").rstrip("\n").split("\n")
        yield Command(words, tuple(lines))


def matches(expected: tuple[str, ...], printed: list[str]) -> bool:
    """Say whether *printed* is what was *expected*, where `…` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*" if line.strip() == "…" else f"{re.escape(line)}\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def links(markdown: str) -> set[str]:
    """Return where the links and pictures of a page lead, those in examples left out."""
    return {one or other for one, other in _LINK.findall(_FENCE.sub("", markdown))}


def anchors(file: Path) -> set[str]:
    """Return the fragments that lead to the headings of *file*, as GitHub makes them."""
    prose = _FENCE.sub("", file.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(prose)}


def _example(markdown: str, found: re.Match[str]) -> Example:
    indent = len(found["indent"])
    mark = _MARK.search(markdown, 0, found.start())
    return Example(
        line=markdown.count("\n", 0, found.start()) + 1,
        language=found["language"],
        text="".join(line[indent:] or "\n" for line in found["text"].splitlines(keepends=True)),
        what=mark["what"] if mark else "",
        argument=(mark["argument"] or "") if mark else "",
    )
