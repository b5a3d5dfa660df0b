"""Promotion: the document edited so that one environment runs what another one runs."""

from textwrap import dedent
from typing import Any

import pytest
import yaml

from generator.adapters.package import read_schema, read_templates
from generator.front import Inputs
from generator.model.diagnostics import CompileError
from generator.model.inputs import FilesInMemory
from generator.promotion import Promotion, Request, UnknownNameError, promotion
from tests.compiled import shop

STAGES = "\n".join(
    f"- {{ name: {name}, storage: {{ backup: false }}, tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc4{index} }}],"
    " recipients: { age: [age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn] } }"
    for index, name in enumerate(("Dev", "Test", "Prod"))
)


def document(microservice: str) -> str:
    return shop(dedent(microservice), STAGES)


def promoted(text: str, name: str = "Catalog", files: dict[str, bytes] | None = None, **options: Any) -> Promotion:
    inputs = Inputs(
        name="platform.yaml",
        text=text.encode(),
        files=FilesInMemory(files or {}),
        read_schema=read_schema,
        templates=read_templates(),
    )
    request = {"source": "Dev", "target": "Prod", **options}
    return promotion(inputs, Request(microservice=name, **request))


def override(found: Promotion, environment: str = "Prod") -> Any:
    data = yaml.safe_load(found.after)
    (microservice,) = data["applications"][0]["microservices"]
    return microservice["environments"].get(environment)


def names(found: Promotion) -> list[str]:
    return [each.name for each in found.plan.takings]


PINNED = """
    - name: Catalog
      head: { image: "shop/catalog:1.4.0" }
      environments:
        Dev: { head: { image: "shop/catalog:1.5.0" } }
        # careful: customers are here
        Prod:
          head:
            image: shop/catalog:1.3.0   # pinned
            replicas: 3
"""


def test_a_pinned_image_is_rewritten_in_its_place() -> None:
    text = document(PINNED)

    found = promoted(text)

    assert found.after.decode() == text.replace("catalog:1.3.0", "catalog:1.5.0")
    assert (found.plan.takings[0].version, found.plan.takings[0].before) == ("shop/catalog:1.5.0", "shop/catalog:1.3.0")


def test_an_image_that_no_override_names_stays_with_the_environment_that_pins_it() -> None:
    text = document(PINNED.replace('Dev: { head: { image: "shop/catalog:1.5.0" } }', "Test: { deploy: false }"))

    assert promoted(text).after.decode() == text.replace("catalog:1.3.0", "catalog:1.4.0")


def test_an_environment_that_follows_the_common_part_gets_an_override_and_the_others_nothing() -> None:
    text = document(
        """
        - name: Catalog
          head: { image: "shop/catalog:1.4.0" }
          environments:
            Dev: { head: { image: "shop/catalog:1.5.0" } }
        """
    )

    found = promoted(text)

    assert override(found) == {"head": {"image": "shop/catalog:1.5.0"}}
    assert override(found, "Test") is None
    assert "environments:\n            Dev: " not in found.after.decode() or found.after.decode().startswith(
        text.rstrip()
    )


def test_an_override_that_says_what_the_common_part_says_is_nothing_to_do() -> None:
    text = document(
        """
        - name: Catalog
          head: { image: "shop/catalog:1.4.0" }
          env: { LEVEL: info }
          environments: { Dev: { head: { image: "shop/catalog:1.4.0" }, env: { LEVEL: info } } }
        """
    )

    found = promoted(text)

    assert names(found) == []
    assert found.after == found.before
    assert found.compiled is None


OVERRIDDEN = """
    - name: Catalog
      head: { image: "shop/catalog:1.4.0", probes: { readiness: { path: /a, periodSeconds: 5 } } }
      runtime: { version: 9.3.0 }
      env: { LEVEL: info, OLD: "1" }
      files: [{ name: a.json, content: "{}" }]
      environments:
        Dev:
          head:
            replicas: 2
            args: [--fast]
            probes: { readiness: { path: /b, periodSeconds: 5 } }
            resources: { requests: { cpu: 10m } }
          runtime: { version: 9.3.3 }
          env: { NEW: "yes", LEVEL: debug, OLD: null }
          files:
            - { name: a.json, $patch: delete }
            - { name: b.json, content: "[]" }
        Prod:
          head: { replicas: 5 }
          env: { LEVEL: warn }
"""


def test_what_the_one_environment_overrides_the_other_takes_over() -> None:
    found = promoted(document(OVERRIDDEN))

    assert override(found) == {
        "head": {
            "replicas": 5,
            "args": ["--fast"],
            "probes": {"readiness": {"path": "/b", "periodSeconds": 5}},
        },
        "env": {"LEVEL": "debug", "NEW": "yes", "OLD": None},
        "runtime": {"version": "9.3.3"},
        "files": [{"name": "a.json", "$patch": "delete"}, {"name": "b.json", "content": "[]"}],
    }
    assert found.plan.staying == ("head.replicas", "head.resources")


def test_the_image_alone_is_taken_over_where_that_is_asked() -> None:
    found = promoted(document(OVERRIDDEN).replace("replicas: 2", "image: shop/catalog:2.0.0"), image_only=True)

    assert names(found) == ["head.image"]


def test_what_is_to_be_kept_is_kept() -> None:
    found = promoted(document(OVERRIDDEN), keep=("env.LEVEL", "files.a.json"))

    assert override(found)["env"]["LEVEL"] == "warn"
    assert override(found)["files"] == [{"name": "b.json", "content": "[]"}]
    assert {"env.LEVEL", "files.a.json"} <= set(found.plan.staying)


def test_promoting_twice_changes_nothing_more() -> None:
    once = promoted(document(OVERRIDDEN))

    assert promoted(once.after.decode()).compiled is None


def test_it_compiles_to_what_was_promised() -> None:
    found = promoted(document(PINNED))

    assert found.compiled is not None
    texts = {path.as_posix(): content.decode() for path, content in found.compiled.tree.items()}
    assert "shop/catalog:1.5.0" in texts["deploy/shop/prod/catalog.yaml"]
    assert "shop/catalog:1.4.0" in texts["deploy/shop/test/catalog.yaml"]


def test_an_included_file_is_edited_and_the_document_is_not() -> None:
    text = shop("- include: ms/*.yaml", STAGES)
    included = dedent(PINNED).replace("- name: Catalog", "name: Catalog", 1).replace("\n  ", "\n").lstrip()

    found = promoted(text, files={"ms/catalog.yaml": included.encode()})

    assert found.file == "ms/catalog.yaml"
    assert found.after.decode() == included.replace("catalog:1.3.0", "catalog:1.5.0")


def test_a_list_of_microservices_with_windows_line_ends_and_a_mark_stays_as_it_is() -> None:
    text = shop("- include: ms.yaml", STAGES)
    first = '- { name: First, head: { image: "nginx:1.27.3" } }\n'
    included = ("\ufeff" + first + dedent(PINNED).lstrip()).replace("\n", "\r\n").encode()

    found = promoted(text, files={"ms.yaml": included})

    assert found.after == included.replace(b"catalog:1.3.0", b"catalog:1.5.0")


def test_a_microservice_in_braces_gets_its_first_override_in_there() -> None:
    stages = STAGES.replace("name: Dev,", 'name: Dev, defaults: { head: { image: "shop/catalog:2.0.0" } },')
    stages = stages.replace("name: Prod,", 'name: Prod, defaults: { head: { image: "shop/catalog:1.0.0" } },')
    stages = stages.replace("name: Test,", 'name: Test, defaults: { head: { image: "shop/catalog:1.0.0" } },')
    text = shop("- { name: Catalog, head: { port: 8080 } }   # small", stages)

    found = promoted(text)

    assert found.after.decode() == text.replace(
        "head: { port: 8080 } }",
        'head: { port: 8080 }, environments: { Prod: { head: { image: "shop/catalog:2.0.0" } } } }',
    )


def test_a_file_without_a_last_line_break_gets_none() -> None:
    text = document(PINNED).rstrip("\n")

    assert not promoted(text).after.endswith(b"\n")


def test_a_secret_keeps_its_place_and_is_not_replaced_by_a_value() -> None:
    text = document(
        """
        - name: Catalog
          head: { image: "shop/catalog:1.4.0" }
          env: { TOKEN: none }
          environments:
            Dev: { env: { TOKEN: { secret: true } } }
        """
    )

    assert names(promoted(text)) == []
    assert promoted(text).plan.staying == ("env.TOKEN",)


def test_a_secret_that_has_no_value_yet_is_said_with_what_to_do_and_nothing_is_promoted() -> None:
    text = document(
        """
        - name: Catalog
          head: { image: "shop/catalog:1.4.0" }
          environments:
            Dev: { env: { TOKEN: { secret: true } } }
        """
    )

    with pytest.raises(CompileError) as caught:
        promoted(text)

    wanted = [each for each in caught.value.diagnostics if "secrets/shop/prod/catalog.yaml" in each.message]
    assert [each.code for each in wanted] == ["missing-sealed-value"]
    assert wanted[0].hint.startswith("declare it for 'Prod', run '")
    assert wanted[0].hint.endswith(", and promote again")


SHARED = """
    - name: Catalog
      head: { image: "shop/catalog:1.4.0" }
      environments:
        Dev: { head: { image: &new "shop/catalog:1.5.0" } }
        Test: &same
          env: { LEVEL: debug }
        Prod: *same
"""


def test_an_alias_is_written_out_so_that_nobody_else_changes() -> None:
    found = promoted(document(SHARED))

    assert override(found) == {"env": {"LEVEL": "debug"}, "head": {"image": "shop/catalog:1.5.0"}}
    assert override(found, "Test") == {"env": {"LEVEL": "debug"}}


def test_what_others_share_through_an_anchor_is_left_to_the_person() -> None:
    text = document(SHARED.replace("Test: &same", "Prod: &same").replace("Prod: *same", "Test: *same"))

    with pytest.raises(CompileError) as caught:
        promoted(text)

    assert [each.code for each in caught.value.diagnostics] == ["promotion-by-hand"]


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("Catlog", {}, "there is no microservice 'Catlog'; did you mean 'Catalog'?"),
        ("shop/Catlog", {}, "there is no microservice 'shop/Catlog'; did you mean 'shop/Catalog'?"),
        ("Catalog", {"target": "Prd"}, "'shop' has no environment 'Prd'; did you mean 'Prod'?"),
        ("Catalog", {"source": "prod"}, "'shop' has no environment 'prod'; did you mean 'Prod'?"),
        ("Catalog", {"target": "Dev"}, "'Dev' is the environment to promote from as well as the one to promote to"),
        (
            "Catalog",
            {"keep": ("head.imag",)},
            "nothing called 'head.imag' would be promoted; did you mean 'head.image'?",
        ),
    ],
)
def test_a_name_that_means_nothing_is_said_with_the_nearest(name: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        promoted(document(PINNED), name, **options)

    assert str(caught.value) == words


def test_a_microservice_that_is_not_deployed_there_cannot_be_promoted() -> None:
    with pytest.raises(UnknownNameError, match="is not deployed to 'Prod'"):
        promoted(
            document(
                PINNED.replace("# careful: customers are here", "Test: {}").replace(
                    "replicas: 3", "replicas: 3\n          deploy: false"
                )
            )
        )
