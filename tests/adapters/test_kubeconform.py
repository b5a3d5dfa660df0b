"""kubeconform's second opinion, from the real kubeconform."""

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.adapters.kubeconform import ConformDocument, Result, conform
from generator.adapters.package import read_schema
from generator.adapters.tools import MissingTool
from generator.model.kubernetes import KubernetesSchemas

GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog
spec:
  selector: { matchLabels: { app: catalog } }
  template:
    metadata: { labels: { app: catalog } }
    spec:
      containers:
        - { name: head, image: "acme.azurecr.io/catalog:1.4.0", resources: { limits: { cpu: 0.5 } } }
---
apiVersion: v1
kind: Service
metadata:
  name: catalog
spec:
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: catalog }
spec: { hostnames: [shop.example.com] }
"""


@pytest.fixture(scope="module")
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas(read_schema)


@pytest.fixture(autouse=True)
def kubeconform_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shutil.which("kubeconform"), "kubeconform is not on PATH: `make test` puts it there"
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # whoever tries the network fails


def document(text: str, version: str = "1.34") -> ConformDocument:
    return ConformDocument("shop/prod/catalog.yaml", text, version)


def test_good_objects_conform_in_every_version(schemas: KubernetesSchemas) -> None:
    assert conform([document(GOOD, version) for version in schemas.versions()], schemas) == []


def test_each_object_that_does_not_conform_is_named_with_its_file(schemas: KubernetesSchemas) -> None:
    text = GOOD.replace("  ports:", "  port:").replace("0.5 }", "[1] }")

    assert conform([document(GOOD), ConformDocument("other.yaml", text, "1.33")], schemas) == [
        Result(
            "other.yaml",
            "1.33",
            "Deployment",
            "catalog",
            "at '/spec/template/spec/containers/0/resources/limits/cpu': got array, want null or number or string",
        ),
        Result("other.yaml", "1.33", "Service", "catalog", "at '/spec': additional properties 'port' not allowed"),
    ]


def test_a_field_is_judged_by_the_version_of_its_document(schemas: KubernetesSchemas) -> None:
    text = GOOD.replace("    spec:\n", "    spec:\n      hostnameOverride: a\n")

    found = conform([document(text, "1.33"), document(text, "1.34")], schemas)

    assert [(each.version, each.kind) for each in found] == [("1.33", "Deployment")]


def test_a_kind_without_a_schema_does_not_conform(schemas: KubernetesSchemas) -> None:
    text = "apiVersion: example.com/v1\nkind: Mirror\nmetadata:\n  name: a\n"

    (found,) = conform([document(text)], schemas)

    assert (found.name, found.words) == ("a", "could not find schema for Mirror")


def test_a_repeated_key_does_not_conform(schemas: KubernetesSchemas) -> None:
    (found,) = conform([document("apiVersion: v1\nkind: Service\nkind: Service\n")], schemas)

    assert 'key "kind" already set' in found.words


def test_no_value_is_repeated(schemas: KubernetesSchemas) -> None:
    (found,) = conform([document(GOOD.replace("shop.example.com", "HUNTER2"))], schemas)

    assert "at '/spec/hostnames/0': the value does not match pattern" in found.words
    assert "HUNTER2" not in found.words


def seal(folder: Path, text: str) -> str:
    """Return *text* sealed by sops to a new age key."""
    for tool in ("sops", "age-keygen"):
        assert shutil.which(tool), f"{tool} is not on PATH: `make test` puts it there"
    key = folder / "key.txt"
    subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
    shown = subprocess.run(["age-keygen", "-y", str(key)], check=True, capture_output=True, text=True)
    source = folder / "secret.yaml"
    source.write_text(text, encoding="utf-8")
    options = ["--age", shown.stdout.strip(), "--encrypted-regex", "^(data|stringData)$"]
    sealed = subprocess.run(["sops", "encrypt", *options, str(source)], check=True, capture_output=True, text=True)
    return sealed.stdout


def test_a_sealed_secret_conforms_as_the_secret_that_it_becomes(schemas: KubernetesSchemas, tmp_path: Path) -> None:
    text = seal(
        tmp_path,
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: catalog\n"
        "data:\n  A: aGVsbG8=\nstringData:\n  B: hello\n  C: |\n    two\n    lines\n",
    )

    assert "sops:" in text
    assert conform([document(text + "---\n" + GOOD)], schemas) == []


def test_a_number_that_was_sealed_as_a_number_does_not_conform(schemas: KubernetesSchemas, tmp_path: Path) -> None:
    text = seal(tmp_path, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: catalog\nstringData:\n  PORT: 80\n")

    (found,) = conform([document(text)], schemas)

    assert found.words == "at '/stringData/PORT': got number, want null or string"


def test_without_kubeconform_the_command_that_installs_it_is_said(
    schemas: KubernetesSchemas, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingTool, match=r"go install github\.com/yannh/kubeconform/cmd/kubeconform@v0\.7\.0"):
        conform([document(GOOD)], schemas)
