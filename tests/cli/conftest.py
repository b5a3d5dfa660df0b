"""A project on disk, and platformc at work in it."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from generator.cli.main import main
from generator.model.unit import Unit
from generator.unit_compiler import UnitCompiler, UnitObjects
from tests.edited_project import SHOP, Bench

SAMPLES = Path(__file__).parents[2] / "samples"

Ended: TypeAlias = "subprocess.CompletedProcess[str]"
Platformc: TypeAlias = Callable[..., Ended]

DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
kubernetes: "1.34"
applications:
  - name: shop
    id: 7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02
    environments:
      - name: Dev
        tenants:
          - { id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.shop.example.com] }
      - name: Prod
        kubernetes: "1.33"
        tenants:
          - { id: a1b2c3d4-1111-4aaa-8111-000000000001, hosts: [shop.example.com] }
    microservices:
      - name: Catalog
        id: 11aa22bb-33cc-44dd-85ee-66ff77008811
        head: { image: "acme.azurecr.io/catalog:1.4.0" }
        expose: { path: /api/catalog }
      - name: Pricing
        id: 99ccbbaa-8877-4665-9544-332211ffeedd
        head: { image: "acme.azurecr.io/pricing:2.0.1" }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a platform document, without secrets."""
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
    return folder


@pytest.fixture
def platformc(project: Path) -> Platformc:
    """Runs the command in a process of its own, in the project's folder unless *cwd* names another."""

    def run(*arguments: str, cwd: Path = project, stdin: str = "", **environment: str) -> Ended:
        quiet = {
            name: value
            for name, value in os.environ.items()
            if name not in {"NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "TF_BUILD"}
        }
        return subprocess.run(
            [sys.executable, "-m", "generator", *arguments],
            cwd=cwd,
            env=quiet | environment,
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=60,
        )

    return run


@pytest.fixture
def sealed_project(project: Path) -> Path:
    """The same with one secret variable in Dev, sealed by sops to a key that is thrown away."""
    key = _output("age-keygen")
    recipient = key.partition("public key: ")[2].split()[0]
    document = project / "platform.yaml"
    text = document.read_text(encoding="utf-8").replace(
        "        tenants:\n", f"        recipients: {{ age: [{recipient}] }}\n        tenants:\n"
    )
    head = '        head: { image: "acme.azurecr.io/catalog:1.4.0" }\n'
    declared = "        env: { DB_PASSWORD: { secret: true } }\n        environments: { Prod: { deploy: false } }\n"
    document.write_text(text.replace(head, head + declared), encoding="utf-8")
    configuration = project / "sops.yaml"
    configuration.write_text(
        "creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n"
        f"    age: {recipient}\n",
        encoding="utf-8",
    )
    source = project / "secrets" / "shop" / "dev" / "catalog.yaml"
    source.parent.mkdir(parents=True)
    source.write_text("stringData:\n  DB_PASSWORD: hunter2hunter2\n", encoding="utf-8")
    _output("sops", "--config", str(configuration), "encrypt", "--in-place", str(source))
    configuration.unlink()
    return project


def _output(tool: str, *arguments: str) -> str:
    found = shutil.which(tool)
    assert found is not None, f"'{tool}' is not on PATH; 'make tools' fetches it"
    ended = subprocess.run([found, *arguments], capture_output=True, check=True, encoding="utf-8")
    return ended.stdout


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample shop, with its output."""
    return _entered(SAMPLES / "shop", tmp_path, monkeypatch)


@pytest.fixture
def overlays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample of bases and overlays, with its output."""
    return _entered(SAMPLES / "kustomize", tmp_path, monkeypatch)


def _entered(sample: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of *sample* in *folder*, as the current folder."""
    copy = shutil.copytree(sample, folder / sample.name)
    monkeypatch.chdir(copy)
    monkeypatch.setenv("NO_COLOR", "1")
    return copy


_SECONDS = re.compile(r"\(\d+\.\d\d s\)")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    """A project to edit, once beside a cache and once without one."""
    warm, cold = tmp_path / "warm" / "project", tmp_path / "cold" / "project"

    def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PLATFORMC_CACHE", "off" if folder == cold else str(tmp_path / "cache"))
        monkeypatch.setenv("PLATFORMC_DEBUG", "1")
        capsys.readouterr()
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, _SECONDS.sub("", said.err)

    ignored = shutil.ignore_patterns("deploy", "*.agekey", ".sops.yaml")
    for folder in (warm, cold):
        shutil.copytree(SHOP, folder, ignore=ignored)
    return Bench(warm, cold, run, random.Random(0))  # noqa: S311  (edits, not secrets)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The units of microservices that were compiled, also without a cache."""
    return _compiled(monkeypatch, lambda unit: unit.microservice is not None)


@pytest.fixture
def all_compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same with the units of applications and environments."""
    return _compiled(monkeypatch, lambda _: True)


def _compiled(monkeypatch: pytest.MonkeyPatch, counts: Callable[[Unit], bool]) -> list[str]:
    names: list[str] = []
    real = UnitCompiler.objects

    def counted(self: UnitCompiler, unit: Unit) -> UnitObjects:
        if counts(unit):
            names.append(unit.name)
        return real(self, unit)

    monkeypatch.setattr(UnitCompiler, "objects", counted)
    return names
