"""What runs leave for the next ones: never in their way, never a secret."""

import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

UNSEEN = "correct-horse-battery-staple"


def said(ended: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return ended.returncode, ended.stdout, re.sub(r"\(\d+\.\d\d s\)", "", ended.stderr)


def entries(cache: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in cache.iterdir()} if cache.exists() else {}


def test_a_run_that_finds_no_errors_leaves_something(platformc: Platformc, tmp_path: Path) -> None:
    platformc("compile", PLATFORMC_CACHE=str(tmp_path / "cache"))

    assert entries(tmp_path / "cache")


@pytest.mark.parametrize("command", ["compile", "check"])
def test_nothing_is_left_where_nothing_is_to_be(
    platformc: Platformc, project: Path, tmp_path: Path, command: str
) -> None:
    platformc("compile", PLATFORMC_CACHE="off")
    ended = platformc(command, "--no-cache", PLATFORMC_CACHE=str(tmp_path / "cache"))

    assert ended.returncode == 0
    assert not entries(tmp_path / "cache")
    assert not (project / ".cache").exists()


def test_nothing_is_left_of_a_run_that_found_an_error(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    document = project / "platform.yaml"
    text = document.read_text(encoding="utf-8")
    leak = '        env: { DB_PASSWORD: "' + UNSEEN + '" }\n'
    document.write_text(text + leak, encoding="utf-8")

    ended = platformc("compile", PLATFORMC_CACHE=str(tmp_path / "cache"))

    assert ended.returncode == 1
    assert not entries(tmp_path / "cache")


def test_no_text_of_the_project_is_left(platformc: Platformc, sealed_project: Path, tmp_path: Path) -> None:
    document = sealed_project / "platform.yaml"
    text = document.read_text(encoding="utf-8")
    more = f"        env: {{ MOTTO: {UNSEEN} }}\n        files: [motto.txt]\n"
    document.write_text(text + more, encoding="utf-8")
    (sealed_project / "motto.txt").write_text(f"{UNSEEN} in a file", encoding="utf-8")

    assert platformc("compile", PLATFORMC_CACHE=str(tmp_path / "cache")).returncode == 0

    left = b"".join(entries(tmp_path / "cache").values())
    assert left
    assert UNSEEN.encode() not in left
    assert b"ENC[" not in left
    assert b"nginx:" not in left
    assert b"acme.azurecr.io" not in left


def test_the_cache_can_be_deleted_between_any_two_runs(platformc: Platformc, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = said(platformc("compile", PLATFORMC_CACHE=str(cache)))
    for name in entries(cache):
        (cache / name).unlink()

    assert first[0] == 0
    assert "nothing to write" in platformc("compile", PLATFORMC_CACHE=str(cache)).stderr


def test_entries_that_are_damaged_are_ignored(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    """Even such as bear the right digest, which no accident makes."""
    cache = tmp_path / "cache"
    platformc("compile", PLATFORMC_CACHE=str(cache))
    chance = random.Random(0)  # noqa: S311  (damage, not a secret)
    whole = entries(cache)
    expected = said(platformc("check", PLATFORMC_CACHE="off"))
    document = project / "platform.yaml"
    for number in range(10):
        for name, content in whole.items():
            header, _, body = content.partition(b"\n")
            del header
            torn = _torn(body, chance)
            digest = hashlib.sha256(torn).hexdigest().encode()
            (cache / name).write_bytes(b"platformc 1 " + digest + b"\n" + torn)
        if number % 2:
            document.write_text(document.read_text(encoding="utf-8") + "# a comment\n", encoding="utf-8")

        assert said(platformc("check", PLATFORMC_CACHE=str(cache), PLATFORMC_DEBUG="1")) == expected


def _torn(body: bytes, chance: random.Random) -> bytes:
    """Return something else that is well-formed, or not."""
    try:
        data = json.loads(body)
    except ValueError:
        return b"elsewhere"
    key = chance.choice(sorted(data))
    match chance.randrange(4):
        case 0:
            del data[key]
        case 1:
            data[key] = None
        case 2:
            data["more"] = 1
        case _:
            return chance.choice([b"[]", b"null", b"{", b"7"])
    return json.dumps(data).encode()


def test_branches_do_not_disturb_each_other(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    document, text = project / "platform.yaml", (project / "platform.yaml").read_text(encoding="utf-8")
    for image in ("catalog:1.5.0", "catalog:1.4.0", "catalog:1.5.0"):
        document.write_text(text.replace("catalog:1.4.0", image), encoding="utf-8")
        platformc("compile", PLATFORMC_CACHE=cache)

        assert image in (project / "deploy" / "shop" / "dev" / "catalog.yaml").read_text(encoding="utf-8")
        assert platformc("check", PLATFORMC_CACHE=cache).returncode == 0


def test_runs_at_the_same_time_do_not_disturb_each_other(platformc: Platformc, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    cache = str(tmp_path / "cache")
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: platformc("compile", PLATFORMC_CACHE=cache), range(6)))

    assert [each.returncode for each in ended] == [0] * 6
    assert platformc("check", PLATFORMC_CACHE=cache).returncode == 0


def test_warnings_are_said_again(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    document = project / "platform.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace("catalog:1.4.0", "catalog"), encoding="utf-8")

    first = platformc("compile", PLATFORMC_CACHE=str(tmp_path / "cache"))
    second = platformc("compile", PLATFORMC_CACHE=str(tmp_path / "cache"))

    assert "warning: " in first.stderr
    assert second.stderr.split("compiled")[0] == first.stderr.split("compiled")[0]


def test_validate_says_again_what_the_last_run_found_without_the_compiler(
    platformc: Platformc, project: Path, tmp_path: Path
) -> None:
    document, cache = project / "platform.yaml", str(tmp_path / "cache")
    document.write_text(document.read_text(encoding="utf-8").replace("catalog:1.4.0", "catalog"), encoding="utf-8")
    cold = platformc("validate", PLATFORMC_CACHE="off")
    platformc("compile", PLATFORMC_CACHE=cache)

    warm = platformc("validate", PLATFORMC_CACHE=cache)
    traced = platformc("validate", PLATFORMC_CACHE=cache, PYTHONPROFILEIMPORTTIME="1")

    assert "warning: " in cold.stderr
    assert said(warm) == said(cold)
    assert "generator.cli.memory" in traced.stderr
    assert "generator.compiler" not in traced.stderr


def test_validate_looks_again_where_anything_is_another(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    document, cache = project / "platform.yaml", str(tmp_path / "cache")
    platformc("compile", PLATFORMC_CACHE=cache)
    document.write_text(document.read_text(encoding="utf-8").replace("name: Pricing", "name: -"), encoding="utf-8")

    ended = platformc("validate", PLATFORMC_CACHE=cache)

    assert ended.returncode == 1
    assert said(ended) == said(platformc("validate", "--no-cache", PLATFORMC_CACHE=cache))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_read_in_every_run(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    (project / "more").mkdir()
    with open(os.fsencode(project) + b"/more/\xff.yaml", "w", encoding="ascii") as file:  # noqa: PTH123  (in bytes)
        file.write("{ apiVersion: v1, kind: ConfigMap, metadata: { name: more } }\n")
    document = project / "platform.yaml"
    manifests = '    manifests: ["more/*.yaml"]\n    microservices:\n'
    text = document.read_text(encoding="utf-8").replace("    microservices:\n", manifests)
    document.write_text(text, encoding="utf-8")

    ended = [platformc("compile", PLATFORMC_CACHE=cache) for _ in range(2)]

    assert [each.returncode for each in ended] == [0, 0], ended[0].stderr
    assert "nothing to write" in ended[1].stderr


def test_what_is_not_platformcs_is_mentioned_again(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    platformc("compile", PLATFORMC_CACHE=cache)
    platformc("check", PLATFORMC_CACHE=cache)
    (project / "deploy" / "note.md").write_bytes(b"")

    for _ in range(2):
        assert "note: 'deploy/note.md' is not platformc's" in platformc("check", PLATFORMC_CACHE=cache).stderr


def test_another_output_folder_has_its_own_past(platformc: Platformc, project: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    platformc("compile", PLATFORMC_CACHE=cache)
    platformc("compile", "-o", "preview", PLATFORMC_CACHE=cache)
    (project / "preview" / "shop" / "dev" / "catalog.yaml").unlink()

    assert platformc("check", PLATFORMC_CACHE=cache).returncode == 0
    assert platformc("check", "-o", "preview", PLATFORMC_CACHE=cache).returncode == 1


def test_a_folder_that_becomes_a_link_out_of_the_project_is_noticed(
    platformc: Platformc, project: Path, tmp_path: Path
) -> None:
    cache = str(tmp_path / "cache")
    (project / "config").mkdir()
    (project / "config" / "a.json").write_bytes(b"{}")
    document = project / "platform.yaml"
    text = document.read_text(encoding="utf-8") + "        files: [config/a.json]\n"
    document.write_text(text, encoding="utf-8")
    assert platformc("compile", PLATFORMC_CACHE=cache).returncode == 0

    (project / "config").rename(tmp_path / "elsewhere")
    (project / "config").symlink_to(tmp_path / "elsewhere")

    ended = platformc("check", PLATFORMC_CACHE=cache)
    assert (ended.returncode, "leads out of the project" in ended.stderr) == (1, True)


@pytest.mark.parametrize("command", ["compile", "check"])
@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("cache", "is not an absolute path"),
        ("{project}/.cache", "lies in the project"),
        ("{link}/cache", "lies in the project"),
        ("{out}/cache", "lies in the output"),
    ],
)
def test_a_folder_that_would_be_committed_is_not_used_and_that_is_said(
    platformc: Platformc, project: Path, tmp_path: Path, command: str, folder: str, words: str
) -> None:
    (tmp_path / "link").symlink_to(project)
    options = ("-o", str(tmp_path / "out"))
    platformc("compile", *options, PLATFORMC_CACHE="off")
    before = {path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts}
    cache = folder.format(project=project, link=tmp_path / "link", out=tmp_path / "out")

    ended = platformc(command, *options, PLATFORMC_CACHE=cache)

    assert ended.returncode == 0
    assert ended.stderr.startswith(f"note: nothing is kept for the next run: the cache folder '{cache}' {words}; ")
    assert {path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts} == before
