"""Promotion: the document edited so that one environment runs what another one runs."""

from typing import Any

import pytest

from generator.model.diagnostics import CompileError
from generator.promotion import UnknownNameError
from tests.promoting import PINNED, document, names, override, promoted


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
