"""The schemas in the distribution are what the one command writes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_writing_the_kubernetes_schemas_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "kubernetes_schemas.py"), "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)

    carried = ROOT / "schemas" / "kubernetes"
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.json")}
    assert written | {Path("httproute.json")} == {path.relative_to(carried) for path in carried.rglob("*.json")}
    for path in written:
        assert (tmp_path / path).read_bytes() == (carried / path).read_bytes(), path
