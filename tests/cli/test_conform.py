import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def test_compiled_output_conforms(platformc: Platformc) -> None:
    platformc("compile")

    ended = platformc("conform")

    assert ended.returncode == 0, ended.stderr
    assert "kubeconform accepts 7 files (Kubernetes 1.33, 1.34)\n" in ended.stderr


def test_what_stands_on_disk_is_what_is_judged(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    file = project / "deploy" / "shop" / "prod" / "catalog.yaml"
    lines = file.read_text().splitlines()
    number = next(index for index, line in enumerate(lines) if "replicas:" in line)
    lines[number] = lines[number].replace("replicas:", "replcas:")
    file.write_text("\n".join(lines) + "\n")

    ended = platformc("conform", "--format", "json")

    (found,) = json.loads(ended.stdout)["findings"]
    assert ended.returncode == 1
    assert found["code"] == "nonconforming-object"
    assert found["file"] == "deploy/shop/prod/catalog.yaml"
    assert "prod-catalog" in lines[found["line"] - 1]
    assert "Deployment 'prod-catalog' for Kubernetes 1.33" in found["message"]


def test_a_file_that_was_not_compiled_is_judged_as_well(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    (project / "deploy" / "shop" / "dev" / "extra.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\ndta: {}\n"
    )

    ended = platformc("conform")

    assert ended.returncode == 1
    assert "deploy/shop/dev/extra.yaml:4:1: error: kubeconform refuses ConfigMap 'extra'" in ended.stderr


def test_without_output_there_is_nothing_to_judge(platformc: Platformc) -> None:
    ended = platformc("conform")

    assert ended.returncode == 2
    assert "run this first: platformc compile" in ended.stderr


def test_a_missing_kubeconform_is_named_with_the_command_that_installs_it(platformc: Platformc, tmp_path: Path) -> None:
    platformc("compile")

    ended = platformc("conform", PATH=str(tmp_path))

    assert ended.returncode == 3
    assert "'kubeconform' is not on PATH; install it: go install " in ended.stderr


@pytest.mark.usefixtures("sealed_project")
def test_a_sealed_secret_is_judged_as_what_it_becomes(platformc: Platformc) -> None:
    platformc("compile")

    ended = platformc("conform")

    assert ended.returncode == 0, ended.stderr
    assert "kubeconform accepts 7 files" in ended.stderr


def test_what_comes_from_a_vault_is_judged_without_definitions_of_the_documents_own(
    platformc: Platformc, project: Path
) -> None:
    (project / "platform.yaml").write_text(
        """
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
stores: { main: { provider: { aws: { service: SecretsManager, region: eu-north-1, auth: {} } } } }
applications:
  - name: shop
    environments: [{ name: Dev }]
    microservices:
      - name: Catalog
        head: { image: nginx:1.27.3 }
        env: { PASSWORD: { vault: { store: main, key: shop/catalog } } }
"""
    )
    platformc("compile")
    accepted = platformc("conform")

    compiled = project / "deploy" / "shop" / "dev" / "catalog.yaml"
    compiled.write_text(compiled.read_text().replace("remoteRef:", "remote:"))
    refused = platformc("conform")

    assert accepted.returncode == 0, accepted.stderr
    assert refused.returncode == 1
    assert "kubeconform refuses ExternalSecret 'dev-catalog-vault-env-variables'" in refused.stderr
