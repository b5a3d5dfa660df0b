"""What Argo CD is told, and what KSOPS makes of it."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from generator.model.declared_secret import declared_secrets
from generator.model.unit import Unit
from tests.compiled import Compiled
from tests.stages.wire.conftest import Build, compiled_shop, named

NAMESPACE = "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"
WITH_KSOPS = ("--enable-alpha-plugins", "--enable-exec")


@pytest.fixture(scope="module")
def argocd() -> Compiled:
    return compiled_shop("argocd")


def test_the_project_allows_exactly_the_kinds_that_are_compiled(argocd: Compiled) -> None:
    project = argocd.one("AppProject", "acme-shop")["spec"]
    compiled = {
        (each["apiVersion"].rpartition("/")[0], each["kind"])
        for path in argocd.compilation.tree
        if path.parts[:2] == ("deploy", "shop") and path in argocd.compilation.versions
        for each in argocd.bodies(str(path))
    }
    allowed = {(each["group"], each["kind"]) for each in project["namespaceResourceWhitelist"]}

    assert project["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace", "name": NAMESPACE}]
    assert allowed == compiled - {("", "Namespace")}
    assert ("", "Pod") not in allowed


def test_the_project_knows_one_repository_and_one_namespace(argocd: Compiled) -> None:
    project = argocd.one("AppProject", "acme-shop")["spec"]

    assert project["sourceRepos"] == ["https://github.com/acme/platform.git"]
    assert project["destinations"] == [{"server": "https://kubernetes.default.svc", "namespace": NAMESPACE}]


def test_the_root_may_make_projects_and_applications_and_nothing_else(argocd: Compiled) -> None:
    project = argocd.one("AppProject", "acme")["spec"]

    assert project["destinations"] == [{"server": "https://kubernetes.default.svc", "namespace": "argocd"}]
    assert project["clusterResourceWhitelist"] == []
    assert [each["kind"] for each in project["namespaceResourceWhitelist"]] == ["AppProject", "Application"]


def test_applications_stand_in_waves(argocd: Compiled) -> None:
    found = {
        each["metadata"]["name"]: each["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", "0")
        for each in argocd.bodies("gitops/shop/argocd.yaml")
    }

    assert found == {
        "acme-shop": "-1",
        "acme-shop-application": "0",
        "acme-shop-dev-environment": "1",
        "acme-shop-dev-microservices": "2",
        "acme-shop-prod-environment": "1",
        "acme-shop-prod-microservices": "2",
    }


def test_they_sync_as_declared_and_make_no_namespace(argocd: Compiled) -> None:
    declared = compiled_shop("argocd", more=", prune: false, selfHeal: false, server: https://prod.example.com:6443")
    policy = argocd.one("Application", "acme-shop-prod-microservices")["spec"]["syncPolicy"]
    other = declared.one("Application", "acme-shop-prod-microservices")["spec"]

    assert policy["automated"] == {"prune": True, "selfHeal": True}
    assert policy["syncOptions"] == ["CreateNamespace=false"]
    assert other["syncPolicy"]["automated"] == {"prune": False, "selfHeal": False}
    assert other["destination"]["server"] == "https://prod.example.com:6443"


def test_the_plain_layout_is_unsealed_by_ksops_and_keeps_every_object(argocd: Compiled, build: Build) -> None:
    found = named(build(argocd, "deploy/shop/dev", *WITH_KSOPS))
    plain = compiled_shop("flux")
    wanted = {
        f"{body['kind']}/{body['metadata']['name']}": body
        for path in plain.compilation.tree
        if path.parts[:3] == ("deploy", "shop", "dev") and path.name != "environment.yaml"
        for body in plain.bodies(str(path))
    }
    secrets = {name for name in wanted if name.startswith("Secret/")}

    assert found.keys() == wanted.keys()
    assert secrets == {"Secret/dev-catalog-secret-config-files", "Secret/dev-catalog-secret-env-variables"}
    assert all(found[name] == wanted[name] for name in wanted.keys() - secrets)
    for name in secrets:
        assert "sops" not in found[name]
        assert found[name]["stringData"].keys() == wanted[name]["stringData"].keys()
        assert not any(value.startswith("ENC[") for value in found[name]["stringData"].values())


def test_in_the_kustomize_layout_ksops_unseals_as_well(argocd: Compiled, build: Build) -> None:
    laid_out = compiled_shop("argocd", layout="kustomize")
    application = named(laid_out.bodies("gitops/shop/argocd.yaml"))["Application/acme-shop-prod-microservices"]
    path = application["spec"]["source"]["path"]

    assert named(build(laid_out, path, *WITH_KSOPS)) == named(build(argocd, "deploy/shop/prod", *WITH_KSOPS))
    assert not any(
        name.endswith(".secret.yaml")
        for path in laid_out.compilation.tree
        if path.name == "kustomization.yaml"
        for name in laid_out.bodies(str(path))[0].get("resources", [])
    )


def test_the_sync_replaces_secrets_so_that_a_key_that_is_gone_goes(argocd: Compiled, build: Build) -> None:
    found = named(build(argocd, "deploy/shop", *WITH_KSOPS))

    for name in ("Secret/acr", "Secret/storage-account-secret"):
        assert found[name]["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Replace=true"
    assert all(
        "argocd.argoproj.io/sync-options" not in each["metadata"].get("annotations", {})
        for name, each in found.items()
        if not name.startswith("Secret/")
    )


def test_flux_needs_no_such_annotation() -> None:
    assert "Replace" not in compiled_shop("flux").file("dev/catalog.secret.yaml")


def test_a_sealed_file_is_nobodys_resource(argocd: Compiled) -> None:
    (kustomization,) = argocd.bodies("shop/dev/kustomization.yaml")
    (generator,) = argocd.bodies("shop/dev/secrets.ksops.yaml")

    assert kustomization["resources"] == ["catalog.yaml", "pricing.yaml", "website.yaml"]
    assert kustomization["generators"] == ["secrets.ksops.yaml"]
    assert (generator["apiVersion"], generator["kind"]) == ("viaduct.ai/v1", "ksops")
    assert generator["metadata"]["annotations"] == {"config.kubernetes.io/function": "exec:\n  path: ksops\n"}
    assert generator["files"] == ["./catalog.secret.yaml", "./catalog.files.secret.yaml"]


def test_an_environments_own_objects_are_read_as_one_file(argocd: Compiled) -> None:
    source = argocd.one("Application", "acme-shop-dev-environment")["spec"]["source"]

    assert source["path"] == "deploy/shop/dev"
    assert source["directory"] == {"include": "environment.yaml"}


def test_an_environments_own_secrets_are_unsealed_beside_its_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_a_store(unit: Unit) -> Iterator[Any]:
        if unit.environment is not None and unit.microservice is None:
            yield SimpleNamespace(output=unit.path.with_name("main.store.secret.yaml"))
        else:
            yield from declared_secrets(unit)

    monkeypatch.setattr("generator.stages.wire.parts.declared_secrets", with_a_store)
    compiled = compiled_shop("argocd")
    spec = compiled.one("Application", "acme-shop-dev-environment")["spec"]
    (generator,) = compiled.bodies("gitops/shop/dev/environment/secrets.ksops.yaml")

    assert "source" not in spec
    assert spec["sources"][0]["directory"] == {"include": "environment.yaml"}
    assert spec["sources"][1]["path"] == "deploy/gitops/shop/dev/environment"
    assert generator["files"] == ["../../../../shop/dev/main.store.secret.yaml"]
    assert compiled.bodies("gitops/shop/dev/environment/kustomization.yaml")[0]["generators"] == ["secrets.ksops.yaml"]


def test_a_namespace_is_neither_pruned_nor_deleted(argocd: Compiled, build: Build) -> None:
    source = argocd.one("Application", "acme-shop-application")["spec"]["source"]
    patched = {"resources": [f"../{source['path']}"], "patches": source["kustomize"]["patches"]}

    found = named(build(argocd, "patched", *WITH_KSOPS, more={"patched/kustomization.yaml": json.dumps(patched)}))

    kept = {name for name, each in found.items() if "Prune=false,Delete=false" in str(each["metadata"])}
    assert kept == {f"Namespace/{NAMESPACE}"}


def test_deleting_an_application_leaves_what_runs(argocd: Compiled) -> None:
    assert not any("finalizers" in each["metadata"] for each in argocd.bodies("gitops/shop/argocd.yaml"))


def test_a_tag_is_followed_instead_of_a_branch() -> None:
    text = compiled_shop("argocd", more=", namespace: gitops").file("gitops/bootstrap.yaml")

    assert "targetRevision: main\n" in text
    assert "namespace: gitops\n" in text
