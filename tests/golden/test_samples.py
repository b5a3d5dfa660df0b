"""The samples, compiled, are what is committed beside them: documentation, demonstration and golden output in one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiled import ROOT, compile_folder

SAMPLES = sorted(path.parent for path in (ROOT / "samples").glob("*/platform.yaml"))
AGAIN = "run `make golden` and look at what changed"


def committed(sample: Path) -> dict[str, bytes]:
    """Return the files that a sample's compilation has left, but for the inventory."""
    found = [*(sample / "deploy").rglob("*"), sample / ".sops.yaml"]
    return {
        path.relative_to(sample).as_posix(): path.read_bytes()
        for path in found
        if path.is_file() and path.name != ".platformc.lock"
    }


def test_there_are_samples() -> None:
    assert [each.name for each in SAMPLES] == ["kustomize", "large", "minimal", "shop"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_compiles_to_what_is_committed(sample: Path) -> None:
    expected = committed(sample)
    tree = {str(path): content for path, content in compile_folder(sample).compilation.tree.items()}

    assert sorted(tree) == sorted(expected), AGAIN
    for path, content in tree.items():
        assert content.decode() == expected[path].decode(), f"{path}: {AGAIN}"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_inventory_of_a_sample_is_that_of_its_output(sample: Path) -> None:
    ended = subprocess.run(
        (sys.executable, "-m", "generator", "check"),
        cwd=sample,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    assert ended.returncode == 0, f"{ended.stdout}{ended.stderr}{AGAIN}"
