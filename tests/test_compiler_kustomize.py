"""The kustomize layout: what stands where, and what `kustomize build` makes of the less usual."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.adapters.package import read_schema, read_templates
from generator.compiler import Compilation, compile_platform
from generator.front import Inputs
from generator.model.inputs import FilesInMemory
from generator.model.selection import Selection
from tests.compiled import ROOT, Compiled, compile_folder, compile_text, shop
from tests.kustomized import KUBECTL, KUSTOMIZE, assert_builds_alike, build, on_disk

SAMPLES = ("kustomize", "large", "minimal", "shop")
STAGES = "- { name: Dev }\n- { name: Test }\n- { name: Prod }"
HEAD = '{ image: "acme/catalog:1.0.0" }'


def both(microservices: str, stages: str = STAGES, *, application: str = "", **files: str) -> tuple[Compiled, Compiled]:
    """Compile one document in both layouts; *files* are YAML files beside it."""
    text = shop(microservices, stages, application=application)
    contents = {f"{name}.yaml": content.encode() for name, content in files.items()}
    return compile_text(text, contents), compile_text(text, contents, layout="kustomize")


def names(compiled: Compiled) -> list[str]:
    return [str(path.relative_to(compiled.compilation.directory)) for path in compiled.compilation.tree]


@pytest.mark.parametrize("tool", [KUSTOMIZE, KUBECTL], ids=" ".join)
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_builds_the_objects_of_the_plain_layout(sample: str, tool: tuple[str, str]) -> None:
    folder = ROOT / "samples" / sample

    assert_builds_alike(compile_folder(folder, "plain"), compile_folder(folder, "kustomize"), tool)


def merged(patch: Any, base: Any, path: str) -> Iterator[str]:
    """Yield where *patch* says what *base* says already; what names an item of a list must be said again."""
    if isinstance(patch, dict) and isinstance(base, dict):
        for key in patch.keys() & base.keys():
            yield from merged(patch[key], base[key], f"{path}/{key}")
    elif isinstance(patch, list) and isinstance(base, list):
        for item in patch:
            key = "name" if "name" in item else next(iter(item))
            for other in (each for each in base if each.get(key) == item[key]):
                yield from merged({each: item[each] for each in item if each != key}, other, f"{path}/{item[key]}")
    elif patch == base:
        yield path


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_patch_says_what_its_base_says(sample: str) -> None:
    compiled = compile_folder(ROOT / "samples" / sample, "kustomize")
    for path in (each for each in compiled.compilation.tree if each.name == "patches.yaml"):
        application, _, stage, microservice = path.parts[-5:-1]
        common = {
            (each["kind"], each["metadata"]["name"]): each
            for each in compiled.bodies(f"{application}/base/{microservice}/objects.yaml")
        }
        for patch in compiled.bodies(f"{application}/overlays/{stage}/{microservice}/patches.yaml"):
            name = patch["metadata"].pop("name").removeprefix(f"{stage}-")
            body = common[patch.pop("kind"), name]
            del patch["apiVersion"], patch["metadata"]["namespace"]
            assert list(merged(patch, body, str(path))) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_environment_is_named_in_a_base(sample: str) -> None:
    compiled = compile_folder(ROOT / "samples" / sample, "kustomize")
    for path in (each for each in compiled.compilation.tree if "base" in each.parts and each.name == "objects.yaml"):
        for body in compiled.bodies(str(path)):
            assert "environment" not in body["metadata"]["labels"]
            assert not body["metadata"]["name"].startswith(("dev-", "test-", "prod-"))


def test_what_one_environment_alone_has_lives_there_alone() -> None:
    scaled, absent = "{ Prod: { head: { replicas: 3 } } }", "{ Dev: { deploy: false }, Test: { deploy: false } }"
    _, kustomized = both(
        f"- {{ name: Catalog, head: {HEAD}, environments: {scaled} }}\n"
        f"- {{ name: Reports, head: {HEAD}, environments: {absent} }}"
    )

    assert [each for each in names(kustomized) if "reports" in each] == [
        "shop/overlays/prod/reports/kustomization.yaml",
        "shop/overlays/prod/reports/objects.yaml",
    ]
    assert kustomized.bodies("prod/catalog/patches.yaml") == [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "prod-catalog", "namespace": "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"},
            "spec": {"replicas": 3},
        }
    ]
    assert kustomized.bodies("dev/catalog/kustomization.yaml") == [
        {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": ["../../../base/catalog"],
            "components": ["../environment/microservices"],
        }
    ]


def test_what_two_of_three_have_the_third_removes() -> None:
    scaled = "{ autoscaling: { maxReplicas: 5, cpu: 70 } }"
    stages = f"{{ Test: {{ head: {scaled} }}, Prod: {{ head: {scaled} }} }}"
    plain, kustomized = both(f"- {{ name: Catalog, head: {HEAD}, environments: {stages} }}")

    ((removal, _),) = [each["patches"] for each in kustomized.bodies("dev/catalog/kustomization.yaml")]
    assert removal["target"] == {"kind": "HorizontalPodAutoscaler", "name": "dev-catalog"}
    assert_builds_alike(plain, kustomized)
    assert_builds_alike(plain, kustomized, KUBECTL)


@pytest.mark.parametrize("label", ["{ environment: Dev }", "{ environment: Prod }", "{}"])
@pytest.mark.parametrize("name", ["dev-own", "own", "dev-catalog"])
def test_an_object_of_ones_own_comes_through_as_it_is(name: str, label: str) -> None:
    own = f"apiVersion: v1\nkind: ConfigMap\nimmutable: true\nmetadata: {{ name: {name}, labels: {label} }}\n"
    dev = "{ Dev: { manifests: [own.yaml] } }"
    plain, kustomized = both(f"- {{ name: Catalog, head: {HEAD}, environments: {dev} }}", own=own)

    assert_builds_alike(plain, kustomized)
    apart = name == "own" or label != "{ environment: Dev }"
    assert ("shop/overlays/dev/catalog/as-named/objects.yaml" in names(kustomized)) is apart


def test_the_short_name_of_one_object_may_be_the_name_of_another() -> None:
    """`serviceAccountName: pricing` means one from elsewhere, and not that of Pricing before it is named."""
    plain, kustomized = both(
        "- { name: Catalog, head: { image: a:1.0.0, serviceAccount: pricing } }\n"
        "- { name: Pricing, head: { image: b:1.0.0, serviceAccount: { token: true } } }",
        application="external: [{ kind: ServiceAccount, name: pricing }]",
    )

    assert_builds_alike(plain, kustomized)
    assert kustomized.names("overlays/dev/pricing/as-named/objects.yaml") == ["ServiceAccount/dev-pricing"]


def test_a_name_that_is_followed_is_short_in_the_base() -> None:
    _, kustomized = both(f"- {{ name: Catalog, head: {HEAD}, env: {{ A: b }} }}")

    (deployment,) = [each for each in kustomized.bodies("base/catalog/objects.yaml") if each["kind"] == "Deployment"]
    (head,) = deployment["spec"]["template"]["spec"]["containers"]
    assert head["envFrom"] == [{"configMapRef": {"name": "catalog-env-variables"}}]


def test_a_secret_still_verifies_its_mac_once_it_is_built(tmp_path: Path) -> None:
    sample = ROOT / "samples" / "shop"
    environment = {**os.environ, "SOPS_AGE_KEY_FILE": str(sample / "throwaway.agekey")}
    with on_disk(compile_folder(sample, "kustomize")) as output:
        built = [*build(output / "shop/overlays/dev").values(), *build(output / "shop/overlays/prod").values()]
        sealed = [each for each in built if "sops" in each]
        assert len(sealed) == 4
        for number, secret in enumerate(sealed):
            file = tmp_path / f"{number}.yaml"
            file.write_text(yaml.safe_dump(secret), encoding="utf-8")
            opened = subprocess.run(
                ("sops", "decrypt", str(file)), env=environment, capture_output=True, check=False, encoding="utf-8"
            )
            assert opened.returncode == 0
            assert "ENC[" not in opened.stdout


def part(selection: Selection) -> Compilation:
    text = shop(f"- {{ name: Website, head: {HEAD} }}\n- {{ name: Catalog, head: {HEAD} }}", STAGES).encode()
    inputs = Inputs(
        name="platform.yaml", text=text, files=FilesInMemory(), read_schema=read_schema, templates=read_templates()
    )
    return compile_platform(inputs, selection, layout="kustomize")


@pytest.mark.parametrize(
    "selection",
    [
        Selection(environments=("Dev",)),
        Selection(microservices=("Catalog",)),
        Selection(environments=("Dev",), microservices=("shop/Catalog",)),
    ],
    ids=["an environment", "a microservice", "both"],
)
def test_a_part_is_what_the_whole_has_there(selection: Selection) -> None:
    whole, some = part(Selection()), part(selection)

    assert 0 < len(some.tree) < len(whole.tree)
    assert {path: whole.tree[path] for path in some.tree} == dict(some.tree)
    assert all(any(path == each or each in path.parents for each in some.scope) for path in some.tree)


def test_a_microservice_comes_with_its_base_and_all_that_stands_on_it() -> None:
    found = part(Selection(environments=("Dev",), microservices=("Catalog",)))

    assert [str(path) for path in found.tree] == [
        "deploy/shop/base/catalog/kustomization.yaml",
        "deploy/shop/base/catalog/objects.yaml",
        "deploy/shop/overlays/dev/catalog/kustomization.yaml",
        "deploy/shop/overlays/prod/catalog/kustomization.yaml",
        "deploy/shop/overlays/test/catalog/kustomization.yaml",
    ]
    assert [str(path) for path in found.scope] == [
        "deploy/shop/base/catalog",
        "deploy/shop/overlays/dev/catalog",
        "deploy/shop/base/catalog",
        "deploy/shop/overlays/test/catalog",
        "deploy/shop/base/catalog",
        "deploy/shop/overlays/prod/catalog",
    ]


@pytest.mark.parametrize("tool", [KUSTOMIZE, KUBECTL], ids=" ".join)
@pytest.mark.parametrize(("usual", "other"), [("one\ntwo\n", "\t"), ("one", "\tone\ntwo"), ("\tone\ntwo\n", "\tother")])
def test_texts_that_begin_with_a_tab_are_built(tool: tuple[str, str], usual: str, other: str) -> None:
    files = f"[{{ name: Makefile, content: {json.dumps(usual)} }}]"
    changed = f"{{ Dev: {{ files: [{{ name: Makefile, content: {json.dumps(other)} }}] }} }}"
    microservice = f"- {{ name: Catalog, head: {HEAD}, files: {files}, environments: {changed} }}"

    assert_builds_alike(*both(microservice), tool)
