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


CLAIMS = """
- name: Catalog
  head: { image: "acme/catalog:1.4.0" }
  environments:
    Dev: { manifests: [dev.yaml] }
    Prod: { manifests: [prod.yaml] }
"""


def claim(stage: str, storage_class: str) -> bytes:
    """A PersistentVolumeClaim as the platform would name and label it."""
    metadata = f"{{ name: {stage.lower()}-data, labels: {{ environment: {stage} }} }}"
    size = "resources: { requests: { storage: 1Gi } }"
    spec = f"{{ accessModes: [ReadWriteOnce], storageClassName: {storage_class}, {size} }}"
    return f"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {metadata}\nspec: {spec}\n".encode()


def claims(*classes: str, beside: Mapping[str, bytes] | None = None) -> Compiled:
    """Two claims, of these classes in Dev and Prod, in the kustomize layout."""
    files = {f"{stage.lower()}.yaml": claim(stage, each) for stage, each in zip(("Dev", "Prod"), classes, strict=True)}
    text = shop(CLAIMS, "- { name: Dev }\n- { name: Prod }")
    return compile_text(text, {**files, **(beside or {})}, layout="kustomize")


def test_what_a_base_and_its_patches_built_is_remembered() -> None:
    before = claims("slow", "slow")

    after = claims("slow", "fast", beside=committed(before))

    ((code, _, message),) = warnings_of(after)
    assert code == "immutable-change"
    assert message.startswith("PersistentVolumeClaim/prod-data exists with another 'spec.storageClassName'")
    assert warnings_of(claims("slow", "fast", beside=committed(after))) == []


def test_moving_a_field_from_the_overlays_to_the_base_is_no_change() -> None:
    before = claims("slow", "fast")

    ((_, _, message),) = warnings_of(claims("slow", "slow", beside=committed(before)))

    assert message.startswith("PersistentVolumeClaim/prod-data exists")


def test_an_overlay_that_cannot_be_read_stops_nothing() -> None:
    before = committed(claims("slow", "slow"))
    damaged = dict.fromkeys(before, b"patches: { target: 1 }\nmetadata: { name: [] }\n")

    assert warnings_of(claims("slow", "fast", beside=damaged)) == []


def test_the_environment_of_an_overlay_is_looked_at_like_its_microservices() -> None:
    before = compile_text(document("size: 8Gi"), layout="kustomize")

    after = compile_text(document("size: 64Gi"), committed(before), layout="kustomize")

    assert [code for code, _, _ in warnings_of(after)] == ["immutable-change"]
