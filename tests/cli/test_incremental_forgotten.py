"""What runs after one another must not forget, and a cold run would see: several edits, each held against one."""

from time import sleep

import pytest

from tests.edited_project import OWN_TEMPLATE, Bench, agree, begin

STYLES = ["block", "line"]


def compiled(bench: Bench, *, status: int = 0) -> str:
    bench.save()
    assert agree(bench, "check")[0] in {0, 1}
    ended, _, said = agree(bench, "compile")
    assert ended == status, said
    return said


def begun(bench: Bench, style: str, layout: str = "plain") -> None:
    """Begin with a second application, so that not everything depends on what is around the first one."""
    bench.style = style
    begin(bench, layout)
    bench.document["applications"].insert(0, {"name": "depot", "environments": [{"name": "Dev"}]})
    compiled(bench)


@pytest.mark.parametrize("style", STYLES)
def test_neighbours_in_an_environment_that_was_not_looked_at_stay_neighbours(bench: Bench, style: str) -> None:
    begun(bench, style)
    microservices = bench.application["microservices"]
    microservices[5]["environments"] = {"Prod": {"env": {"TO": {"address": "Service8"}}}}
    microservices[8]["environments"] = {"Dev": {"deploy": False}}
    compiled(bench)
    bench.application["environments"][0]["defaults"] = {"head": {"replicas": 2}}
    compiled(bench)

    microservices[8]["head"]["port"] = 8099

    compiled(bench)
    assert b"prod-service8:8099" in (bench.warm / "deploy" / "shop" / "prod" / "service5.yaml").read_bytes()
    del microservices[8]
    assert "[dangling-reference]" in compiled(bench, status=1)


@pytest.mark.parametrize("style", STYLES)
def test_an_override_of_an_environment_that_is_gone_is_found(bench: Bench, style: str) -> None:
    begun(bench, style)
    bench.application["microservices"][5]["environments"] = {"Prod": {"deploy": False}}
    compiled(bench)

    del bench.application["environments"][1]

    assert compiled(bench, status=1).count("[unknown-environment]") == 2


@pytest.mark.parametrize("path", [["/a", "/a/"], ["/a", "/a"]])
def test_a_path_that_stands_twice_in_one_microservice_is_found(bench: Bench, path: list[str]) -> None:
    begun(bench, "block")

    bench.application["microservices"][5]["expose"]["path"] = path

    assert "[host-path-taken]" in compiled(bench, status=1)


@pytest.mark.parametrize("style", ["block", "aliases"])
def test_environments_in_another_order_are_listed_in_that_order(bench: Bench, style: str) -> None:
    begun(bench, style, "kustomize")

    bench.application["environments"].reverse()

    compiled(bench)


def test_a_source_that_comes_to_stand_in_the_output_is_found(bench: Bench) -> None:
    begun(bench, "block")
    bench.write("deploy/extra.yaml", b"name: Extra\nhead: { image: nginx:1.27.3 }\n")

    bench.application["microservices"].append({"include": "deploy/extra.yaml"})

    assert "[output-in-sources]" in compiled(bench, status=1)


def test_of_two_who_fill_one_secret_the_last_one_counts(bench: Bench) -> None:
    begun(bench, "block")
    provider = {"vault": {"server": "https://vault.example.com", "path": "kv", "auth": {"kubernetes": {"role": "a"}}}}
    bench.document["stores"] = {"vault": {"provider": provider}}
    microservices = bench.application["microservices"]
    for place, key in ((3, "one"), (4, "other")):
        bench.write(f"{key}.yaml", FILLING.replace("KEY", key).encode())
        microservices[place]["environments"] = {"Dev": {"manifests": [f"{key}.yaml"]}}
        microservices[place]["env"]["PASSWORD"] = {"vault": {"store": "vault", "key": key}}
    using = {"name": "USED", "valueFrom": {"secretKeyRef": {"name": "dev-shared", "key": "other"}}}
    container = {"name": "head", "env": [using]}
    merge = {"spec": {"template": {"spec": {"containers": [container]}}}}
    microservices[5]["environments"] = {"Dev": {"patches": [{"target": "Deployment", "merge": merge}]}}
    compiled(bench)

    microservices[3], microservices[4] = microservices[4], microservices[3]

    assert "[dangling-object-reference]" in compiled(bench, status=1)


def test_a_file_in_a_folder_that_was_empty_in_between_is_found(bench: Bench) -> None:
    begun(bench, "block")
    bench.application["microservices"].append({"include": "parts/**/*.yaml"})
    bench.write("parts/one.yaml", b"name: One\nhead: { image: nginx:1.27.3 }\n")
    compiled(bench)
    for folder in (bench.warm, bench.cold):
        (folder / "parts" / "more").mkdir()
    sleep(0.2)  # until nothing could change in the same instant
    compiled(bench)

    bench.write("parts/more/two.yaml", b"name: Two\nhead: { image: nginx:1.27.3 }\n")

    compiled(bench)
    assert (bench.warm / "deploy" / "shop" / "dev" / "two.yaml").is_file()


def test_an_included_file_that_becomes_a_link_out_of_the_project_is_found(bench: Bench) -> None:
    begun(bench, "block")
    bench.application["microservices"].append({"include": "parts/*.yaml"})
    bench.write("parts/one.yaml", b"name: One\nhead: { image: nginx:1.27.3 }\n")
    compiled(bench)
    bench.application["microservices"][2]["env"]["MORE"] = "x"
    for folder in (bench.warm, bench.cold):
        (folder / "parts" / "one.yaml").rename(folder.parent / "one.yaml")
        (folder / "parts" / "one.yaml").symlink_to(folder.parent / "one.yaml")

    assert "[outside-project]" in compiled(bench, status=1)


@pytest.mark.parametrize("item", ["{ include: parts/one.yaml }", '"include": parts/one.yaml'])
def test_an_include_may_be_written_in_any_way(
    bench: Bench, item: str, all_compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(bench, "block")
    bench.write("parts/one.yaml", b"name: One\nhead: { image: nginx:1.27.3 }\n")
    bench.application["microservices"].append({"include": "parts/one.yaml"})
    bench.save()
    text = (bench.warm / "platform.yaml").read_text(encoding="utf-8").replace("include: parts/one.yaml", item)
    bench.write("platform.yaml", text.encode())
    assert agree(bench, "compile")[0] == 0

    bench.write("platform.yaml", text.replace("LOG_LEVEL: info", "LOG_LEVEL: other", 1).encode())
    all_compiled.clear()
    monkeypatch.setattr("generator.increment.begun", None)
    bench.run(bench.warm, "compile")

    assert all_compiled == ["shop/Dev/Catalog"]


@pytest.mark.parametrize("setting", [{"directory": "out"}, {"layout": "kustomize"}])
def test_all_depends_on_where_the_output_goes(bench: Bench, setting: dict[str, str]) -> None:
    begun(bench, "block")

    bench.document["output"] |= setting

    compiled(bench)


FILLING = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: dev-KEY }
spec:
  secretStoreRef: { kind: SecretStore, name: dev-vault }
  target: { name: dev-shared }
  data: [{ secretKey: KEY, remoteRef: { key: KEY } }]
"""


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("application", "own"),
        ("environment", '{{ environment.slug ~ "-own" }}'),
        ("microservice", '{{ microservice.object_name ~ "-own" }}'),
    ],
)
def test_a_template_that_changed_is_printed_anew(bench: Bench, scope: str, name: str) -> None:
    begin(bench, "plain")
    bench.document["templates"] = "templates"
    for number in ("1", "2"):
        text = OWN_TEMPLATE.replace("name: own", f"name: {name}").replace("NUMBER", number)
        bench.write(f"templates/{scope}/own.yaml.j2", text.encode())

        compiled(bench)

        files = [path.read_text(encoding="utf-8") for path in (bench.warm / "deploy").rglob("*.yaml")]
        assert any(f'number: "{number}"' in each for each in files)
