"""Platforms with an engine: the sample shop, its output laid out for Flux or for Argo CD."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from generator.adapters.project import ProjectFiles
from tests.compiled import ROOT, Compiled, compile_text

SHOP = ROOT / "samples" / "shop"
REPOSITORY = "https://github.com/acme/platform.git"

Build = Callable[..., list[dict[str, Any]]]


def compiled_shop(engine: str, *, more: str = "", repository: str = REPOSITORY, layout: str = "plain") -> Compiled:
    """Return the sample shop, compiled for *engine*; *more* are settings of the wiring."""
    gitops = f'{{ engine: {engine}, repository: "{repository}"{more} }}'
    text = (SHOP / "platform.yaml").read_text(encoding="utf-8")
    output = f"output: {{ layout: {layout}, gitops: {gitops} }}"
    return compile_text(text.replace("output: { directory: deploy }", output), ProjectFiles(SHOP))


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Write a compiled tree, and *more* files beside it, and build one of its folders with kustomize."""
    kustomize = shutil.which("kustomize")
    if kustomize is None or shutil.which("sops") is None:
        pytest.fail("kustomize or sops is not on the PATH: run the tests with 'make test'")
    stand_in = tmp_path / "bin" / "ksops"
    stand_in.parent.mkdir()
    script = Path(__file__).with_name("ksops_stand_in.py")
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    environment = {
        "PATH": f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "SOPS_AGE_KEY_FILE": str(SHOP / "throwaway.agekey"),
    }

    def built(
        compiled: Compiled, folder: str, *options: str, more: Mapping[str, str] = MappingProxyType({})
    ) -> list[dict[str, Any]]:
        beside = {PurePosixPath(path): text.encode() for path, text in more.items()}
        for path, content in {**compiled.compilation.tree, **beside}.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        command = (str(kustomize), "build", *options, folder)
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True)
        assert not done.returncode, done.stderr
        return list(yaml.safe_load_all(done.stdout))

    return built


def named(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return *objects* by kind and name."""
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in objects}
