import importlib.metadata
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import generator

ROOT = Path(__file__).parents[2]

TOO_LITTLE = """\
apiVersion: platformc.dev/v1
kind: Platform
kubernets: "1.34"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the source distribution, as a packager of some system would build it."""
    folder = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-P", "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    pins = ("--constraint", str(ROOT / "requirements-dev.txt"))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *pins, str(wheel))
    subprocess.run(pip, check=True, capture_output=True)
    return folder / "bin"


def run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run((program, *arguments), cwd=folder, capture_output=True, text=True, check=False)


def test_the_tests_run_against_the_installed_wheel_and_not_the_checkout() -> None:
    found = Path(generator.__file__).resolve()

    assert not found.is_relative_to(ROOT / "generator"), "run `make test`, which installs the wheel"
    assert "site-packages" in found.parts


def test_the_wheel_carries_its_schemas_its_templates_and_its_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    for folder, inside in (("schemas", "_schemas"), ("templates", "_templates")):
        files = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert files
        assert {f"generator/{inside}/{file.as_posix()}" for file in files} <= names
    assert "generator/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_carries_nothing_but_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"generator", "platformc"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_schemas_of_every_kubernetes_version_are_under_a_megabyte_in_the_wheel(wheel: Path) -> None:
    kubernetes = [entry for entry in zipfile.ZipFile(wheel).infolist() if "/_schemas/kubernetes" in entry.filename]

    assert 0 < sum(entry.file_size for entry in kubernetes) < 1_000_000


def test_what_the_wheel_asks_for_is_enough_to_compile(fresh: Path, tmp_path: Path) -> None:
    sample = ROOT / "samples" / "minimal" / "platform.yaml"

    version = run(fresh / "platformc", "--version", folder=tmp_path)
    compiled = run(fresh / "platformc", "compile", "-f", str(sample), "-o", str(tmp_path / "out"), folder=tmp_path)

    assert version.returncode == 0, version.stderr
    assert importlib.metadata.version("platformc") in version.stdout
    assert compiled.returncode == 0, compiled.stderr
    assert list((tmp_path / "out").rglob("*.yaml"))


def test_what_the_wheel_asks_for_is_enough_to_explain_a_mistake(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text(TOO_LITTLE, encoding="utf-8")

    refused = run(fresh / "platformc", "validate", folder=tmp_path)

    assert refused.returncode == 1
    assert "platform.yaml:3:1: error: unknown key 'kubernets'" in refused.stderr + refused.stdout
    assert "Traceback" not in refused.stderr


def test_what_the_wheel_compiles_with_its_own_templates_takes_no_jinja(fresh: Path, tmp_path: Path) -> None:
    sample = ROOT / "samples" / "minimal" / "platform.yaml"
    program = (fresh / "python", "-X", "importtime", "-m", "generator")

    compiled = run(*program, "compile", "-f", str(sample), "-o", str(tmp_path / "out"), folder=tmp_path)

    assert compiled.returncode == 0, compiled.stderr
    assert "generator.stages.render._python" in compiled.stderr
    assert "jinja2" not in compiled.stderr
