"""What `platformc check` tells apart, for people, programs and on a change, and the command that mends each."""

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.committed.killing import LOCK, Forks, everything

CATALOG = "deploy/shop/dev/catalog.yaml"
DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
applications:
  - name: shop
    environments:
      - { name: Dev, storage: { backup: false } }
      - { name: Prod, storage: { backup: false } }
    microservices:
      - name: Catalog
        head: { image: "example/catalog:1.4.0" }
      - name: Pricing
        head: { image: "example/pricing:2.0.1" }
"""


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks({"PLATFORMC_CACHE": "off", "NO_COLOR": "1"})
    yield forks
    forks.end()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_source(root: Path) -> None:
    change(root / "platform.yaml", "catalog:1.4.0", "catalog:1.5.0")


def edit_by_hand(root: Path) -> None:
    change(root / CATALOG, "replicas: 1", "replicas: 2")


def retire(root: Path) -> None:
    text = (root / "platform.yaml").read_text(encoding="utf-8")
    (root / "platform.yaml").write_text(text.replace("name: Catalog", "name: Basket"), encoding="utf-8")


def change_compiler(root: Path) -> None:
    """Leave what an older version would have, which compiled a file to something else."""
    written = (root / CATALOG).read_bytes()
    (root / CATALOG).write_bytes(written + b"# of an older version\n")
    digests = [hashlib.sha256(each).hexdigest() for each in (written, (root / CATALOG).read_bytes())]
    change(root / LOCK, *digests)
    text = (root / LOCK).read_text(encoding="utf-8")
    (root / LOCK).write_text(re.sub(r"^# compiler .*$", "# compiler 0.0.1", text, flags=re.MULTILINE), "utf-8")


def remove(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink()


def bring(root: Path) -> None:
    """Put a file where a compiled one belongs: before that was compiled for the first time."""
    retire(root)
    (root / "deploy/shop/dev/basket.yaml").write_bytes(b"mine\n")


def conflict(root: Path) -> None:
    lines = (root / LOCK).read_text(encoding="utf-8").splitlines()
    lines[3:4] = ["<<<<<<< ours", lines[3], "=======", lines[3].replace("0", "1"), ">>>>>>> theirs"]
    (root / LOCK).write_text("\n".join(lines) + "\n", encoding="utf-8")


def forget(root: Path) -> None:
    """Lose a line of the inventory."""
    lines = (root / LOCK).read_text(encoding="utf-8").splitlines(keepends=True)
    (root / LOCK).write_text("".join(lines[:-1]), encoding="utf-8")


STATES: dict[str, tuple[tuple[Callable[[Path], None], ...], str, str, str, tuple[str, ...]]] = {
    "source changed": ((edit_source,), CATALOG, "source changed", "stale-file", ("platformc compile",)),
    "compiler changed": ((change_compiler,), CATALOG, "compiler changed", "stale-file", ("platformc compile",)),
    "missing": ((remove(CATALOG),), CATALOG, "missing", "stale-file", ("platformc compile",)),
    "orphaned": ((retire,), CATALOG, "no longer compiled", "stale-file", ("platformc compile",)),
    "edited by hand": (
        (edit_by_hand,),
        CATALOG,
        "edited by hand",
        "hand-edited-file",
        ("platformc adopt", "platformc compile --overwrite"),
    ),
    "edited by hand, and source changed": (
        (edit_by_hand, edit_source),
        CATALOG,
        "edited by hand, and source changed",
        "hand-edited-file",
        ("platformc compile --overwrite",),
    ),
    "edited by hand, and compiler changed": (
        (change_compiler, edit_by_hand),
        CATALOG,
        "edited by hand, and compiler changed",
        "hand-edited-file",
        ("platformc compile --overwrite",),
    ),
    "edited by hand, and orphaned": (
        (edit_by_hand, retire),
        CATALOG,
        "edited by hand, and no longer compiled",
        "hand-edited-file",
        ("platformc compile --overwrite",),
    ),
    "foreign": (
        (bring,),
        "deploy/shop/dev/basket.yaml",
        "foreign",
        "foreign-file",
        ("platformc compile --overwrite",),
    ),
    "merged inventory": ((conflict,), LOCK, "inventory out of date", "bad-lock", ("platformc compile",)),
    "inventory out of date": ((forget,), LOCK, "inventory out of date", "stale-file", ("platformc compile",)),
    "inventory missing": ((remove(LOCK),), LOCK, "missing", "stale-file", ("platformc compile",)),
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_told_and_the_command_that_is_printed_mends_it(forks: Forks, tmp_path: Path, state: str) -> None:
    steps, file, reason, code, remedies = STATES[state]
    for number, remedy in enumerate(remedies):
        root = tmp_path / f"a project {number}"
        root.mkdir()
        (root / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
        assert forks.run(root, "compile")["status"] == 0
        for step in steps:
            step(root)
        before = everything(root)

        said = forks.run(root, "check")

        assert said["status"] == 1
        lines = said["said"].splitlines()
        assert f"{file}: {reason}" in lines
        assert re.findall(r"run: (.*)", said["said"])[number] == remedy
        assert_programs_are_told(forks, root, file, code, remedies)
        assert everything(root) == before
        assert_mended(forks, root, remedy)


def assert_programs_are_told(forks: Forks, root: Path, file: str, code: str, remedies: tuple[str, ...]) -> None:
    """Demand that JSON and annotations say the same about *file*, with the same commands."""
    told = forks.run(root, "check", "--format", "json")
    assert told["status"] == 1
    document, _ = json.JSONDecoder().raw_decode(told["said"])
    (found, *_) = [each for each in document["findings"] if (each["file"], each["code"]) == (file, code)]
    assert all(each in found["hint"] for each in remedies)

    told = forks.run(root, "check", "--format", "github")
    assert told["status"] == 1
    annotations = [line for line in told["said"].splitlines() if line.startswith(f"::error file={file},")]
    (annotation,) = [line for line in annotations if found["message"] in line]
    assert all(each in annotation for each in remedies)


def assert_mended(forks: Forks, root: Path, remedy: str) -> None:
    """Run *remedy* as a person would who says yes, and demand that there is nothing to complain about any more."""
    person, terminal = pty.openpty()
    os.write(person, b"y\n")
    ended = subprocess.run(
        ("sh", "-c", remedy),
        cwd=root,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=terminal,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    os.close(person)
    os.close(terminal)
    assert ended.returncode == 0, ended.stderr
    assert forks.run(root, "check")["said"].startswith("up to date: ")


def test_states_at_once_are_told_apart(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
    assert forks.run(tmp_path, "compile")["status"] == 0
    for step in (edit_by_hand, edit_source, remove("deploy/shop/prod/environment.yaml")):
        step(tmp_path)
    text = (tmp_path / "platform.yaml").read_text(encoding="utf-8")
    (tmp_path / "platform.yaml").write_text(text.replace("name: Pricing", "name: Basket"), encoding="utf-8")
    (tmp_path / "deploy/shop/prod/basket.yaml").write_bytes(b"mine\n")
    (tmp_path / "deploy/notes.md").write_bytes(b"mine\n")

    said = forks.run(tmp_path, "check")

    assert said["status"] == 1
    assert said["said"].splitlines() == [
        "deploy/shop/dev/basket.yaml: missing",
        "deploy/shop/dev/catalog.yaml: edited by hand, and source changed",
        "deploy/shop/dev/pricing.yaml: no longer compiled",
        "deploy/shop/prod/basket.yaml: foreign",
        "deploy/shop/prod/catalog.yaml: source changed",
        "deploy/shop/prod/environment.yaml: missing",
        "deploy/shop/prod/pricing.yaml: no longer compiled",
        "out of date: 7 files, 2 of them not as platformc left them",
        "to keep it, take the source's change back and adopt the edit first",
        "to keep it, move the file away",
        "to lose it, run: platformc compile --overwrite",
    ]


def test_commands_name_what_the_person_named(forks: Forks, tmp_path: Path) -> None:
    root = tmp_path / "a project"
    root.mkdir()
    (root / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
    options = ("-f", "a project/platform.yaml", "-o", "a preview")
    assert forks.run(tmp_path, "compile", *options)["status"] == 0
    change(tmp_path / "a preview/shop/dev/catalog.yaml", "replicas: 1", "replicas: 2")

    for form in ("text", "json"):
        said = forks.run(tmp_path, "check", *options, "--format", form)["said"]
        assert "adopt" not in said  # it takes edits from the project's own output only
        assert "run: platformc compile -f 'a project/platform.yaml' -o 'a preview' --overwrite" in said
