"""Pods restart for a ConfigMap that a patch changes, and for no other patch."""

import pytest

from tests.compiled import Compiled, compile_text, shop

CATALOG = """
- name: Catalog
  head: { image: "nginx:1.27.3" }
  env: { LOG_LEVEL: info }
  files: [{ name: motto.txt, content: "one" }]
"""
VARIABLES = "ConfigMap/dev-catalog-env-variables"


def patched(*patches: str, layout: str | None = None) -> Compiled:
    return compile_text(shop(f"{CATALOG}  patches: [{', '.join(patches)}]"), layout=layout)


def digest(compiled: Compiled) -> str:
    metadata = compiled.one("Deployment", "dev-catalog")["spec"]["template"]["metadata"]
    found: str = metadata["annotations"]["platformc.dev/configuration"]
    return found


def variable(value: str) -> str:
    return f"{{ target: {VARIABLES}, merge: {{ data: {{ LOG_LEVEL: {value} }} }} }}"


def test_a_patched_variable_restarts_the_pods_that_read_it() -> None:
    plain, debug, warn = digest(patched()), digest(patched(variable("debug"))), digest(patched(variable("warn")))

    assert len({plain, debug, warn}) == 3
    assert {len(each) for each in (plain, debug, warn)} == {32}
    assert digest(patched(variable("debug"))) == debug


def test_nothing_else_of_the_deployment_changes_with_it() -> None:
    before, after = patched(), patched(variable("debug"))

    name = "shop/dev/catalog.yaml"
    lines = before.file(name).splitlines(), after.file(name).splitlines()
    changed = [line.strip().partition(":")[0] for line in lines[1] if line not in lines[0]]
    assert "platformc.dev/configuration" in changed
    assert len([each for each in changed if each.startswith("platformc.dev")]) == 1
    assert after.one("Deployment", "dev-catalog")["spec"]["replicas"] == 1


@pytest.mark.parametrize(
    "patch",
    [
        f"{{ target: {VARIABLES}, merge: {{ metadata: {{ labels: {{ a: b }} }} }} }}",
        "{ target: Service, merge: { metadata: { labels: { a: b } } } }",
    ],
)
def test_a_patch_that_changes_no_content_restarts_nothing(patch: str) -> None:
    assert digest(patched(patch)) == digest(patched())


def test_a_digest_that_a_patch_chooses_is_left() -> None:
    merge = "{ spec: { template: { metadata: { annotations: { platformc.dev/configuration: mine } } } } }"

    assert digest(patched(variable("debug"), f"{{ target: Deployment, merge: {merge} }}")) == "mine"
