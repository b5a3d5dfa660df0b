"""`platformc adopt` of what was adopted before: the patch that was made then is changed, not followed by another."""

from pathlib import Path

import pytest

from generator.cli.main import main
from tests.cli.edited import CATALOG, edit, objects

pytestmark = pytest.mark.usefixtures("shop")

SIDECAR = """\
        - name: sidecar
          image: "example/sidecar:1.0.0"
          resources: { requests: { cpu: 10m, memory: 16Mi }, limits: { cpu: 10m, memory: 16Mi } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
"""


def document() -> str:
    return Path("platform.yaml").read_text(encoding="utf-8")


def adopted(old: str, new: str) -> str:
    """Make one edit, adopt it, and return the document; the output then is what was wanted."""
    edit(CATALOG, old, new)
    wanted = objects()
    assert main(["adopt", "--yes", "-q"]) == 0
    assert main(["check", "-q"]) == 0
    assert objects() == wanted
    return document()


def test_the_same_field_again_changes_the_patch() -> None:
    first = adopted("  replicas: 1", "  replicas: 1\n  minReadySeconds: 5")

    assert adopted("  minReadySeconds: 5", "  minReadySeconds: 7") == first.replace("Seconds: 5", "Seconds: 7")


def test_a_field_that_was_added_and_taken_out_again_leaves_the_document_as_it_was() -> None:
    before = document()
    adopted("    cert-manager.io", "    example.com/owner: me\n    cert-manager.io")

    assert adopted("    example.com/owner: me\n", "") == before


def test_of_two_fields_of_one_patch_the_other_one_stays() -> None:
    both = adopted("    cert-manager.io", "    example.com/owner: me\n    example.com/team: us\n    cert-manager.io")

    assert adopted("    example.com/owner: me\n", "") == both.replace("example.com/owner: me, ", "")


def test_a_field_of_a_container_that_a_patch_added() -> None:
    first = adopted("        - name: runtime\n          image", f"{SIDECAR}        - name: runtime\n          image")

    assert adopted("sidecar:1.0.0", "sidecar:1.1.0") == first.replace("sidecar:1.0.0", "sidecar:1.1.0")


def test_a_field_that_a_patch_says_nothing_about_gets_one_of_its_own() -> None:
    adopted("  replicas: 1", "  replicas: 1\n  minReadySeconds: 5")

    assert "Deployment, adopted" in adopted("  replicas: 1", "  replicas: 1\n  revisionHistoryLimit: 2")


def test_a_patch_of_the_platform_before_the_own_one_stays() -> None:
    edit(
        "platform.yaml",
        "          Prod:\n",
        "          Dev:\n            patches:\n              # why\n"
        "              - { target: Service, merge: { metadata: { labels: { a: b } } } }\n          Prod:\n",
    )
    assert main(["compile", "-q"]) == 0
    first = adopted("    a: b", "    a: c")

    assert "              # why\n" in first
    assert "labels: { a: c }" in first
    assert "labels: { a: b }" not in first
