"""Whatever two environments say of a microservice: after a promotion the one runs what the other runs."""

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model.yaml_text import emit
from tests.compiled import shop
from tests.promoting import STAGES, promoted

IMAGES = st.sampled_from([f"shop/catalog:1.{minor}.0" for minor in range(3)])
PROBES = st.dictionaries(
    st.sampled_from(["readiness", "liveness"]),
    st.fixed_dictionaries({"path": st.sampled_from(["/a", "/b"])}, optional={"periodSeconds": st.integers(1, 9)}),
    max_size=2,
)
HEADS = st.fixed_dictionaries(
    {},
    optional={
        "image": IMAGES,
        "args": st.lists(st.sampled_from(["-v", "--port=1", "a: b"]), max_size=2),
        "probes": PROBES,
        "replicas": st.integers(1, 4),
    },
)
VARIABLES = st.dictionaries(
    st.sampled_from(["A", "B", "C"]), st.sampled_from(["x", "yes", "1.0", "#", "a: b"]), max_size=3
)
FILES = st.lists(
    st.sampled_from(["a.json", "b.json"]).flatmap(
        lambda name: st.sampled_from(["{}", "[]\n"]).map(lambda content: {"name": name, "content": content})
    ),
    max_size=2,
    unique_by=lambda each: each["name"],
)
OVERRIDES = st.fixed_dictionaries({}, optional={"head": HEADS, "env": VARIABLES, "files": FILES})


@st.composite
def microservices(draw: st.DrawFn) -> dict[str, Any]:
    said: dict[str, Any] = {"name": "Catalog", **draw(OVERRIDES)}
    said["head"] = {"image": draw(IMAGES), **said.get("head", {})}
    overrides = {name: draw(OVERRIDES) for name in ("Dev", "Test", "Prod") if draw(st.booleans())}
    return {**said, "environments": overrides} if draw(st.booleans()) or overrides else said


def laid_over(weak: dict[str, Any], strong: dict[str, Any]) -> dict[str, Any]:
    files = {each["name"]: each for each in (*weak.get("files", []), *strong.get("files", []))}
    head = {**weak.get("head", {}), **strong.get("head", {})}
    probes = {**weak.get("head", {}).get("probes", {}), **strong.get("head", {}).get("probes", {})}
    return {
        "head": head | ({"probes": probes} if probes else {}),
        "env": {**weak.get("env", {}), **strong.get("env", {})},
        "files": files,
    }


def environment(text: str, name: str) -> dict[str, Any]:
    (said,) = yaml.safe_load(text)["applications"][0]["microservices"]
    return laid_over(said, (said.get("environments") or {}).get(name) or {})


@settings(max_examples=30, deadline=None)
@given(said=microservices(), compact=st.booleans())
def test_the_one_environment_gets_what_the_other_overrides_and_nobody_else_anything(
    said: dict[str, Any], *, compact: bool
) -> None:
    text = shop(json.dumps([said]) if compact else emit([said]), STAGES)
    dev, before = environment(text, "Dev"), environment(text, "Prod")
    override = (said.get("environments") or {}).get("Dev") or {}

    after_text = promoted(text).after.decode()
    after = environment(after_text, "Prod")

    assert after["head"]["image"] == dev["head"]["image"]
    assert after["head"].get("replicas") == before["head"].get("replicas")
    assert after["env"] == before["env"] | override.get("env", {})
    assert after["files"] == before["files"] | {each["name"]: each for each in override.get("files", [])}
    assert all(environment(after_text, name) == environment(text, name) for name in ("Dev", "Test"))
    assert promoted(after_text).compiled is None
