"""Draw what platformc prints about a sample: `python -m tools.picture [FILE]`.

FILE is `docs/images/shop.svg` unless another is named. The commands run in a temporary copy of `samples/shop`;
what they print is drawn as a terminal with colours of its own, so that it can be read on light and on dark pages.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from tools.demo import lines_of_tree

ROOT = Path(__file__).resolve().parent.parent
TYPED = "replicas: 3"
MISTYPED = "replica: 3"
KINDS = 45
"""The column at which the demonstration prints the kinds of a file."""

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
FONT_SIZE, ADVANCE, LEADING = 13, 7.83, 19
MARGIN, BAR = 18, 34
BACKGROUND, FRAME, TEXT, FAINT = "#0d1117", "#30363d", "#d6dde6", "#8b949e"
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#76d9e6"}
_ANSI = re.compile(r"\x1b\[([\d;]*)m")


class Span(NamedTuple):
    """A piece of a line: *text* from *column* on, in the colours of the parameters *codes*."""

    column: int
    text: str
    codes: frozenset[str]


def transcript(folder: Path) -> Iterator[str]:
    """Yield the lines of a session in *folder*, a copy of the sample without its output."""
    yield from run(folder, "compile")
    yield ""
    yield painted("deploy", "1")
    for line in lines_of_tree(folder / "deploy"):
        yield f"{line[:KINDS]}{painted(line[KINDS:], '32')}"
    yield ""
    document = folder / "platform.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace(TYPED, MISTYPED), encoding="utf-8")
    yield painted(f"$ sed -i 's/{TYPED}/{MISTYPED}/' platform.yaml", "1")
    yield from run(folder, "validate")


def painted(text: str, codes: str) -> str:
    """Return *text* between the escape sequences of a terminal."""
    return f"\x1b[{codes}m{text}\x1b[0m"


def run(folder: Path, command: str) -> Iterator[str]:
    """Yield a prompt and what the platformc beside this Python prints."""
    yield painted(f"$ platformc {command}", "1")
    done = subprocess.run(
        (Path(sys.executable).parent / "platformc", command, "--color", "always"),
        cwd=folder,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    yield from done.stdout.splitlines()


def spans(line: str) -> Iterator[Span]:
    """Yield the pieces of a *line* with escape sequences."""
    codes: frozenset[str] = frozenset()
    column = 0
    for index, part in enumerate(_ANSI.split(line)):
        if index % 2:
            codes = frozenset(part.split(";")) - {"0", ""}
        elif part:
            yield Span(column, part, codes)
            column += len(part)


def svg(lines: list[str]) -> str:
    """Return the picture of *lines*."""
    columns = max(len(_ANSI.sub("", line)) for line in lines)
    width = round(columns * ADVANCE + 2 * MARGIN)
    height = BAR + len(lines) * LEADING + MARGIN
    dots = "".join(f'<circle cx="{MARGIN + 4 + 18 * index}" cy="17" r="5" fill="{FRAME}"/>' for index in range(3))
    rows = "\n".join(_row(number, line) for number, line in enumerate(lines) if line)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="platformc at work on samples/shop">\n'
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{BACKGROUND}" '
        f'stroke="{FRAME}"/>\n{dots}\n'
        f'<g font-family="{FONT}" font-size="{FONT_SIZE}" fill="{TEXT}" xml:space="preserve">\n{rows}\n</g>\n</svg>\n'
    )


def _row(number: int, line: str) -> str:
    y = BAR + (number + 0.8) * LEADING
    return "".join(
        f'<text x="{MARGIN + span.column * ADVANCE:.1f}" y="{y:.1f}"{_style(span.codes)}>{escape(span.text)}</text>'
        for span in spans(line)
        if span.text.strip()
    )


def _style(codes: frozenset[str]) -> str:
    colour = FAINT if "2" in codes else next((COLOURS[code] for code in sorted(codes) if code in COLOURS), "")
    fill = f' fill="{colour}"' if colour else ""
    return f'{fill} font-weight="bold"' if "1" in codes else fill


def main(file: Path) -> None:
    """Draw the picture into *file*."""
    with tempfile.TemporaryDirectory(prefix="platformc-picture-") as name:
        folder = Path(name, "shop")
        shutil.copytree(ROOT / "samples" / "shop", folder, ignore=shutil.ignore_patterns("deploy", ".sops.yaml"))
        lines = list(transcript(folder))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(svg(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images" / "shop.svg")
