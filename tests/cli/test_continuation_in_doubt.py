"""What was not compiled again is held against what was, and nothing is built on what is not as it was left."""

import hashlib
import json
from typing import Any

import pytest

from generator.cli.destination import Destination
from generator.model.changes import Changes
from tests.edited_project import INGRESS, Bench, add, after, agree, begin, contents


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
def test_what_dangles_from_a_unit_that_did_not_change_is_found(bench: Bench, layout: str) -> None:
    begin(bench, layout)
    bench.write("door.yaml", INGRESS.replace("NAME", "dev-service5").encode())
    bench.application["microservices"][2]["environments"] = {"Dev": {"manifests": ["door.yaml"]}}
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said
    bench.application["microservices"][5]["name"] = "Renamed"
    bench.save()

    status, _, said = agree(bench, "compile")

    assert status == 1
    assert "dangling-object-reference" in said


@pytest.mark.parametrize("part", ["host", "name"])
def test_what_collides_with_a_unit_that_did_not_change_is_found(bench: Bench, part: str) -> None:
    begin(bench)
    bench.write("door.yaml", INGRESS.replace("NAME", "dev-service5").encode())
    bench.application["microservices"][5]["environments"] = {"Dev": {"manifests": ["door.yaml"]}}
    bench.save()
    status, _, said = agree(bench, "compile")
    assert status == 0, said
    second = INGRESS.replace("NAME", "dev-service6")
    second = second.replace("door }", "back-door }") if part == "host" else second.replace("/door", "/back")
    bench.write("back.yaml", second.encode())
    bench.application["microservices"][6]["environments"] = {"Dev": {"manifests": ["back.yaml"]}}
    bench.save()

    status, _, said = agree(bench, "compile")

    assert status == 1
    assert ("host-path-taken" if part == "host" else "duplicate-object") in said


def test_a_change_that_is_undone_is_not_a_cold_compile(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    add(bench, "Added")
    after(bench, compiled)
    del bench.application["microservices"][3]

    assert after(bench, compiled) == []


def test_on_another_branch_a_change_builds_on_what_was_compiled_there(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    main = contents(bench.warm)
    bench.application["microservices"][4]["head"]["image"] = "nginx:1.29.0"
    add(bench, "Added")
    after(bench, compiled)
    for name in contents(bench.warm).keys() - main.keys():
        bench.write(name, None)
    for name, content in main.items():
        bench.write(name, content)
    bench.document = json.loads(main["platform.yaml"])
    assert agree(bench, "check")[0] == 0
    add(bench, "Other")

    assert after(bench, compiled) == ["shop/Dev/Other", "shop/Prod/Other"]


def test_what_somebody_else_compiles_meanwhile_is_not_taken_for_ours(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(bench)
    add(bench, "Added")
    bench.save()
    real = Destination.update
    output, lock = bench.warm / "deploy/shop/dev/service5.yaml", bench.warm / "deploy/.platformc.lock"

    def late(self: Destination, **options: Any) -> Changes:
        before, after = output.read_bytes(), b"# of another run\n"
        output.write_bytes(after)
        one, other = (hashlib.sha256(each).hexdigest() for each in (before, after))
        lock.write_text(lock.read_text(encoding="utf-8").replace(one, other), encoding="utf-8")
        return real(self, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Destination, "update", late)
        assert bench.run(bench.warm, "compile")[0] == 0

    assert bench.run(bench.warm, "check")[0] == 1
    assert bench.run(bench.warm, "compile")[0] == 0
    assert b"nginx:1.27.5" in output.read_bytes()


def test_without_what_was_kept_of_the_objects_all_are_compiled(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    for each in (bench.warm.parent.parent / "cache").glob("*-claims-*"):
        each.unlink()
    add(bench, "Added")

    assert len(after(bench, compiled)) > 10


def test_elsewhere_what_is_gone_is_deleted_as_well(bench: Bench, compiled: list[str]) -> None:
    begin(bench)
    agree(bench, "compile", "-o", "../elsewhere")
    del bench.application["microservices"][5]
    bench.save()
    compiled.clear()

    assert bench.run(bench.warm, "compile", "-o", "../elsewhere")[0] == 0
    assert compiled == []
    assert bench.run(bench.cold, "compile", "-o", "../elsewhere")[0] == 0
    assert contents(bench.warm.parent / "elsewhere") == contents(bench.cold.parent / "elsewhere")
