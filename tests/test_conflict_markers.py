"""Nothing is committed in the middle of a merge."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MARKER = re.compile(rb"^(?:<{7}|>{7}|\|{7}) \S|^={7}\r?$", re.MULTILINE)
ON_PURPOSE = {"tests/findings/more/merge-conflict.yaml"}


def with_markers(root: Path) -> set[str]:
    """The files that git tracks or would track with marks of a merge at the beginning of a line."""
    options = ("--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(["git", "ls-files", *options], cwd=root, check=True, capture_output=True).stdout.decode()
    files = {name: root / name for name in listed.split("\0") if name}
    return {name for name, file in files.items() if file.is_file() and MARKER.search(file.read_bytes())}


def test_no_file_has_the_marks_of_a_merge() -> None:
    assert with_markers(ROOT) - ON_PURPOSE == set()


def test_they_would_be_found(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    ours, theirs = "<" * 7, ">" * 7
    (tmp_path / "merged.md").write_text(f"# A\n{ours} ours\none\n=======\ntwo\n{theirs} theirs\n")
    (tmp_path / "heading.md").write_text("A\n========\n")

    assert with_markers(tmp_path) == {"merged.md"}
