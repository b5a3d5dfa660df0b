"""A compiler is a function: the same project gives the same bytes, wherever and whenever it is compiled."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from generator.adapters.workers import WORTH_IT
from tests.compiled import ROOT, compile_folder

SHOP = ROOT / "samples" / "shop"
VARIATIONS: dict[str, dict[str, str]] = {
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "a locale without Unicode": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a Turkish locale": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    "one hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "4294967295"},
    "optimised code": {"PYTHONOPTIMIZE": "2"},
    "another clock": {"SOURCE_DATE_EPOCH": "0"},
    "a proxy that is not there": {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"},
}


@cache
def expected() -> Mapping[str, bytes]:
    return {str(path): content for path, content in compile_folder(SHOP).compilation.tree.items()}


def compiled(
    project: Path,
    *before: str,
    umask: int = 0o022,
    environment: Mapping[str, str] | None = None,
    python: tuple[str, ...] = (),
    options: tuple[str, ...] = (),
) -> dict[str, bytes]:
    """Compile a copy of the sample in a process of its own, and return what was written but the inventory."""
    shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns("deploy", ".sops.yaml"))
    subprocess.run(
        (*before, sys.executable, *python, "-m", "generator", "compile", *options),
        cwd=project,
        env={"PATH": os.environ["PATH"], "HOME": str(project), **(environment or {})},
        umask=umask,
        capture_output=True,
        check=True,
        timeout=60,
    )
    written = [project / ".sops.yaml", *(path for path in (project / "deploy").rglob("*") if path.is_file())]
    return {
        path.relative_to(project).as_posix(): path.read_bytes() for path in written if path.name != ".platformc.lock"
    }


@pytest.mark.parametrize("variation", VARIATIONS)
def test_the_same_bytes_come_out_under(variation: str, tmp_path: Path) -> None:
    assert compiled(tmp_path / "shop", environment=VARIATIONS[variation]) == expected()


PYTHONS = ((), ("-O",), ("-OO",), ("-I",), ("-X", "utf8"), ("-X", "utf8=0"), ("-B", "-s"))
"""What Python itself may be told."""

_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def digest(project: Path) -> str:
    """Return a digest of the whole output: every file with its name, its mode and its bytes, the inventory included."""
    found = hashlib.sha256()
    output = [project / ".sops.yaml", *(path for path in (project / "deploy").rglob("*") if path.is_file())]
    for path in sorted(output):
        content = path.read_bytes()
        found.update(f"{path.relative_to(project)} {path.stat().st_mode:o} {len(content)}\n".encode() + content)
    return found.hexdigest()


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the layouts come to, in a run of no particular kind."""
    folder = tmp_path_factory.mktemp("expected")
    for layout in ("plain", "kustomize"):
        compiled(folder / layout, options=("--layout", layout, "--no-cache"))
    return {layout: digest(folder / layout) for layout in ("plain", "kustomize")}


@pytest.mark.parametrize("number", range(50))
def test_fifty_runs_of_all_kinds_come_to_one(
    number: int, digests: dict[str, str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Half of them with a cache that they share, half with none; each kind beside several of the others."""
    assert shutil.which("taskset"), "'taskset' is not on the PATH; it is part of util-linux"
    shared = str(tmp_path_factory.getbasetemp() / "shared-cache")
    locale = ("C", "C.UTF-8", "tr_TR.UTF-8", "POSIX", "de_DE.ISO-8859-1")[number % 5]
    layout = ("plain", "kustomize")[number // 5 % 2]
    environment = {
        "TZ": ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia")[number % 4],
        "LC_ALL": locale,
        "LANG": locale,
        "PYTHONHASHSEED": str(number * 7919),
        "PLATFORMC_CACHE": ("off", shared)[number % 2],
    }
    folder = tmp_path / ("a", "b c", "ä ☃", "d" * 100, "$(id);'\"")[number // 2 % 5] / str(number)
    folder.parent.mkdir()

    compiled(
        folder,
        *("taskset", "--cpu-list", ",".join(map(str, _CORES[: 1 + number // 3 % 2]))),
        umask=(0o022, 0o002, 0o077)[number // 3 % 3],
        environment=environment,
        python=PYTHONS[number % len(PYTHONS)],
        options=("--layout", layout),
    )

    assert digest(folder) == digests[layout]


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_one_core_or_two_come_to_the_same(tmp_path: Path, layout: str) -> None:
    """Enough work for two: there are as many parts as it takes to share them."""
    names = [f"Service{number}" for number in range(WORTH_IT + 6)]
    environments = [{"name": name, "storage": {"backup": False}} for name in ("Dev", "Prod")]
    application = {
        "name": "shop",
        "environments": environments,
        "microservices": [{"name": name, "head": {"image": "example/one:1.0.0"}} for name in names],
    }
    document = {"apiVersion": "platformc.dev/v1", "kind": "Platform", "customer": {"name": "acme"}}
    found = set()
    for count in (1, 2):
        project = tmp_path / str(count)
        project.mkdir()
        (project / "platform.yaml").write_text(json.dumps({**document, "applications": [application]}))
        (project / ".sops.yaml").touch()
        cores = ",".join(map(str, _CORES[:count]))
        words = ("taskset", "--cpu-list", cores, sys.executable, "-m", "generator", "compile", "--no-cache")
        subprocess.run((*words, "--layout", layout), cwd=project, check=True, capture_output=True, timeout=60)
        found.add(digest(project))
    assert len(found) == 1


def test_the_same_bytes_come_out_in_a_folder_of_another_name(tmp_path: Path) -> None:
    assert compiled(tmp_path / "mit Leerzeichen & Ümläut" / "$(id)") == expected()


def test_the_same_bytes_come_out_under_another_umask(tmp_path: Path) -> None:
    assert compiled(tmp_path / "shop", umask=0o077) == expected()


def test_the_same_bytes_come_out_without_a_network(tmp_path: Path) -> None:
    """Linux lets root, and mostly everybody, leave the network; where nobody may, the proxy above has to do."""
    alone = ("unshare", "--map-root-user", "--net")
    assert shutil.which("unshare"), "'unshare' is not on the PATH; it is part of util-linux"
    allowed = subprocess.run((*alone, "true"), capture_output=True, check=False).returncode == 0

    assert compiled(tmp_path / "shop", *(alone if allowed else ())) == expected()


def test_the_inventory_is_the_same_everywhere_too(tmp_path: Path) -> None:
    compiled(tmp_path / "one", environment={"TZ": "UTC"})
    compiled(tmp_path / "two", environment={"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"})

    locks = [(tmp_path / each / "deploy" / ".platformc.lock").read_bytes() for each in ("one", "two")]
    assert locks[0] == locks[1]


def test_the_order_of_microservices_in_the_document_is_no_part_of_their_files(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns("deploy", ".sops.yaml"))
    text = (project / "platform.yaml").read_text(encoding="utf-8")
    head, *microservices = text.split("      # ")
    first = compile_folder(project).compilation.tree

    turned = "\n      # ".join([head.rstrip("\n"), *(each.rstrip("\n") for each in reversed(microservices))]) + "\n"
    (project / "platform.yaml").write_text(turned, encoding="utf-8")

    assert dict(compile_folder(project).compilation.tree) == dict(first)
