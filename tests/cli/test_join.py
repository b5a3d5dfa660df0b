"""A platform compiled in parts, and joined."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

SAMPLES = Path(__file__).parents[2] / "samples"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def compile_parts(platformc: Platformc, folder: Path, count: int, *options: str) -> list[str]:
    parts = [str(folder.parent / "parts" / str(number)) for number in range(1, count + 1)]
    for number, part in enumerate(parts, start=1):
        ended = platformc("compile", "--shard", f"{number}/{count}", "-o", part, *options, cwd=folder)
        assert ended.returncode == 0, ended.stderr
    return parts


@pytest.mark.parametrize("layout", ["plain", "kustomize"])
@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("sample", ["large", "shop"])
def test_parts_joined_are_what_one_machine_compiles(
    platformc: Platformc, tmp_path: Path, sample: str, count: int, layout: str
) -> None:
    folder = tmp_path / sample
    shutil.copytree(SAMPLES / sample, folder, ignore=shutil.ignore_patterns("deploy"))
    parts = compile_parts(platformc, folder, count, "--layout", layout)

    joined = platformc("join", *parts, cwd=folder)

    assert joined.returncode == 0, joined.stderr
    together = files(folder)
    shutil.rmtree(folder / "deploy")
    (folder / ".sops.yaml").unlink(missing_ok=True)
    assert platformc("compile", "--layout", layout, cwd=folder).returncode == 0
    assert files(folder) == together
    assert platformc("join", *parts, "--check", cwd=folder).returncode == 0


def test_every_unit_belongs_to_one_part(platformc: Platformc, project: Path) -> None:
    parts = compile_parts(platformc, project, 3)

    said = [json.loads((Path(part) / ".platformc-part.json").read_text()) for part in parts]
    units = [unit for each in said for unit in each["units"]]

    assert sorted(units) == sorted(set(units))
    assert len(units) == 7


def test_a_microservice_stays_in_its_part_when_others_come(platformc: Platformc, project: Path) -> None:
    (before, *_) = compile_parts(platformc, project, 2)
    held = {path.name for path in Path(before).rglob("pricing.yaml")}
    document = project / "platform.yaml"
    document.write_text(document.read_text() + '      - { name: New, head: { image: "example/new:1.0.0" } }\n')

    compile_parts(platformc, project, 2)

    assert {path.name for path in Path(before).rglob("pricing.yaml")} == held


def test_what_dangles_between_parts_is_found_when_they_are_joined(platformc: Platformc, project: Path) -> None:
    (project / "job.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: { name: lost }\n"
        "spec: { selector: { app: nobody }, ports: [{ port: 80 }] }\n"
    )
    document = project / "platform.yaml"
    document.write_text(document.read_text() + "        manifests: [job.yaml]\n")
    alone = platformc("validate")
    parts = compile_parts(platformc, project, 2)

    joined = platformc("join", *parts)

    assert alone.returncode == joined.returncode == 1
    assert alone.stderr == joined.stderr
    assert not (project / "deploy").exists()


def test_a_part_that_is_missing_is_named(platformc: Platformc, project: Path) -> None:
    first, _ = compile_parts(platformc, project, 2)

    ended = platformc("join", first)

    assert ended.returncode == 1
    assert "error: part 2 of 2 is not among the folders [unfit-part]" in ended.stderr


def test_a_part_of_another_document_is_refused(platformc: Platformc, project: Path) -> None:
    parts = compile_parts(platformc, project, 2)
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("catalog:1.4.0", "catalog:1.5.0"))

    ended = platformc("join", *parts)

    assert ended.returncode == 1
    assert ended.stderr.count("the part was compiled from another document than the one here [unfit-part]") == 2


def test_a_part_of_another_file_is_refused(platformc: Platformc, sealed_project: Path) -> None:
    parts = compile_parts(platformc, sealed_project, 2)
    source = sealed_project / "secrets" / "shop" / "dev" / "catalog.yaml"
    source.write_bytes(b"# seen\n" + source.read_bytes())

    ended = platformc("join", *parts)

    assert ended.returncode == 1
    assert "the part was compiled from another 'secrets/shop/dev/catalog.yaml' than the one here" in ended.stderr


@pytest.mark.parametrize("name", ["settings.json", "objects.yaml"])
def test_a_part_of_another_file_of_a_microservice_is_refused(platformc: Platformc, project: Path, name: str) -> None:
    (project / "settings.json").write_text("{}")
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\ndata: { A: a }\n"
    (project / "objects.yaml").write_text(manifest)
    document = project / "platform.yaml"
    document.write_text(
        document.read_text()
        + "        files: [settings.json]\n"
        + "        environments: { Dev: { manifests: [objects.yaml] } }\n"
    )
    parts = compile_parts(platformc, project, 2)
    with (project / name).open("a") as file:
        file.write("\n")

    ended = platformc("join", *parts)

    assert ended.returncode == 1
    assert f"the part was compiled from another '{name}' than the one here" in ended.stderr


def test_a_file_that_was_changed_on_the_way_is_refused(platformc: Platformc, project: Path) -> None:
    parts = compile_parts(platformc, project, 1)
    with (Path(parts[0]) / "shop" / "dev" / "catalog.yaml").open("a") as file:
        file.write("# note\n")

    ended = platformc("join", *parts)

    assert ended.returncode == 1
    assert "'shop/dev/catalog.yaml' of shop/Dev/Catalog is not as it was compiled [unfit-part]" in ended.stderr


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"shard": [1, 1], "units": {}}', '{"shard": [2, 1], "units": {}, "read": {}, "layout": ""}'],
)
def test_a_part_that_says_nothing_sensible_is_refused(platformc: Platformc, project: Path, content: str) -> None:
    (part,) = compile_parts(platformc, project, 1)
    (Path(part) / ".platformc-part.json").write_text(content)

    ended = platformc("join", part)

    assert ended.returncode == 1
    assert "[unfit-part]" in ended.stderr


def test_a_part_with_members_of_other_shapes_is_refused(platformc: Platformc, project: Path) -> None:
    (part,) = compile_parts(platformc, project, 1)
    place = Path(part) / ".platformc-part.json"
    said = json.loads(place.read_text())
    said["units"]["shop/Dev/Catalog"] = {"files": 3}
    place.write_text(json.dumps(said))

    ended = platformc("join", part)

    assert ended.returncode == 1
    assert "[unfit-part]" in ended.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--shard", "1/2"), "name it with '-o'"),
        (("--shard", "3/2", "-o", "x"), "expected one part of several, as 2/4"),
        (("--shard", "0/2", "-o", "x"), "expected one part of several, as 2/4"),
        (("--shard", "one", "-o", "x"), "expected one part of several, as 2/4"),
        (("--shard", "1/2", "-o", "x", "-e", "Dev"), "leave out '-e' and '--select'"),
    ],
)
def test_parts_that_cannot_be_meant_are_a_mistake_of_the_command_line(
    platformc: Platformc, options: tuple[str, ...], words: str
) -> None:
    ended = platformc("compile", *options)

    assert ended.returncode == 2
    assert words in ended.stderr


def test_checking_parts_against_stale_output_says_what_is_stale(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    (project / "deploy" / "shop" / "dev" / "catalog.yaml").unlink()
    parts = compile_parts(platformc, project, 2)

    ended = platformc("join", *parts, "--check")

    assert ended.returncode == 1
    assert "deploy/shop/dev/catalog.yaml: missing" in ended.stderr
    assert not (project / "deploy" / "shop" / "dev" / "catalog.yaml").exists()


def test_checking_parts_names_the_whole_command_that_mends(platformc: Platformc, project: Path) -> None:
    (part,) = compile_parts(platformc, project, 1)
    shutil.copytree(part, project.parent / "the part")

    ended = platformc("join", "../the part", "--check", "-o", "else where")
    command = ended.stderr.splitlines()[-1].partition("; run: platformc ")[2]
    mended = platformc(*shlex.split(command))

    assert ended.returncode == 1
    assert mended.returncode == 0, mended.stderr
    assert platformc("join", "../the part", "--check", "-o", "else where").returncode == 0
