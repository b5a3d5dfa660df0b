"""What is carried, real sops unseals, with its MAC verified."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.model.sealed import read_sealed
from generator.stages.seal.carry import carry

Project = Any  # the folder of conftest.py

FILE = "secrets/shop/dev/catalog.yaml"
HEADER = """\
apiVersion: v1
kind: Secret
metadata:
  name: dev-catalog-secret-env-variables
  namespace: application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02
type: Opaque
"""
VALUES = """\
  # the shop's own database
  API_KEY: "no"
  DB_PASSWORD: |
    two lines
    "and" 'quotes'
  SMTP_PASSWORD: ünï # inline
"""
UNSEALED = {"API_KEY": "no", "DB_PASSWORD": "two lines\n\"and\" 'quotes'\n", "SMTP_PASSWORD": "ünï"}


def test_carried_secret_unseals_under_new_metadata(project: Project) -> None:
    compiled = carry(HEADER, project.seal(FILE, VALUES))

    unsealed = project.unseal(compiled)

    assert unsealed.returncode == 0, unsealed.stderr
    body = yaml.safe_load(unsealed.stdout)
    assert body["stringData"] == UNSEALED
    assert body["metadata"]["name"] == "dev-catalog-secret-env-variables"


def test_carried_secret_holds_the_lines_of_its_source(project: Project) -> None:
    compiled = carry(HEADER, project.seal(FILE, VALUES))

    assert compiled == HEADER + (project.root / FILE).read_text()


def test_source_with_windows_line_ends_is_carried_and_unseals(project: Project) -> None:
    plain = project.seal(FILE, VALUES)
    windows = read_sealed(FILE, (project.root / FILE).read_bytes().replace(b"\n", b"\r\n"))

    assert carry(HEADER, windows) == carry(HEADER, plain)
    assert project.unseal(carry(HEADER, windows)).returncode == 0


def test_sops_unseals_a_source_with_windows_line_ends(project: Project) -> None:
    project.seal(FILE, VALUES)

    unsealed = project.unseal((project.root / FILE).read_text().replace("\n", "\r\n"))

    assert yaml.safe_load(unsealed.stdout)["stringData"] == UNSEALED


def test_key_longer_than_a_yaml_line_takes_is_carried(project: Project) -> None:
    key = "a" * 200
    source = project.seal(FILE, f"  {key}: value\n")

    assert source.keys == (key,)
    assert yaml.safe_load(project.unseal(carry(HEADER, source)).stdout)["stringData"] == {key: "value"}


def test_two_swapped_values_do_not_unseal(project: Project) -> None:
    source = project.seal(FILE, "  A: one\n  B: two\n")
    first, second = source.string_data_text.splitlines(keepends=True)[1:]

    unsealed = project.unseal(carry(HEADER, source).replace(first + second, second + first))

    assert unsealed.returncode != 0
    assert "MAC mismatch" in unsealed.stderr


def test_carried_secret_unseals_after_kustomize(project: Project) -> None:
    compiled = carry(HEADER, project.seal(FILE, VALUES))
    (project.root / "catalog.secret.yaml").write_text(compiled)
    (project.root / "kustomization.yaml").write_text(
        "resources: [catalog.secret.yaml]\n"
        "namePrefix: north-\n"
        "labels:\n- pairs: {tenant: North}\n  includeSelectors: false\n"
    )

    built = project.run("kustomize", "build", ".")
    unsealed = project.unseal(built.stdout)

    assert unsealed.returncode == 0, built.stderr + unsealed.stderr
    body = yaml.safe_load(unsealed.stdout)
    assert body["metadata"]["name"] == "north-dev-catalog-secret-env-variables"
    assert body["stringData"] == UNSEALED


def test_one_changed_value_changes_its_line_the_mac_and_the_date(project: Project) -> None:
    # Without the comment at the end of a line: SOPS moves that to a line of its own when it seals again.
    before = carry(HEADER, project.seal(FILE, VALUES.replace(" # inline", ""))).splitlines()
    resealed = project.run(
        *("sops", "set", "--idempotent", "--value-stdin", FILE, '["stringData"]["DB_PASSWORD"]'),
        given='"changed"',
    )
    assert resealed.returncode == 0, resealed.stderr

    after = carry(HEADER, project.read(FILE)).splitlines()

    assert len(after) == len(before)
    changed = [old.split(":")[0].strip() for old, new in zip(before, after, strict=True) if old != new]
    assert set(changed) - {"lastmodified"} == {"DB_PASSWORD", "mac"}  # the date stands still within a second


def test_file_with_faults_is_not_carried() -> None:
    source = read_sealed(FILE, b"stringData:\n  A: canary\n")

    with pytest.raises(ValueError, match=r"^not a sound sealed file: secrets/shop/dev/catalog\.yaml$"):
        carry(HEADER, source)


def test_header_that_ends_in_the_middle_of_a_line_is_refused(project: Project) -> None:
    source = project.seal(FILE, VALUES)

    with pytest.raises(ValueError, match="does not end in a newline"):
        carry(HEADER.rstrip(), source)


def test_carrying_needs_neither_sops_nor_a_key(project: Project) -> None:
    project.seal(FILE, VALUES)
    program = (
        "import sys, pathlib\n"
        "from generator.model.sealed import read_sealed\n"
        "from generator.stages.seal.carry import carry\n"
        f"print(carry('kind: Secret\\n', read_sealed('x', pathlib.Path({FILE!r}).read_bytes())), end='')\n"
        "assert not {'yaml', 'ruamel.yaml', 'subprocess'} & set(sys.modules)\n"
    )
    paths = {"PATH": "", "HOME": "/nonexistent", "PYTHONPATH": ":".join(filter(None, sys.path))}

    carried = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.root,
        env=paths,
        capture_output=True,
        text=True,
        check=True,
    )

    assert carried.stdout == "kind: Secret\n" + Path(project.root / FILE).read_text()
