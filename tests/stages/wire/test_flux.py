"""What Flux is told."""

import json
from typing import Any

import pytest

from tests.compiled import Compiled
from tests.stages.wire.conftest import Build, compiled_shop, named

FLUX_BUILDS_SO = ("--load-restrictor", "LoadRestrictionsNone")


@pytest.fixture(scope="module")
def flux() -> Compiled:
    return compiled_shop("flux")


def specs(compiled: Compiled) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each["spec"] for each in compiled.bodies("gitops/shop/flux.yaml")}


def test_there_is_a_source_and_a_kustomization_of_the_wiring_itself(flux: Compiled) -> None:
    source, root = flux.bodies("gitops/bootstrap.yaml")

    assert (source["apiVersion"], source["kind"]) == ("source.toolkit.fluxcd.io/v1", "GitRepository")
    assert source["spec"]["url"] == "https://github.com/acme/platform.git"
    assert source["spec"]["ref"] == {"branch": "main"}
    assert source["spec"]["ignore"] == "/*\n!/deploy\n"
    assert root["spec"]["path"] == "./deploy/gitops"
    assert root["spec"]["sourceRef"] == {"kind": "GitRepository", "name": "acme"}


def test_an_application_comes_first_then_storage_then_microservices(flux: Compiled) -> None:
    found = {name: [each["name"] for each in spec.get("dependsOn", [])] for name, spec in specs(flux).items()}

    assert found == {
        "acme-shop-application": [],
        "acme-shop-dev-environment": ["acme-shop-application"],
        "acme-shop-dev-microservices": ["acme-shop-dev-environment"],
        "acme-shop-prod-environment": ["acme-shop-application"],
        "acme-shop-prod-microservices": ["acme-shop-prod-environment"],
    }


def test_what_is_sealed_is_unsealed_with_the_key_of_its_environment(flux: Compiled) -> None:
    found = {name: spec.get("decryption") for name, spec in specs(flux).items()}

    assert found["acme-shop-prod-microservices"] == {"provider": "sops", "secretRef": {"name": "sops-shop-prod"}}
    assert found["acme-shop-application"] == {"provider": "sops", "secretRef": {"name": "sops-shop-dev"}}
    assert found["acme-shop-prod-environment"] is None


def test_the_names_of_objects_are_left_to_the_manifests(flux: Compiled) -> None:
    assert not any(key in spec for spec in specs(flux).values() for key in ("targetNamespace", "namePrefix"))


def test_everything_is_waited_for_and_pruned(flux: Compiled) -> None:
    assert all(spec["wait"] and spec["prune"] and "healthChecks" not in spec for spec in specs(flux).values())


def test_without_waiting_for_all_the_database_is_waited_for() -> None:
    found = specs(compiled_shop("flux", more=", wait: false"))

    assert found["acme-shop-prod-environment"]["healthChecks"] == [
        {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "name": "prod-mongo",
            "namespace": "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02",
        }
    ]
    assert not any("wait" in spec for spec in found.values())


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_a_namespace_is_never_pruned(build: Build, layout: str) -> None:
    flux = compiled_shop("flux", layout=layout)
    spec = specs(flux)["acme-shop-application"]
    patched = {"resources": [f"../{spec['path']}"], "patches": spec["patches"]}

    found = named(build(flux, "patched", *FLUX_BUILDS_SO, more={"patched/kustomization.yaml": json.dumps(patched)}))

    kept = [name for name, each in found.items() if "kustomize.toolkit.fluxcd.io/prune" in str(each["metadata"])]
    assert kept == ["Namespace/application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"]
    annotations = found[kept[0]]["metadata"]["annotations"]
    assert annotations["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
    assert "dolittle.io/tenant-id" in annotations


def test_settings_arrive() -> None:
    more = (
        ", path: clusters/acme, name: team, namespace: engine, interval: 1h, retryInterval: 30s, timeout: 3m"
        ', prune: false, serviceAccount: "{application}-deployer", keySecret: sops-age'
    )
    compiled = compiled_shop("flux", more=more)
    spec = specs(compiled)["team-shop-dev-microservices"]
    source, root = compiled.bodies("gitops/bootstrap.yaml")

    assert spec["path"] == "./clusters/acme/deploy/gitops/shop/dev/microservices"
    assert (spec["interval"], spec["retryInterval"], spec["timeout"]) == ("1h", "30s", "3m")
    assert (spec["prune"], spec["serviceAccountName"]) == (False, "shop-deployer")
    assert spec["decryption"]["secretRef"] == {"name": "sops-age"}
    assert (
        source["spec"]["ignore"]
        == "/*\n!/clusters\n/clusters/*\n!/clusters/acme\n/clusters/acme/*\n!/clusters/acme/deploy\n"
    )
    assert root["metadata"] == {"name": "team", "namespace": "engine"}


def test_an_artifact_in_a_registry_is_a_source_too() -> None:
    compiled = compiled_shop("flux", repository="oci://acme.azurecr.io/platform")
    source, root = compiled.bodies("gitops/bootstrap.yaml")

    assert source["kind"] == "OCIRepository"
    assert source["spec"] == {"interval": "1m", "url": "oci://acme.azurecr.io/platform", "ref": {"tag": "latest"}}
    assert root["spec"]["sourceRef"]["kind"] == "OCIRepository"


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_every_kustomization_builds_its_own_part_and_nothing_is_left_out(
    flux: Compiled, build: Build, layout: str
) -> None:
    laid_out = compiled_shop("flux", layout=layout)
    found = {
        name: body
        for spec in specs(laid_out).values()
        for name, body in named(build(laid_out, spec["path"], *FLUX_BUILDS_SO)).items()
    }
    wanted = {
        f"{body['kind']}/{body['metadata']['name']}": body
        for path in flux.compilation.tree
        if path.parts[:2] == ("deploy", "shop")
        for body in flux.bodies(str(path))
    }

    assert found == wanted


def test_the_wiring_applies_itself(flux: Compiled, build: Build) -> None:
    found = named(build(flux, "deploy/gitops"))

    assert {"GitRepository/acme", "Kustomization/acme", "Kustomization/acme-shop-prod-microservices"} <= found.keys()


def test_without_private_keys_the_controller_unseals_as_itself() -> None:
    from generator.model.recipients import Recipients
    from generator.stages.wire.flux import has_private_key

    assert not has_private_key(Recipients(azure_kv=("https://acme.vault.azure.net/keys/sops",)))
    assert has_private_key(Recipients(age=("age1",), kms=("arn:aws:kms:eu-west-1:1:key/1",)))
