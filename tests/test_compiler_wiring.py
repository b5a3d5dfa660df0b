"""Which files the wiring of an engine brings, and when."""

import json
from pathlib import PurePosixPath

import pytest
import yaml

from generator.adapters.package import read_schema, read_templates
from generator.compiler import Compilation, compile_platform
from generator.front import Inputs
from generator.model.diagnostics import CompileError
from generator.model.inputs import FilesInMemory
from generator.model.selection import WHOLE, Selection
from tests.compiled import shop

HEAD = '- { name: Catalog, head: { image: "nginx:1.27.3" } }'


def compiled(output: str, selection: Selection = WHOLE) -> Compilation:
    text = shop(HEAD, platform=f"output: {output}" if output else "")
    inputs = Inputs(
        name="platform.yaml",
        text=text.encode(),
        files=FilesInMemory(),
        read_schema=read_schema,
        templates=read_templates(),
    )
    return compile_platform(inputs, selection)


def paths(compilation: Compilation) -> list[str]:
    return [str(path) for path in compilation.tree]


def wired(engine: str) -> str:
    return json.dumps({"gitops": {"engine": engine, "repository": "https://github.com/acme/platform.git"}})


def test_without_an_engine_there_is_no_wiring() -> None:
    assert paths(compiled("")) == [
        "deploy/shop/application.yaml",
        "deploy/shop/dev/catalog.yaml",
        "deploy/shop/dev/environment.yaml",
    ]


def test_flux_leaves_the_folders_of_applications_as_they_are() -> None:
    found = paths(compiled(wired("flux")))

    assert [path for path in found if not path.startswith("deploy/gitops/")] == paths(compiled(""))
    assert "deploy/gitops/shop/flux.yaml" in found


def test_argo_cd_gets_lists_in_the_folders_that_it_builds() -> None:
    found = set(paths(compiled(wired("argocd")))) - set(paths(compiled("")))

    assert found == {
        "deploy/gitops/bootstrap.yaml",
        "deploy/gitops/kustomization.yaml",
        "deploy/gitops/shop/argocd.yaml",
        "deploy/shop/dev/kustomization.yaml",
        "deploy/shop/kustomization.yaml",
    }


def test_one_environment_alone_brings_its_own_lists_and_no_wiring() -> None:
    part = compiled(wired("argocd"), Selection(("Dev",)))

    assert {"deploy/shop/dev/kustomization.yaml", "deploy/shop/kustomization.yaml"} <= set(paths(part))
    assert not any(path.startswith("deploy/gitops") for path in paths(part))
    assert PurePosixPath("deploy/shop/kustomization.yaml") in part.scope


def test_one_microservice_alone_brings_none() -> None:
    assert paths(compiled(wired("argocd"), Selection(microservices=("Catalog",)))) == ["deploy/shop/dev/catalog.yaml"]


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_objects_count_and_lists_do_not(engine: str) -> None:
    with_engine, without = compiled(wired(engine)), compiled("")
    files = {str(path) for path in with_engine.versions} - {str(path) for path in without.versions}

    assert files == {"deploy/gitops/bootstrap.yaml", f"deploy/gitops/shop/{engine}.yaml"}
    assert with_engine.objects > without.objects


def test_the_kinds_of_an_engine_are_known_and_closed_where_it_is_used() -> None:
    schemas = compiled(wired("flux")).schemas
    kind = ("kustomize.toolkit.fluxcd.io/v1", "Kustomization")
    spec = {"interval": "10m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "acme"}}

    assert schemas.is_accepted("1.34", *kind, {"metadata": {"name": "acme"}, "spec": spec})
    assert not schemas.is_accepted("1.34", *kind, {"metadata": {"name": "acme"}, "spec": spec | {"intervall": "10m"}})


def followed(key: str, name: str) -> str:
    repository = {"url": "https://github.com/acme/platform.git", key: name}
    return json.dumps({"gitops": {"engine": "flux", "repository": repository}})


@pytest.mark.parametrize("key", ["branch", "tag"])
@pytest.mark.parametrize("name", ["a b", "a..b", "/a", "a/", "-a", ".a", "a/.b", "a.lock", "a~1", "a:b", "a//b", "a\n"])
def test_a_branch_or_tag_that_git_cannot_have_is_refused(key: str, name: str) -> None:
    with pytest.raises(CompileError) as refused:
        compiled(followed(key, name))

    assert [each.code for each in refused.value.diagnostics] == ["bad-format"]


@pytest.mark.parametrize("name", ["main", "v1.4.0", "release/2026.11", "ann@work", "grün"])
def test_a_branch_that_git_can_have_is_followed(name: str) -> None:
    bootstrap = compiled(followed("branch", name)).tree[PurePosixPath("deploy/gitops/bootstrap.yaml")]
    source = next(each for each in yaml.safe_load_all(bootstrap) if each["kind"] == "GitRepository")

    assert source["spec"]["ref"] == {"branch": name}
