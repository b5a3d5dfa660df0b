"""After any edit, with whatever the cache holds: the same files, words and exit status as without a cache."""

import json
import re

import pytest

from generator.unit_compiler import UnitCompiler
from tests.edited_project import (
    NARROW_TEMPLATE,
    OWN_TEMPLATE,
    SEALED,
    Bench,
    agree,
    compiled_from_a_part,
    start,
)
from tests.edits import EDITS, EVERY_EDIT, WEIGHTS
from tests.written_documents import STYLES

TWO_PORTS = """\
apiVersion: v1
kind: Pod
metadata: { name: dev-NAME, labels: { app: NAME } }
spec:
  automountServiceAccountToken: false
  containers:
    - name: NAME
      image: busybox:1.37.0
      securityContext: { allowPrivilegeEscalation: false }
      ports: [{ name: first, containerPort: 8081 }, { name: second, containerPort: 8081 }]
"""


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_the_result_is_that_of_a_cold_run(bench: Bench, seed: int, style: str) -> None:
    bench.random.seed(f"{style}-{seed}")
    bench.style = style
    start(bench, 10)
    bench.document["output"] = {"layout": "kustomize" if seed and style in {"json", "list"} else "plain"}
    bench.save()
    sealed_text = (bench.warm / SEALED).read_bytes()
    status, _, said = agree(bench, "compile")
    assert status == 0, said
    kept = json.dumps(bench.document)
    for _ in range(12):
        names = []
        for edit in bench.random.choices(EDITS, WEIGHTS, k=bench.random.choice([1, 1, 1, 2])):
            names.append(edit.__name__)
            edit(bench)
        try:
            agree(bench, "check")
            status, _, _ = agree(bench, "compile")
        except AssertionError as error:
            error.add_note(f"after {names}")
            raise
        if status:
            bench.document = json.loads(kept)  # and go on from where all was well
            bench.save()
            for number in range(200):
                if not (bench.warm / f"config/{number}.json").exists():
                    bench.write(f"config/{number}.json", b'{ "a": 1 }\n')
            bench.write("secrets/shop/prod/nobody.yaml", None)
            bench.write(SEALED, sealed_text)
            assert agree(bench, "compile", "--overwrite")[0] == 0
        kept = json.dumps(bench.document)


@pytest.mark.parametrize("edit", EVERY_EDIT)
def test_one_edit_after_a_clean_run(bench: Bench, edit: str) -> None:
    bench.style = STYLES[sorted(EVERY_EDIT).index(edit) % len(STYLES)]
    start(bench, 10)
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    EVERY_EDIT[edit](bench)

    agree(bench, "check")
    agree(bench, "compile")
    agree(bench, "check", "--format", "json")


@pytest.mark.parametrize(
    ("setting", "style"), [*(("plain", each) for each in STYLES), ("kustomize", "block"), ("kustomize", "files")]
)
@pytest.mark.parametrize(
    "edit", ["variable", "new_variable", "image", "replicas", "file", "override", "order_of_keys", "node_selector"]
)
def test_the_usual_edits_read_and_compile_what_depends_on_them_only(
    bench: Bench, compiled: list[str], setting: str, edit: str, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = style
    start(bench, 10)
    del bench.application["microservices"][-1]  # it looks at the Secrets of others
    bench.document["output"] = {"layout": setting}
    bench.save()
    agree(bench, "compile")
    bench.random.seed(1)
    if edit == "override":
        EVERY_EDIT["override"](bench)  # the first override of a microservice changes where it is described
        agree(bench, "compile")
    bench.random.seed(1)

    EVERY_EDIT[edit](bench)

    least, most = (0, 0) if edit == "order_of_keys" else (1, 2)
    assert least <= len(compiled_from_a_part(bench, compiled, monkeypatch)) <= most


@pytest.mark.parametrize(
    ("layout", "style"), [*(("plain", each) for each in STYLES), ("kustomize", "block"), ("kustomize", "files")]
)
def test_what_was_warned_of_is_said_again_where_it_stands_by_then(
    bench: Bench, compiled: list[str], layout: str, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = style
    start(bench, 10)
    microservices = bench.application["microservices"]
    del microservices[-1]
    bench.document["output"] = {"layout": layout}
    microservices[2]["head"]["image"] = "nginx"
    microservices[6]["head"]["image"] = "nginx:latest"
    microservices[5]["environments"] = {"Dev": {"manifests": ["one.yaml"]}}
    bench.application["environments"][0]["manifests"] = ["other.yaml"]
    for name in ("one", "other"):
        bench.write(f"{name}.yaml", TWO_PORTS.replace("NAME", name).encode())
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0
    assert (said.count("[image-tag-latest]"), said.count("[port-taken]")) == (2, 2), said

    for place, microservice in enumerate(microservices):
        microservice["env"]["TEXT"] = f"one\n\ntwo {place}\n"
        assert len(compiled_from_a_part(bench, compiled, monkeypatch)) <= 2
    microservices[2]["head"]["image"] = "nginx:1.27.3"
    assert len(compiled_from_a_part(bench, compiled, monkeypatch)) == 2
    microservices[3]["head"]["image"] = "nginx:latest"
    assert len(compiled_from_a_part(bench, compiled, monkeypatch)) == 2
    status, _, said = agree(bench, "check")
    assert (said.count("[image-tag-latest]"), said.count("[port-taken]")) == (2, 2), said


@pytest.mark.parametrize("style", STYLES)
def test_what_was_warned_of_in_defaults_and_environments_is_said_again_too(
    bench: Bench, compiled: list[str], style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = style
    start(bench, 10)
    microservices = bench.application["microservices"]
    del microservices[-1]
    bench.application["defaults"] = {"head": {"image": "nginx:latest"}, "env": {"NOTHING": None}}
    for place in (4, 5):
        del microservices[place]["head"]["image"]
        microservices[place]["head"]["replicas"] = 2
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0
    assert (said.count("[image-tag-latest]"), said.count("[empty-variable]")) == (2, 9), said

    for place in (2, 4):
        microservices[place]["env"]["TEXT"] = f"one\n\ntwo {place}\n"
        assert len(compiled_from_a_part(bench, compiled, monkeypatch)) == 2
    del microservices[1]
    bench.application["environments"][0]["monitoring"] = False
    assert not compiled_from_a_part(bench, compiled, monkeypatch)
    bench.application["environments"][1]["tenants"][0]["hosts"].append("more.example.com")
    assert compiled_from_a_part(bench, compiled, monkeypatch)
    status, _, said = agree(bench, "check")
    assert (said.count("[image-tag-latest]"), said.count("[empty-variable]")) == (2, 8), said


@pytest.mark.parametrize("style", ["block", "json"])
def test_of_two_microservices_one_is_read(
    bench: Bench, compiled: list[str], style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = style
    start(bench, 3)
    del bench.application["microservices"][0], bench.application["microservices"][-1]["environments"]
    del bench.application["microservices"][-1]["env"]["NEXT"]
    bench.write(SEALED, None)
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    bench.application["microservices"][0]["env"]["LOG_LEVEL"] = "other"

    assert compiled_from_a_part(bench, compiled, monkeypatch) == ["shop/Dev/Service1", "shop/Prod/Service1"]


@pytest.mark.parametrize("place", ["microservice", "application"])
def test_templates_that_look_at_no_other_microservice_keep_nobody_from_reading_a_part(
    bench: Bench, compiled: list[str], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.style = "block"
    start(bench, 10)
    del bench.application["microservices"][-1]
    bench.document["templates"] = "templates"
    text = NARROW_TEMPLATE if place == "microservice" else OWN_TEMPLATE
    bench.write(f"templates/{place}/own.yaml.j2", text.encode())
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    bench.application["microservices"][4]["env"]["LOG_LEVEL"] = "other"

    assert compiled_from_a_part(bench, compiled, monkeypatch) == ["shop/Dev/Service4", "shop/Prod/Service4"]


def test_an_environment_whose_own_template_tells_of_all_microservices_is_compiled_again(bench: Bench) -> None:
    bench.style = "block"
    start(bench, 10)
    bench.document["templates"] = "templates"
    images = """{{ environment.microservices | map(attribute="head.image") | join(" ") }}"""
    text = OWN_TEMPLATE.replace("name: own", "name: {{ environment.slug ~ '-own' }}").replace('"NUMBER"', images)
    bench.write("templates/environment/own.yaml.j2", text.encode())
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    bench.application["microservices"][4]["head"]["image"] = "nginx:1.28.77"
    bench.save()
    status, _, said = agree(bench, "compile")

    assert status == 0, said
    assert b"1.28.77" in (bench.warm / "deploy/shop/dev/environment.yaml").read_bytes()


@pytest.mark.parametrize(
    "item",
    [
        '- { name: Marked, env: { API_TOKEN: hunter2hunter }, head: { image: "nginx:1.27.3" } }',
        "- files: [config/key.txt]\n    name: Marked\n    head: { image: 'nginx:1.27.3' }",
    ],
)
def test_what_a_comment_above_excused_is_found_when_that_goes(bench: Bench, item: str) -> None:
    bench.style = "indented"
    start(bench, 20)
    bench.write("config/key.txt", b"AKIA" + b"QYLPMN5HFIQR7XYA\n")
    text = (bench.warm / "platform.yaml").read_text(encoding="utf-8")
    indent = re.search(r"^( +)- name: Service3$", text, re.MULTILINE)
    assert indent is not None
    item = f"{indent[1]}# platformc: allow-secret\n{indent[1]}{item.replace(chr(10) + '  ', chr(10) + indent[1])}\n"
    text = text.replace(indent[0], item + indent[0])
    bench.write("platform.yaml", text.encode())
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    bench.write("platform.yaml", re.sub(" +# platformc: allow-secret\n", "", text).encode())

    assert agree(bench, "check")[0] == 1
    status, _, said = agree(bench, "compile")
    assert status == 1
    assert "secret-looking-value" in said


def test_that_no_other_output_came_beside_it_is_known_without_the_compiler(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(bench, 10)
    agree(bench, "compile")
    bench.run(bench.warm, "check")
    monkeypatch.setattr(UnitCompiler, "objects", None)

    for name in ("README.md", "src/main.py", "preview/.platformc.lock"):
        bench.write(name, b"")
        assert bench.run(bench.warm, "compile")[0] == 0
        assert bench.run(bench.warm, "check")[0] == 0


def test_nothing_changed_is_known_without_the_compiler(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    start(bench, 10)
    agree(bench, "compile")
    monkeypatch.setattr(UnitCompiler, "objects", None)

    assert bench.run(bench.warm, "compile")[0] == 0
    assert bench.run(bench.warm, "check")[0] == 0
