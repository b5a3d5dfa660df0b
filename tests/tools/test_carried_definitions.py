"""The definitions of other projects' kinds: trimmed by one command, and complete."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CARRIED = ROOT / "schemas" / "definitions"

WIDGETS = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com, annotations: { controller-gen.kubebuilder.io/version: v0.19.0 } }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets, singular: widget, listKind: WidgetList }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns: [{ name: Age, type: date, jsonPath: .metadata.creationTimestamp }]
      subresources: { status: {} }
      schema:
        openAPIV3Schema:
          description: A widget.
          type: object
          properties:
            spec:
              type: object
              required: [description]
              properties:
                description: { type: string, description: A field of this name is no description., maxLength: 10 }
                size: { type: integer, format: int32, default: 3, example: 4 }
              x-kubernetes-validations: [{ rule: self.size > 0 }]
            status: { type: object, properties: { phase: { type: string } } }
    - name: v1beta1
      served: false
      storage: false
      schema: { openAPIV3Schema: { type: object } }
"""


def trim(output: Path, *files: Path, project: str = "widgets") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "carried_definitions.py"), project, *map(str, files)]
    return subprocess.run([*command, "--output", str(output)], check=False, capture_output=True, text=True)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    file = tmp_path / "published.yaml"
    file.write_text(WIDGETS, encoding="utf-8")
    return file


def test_what_only_people_read_is_left_out(published: Path, tmp_path: Path) -> None:
    assert trim(tmp_path / "out", published).returncode == 0

    crd: dict[str, Any] = json.loads((tmp_path / "out" / "widgets" / "widgets.json").read_bytes())
    (version,) = crd["spec"]["versions"]
    assert crd["metadata"] == {"name": "widgets.example.com"}
    assert version.keys() == {"name", "served", "storage", "subresources", "schema"}
    assert version["schema"]["openAPIV3Schema"] == {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "required": ["description"],
                "properties": {
                    "description": {"type": "string", "maxLength": 10},
                    "size": {"type": "integer", "format": "int32", "default": 3},
                },
                "x-kubernetes-validations": [{"rule": "self.size > 0"}],
            },
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        },
    }


def test_the_list_names_the_file_of_each_version_of_a_kind(published: Path, tmp_path: Path) -> None:
    trim(tmp_path / "out", published)

    listed = json.loads((tmp_path / "out" / "kinds.json").read_bytes())
    assert listed == {"example.com/v1": {"Widget": "widgets/widgets.json"}}


def test_a_kind_of_the_whole_cluster_is_refused(published: Path, tmp_path: Path) -> None:
    published.write_text(WIDGETS.replace("Namespaced", "Cluster"), encoding="utf-8")

    refused = trim(tmp_path / "out", published)

    assert refused.returncode == 1
    assert "widgets.example.com belongs to the whole cluster" in refused.stderr


def test_trimming_again_what_is_carried_changes_no_byte(tmp_path: Path) -> None:
    for folder in (path for path in CARRIED.iterdir() if path.is_dir()):
        files = sorted(folder.glob("*.json"))
        assert all(yaml.safe_load(file.read_bytes()) for file in files)
        trim(tmp_path, *files, project=folder.name)

    assert files_of(tmp_path) == files_of(CARRIED)
