"""After a change of any kind, what would be compiled from the same as before is not compiled again."""

import pytest

from tests.edited_project import (
    NARROW_TEMPLATE,
    WIDE_TEMPLATE,
    Bench,
    add,
    after,
    begin,
    contents,
    environment,
    microservice,
)

ENVIRONMENT_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ environment.slug ~ "-own" }}, namespace: {{ application.namespace }} }
data: { images: {{ environment.microservices | map(attribute="head.image") | join(" ") }} }
"""


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_a_microservice_more_is_compiled_alone(bench: Bench, compiled: list[str], layout: str) -> None:
    begin(bench, layout)
    add(bench, "Added")

    assert after(bench, compiled) == ["shop/Dev/Added", "shop/Prod/Added"]


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_a_microservice_less_leaves_the_others_as_they_are(bench: Bench, compiled: list[str], layout: str) -> None:
    begin(bench, layout)
    del bench.application["microservices"][5]

    assert after(bench, compiled) == []
    assert not [each for each in contents(bench.warm) if "service5" in each and each.startswith("deploy")]


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_a_renamed_microservice_is_compiled_alone(bench: Bench, compiled: list[str], layout: str) -> None:
    begin(bench, layout)
    bench.application["microservices"][5]["name"] = "Renamed"

    assert after(bench, compiled) == ["shop/Dev/Renamed", "shop/Prod/Renamed"]


def test_the_others_are_left_where_one_of_them_refers_to_it(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    bench.application["microservices"][3]["name"] = "Renamed"
    bench.application["microservices"][2]["env"]["NEXT"] = {"url": "Renamed"}

    now = after(bench, compiled)

    assert {each.rpartition("/")[2] for each in now} == {"Renamed", "Service2"}


def test_another_environment_is_compiled_alone(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    bench.application["environments"].insert(0, environment("Staging"))
    bench.application["microservices"][0]["environments"]["Staging"] = {"deploy": False}  # its values are sealed in Dev

    now = after(bench, compiled)

    assert now
    assert all(each.startswith("shop/Staging/") for each in now)


def test_an_environment_less_leaves_the_others_as_they_are(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    bench.application["microservices"][0].pop("environments")
    bench.application["environments"].pop(1)

    assert after(bench, compiled) == []


def test_a_tenant_more_concerns_its_environment(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    tenant = {"id": "99999ea8-1a6f-40d7-b2fc-000000000099", "hosts": ["more.example.com"]}
    bench.application["environments"][1]["tenants"].append(tenant)

    now = after(bench, compiled)

    assert now
    assert all(each.startswith("shop/Prod/") for each in now)


def test_the_bases_of_kustomize_are_made_again_with_all_environments(bench: Bench, compiled: list[str]) -> None:
    begin(bench, "kustomize")
    bench.application["microservices"][5]["environments"] = {"Prod": {"env": {"LOG_LEVEL": "trace"}}}

    assert after(bench, compiled) == ["shop/Dev/Service5", "shop/Prod/Service5"]

    bench.application["microservices"][5]["environments"]["Prod"] = {"deploy": False}

    assert after(bench, compiled) == ["shop/Dev/Service5"]


def test_warnings_are_said_again_and_cost_nothing(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    for each in bench.application["microservices"][4:]:
        each["head"]["image"] = "nginx:stable"
    after(bench, compiled)
    add(bench, "Added", 0)  # all of them stand elsewhere now

    assert after(bench, compiled) == ["shop/Dev/Added", "shop/Prod/Added"]


def test_what_was_found_in_an_object_is_said_again(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    ports = "[{ containerPort: 80 }, { containerPort: 80, name: two }]"
    text = (bench.warm / "worker.yaml").read_text(encoding="utf-8").partition("          env:")[0]
    bench.write("worker.yaml", (text + f"          ports: {ports}\n").encode())
    bench.application["microservices"][4]["environments"] = {"Dev": {"manifests": ["worker.yaml"]}}
    after(bench, compiled)
    add(bench, "Added", 0)

    assert sorted(after(bench, compiled)) == ["shop/Dev/Added", "shop/Prod/Added"]
    assert "port-taken" in bench.run(bench.warm, "compile")[2]


def test_a_changed_file_concerns_who_names_it(bench: Bench, compiled: list[str]) -> None:
    begin(bench, "kustomize")
    bench.write("config/5.json", b'{ "b": 2 }\n')

    assert after(bench, compiled) == ["shop/Dev/Service5", "shop/Prod/Service5"]


def test_templates_that_print_their_own_unit_leave_the_others(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    bench.document["templates"] = "templates"
    bench.write("templates/microservice/own.yaml.j2", NARROW_TEMPLATE.encode())
    everything = after(bench, compiled)
    bench.application["microservices"][5]["head"]["image"] = "nginx:1.29.5"

    assert after(bench, compiled) == ["shop/Dev/Service5", "shop/Prod/Service5"]

    bench.write("templates/microservice/own.yaml.j2", NARROW_TEMPLATE.replace("NUMBER", "2").encode())

    assert after(bench, compiled) == everything


def test_templates_that_look_around_are_printed_again(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    bench.document["templates"] = "templates"
    bench.write("templates/microservice/own.yaml.j2", WIDE_TEMPLATE.encode())
    everything = after(bench, compiled)
    bench.application["microservices"][5]["head"]["image"] = "nginx:1.29.5"

    assert after(bench, compiled) == everything


def test_templates_of_environments_have_no_part_in_microservices(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    bench.document["templates"] = "templates"
    bench.write("templates/environment/own.yaml.j2", ENVIRONMENT_TEMPLATE.encode())
    after(bench, compiled)
    add(bench, "Added", 0)

    assert after(bench, compiled) == ["shop/Dev/Added", "shop/Prod/Added"]


def test_another_application_is_nobody_s_business(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    one = microservice(3) | {"files": []}
    one.pop("expose")
    other = {"name": "depot", "environments": [{"name": "Dev"}], "microservices": [one]}
    bench.document["applications"].insert(0, other)

    assert after(bench, compiled) == ["depot/Dev/Service3"]
