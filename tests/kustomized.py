"""What `kustomize build` makes of a compiled tree, beside the objects of the plain layout."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from tests.compiled import Body, Compiled


class _Loader(yaml.CSafeLoader):
    """PyYAML, for which `=` and `<<` are as values what they are for kustomize and everybody else: strings."""


for _tag in ("value", "merge"):
    yaml.add_constructor(
        f"tag:yaml.org,2002:{_tag}", lambda loader, node: loader.construct_yaml_str(node), Loader=_Loader
    )

Identity = tuple[str, str, str, str]

KUSTOMIZE = ("kustomize", "build")
KUBECTL = ("kubectl", "kustomize")


def identified(bodies: Iterable[Body]) -> dict[Identity, Body]:
    """Return objects by what tells them apart."""
    found: dict[Identity, Body] = {}
    for body in bodies:
        metadata = body["metadata"]
        key = (body["apiVersion"], body["kind"], metadata.get("namespace", ""), metadata["name"])
        assert key not in found, key
        found[key] = body
    return found


@contextmanager
def on_disk(compiled: Compiled) -> Iterator[Path]:
    """Write a compiled tree; yield the output folder."""
    with TemporaryDirectory() as folder:
        for path, content in compiled.compilation.tree.items():
            place = Path(folder) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield Path(folder) / compiled.compilation.directory


def build(folder: Path, tool: tuple[str, str] = KUSTOMIZE) -> dict[Identity, Body]:
    """Return the objects that *tool* builds from *folder*."""
    executable = shutil.which(tool[0])
    if executable is None:
        pytest.fail(f"these tests need {tool[0]} on the PATH")
    done = subprocess.run((executable, tool[1], str(folder)), capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return identified(each for each in yaml.load_all(done.stdout, Loader=_Loader) if each)


def plain_objects(compiled: Compiled) -> dict[str, dict[Identity, Body]]:
    """Return the applications' objects in the plain layout, by their folder in the output."""
    found: dict[str, dict[Identity, Body]] = {}
    for path, content in compiled.compilation.tree.items():
        if path.is_relative_to(compiled.compilation.directory):
            folder = str(path.parent.relative_to(compiled.compilation.directory))
            if folder.startswith("gitops"):
                continue
            bodies = (each for each in yaml.load_all(content, Loader=_Loader) if each)
            found.setdefault(folder, {}).update(identified(bodies))
    return found


def assert_same(built: Mapping[Identity, Body], plain: Mapping[Identity, Body]) -> None:
    """Compare objects one by one, so that a difference can be read."""
    assert sorted(built) == sorted(plain)
    for key, body in plain.items():
        assert built[key] == body


def assert_builds_alike(plain: Compiled, kustomized: Compiled, tool: tuple[str, str] = KUSTOMIZE) -> None:
    """Build every environment and application, and compare what comes out with the plain layout."""
    objects = plain_objects(plain)
    with on_disk(kustomized) as output:
        for folder, expected in objects.items():
            application, _, environment = folder.partition("/")
            place = output / application / (f"overlays/{environment}" if environment else "application")
            assert_same(build(place, tool), expected)
