import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["commands.md", "document.md"])
def test_the_reference_says_what_the_schema_and_the_commands_say(page: str, tmp_path: Path) -> None:
    command = (sys.executable, str(ROOT / "tools" / "reference.py"), str(tmp_path))

    subprocess.run(command, check=True, cwd=tmp_path)

    written = (tmp_path / page).read_text(encoding="utf-8")
    assert (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8") == written, "run `make docs`"
