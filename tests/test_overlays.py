"""What is known of kustomize: it explains every overlay that is compiled, and what `kustomize build` makes of edits."""

import shutil
import subprocess
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from generator.adapters.package import read_schema, read_templates
from generator.adapters.project import ProjectFiles
from generator.edited_output import objects_of
from generator.front import Inputs, front_of
from generator.model import yaml_text
from generator.model.diagnostics import CompileError
from generator.model.group import groups
from generator.model.source import same_json
from generator.model.unit import units
from generator.overlays import Overlay, built, documents_of, objects_built, overlays_of
from tests.compiled import ROOT, Compiled, compile_folder
from tests.kustomized import identified

SAMPLES = ("kustomize", "large", "minimal", "shop")


def overlays(sample: str, compiled: Compiled) -> list[Overlay]:
    folder = ROOT / "samples" / sample
    text = (folder / "platform.yaml").read_bytes()
    inputs = Inputs(
        name="platform.yaml", text=text, files=ProjectFiles(folder), read_schema=read_schema, templates=read_templates()
    )
    everything = list(units(front_of(inputs).platform))
    found = (each for each in groups(everything, everything) if each.units[0].microservice)
    return [overlay for each in found for overlay in overlays_of(compiled.compilation.directory, each)]


def objects(overlay: Overlay, tree: Any, compiled: Compiled) -> Any:
    documents = documents_of(overlay, tree, documents_of(overlay, compiled.compilation.tree))
    return objects_built(built(overlay, documents, tree, compiled.compilation.schemas))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_compiled_overlay_is_explained(sample: str) -> None:
    plain = compile_folder(ROOT / "samples" / sample, "plain").compilation
    compiled = compile_folder(ROOT / "samples" / sample, "kustomize")

    for each in overlays(sample, compiled):
        expected = objects_of(plain.tree[plain.directory / each.unit.path])
        assert same_json(objects(each, compiled.compilation.tree, compiled), expected)


KUSTOMIZED = compile_folder(ROOT / "samples" / "kustomize")
OVERLAYS = overlays("kustomize", KUSTOMIZED)
VALUES = st.sampled_from(
    [None, True, 1, 7, "seven", "7", "true", "catalog", "prod-catalog", "catalog-env-variables", "Prod", {}, {"a": "b"}]
)


@st.composite
def mutated(draw: st.DrawFn, node: Any, depth: int = 0) -> Any:
    """Edit one place in *node*."""
    if isinstance(node, dict) and node and (depth < 1 or draw(st.integers(0, 4))):
        key = draw(st.sampled_from([each for each in node if depth or each not in {"apiVersion", "kind"}]))
        return {**node, key: draw(mutated(node[key], depth + 1))}
    if isinstance(node, list) and node and draw(st.integers(0, 4)):
        index = draw(st.integers(0, len(node) - 1))
        return [*node[:index], draw(mutated(node[index], depth + 1)), *node[index + 1 :]]
    return draw(replaced(node))


@st.composite
def replaced(draw: st.DrawFn, node: Any) -> Any:
    """Return something else for *node*."""
    if isinstance(node, dict):
        gone = draw(st.sampled_from([None, *node]))
        name = draw(st.sampled_from(("example.com/a", "replicas", "data", "$patch", "paused", "env", "extra")))
        return draw(
            st.sampled_from([{**node, name: draw(VALUES)}, {key: node[key] for key in node if key != gone}, None])
        )
    if isinstance(node, list):
        added = draw(st.sampled_from([{"name": "new", "value": "1"}, "x", 5]))
        return draw(st.sampled_from([[*node, added], node[1:], node[::-1], []]))
    return draw(VALUES)


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_certain_of_an_edit_is_what_kustomize_builds(data: st.DataObject) -> None:
    tree = dict(KUSTOMIZED.compilation.tree)
    overlay = OVERLAYS[data.draw(st.integers(0, len(OVERLAYS) - 1))]
    path = data.draw(st.sampled_from([each for each in overlay.files if each in tree]))
    bodies = list(yaml.safe_load_all(tree[path]))
    index = data.draw(st.integers(0, len(bodies) - 1))
    bodies[index] = data.draw(mutated(bodies[index]))
    tree[path] = "---\n".join(map(yaml_text.emit, bodies)).encode()

    try:
        found = objects(overlay, tree, KUSTOMIZED)
    except CompileError:
        event("not certain")
        reject()
    expected = kustomize_builds(tree, overlay.folder)
    if expected is None:
        event("does not build")
        reject()
    event("builds")
    assert identified(found.values()) == expected


def kustomize_builds(tree: dict[PurePosixPath, bytes], folder: PurePosixPath) -> dict[Any, Any] | None:
    """Return what `kustomize build` makes of *folder*, without sealed Secrets; None where it refuses."""
    executable = shutil.which("kustomize")
    if executable is None:
        pytest.fail("these tests need kustomize on the PATH")
    with TemporaryDirectory() as place:
        for path, content in tree.items():
            file = Path(place) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        done = subprocess.run(
            (executable, "build", str(Path(place) / folder)), capture_output=True, check=False, encoding="utf-8"
        )
    if done.returncode:
        return None
    return identified(each for each in yaml.safe_load_all(done.stdout) if "sops" not in each)
