"""What is compiled, beside what was committed before."""

from collections.abc import Mapping

from tests.compiled import Compiled, compile_text, shop

RUNTIME = """
- name: Catalog
  head: { image: "acme/catalog:1.4.0" }
  runtime: { version: 9.3.3 }
"""
TENANT = "tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44 }]"


def document(storage: str) -> str:
    """A document whose environment Dev has this *storage*."""
    return shop(RUNTIME, f"- {{ name: Dev, {TENANT}, storage: {{ backup: false, {storage} }} }}")


def committed(before: Compiled) -> Mapping[str, bytes]:
    """The files of a compilation, as a project has them once they are committed."""
    return {str(path): content for path, content in before.compilation.tree.items()}


def warnings_of(compiled: Compiled) -> list[tuple[str, int, str]]:
    return [(each.code, each.at.line, each.message) for each in compiled.compilation.warnings]


def test_a_volume_that_grows_is_a_change_that_kubernetes_refuses() -> None:
    before = compile_text(document("size: 8Gi"))

    after = compile_text(document("size: 64Gi"), committed(before))

    ((code, line, message),) = warnings_of(after)
    assert (code, line) == ("immutable-change", 8)
    assert message.startswith("StatefulSet/dev-mongo exists with another 'spec.volumeClaimTemplates'")


def test_a_change_that_kubernetes_makes_is_none_to_warn_of() -> None:
    before = compile_text(document("image: dolittle/mongodb:4.2.2"))

    after = compile_text(document("image: dolittle/mongodb:7.0.0"), committed(before))

    assert warnings_of(after) == []


def test_the_same_output_again_is_not_warned_of() -> None:
    before = compile_text(document("size: 8Gi"))

    assert warnings_of(compile_text(document("size: 8Gi"), committed(before))) == []


def test_committed_output_that_cannot_be_read_stops_nothing() -> None:
    damaged = {"deploy/shop/dev/environment.yaml": b"<<<<<<< ours\n\x00: [\n"}

    assert warnings_of(compile_text(document("size: 8Gi"), damaged)) == []
