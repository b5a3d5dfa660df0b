"""Another version of platformc that compiles the same leaves the same, but for the line that names it."""

import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import generator
from tests.committed.killing import LOCK, everything

SHOP = Path(__file__).parents[2] / "samples" / "shop"


def run(folder: Path, *arguments: str, program: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        (sys.executable, "-m", "generator", *arguments),
        cwd=folder,
        env=os.environ | ({} if program is None else {"PYTHONPATH": str(program)}),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


@pytest.fixture
def another(tmp_path: Path) -> Path:
    """A copy of the program that differs in its version only."""
    package = Path(generator.__file__).parent
    shutil.copytree(package, tmp_path / "another" / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("schemas", "templates"):
        if not (package / f"_{name}").is_dir():  # a checkout, not the wheel
            shutil.copytree(package.parent / name, tmp_path / "another" / name)
    module = tmp_path / "another" / "generator" / "__init__.py"
    text = module.read_text(encoding="utf-8")
    assert text.count(generator.__version__) == 1
    module.write_text(text.replace(generator.__version__, "9.9.9"), encoding="utf-8")
    return tmp_path / "another"


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
@pytest.mark.parametrize("cache", [(), ("--no-cache",)], ids=["with a cache", "without a cache"])
def test_another_version_that_compiles_the_same_writes_the_line_that_names_it(
    another: Path, tmp_path: Path, layout: str, cache: tuple[str, ...]
) -> None:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("deploy"))
    assert run(root, "compile", "--layout", layout, *cache).returncode == 0
    before, stood = everything(root), times(root)

    checked = run(root, "check", "--layout", layout, *cache, program=another)
    compiled = run(root, "compile", "--layout", layout, *cache, program=another)

    assert (checked.returncode, compiled.returncode) == (1, 0)
    assert checked.stderr.splitlines() == [
        "deploy/.platformc.lock: compiler changed",
        f"out of date: 1 file; run: platformc compile --layout {layout}",
    ]
    after = everything(root)
    assert {name for name in before | after if before.get(name) != after.get(name)} == {LOCK}
    lines = [each[LOCK].decode().splitlines() for each in (before, after)]
    changed = [line for line in difflib.ndiff(lines[0], lines[1]) if line[0] in "+-"]
    assert [re.sub(r"\d.*", "", line) for line in changed] == ["- # compiler ", "+ # compiler "]
    assert {name for name, time in times(root).items() if stood[name] != time} == {LOCK}
    assert b"# compiler 9.9.9\n" in after[LOCK]
    assert run(root, "check", "--layout", layout, *cache, program=another).returncode == 0


def times(root: Path) -> dict[str, int]:
    """Return when each file of the output was written, the inventory included."""
    return {
        str(path.relative_to(root)): path.stat().st_mtime_ns for path in (root / "deploy").rglob("*") if path.is_file()
    }
