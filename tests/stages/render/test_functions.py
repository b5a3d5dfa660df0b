"""Built-in templates print through the functions written of them what Jinja prints through the templates."""

from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from generator.adapters.project import ProjectFiles
from generator.model.diagnostics import CompileError
from generator.model.tree import FileTree
from generator.stages.render.functions import Unwritable, python_of
from tests.compiled import compile_said, compile_text
from tests.test_compiler_properties import platforms

ROOT = Path(__file__).parents[3]
OWN = "templates/_nothing.yaml.j2"
"""Macros of the platform's own, if there are none in it: no template is trusted then, and Jinja runs them all."""


class WithOwnMacros:
    """The files of a project, and `OWN`."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files

    def read(self, path: PurePosixPath) -> bytes | None:
        return b"" if str(path) == OWN else self._files.read(path)

    def glob(self, pattern: str) -> tuple[PurePosixPath, ...]:
        found = self._files.glob(pattern)
        return (PurePosixPath(OWN), *found) if pattern.startswith("templates/") else found


@pytest.mark.parametrize("sample", sorted(each.name for each in (ROOT / "samples").iterdir() if each.is_dir()))
def test_the_samples_are_the_same_through_jinja(sample: str) -> None:
    folder = ROOT / "samples" / sample
    text, files = (folder / "platform.yaml").read_text("utf-8"), ProjectFiles(folder)

    said = text if "\ntemplates:" in text else f"{text}\ntemplates: templates\n"
    through_jinja = compile_text(said, WithOwnMacros(files))

    assert through_jinja.compilation.tree == compile_text(text, files).compilation.tree


@given(platforms())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_platform_is_the_same_through_jinja(document: dict[str, Any]) -> None:
    assert outcome({**document, "templates": "templates"}, {OWN: b""}) == outcome(document)


def outcome(document: dict[str, Any], files: dict[str, bytes] | None = None) -> FileTree | list[tuple[str, str]]:
    try:
        return compile_said(document, files).compilation.tree
    except CompileError as error:
        return [(each.code, each.message) for each in error.diagnostics]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: {{ name | upper }}\n", "t.j2:2: built-in templates do without Jinja's Filter upper"),
        ("{% set a = 1 %}\n", "t.j2:1: built-in templates do without Jinja's Assign"),
        ("{% for name in names %}{{ loop.index }}{% endfor %}{{ name }}\n", "t.j2:1: built-in templates do without"),
        ("{{ range(3) }}\n", "t.j2:1: built-in templates do without Jinja's Call"),
        ("{{ name is odd }}\n", "t.j2:1: built-in templates do without Jinja's Test odd"),
    ],
)
def test_what_cannot_be_written_is_said_with_its_line(text: str, place: str) -> None:
    with pytest.raises(Unwritable) as caught:
        python_of({"t.j2": text})

    assert str(caught.value).startswith(place)
