"""Who findings are said to: a person, a program, or the service that runs the command."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def typo(project: Path) -> str:
    """A mistake in the document; the words that the finding has."""
    document = project / "platform.yaml"
    document.write_text(document.read_text().replace("kubernetes:", "kubernets:", 1))
    return "unknown key 'kubernets'"


def test_github_actions_gets_annotations_and_the_log_gets_words(platformc: Platformc, typo: str) -> None:
    ended = platformc("validate", GITHUB_ACTIONS="true")

    assert ended.returncode == 1
    assert ended.stdout.startswith("::error file=platform.yaml,line=4,col=1,endColumn=10,title=unknown-key::")
    assert typo in ended.stderr


def test_azure_pipelines_gets_issues_and_the_log_gets_words(platformc: Platformc, typo: str) -> None:
    ended = platformc("validate", TF_BUILD="True")

    assert ended.stdout.startswith("##vso[task.logissue type=error;sourcepath=platform.yaml;linenumber=4;")
    assert typo in ended.stderr


def test_a_format_that_is_asked_for_is_the_only_one(platformc: Platformc, typo: str) -> None:
    ended = platformc("validate", "--format", "gitlab", GITHUB_ACTIONS="true")

    assert json.loads(ended.stdout)[0]["check_name"] == "unknown-key"
    assert typo not in ended.stderr


def test_files_are_named_from_the_root_of_the_repository(platformc: Platformc, project: Path, typo: str) -> None:
    (project.parent / ".git").mkdir()

    ended = platformc("validate", "--format", "github")

    assert ended.stdout.startswith("::error file=a project/platform.yaml,line=4,")
    assert typo in ended.stdout


def test_rendered_manifests_are_not_mixed_with_annotations(platformc: Platformc) -> None:
    plain = platformc("render", "-e", "Dev")

    assert platformc("render", "-e", "Dev", GITHUB_ACTIONS="true").stdout == plain.stdout


def test_files_that_are_out_of_date_are_annotated(platformc: Platformc) -> None:
    ended = platformc("check", GITHUB_ACTIONS="true")

    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert any(line.startswith("::error file=deploy/shop/dev/catalog.yaml,line=1,") for line in lines)
