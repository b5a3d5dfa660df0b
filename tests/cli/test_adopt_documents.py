"""`platformc adopt` in documents of all shapes: what a person wrote around the edit stays as it was."""

import re
from pathlib import Path

import pytest

from generator.cli.main import main
from tests.cli.edited import edit, objects

INCLUDING = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
applications:
  - name: shop
    environments: [{ name: Dev }, { name: Prod }]
    microservices: [{ include: parts/*.yaml }]
"""
INCLUDED = """\
# The catalog.
name:   Catalog
head:
    image: "example/catalog:1.4.0"   # pinned
    resources: &usual
        limits: { cpu: "1", memory: 1Gi }
environments:
    Prod:
        head: { replicas: 3, resources: *usual }
"""


def test_a_microservice_in_a_file_of_its_own_is_edited_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parts").mkdir()
    Path("platform.yaml").write_text(INCLUDING, encoding="utf-8")
    Path("parts/catalog.yaml").write_text(INCLUDED, encoding="utf-8")
    assert main(["compile", "-q"]) == 0
    file = "deploy/shop/prod/catalog.yaml"
    edit(file, 'cpu: "1"', 'cpu: "2"')
    edit(file, "  replicas: 3", "  replicas: 4\n  minReadySeconds: 5")
    wanted = objects(file)

    assert main(["adopt", "--yes"]) == 0

    assert Path("platform.yaml").read_text(encoding="utf-8") == INCLUDING
    after = Path("parts/catalog.yaml").read_text(encoding="utf-8")
    assert after.startswith(INCLUDED[: INCLUDED.index("environments:")])
    assert re.search(r"^        head: \{ replicas: 4, resources: .*cpu: \"2\"", after, re.MULTILINE)
    assert objects(file) == wanted
    assert main(["check", "-q"]) == 0
    capsys.readouterr()


def test_windows_line_ends_and_a_byte_order_mark_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = INCLUDING.replace("[{ include: parts/*.yaml }]", '[{ name: Able, head: { image: "a/b:1.0.0" } }]')
    Path("platform.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert main(["compile", "-q"]) == 0
    edit("deploy/shop/dev/able.yaml", "  replicas: 1", "  replicas: 2")

    assert main(["adopt", "--yes", "-q"]) == 0

    after = Path("platform.yaml").read_bytes()
    assert after.startswith(b"\xef\xbb\xbfapi")
    assert after.count(b"\n") == after.count(b"\r\n") == text.count("\n")
    capsys.readouterr()
