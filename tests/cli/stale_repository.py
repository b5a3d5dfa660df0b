"""A repository whose output is out of date, and what people do in it."""

import os
import subprocess
from pathlib import Path

from tests.cli.conftest import Ended, Platformc

LATER = "catalog:1.4.1"


def git(folder: Path, *words: str, **environment: str) -> str:
    identity = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
    ended = subprocess.run(
        ("git", *identity, *words),
        cwd=folder,
        env=os.environ | {"GIT_CONFIG_GLOBAL": ""} | environment,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return ended.stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "as it is")


def edit(project: Path, old: str, new: str) -> None:
    document = project / "platform.yaml"
    text = document.read_text(encoding="utf-8")
    assert old in text
    document.write_text(text.replace(old, new), encoding="utf-8")


def made_stale(project: Path, platformc: Platformc) -> Path:
    """Make of *project* a repository whose document includes and mounts files, and changed since it was compiled."""
    edit(
        project,
        "      - name: Pricing\n        id: 99ccbbaa-8877-4665-9544-332211ffeedd\n"
        '        head: { image: "acme.azurecr.io/pricing:2.0.1" }\n',
        "        files: [data/logo.png]\n      - include: microservices/*.yaml\n",
    )
    for name, text in {
        "data/logo.png": "a picture\n",
        "microservices/pricing.yaml": 'name: Pricing\nhead: { image: "example/pricing:2.0.1" }\n',
        "microservices/basket.yaml": 'name: Basket\nhead: { image: "example/basket:2.0.1" }\n',
        "README.md": "hello\n",
        "src/main.py": "pass\n",
        "-old.yaml": "{}\n",
    }.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    git(project, "init", "-q")
    compiled = platformc("compile")
    assert compiled.returncode == 0, compiled.stderr
    edit(project, "catalog:1.4.0", LATER)
    commit(project)
    return project


def was_run(ended: Ended) -> bool:
    """Say whether a check ran, and found the output out of date."""
    assert ended.returncode in {0, 1}, ended.stderr
    assert (ended.returncode == 1) == ("run: platformc compile" in ended.stderr), ended.stderr
    return ended.returncode == 1
