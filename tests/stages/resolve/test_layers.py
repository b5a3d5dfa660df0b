"""Which layer wins: the application's defaults, the environment's, the microservice, its override."""

import pytest

from tests.compiled import Body, Compiled, compile_text, errors_of, shop

ENVIRONMENTS = """
- name: Dev
  tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.example.com] }]
  storage: { backup: false }
- name: Prod
  tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [example.com] }]
  storage: { backup: false }
  defaults:
    head: { replicas: 3, resources: { limits: { memory: 3Gi } }, nodeSelector: { pool: prod } }
    env: { A: environment, B: environment, ONLY_PROD: environment }
"""
DEFAULTS = """
defaults:
  head:
    replicas: 2
    resources: { requests: { cpu: 20m, memory: 20Mi }, limits: { memory: 2Gi } }
    nodeSelector: { arch: amd64 }
  runtime: { version: 9.3.3, resources: { limits: { memory: 2Gi } } }
  env: { A: application, B: application, C: application }
"""


def variables(compiled: Compiled, environment: str) -> dict[str, str]:
    return dict(compiled.one("ConfigMap", f"{environment}-catalog-env-variables")["data"])


def pod(compiled: Compiled, environment: str) -> Body:
    return dict(compiled.one("Deployment", f"{environment}-catalog")["spec"]["template"]["spec"])


def replicas(compiled: Compiled, environment: str) -> object:
    return compiled.one("Deployment", f"{environment}-catalog")["spec"].get("replicas")


def layered(microservice: str) -> Compiled:
    return compile_text(shop(microservice, ENVIRONMENTS, application=DEFAULTS))


def wrong(microservice: str) -> list[str]:
    """The errors of a microservice, as `LINE CODE` with lines from its own first one."""
    text = shop(microservice, ENVIRONMENTS, application=DEFAULTS)
    first = text.splitlines().index("    microservices:") + 1
    return [f"{int(line) - first} {code}" for line, code in (each.split(" ") for each in errors_of(text))]


PLAIN = '- { name: Catalog, head: { image: "acme.io/catalog:1.0.0" } }'
OVERRIDDEN = """
- name: Catalog
  head: { image: "acme.io/catalog:1.0.0", replicas: 4 }
  env: { A: microservice }
  environments:
    Prod: { head: { replicas: 5 }, env: { A: override } }
"""


def test_without_a_word_of_its_own_a_microservice_has_the_defaults() -> None:
    compiled = layered(PLAIN)

    assert (replicas(compiled, "dev"), replicas(compiled, "prod")) == (2, 3)
    assert variables(compiled, "dev") == {"A": "application", "B": "application", "C": "application"}
    assert variables(compiled, "prod") == {
        "A": "environment",
        "B": "environment",
        "C": "application",
        "ONLY_PROD": "environment",
    }


def test_what_a_microservice_says_stands_over_defaults_and_its_override_over_that() -> None:
    compiled = layered(OVERRIDDEN)

    assert (replicas(compiled, "dev"), replicas(compiled, "prod")) == (4, 5)
    assert variables(compiled, "dev")["A"] == "microservice"
    assert variables(compiled, "prod") == {
        "A": "override",
        "B": "environment",
        "C": "application",
        "ONLY_PROD": "environment",
    }


def test_maps_merge_deeply_from_layer_to_layer() -> None:
    compiled = layered(
        """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0", resources: { requests: { cpu: 40m } }, nodeSelector: { disk: ssd } }
        """
    )

    assert compiled.container("prod-catalog", "head")["resources"] == {
        "requests": {"cpu": "40m", "memory": "20Mi"},
        "limits": {"memory": "3Gi"},
    }
    assert pod(compiled, "prod")["nodeSelector"] == {"arch": "amd64", "pool": "prod", "disk": "ssd"}
    assert pod(compiled, "dev")["nodeSelector"] == {"arch": "amd64", "disk": "ssd"}


def test_defaults_of_a_runtime_give_none_to_whoever_has_none() -> None:
    compiled = layered(PLAIN)

    assert len(pod(compiled, "dev")["containers"]) == 1
    assert not compiled.has("StatefulSet", "dev-mongo")


def test_a_runtime_that_says_nothing_is_that_of_the_defaults() -> None:
    compiled = layered(PLAIN.replace("} }", "}, runtime: {} }"))

    assert compiled.container("dev-catalog", "runtime")["image"] == "dolittle/runtime:9.3.3"
    assert compiled.container("dev-catalog", "runtime")["resources"] == {"limits": {"memory": "2Gi"}}


def test_a_runtime_in_one_environment_is_in_that_one_alone() -> None:
    compiled = layered(PLAIN.replace("} }", "}, environments: { Prod: { runtime: { version: 9.4.0 } } } }"))

    assert [each["name"] for each in pod(compiled, "dev")["containers"]] == ["head"]
    assert compiled.container("prod-catalog", "runtime")["image"] == "dolittle/runtime:9.4.0"
    assert compiled.has("StatefulSet", "prod-mongo")
    assert not compiled.has("StatefulSet", "dev-mongo")


def test_null_takes_away_what_a_weaker_layer_gave() -> None:
    compiled = layered(
        """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0", nodeSelector: null }
          runtime: {}
          expose: { path: / }
          env: { C: null }
          environments:
            Prod: { env: { A: null, ONLY_PROD: null }, expose: null, runtime: null }
        """
    )

    assert variables(compiled, "dev") == {"A": "application", "B": "application"}
    assert variables(compiled, "prod") == {"B": "environment"}
    assert "nodeSelector" not in pod(compiled, "dev")
    assert "Ingress" in {each["kind"] for each in compiled.bodies("dev/catalog.yaml")}
    assert "Ingress" not in {each["kind"] for each in compiled.bodies("prod/catalog.yaml")}
    assert not compiled.has("ConfigMap", "prod-catalog-dolittle")


def test_null_that_takes_nothing_away_says_no_more_than_leaving_the_line_out() -> None:
    said = """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0", command: null, security: null, labels: null, port: null }
          runtime: null
          expose: null
          files: null
    """

    assert layered(said).compilation.tree == layered(PLAIN).compilation.tree


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("env: { NOWHERE: null }", 5),
        ("head: { command: null }", 5),
        ("runtime: null", 5),
        ("expose: { annotations: { a: null } }", 5),
        ("files: [{ name: a.txt, $patch: delete }]", 5),
        ("patches: [{ name: a, target: Deployment, $patch: delete }]", 5),
    ],
)
def test_an_override_that_removes_nothing_is_an_error_where_it_stands(override: str, line: int) -> None:
    said = f"""
        - name: Catalog
          head: {{ image: "acme.io/catalog:1.0.0" }}
          environments:
            Prod:
              {override}
    """

    assert wrong(said) == [f"{line} override-without-effect"]


def test_an_override_of_an_environment_that_is_not_there_is_an_error() -> None:
    said = """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0" }
          environments:
            Production: { head: { replicas: 2 } }
    """

    assert wrong(said) == ["4 unknown-environment"]


def test_a_microservice_may_be_left_out_of_an_environment() -> None:
    compiled = layered(PLAIN.replace("} }", "}, environments: { Dev: { deploy: false } } }"))

    assert compiled.has("Deployment", "prod-catalog")
    assert not compiled.has("Deployment", "dev-catalog")
    assert "shop/dev/catalog.yaml" not in {str(path.relative_to("deploy")) for path in compiled.compilation.tree}


def test_a_microservice_may_be_in_one_environment_alone() -> None:
    compiled = layered(PLAIN.replace("} }", "}, deploy: false, environments: { Dev: { deploy: true } } }"))

    assert compiled.has("Deployment", "dev-catalog")
    assert not compiled.has("Deployment", "prod-catalog")


def test_an_environment_may_give_a_microservice_an_id_of_its_own() -> None:
    said = """
        - name: Catalog
          id: 11aa22bb-33cc-44dd-85ee-66ff77008811
          head: { image: "acme.io/catalog:1.0.0" }
          runtime: { version: 9.3.3 }
          environments: { Dev: { id: 22AA22bb-33cc-44dd-85ee-66ff77008822 } }
    """
    compiled = layered(said)

    def identified(environment: str) -> set[str]:
        told = compiled.configuration(f"{environment}-catalog")["runtime.yml"]
        annotations = compiled.one("Deployment", f"{environment}-catalog")["metadata"]["annotations"]
        store = told["tenants"]["445f8ea8-1a6f-40d7-b2fc-796dba92dc44"]["resources"]["eventStore"]
        assert annotations["dolittle.io/microservice-id"] == told["platform"]["microserviceID"]
        return {told["platform"]["microserviceID"], store["database"]}

    assert identified("dev") == {"22aa22bb-33cc-44dd-85ee-66ff77008822", "22aa22b_445f8ea_eventstore"}
    assert identified("prod") == {"11aa22bb-33cc-44dd-85ee-66ff77008811", "11aa22b_445f8ea_eventstore"}


def test_an_id_that_nobody_gave_is_the_same_in_every_environment_and_of_no_other_microservice() -> None:
    compiled = layered(PLAIN + "\n" + PLAIN.replace("Catalog", "Pricing"))
    names = ("dev-catalog", "prod-catalog", "dev-pricing", "prod-pricing")
    ids = [compiled.one("Deployment", name)["metadata"]["annotations"]["dolittle.io/microservice-id"] for name in names]

    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_where_autoscaling_decides_nobody_else_counts_replicas() -> None:
    scaling = "environments: { Prod: { head: { autoscaling: { minReplicas: 2, maxReplicas: 9, cpu: 70 } } } }"
    compiled = layered(PLAIN.replace("} }", f"}}, {scaling} }}"))

    assert (replicas(compiled, "dev"), replicas(compiled, "prod")) == (2, None)
    assert compiled.one("HorizontalPodAutoscaler", "prod-catalog")["spec"] == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "prod-catalog"},
        "minReplicas": 2,
        "maxReplicas": 9,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            }
        ],
    }


def test_a_layer_that_is_not_sound_is_found_in_its_own_line() -> None:
    said = """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0" }
          environments:
            Prod:
              head:
                resources: { limits: { memory: lots } }
    """

    assert wrong(said) == ["6 bad-quantity"]


@pytest.mark.parametrize(("environment", "callers"), [("", True), (", network: environment", False)])
def test_an_environment_may_have_another_network_than_its_application(environment: str, *, callers: bool) -> None:
    compiled = compile_text(
        shop(
            """
            - { name: Catalog, head: { image: "acme/catalog:1.0.0" } }
            - { name: Website, head: { image: "acme/website:1.0.0" }, env: { CATALOG: { url: Catalog } } }
            """,
            f"- {{ name: Dev{environment} }}",
            application="network: declared",
        )
    )

    assert compiled.has("NetworkPolicy", "dev-catalog-callers") is callers
    assert compiled.has("NetworkPolicy", "dev-heads") is not callers
