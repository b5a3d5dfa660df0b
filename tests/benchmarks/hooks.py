"""What the hooks cost at a commit that finds everything as it should be, beyond one that does nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.measure import Command, medians, row
from tests.benchmarks.subjects import Platform

ROOT = Path(__file__).parents[2]
PRE_COMMIT = str(Path(sys.executable).parent / "pre-commit")
ROUNDS = 7
NOTHING = {"id": "nothing", "name": "nothing", "entry": "true", "language": "system", "pass_filenames": False}
AT_A_COMMIT = ("platformc-validate", "platformc-check", "platformc-guard")


def _published() -> list[dict[str, Any]]:
    """Return the hooks that the project offers and people use at a commit, run by the platformc that is installed."""
    published = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return [{**each, "language": "system"} for each in published if each["id"] in AT_A_COMMIT]


def _repository(folder: Path) -> None:
    for words in (("init", "-q"), ("add", "--all")):
        subprocess.run(("git", *words), cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _commit(folder: Path, name: str, hooks: list[dict[str, Any]], environment: dict[str, str]) -> Command:
    """Return the command that does what `git commit` of the document has pre-commit do."""
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    place = folder.with_name(f"{folder.name}-{name}.yaml")
    place.write_text(yaml.safe_dump(config), encoding="utf-8")
    arguments = (PRE_COMMIT, "run", "--config", str(place), "--files", "platform.yaml")
    return Command(arguments, folder, environment)


def compare_hooks(platform: Platform) -> Iterator[str]:
    """Yield the line that compares the hooks on *platform*, which is compiled, with a hook that does nothing."""
    _repository(platform.folder)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    home = str(platform.folder.with_name("pre-commit"))
    environment = {**os.environ, **platform.cached(), "PATH": path, "PRE_COMMIT_HOME": home}
    ours = _commit(platform.folder, "hooks", _published(), environment)
    nothing = _commit(platform.folder, "nothing", [NOTHING], environment)
    medians(1, ours.run, nothing.run)
    took, least = medians(ROUNDS, ours.run, nothing.run)
    shutil.rmtree(platform.folder / ".git")
    yield row("what three hooks add to a commit, nothing to do", took - least, "a hook of none", least, "0.5 s")
