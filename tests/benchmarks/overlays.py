"""What building costs in the kustomize layout, beside the overlay that people usually write.

    python -m tests.benchmarks.overlays [MICROSERVICES]

The usual one is a single overlay with `namePrefix`, `labels`, an item of `images` and one of `replicas` for each
microservice, over one base with the objects of all of them. `kustomize build` takes the square of what it loads, and
looks at every object for every item of a list: so the size is a fixed one, and not that of the other comparisons.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import yaml

from tests.benchmarks import standard_platform
from tests.benchmarks.measure import Command, medians, row
from tests.benchmarks.subjects import PLATFORMC, Platform

SIZE = 150
ROUNDS = 3
STAGE = "prod"
_PREFIXED = re.compile(rf'"{STAGE}-')


def write_usual(plain: Path, folder: Path, size: int) -> None:
    """Write a base of the objects in *plain*, a folder of the plain layout, and the usual overlay over it."""
    base, overlay = folder / "base", folder / "overlay"
    base.mkdir(parents=True)
    overlay.mkdir()
    files = sorted(each for each in plain.glob("*.yaml") if each.name != "environment.yaml")
    for file in files:
        (base / file.name).write_text(_PREFIXED.sub('"', file.read_text(encoding="utf-8")), encoding="utf-8")
    names = [each.lower() for each in standard_platform.names(size)]
    _write(base, {"resources": [each.name for each in files]})
    _write(
        overlay,
        {
            "resources": ["../base"],
            "namePrefix": f"{STAGE}-",
            "labels": [{"pairs": {"environment": "Prod"}, "includeSelectors": True}],
            "images": [{"name": f"acme/{name}", "newTag": "1.5.0"} for name in names],
            "replicas": [{"name": name, "count": 3} for name in names],
        },
    )


def compare_building(folder: Path, sealed: str, size: int = SIZE) -> Iterator[str]:
    """Yield the lines that compare overlays in *folder*, which is made; *sealed* is each microservice's secret."""
    standard_platform.write_platform(folder / "platform", size, sealed)
    compiling = Platform(folder / "platform")
    plain = partial(compiling.compile_cold)
    laid_out = partial(compiling.compile_cold, "--layout", "kustomize")
    plain()
    write_usual(folder / "platform" / "deploy" / "shop" / STAGE, folder / "usual", size)
    kustomized, beside = medians(ROUNDS, laid_out, plain)
    laid_out()
    overlays = folder / "platform" / "deploy" / "shop" / "overlays" / STAGE
    alone, whole, usual = medians(
        ROUNDS,
        _build(overlays / standard_platform.names(size)[-1].lower()),
        _build(overlays),
        _build(folder / "usual" / "overlay"),
    )
    yield row("cold compile, kustomize layout", kustomized, "cold compile, plain layout", beside, "")
    yield row(f"`kustomize build` of {size} microservices", whole, "the usual single overlay", usual, "0.6")
    yield row("`kustomize build` of one of them", alone, "the usual single overlay", usual, "")


def _build(folder: Path) -> partial[float]:
    return partial(Command.run, Command(("kustomize", "build", str(folder)), folder, os.environ))


def _write(folder: Path, fields: dict[str, object]) -> None:
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(fields), encoding="utf-8")


def main(size: int) -> None:
    """Print the table for *size* microservices.

    Raises:
        SystemExit: When a tool is missing, or a command fails.
    """
    for tool in ("kustomize", "sops"):
        if shutil.which(tool) is None:
            raise SystemExit(f"benchmark: '{tool}' is not on PATH; `make benchmark` puts it there")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        print(f"{PLATFORMC}, Python {sys.version.split()[0]}:")
        print(*compare_building(folder, standard_platform.seal(folder), size), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
