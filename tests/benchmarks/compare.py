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
from tests.benchmarks.hooks import compare_hooks
from tests.benchmarks.measure import Command, medians, row
from tests.benchmarks.overlays import compare_building
from tests.benchmarks.peers import Jsonnet, Kapitan
from tests.benchmarks.subjects import PLATFORMC, Chart, Platform

ROUNDS = 5
SLOW_ROUNDS = 3  # of what takes seconds
START_ROUNDS = 15  # of what takes a blink
SCALE = 10
SEALED_FILES = 1000
MEGABYTE = 1_000_000

HEADING = """\
| what | takes | compared with | takes | ratio | goal |
| --- | ---: | --- | ---: | ---: | ---: |"""


def compare_compiling(platform: Platform, chart: Chart) -> Iterator[str]:
    """Yield the lines that compare compiling *platform* with printing *chart* and with copying files."""
    platform.compile_cold()
    objects, size = platform.output()
    others, other_size = chart.output()
    print(f"platformc writes {objects} objects in {size / MEGABYTE:.1f} MB,")
    print(f"helm prints {others} objects in {other_size / MEGABYTE:.1f} MB.\n")
    cold, helm, copy = medians(ROUNDS, platform.compile_cold, chart.template, platform.copy)
    edited, noticed, extended, check, again, status = medians(
        ROUNDS,
        platform.compile_edited,
        platform.compile_noticed,
        platform.compile_extended,
        platform.check,
        platform.compile_again,
        platform.status,
    )
    yield row("cold compile", cold, "`helm template`, once an environment", helm, "1, then 0.5")
    yield row("cold compile, an object", cold / objects, "`helm template`, an object", helm / others, "")
    yield row("cold compile", cold, "`cp -r` of the output", copy, "")
    yield row("compile after one edit", edited, "cold compile", cold, "0.1")
    yield row("compile after another port", noticed, "cold compile", cold, "0.1")
    yield row("compile after one microservice was added", extended, "cold compile", cold, "")
    yield row("`check`, nothing changed", check, "cold compile", cold, "0.05")
    yield row("`compile`, nothing changed", again, "cold compile", cold, "0.05")
    yield from compare_hooks(platform)
    yield row(f"`secrets status` of {platform.sealed_files()} files", status, "cold compile", cold, "")


def compare_peers(platform: Platform, jsonnet: Jsonnet, kapitan: Kapitan) -> Iterator[str]:
    """Yield the lines that compare compiling *platform* with what prints or writes as many objects in other ways."""
    jsonnet.write()
    kapitan.write()
    cold, print_ = medians(SLOW_ROUNDS, platform.compile_cold, jsonnet.print)
    (write,) = medians(1, kapitan.compile)
    print(f"jsonnet prints {jsonnet.objects()} objects, kapitan writes {kapitan.objects()}.\n", flush=True)
    yield row("cold compile", cold, "`jsonnet`, once an environment", print_, "")
    yield row("cold compile", cold, "`kapitan compile`", write, "")


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


def compare_sizes(smaller: Platform, middle: Platform, larger: Platform) -> Iterator[str]:
    """Yield the lines on what *larger* costs, which is so many times *middle*, and that so many times *smaller*."""
    memory, before = middle.peak_megabytes(), smaller.peak_megabytes()
    times = medians(SLOW_ROUNDS, middle.compile_cold, smaller.compile_cold)
    (most,) = medians(1, larger.compile_cold)
    growth = math.log(most / times[1], SCALE) / 2
    yield f"| peak memory | {memory:.0f} MB | a {SCALE}th of the platform | {before:.0f} MB | | 250 MB |"
    yield row("cold compile", times[0], f"a {SCALE}th of the platform", times[1], f"{SCALE}")
    yield row(f"cold compile of {SCALE} times the platform", most, "cold compile", times[0], f"{SCALE}")
    yield f"| time grows with the size to the power of | {growth:.2f} | | | | 1 |"


def main(size: int) -> None:
    """Print the table for *size* microservices.

    Raises:
        SystemExit: When a tool is missing, or a command fails.
    """
    for tool in ("helm", "jsonnet", "kapitan", "kustomize", "sops"):
        if shutil.which(tool) is None:
            raise SystemExit(f"benchmark: '{tool}' is not on PATH; `make benchmark` puts it there")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        sealed = standard_platform.seal(folder)
        write = partial(standard_platform.write_platform, sealed=sealed)
        write(folder / "whole", size)
        write(folder / "part", max(1, size // SCALE))
        write(folder / "many", size * SCALE)
        write(folder / "one", 1, environments=("Dev",))
        write(folder / "sealed", SEALED_FILES // 2, environments=("Dev", "Prod"))
        values = tuple(write_chart(folder / "chart", size, sealed))
        chart, jsonnet = Chart(folder / "chart", values), Jsonnet(folder / "jsonnet", values)
        kapitan = Kapitan(folder / "jsonnet", values)
        whole, part, many, one = (Platform(folder / each) for each in ("whole", "part", "many", "one"))
        print(f"\n{size} microservices in {len(standard_platform.ENVIRONMENTS)} environments,")
        print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}:", flush=True)
        rows = [*compare_compiling(whole, chart), *compare_peers(whole, jsonnet, kapitan)]
        rows += [
            *compare_starting(one),
            *compare_sizes(part, whole, many),
            *compare_building(folder / "overlays", sealed),
        ]
        rows += compare_status(Platform(folder / "sealed"))
    print(HEADING, *rows, sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
