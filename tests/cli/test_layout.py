"""Both layouts on disk: compiled over one another, checked, conformed and rendered."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]
CATALOG = "deploy/shop/overlays/prod/catalog/kustomization.yaml"


def files(project: Path) -> dict[str, bytes]:
    """Everything in the output folder."""
    return {
        each.relative_to(project).as_posix(): each.read_bytes()
        for each in (project / "deploy").rglob("*")
        if each.is_file()
    }


def test_there_and_back_again_leaves_the_same_files_and_no_empty_folder(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    before = files(project)

    platformc("compile", "--layout", "kustomize")
    between = files(project)
    ended = platformc("compile")

    assert ended.returncode == 0, ended.stderr
    assert set(before) & set(between) == {"deploy/.platformc.lock"}
    assert files(project) == before
    assert not [each for each in (project / "deploy").rglob("*") if each.is_dir() and not any(each.iterdir())]


def test_switching_the_layout_deletes_nothing_of_somebody_else(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    (project / "deploy" / "shop" / "dev" / "notes.txt").write_text("mine\n")

    ended = platformc("compile", "--layout", "kustomize")

    assert ended.returncode == 0, ended.stderr
    assert [each for each in files(project) if "/shop/dev/" in each] == ["deploy/shop/dev/notes.txt"]


def test_a_file_that_was_edited_by_hand_keeps_the_layout_from_changing(platformc: Platformc, project: Path) -> None:
    platformc("compile")
    edited = project / "deploy" / "shop" / "dev" / "catalog.yaml"
    edited.write_text(edited.read_text() + "# mine\n")
    before = files(project)

    ended = platformc("compile", "--layout", "kustomize")

    assert ended.returncode == 1
    assert "[hand-edited-file]" in ended.stderr
    assert files(project) == before


def test_the_option_wins_over_the_document(platformc: Platformc, project: Path) -> None:
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("applications:", "output: { layout: kustomize }\napplications:"))

    platformc("compile")
    assert CATALOG in files(project)

    platformc("compile", "--layout", "plain")
    assert CATALOG not in files(project)
    assert "run: platformc compile\n" in platformc("check").stderr
    assert platformc("check", "--layout", "plain").returncode == 0


def test_an_unknown_layout_is_a_usage_error(platformc: Platformc, project: Path) -> None:
    ended = platformc("compile", "--layout", "helm")

    assert ended.returncode == 2
    assert "'helm' is not one of 'plain', 'kustomize'" in ended.stderr
    assert not (project / "deploy").exists()


@pytest.mark.parametrize("name", ["kustomization.yml", "Kustomization"])
def test_a_second_kustomization_in_a_folder_is_found_and_nothing_is_written(
    platformc: Platformc, project: Path, name: str
) -> None:
    rival = project / "deploy" / "shop" / "base" / "catalog" / name
    rival.parent.mkdir(parents=True)
    rival.write_text("resources: []\n")

    ended = platformc("compile", "--layout", "kustomize", "--overwrite")

    assert ended.returncode == 1
    assert f"deploy/shop/base/catalog/{name}:1:1: error: " in ended.stderr
    assert "[foreign-file]" in ended.stderr
    assert list(files(project)) == [f"deploy/shop/base/catalog/{name}"]


def test_a_foreign_kustomization_is_not_written_over(platformc: Platformc, project: Path) -> None:
    foreign = project / CATALOG
    foreign.parent.mkdir(parents=True)
    foreign.write_text("resources: []\n")

    ended = platformc("compile", "--layout", "kustomize")

    assert ended.returncode == 1
    assert "[foreign-file]" in ended.stderr
    assert list(files(project)) == [CATALOG]


def test_check_finds_a_second_kustomization(platformc: Platformc, project: Path) -> None:
    platformc("compile", "--layout", "kustomize")
    (project / "deploy" / "shop" / "Kustomization").write_text("resources: []\n")

    ended = platformc("check", "--layout", "kustomize")

    assert ended.returncode == 1
    assert "kustomize refuses a folder with both" in ended.stderr


def test_overlays_conform_as_what_they_build(platformc: Platformc) -> None:
    platformc("compile", "--layout", "kustomize")

    ended = platformc("conform", "--layout", "kustomize")

    assert ended.returncode == 0, ended.stderr
    assert "kubeconform accepts 7 files (Kubernetes 1.33, 1.34)\n" in ended.stderr


def test_overlays_that_are_not_as_compiled_do_not_conform(platformc: Platformc, project: Path) -> None:
    platformc("compile", "--layout", "kustomize")
    edited = project / CATALOG
    edited.write_text(edited.read_text() + "namePrefix: x-\n")

    ended = platformc("conform", "--layout", "kustomize")

    assert ended.returncode == 1
    assert f"{CATALOG}:1:1: error: " in ended.stderr


def test_without_overlays_there_is_nothing_to_conform(platformc: Platformc) -> None:
    ended = platformc("conform", "--layout", "kustomize")

    assert ended.returncode == 2
    assert "run this first: platformc compile" in ended.stderr


def test_what_is_rendered_does_not_depend_on_the_layout(platformc: Platformc, project: Path) -> None:
    plain = platformc("render", "-e", "Prod")
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("applications:", "output: { layout: kustomize }\napplications:"))

    assert platformc("render", "-e", "Prod").stdout == plain.stdout
