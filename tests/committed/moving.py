"""A project whose document names one output folder, and then another."""

import os
import subprocess
from pathlib import Path

from tests.committed.killing import Forks, everything

DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
output: { directory: deploy }
applications:
  - name: shop
    environments:
      - { name: Dev, storage: { backup: false } }
      - { name: Prod, storage: { backup: false } }
    microservices:
      - name: Catalog
        head: { image: "example/catalog:1.4.0" }
"""


def name_output(root: Path, directory: str, document: str = "platform.yaml") -> None:
    (root / document).write_text(DOCUMENT.replace("directory: deploy", f"directory: {directory}"), encoding="utf-8")


def run(forks: Forks, root: Path, *arguments: str, status: int = 0) -> str:
    ended = forks.run(root, *arguments)
    assert ended["status"] == status, ended["said"]
    return str(ended["said"])


def compiled(forks: Forks, root: Path, directory: str = "deploy") -> dict[str, bytes]:
    """Compile the document in *root*, which may not be there, into *directory*, and return every file but documents."""
    root.mkdir(exist_ok=True)
    name_output(root, directory)
    run(forks, root, "compile")
    return everything(root)


def git(root: Path, *words: str, status: int = 0) -> str:
    identity = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com", "-c", "init.defaultBranch=main")
    ended = subprocess.run(
        ("git", *identity, *words),
        cwd=root,
        env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended.stdout


def commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def folders(root: Path) -> set[str]:
    return {str(each.relative_to(root)) for each in root.rglob("*") if each.is_dir()}
