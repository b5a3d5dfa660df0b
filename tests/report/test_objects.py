"""Which objects a change of the document changes."""

from pathlib import PurePosixPath

from generator.report.objects import object_changes

FILE = PurePosixPath("deploy/shop/prod/catalog.yaml")
BEFORE = b"""\
# shop/Prod/Catalog, compiled by platformc.
kind: Deployment
metadata: { name: prod-catalog }
spec: { containers: [{ name: head, image: "shop:1", env: [{ name: A, value: canary }] }] }
---
kind: Service
metadata: { name: prod-catalog }
"""


def changes(before: bytes, after: bytes) -> list[str]:
    return list(object_changes({FILE: before}, {FILE: after}))


def test_an_object_is_named_with_the_fields_that_change_and_without_values() -> None:
    after = BEFORE.replace(b"shop:1", b"shop:2").replace(b"value: canary", b"value: canary2")

    assert changes(BEFORE, after) == [
        f"{FILE}: Deployment/prod-catalog changed: spec.containers[head].env[A].value, spec.containers[head].image"
    ]


def test_objects_come_and_go() -> None:
    assert changes(BEFORE, BEFORE.replace(b"Service", b"ConfigMap")) == [
        f"{FILE}: ConfigMap/prod-catalog added",
        f"{FILE}: Service/prod-catalog removed",
    ]


def test_what_holds_no_plain_objects_is_named_as_a_file() -> None:
    secret = PurePosixPath("deploy/shop/prod/catalog.secret.yaml")

    assert list(object_changes({}, {secret: b"kind: Secret\nstringData: { A: x }\nsops: {}\n"})) == [f"{secret}: added"]


def test_the_same_is_no_change() -> None:
    assert changes(BEFORE, BEFORE) == []
