"""The picture in README is what platformc prints today."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def words(picture: Path) -> list[str]:
    text = re.sub(r"\(\d+\.\d\d s\)", "(… s)", picture.read_text(encoding="utf-8"))
    return re.findall(r"<text[^>]*>([^<]*)</text>", text)


def test_the_picture_shows_what_the_commands_print(tmp_path: Path) -> None:
    drawn = tmp_path / "shop.svg"
    subprocess.run((sys.executable, "-m", "tools.picture", str(drawn)), check=True, cwd=ROOT)

    assert words(drawn) == words(ROOT / "docs" / "images" / "shop.svg"), "run `python -m tools.picture`"
