"""Compare platformc with its peers on the standard platform, side by side in one sitting; print the ratios.

    python -m tests.benchmarks.compare [MICROSERVICES]

Times are medians of several runs taken in turns. Nothing is asserted: machines differ, and ratios tell.
"""

import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks import standard_platform
from tests.benchmarks.chart import write_chart
from tests.benchmarks.measure import Command, medians
from tests.benchmarks.subjects import PLATFORMC, Chart, Platform

ROUNDS = 5
START_ROUNDS = 15  # of what takes a blink
SCALE = 10
SEALED_FILES = 1000
MEGABYTE = 1_000_000

HEADING = """\
| what | takes | compared with | takes | ratio | goal |
| --- | ---: | --- | ---: | ---: | ---: |"""


def row(what: str, takes: float, other: str, other_takes: float, goal: str) -> str:
    """Return the line of the table that compares *takes* with *other_takes*, both in seconds."""
    ratio = f"{takes / other_takes:.2f}"
    return f"| {what} | {shown(takes)} | {other} | {shown(other_takes)} | {ratio} | {goal} |"


def shown(seconds: float) -> str:
    """Return *seconds* in the unit that suits them."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def compare_compiling(platform: Platform, chart: Chart) -> Iterator[str]:
    """Yield the lines that compare compiling *platform* with printing *chart* and with copying files."""
    platform.compile_cold()
    objects, size = platform.output()
    others, other_size = chart.output()
    print(f"platformc writes {objects} objects in {size / MEGABYTE:.1f} MB,")
    print(f"helm prints {others} objects in {other_size / MEGABYTE:.1f} MB.\n")
    cold, helm, copy = medians(ROUNDS, platform.compile_cold, chart.template, platform.copy)
    edited, check, status = medians(ROUNDS, platform.compile_edited, platform.check, platform.status)
    yield row("cold compile", cold, "`helm template`, once an environment", helm, "1, then 0.5")
    yield row("cold compile, an object", cold / objects, "`helm template`, an object", helm / others, "")
    yield row("cold compile", cold, "`cp -r` of the output", copy, "")
    yield row("compile after one edit", edited, "cold compile", cold, "0.1")
    yield row("check, nothing changed", check, "cold compile", cold, "0.05")
    yield row(f"`secrets status` of {platform.sealed_files()} files", status, "cold compile", cold, "")


def compare_starting(platform: Platform) -> Iterator[str]:
    """Yield the lines that compare what is quick, compiling a *platform* of one included, with an import."""
    here = platform.folder
    version = Command((PLATFORMC, "--version"), here, os.environ)
    import_click = Command((sys.executable, "-c", "import click"), here, os.environ)
    medians(1, version.run, import_click.run, platform.compile_cold)
    starting, compiling, importing = medians(START_ROUNDS, version.run, platform.compile_cold, import_click.run)
    yield row("`platformc --version`", starting, '`python -c "import click"`', importing, "1.5")
    yield row("compile of one microservice", compiling, '`python -c "import click"`', importing, "4")


def compare_status(platform: Platform) -> Iterator[str]:
    """Yield the line that compares the status of a *platform*'s secrets with an import."""
    import_click = Command((sys.executable, "-c", "import click"), platform.folder, os.environ)
    status, importing = medians(ROUNDS, platform.status, import_click.run)
    files = platform.sealed_files()
    yield row(f"`secrets status` of {files:,} files", status, '`python -c "import click"`', importing, "")


def compare_sizes(smaller: Platform, larger: Platform) -> Iterator[str]:
    """Yield the lines on what *larger* costs, which is so many times *smaller*."""
    memory, before = larger.peak_megabytes(), smaller.peak_megabytes()
    times = medians(ROUNDS, larger.compile_cold, smaller.compile_cold)
    growth = math.log(times[0] / times[1], SCALE)
    yield f"| peak memory | {memory:.0f} MB | a {SCALE}th of the platform | {before:.0f} MB | | 250 MB |"
    yield row("cold compile", times[0], f"a {SCALE}th of the platform", times[1], f"{SCALE}")
    yield f"| time grows with the size to the power of | {growth:.2f} | | | | 1 |"


def main(size: int) -> None:
    """Print the table for *size* microservices.

    Raises:
        SystemExit: When a tool is missing, or a command fails.
    """
    for tool in ("helm", "sops"):
        if shutil.which(tool) is None:
            raise SystemExit(f"benchmark: '{tool}' is not on PATH; `make benchmark` puts it there")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        sealed = standard_platform.seal(folder)
        write = partial(standard_platform.write_platform, sealed=sealed)
        write(folder / "whole", size)
        write(folder / "part", max(1, size // SCALE))
        write(folder / "one", 1, environments=("Dev",))
        write(folder / "sealed", SEALED_FILES // 2, environments=("Dev", "Prod"))
        chart = Chart(folder / "chart", tuple(write_chart(folder / "chart", size, sealed)))
        whole, part, one = (Platform(folder / each) for each in ("whole", "part", "one"))
        print(f"\n{size} microservices in {len(standard_platform.ENVIRONMENTS)} environments,")
        print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}:", flush=True)
        rows = [*compare_compiling(whole, chart), *compare_starting(one), *compare_sizes(part, whole)]
        rows += compare_status(Platform(folder / "sealed"))
    print(HEADING, *rows, sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
