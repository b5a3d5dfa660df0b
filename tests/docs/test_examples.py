"""What README and documentation say is what happens."""

from pathlib import Path

import pytest

from tests.docs.page import anchors, examples, links
from tests.docs.trial import ROOT, Trial

PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")],
    key=str,
)
TRIED = [page for page in PAGES if page.parent in (ROOT, ROOT / "docs")]


@pytest.mark.parametrize("page", TRIED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_example_does_what_the_page_says(page: Path, tmp_path: Path) -> None:
    trial = Trial(tmp_path, str(page.relative_to(ROOT)))

    trial.run(examples(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page.read_text(encoding="utf-8")):
        path, _, fragment = link.partition("#")
        if ":" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (fragment and fragment not in anchors(target)):
            broken.append(link)

    assert not broken


def test_every_page_is_on_the_map() -> None:
    index = ROOT / "docs" / "index.md"
    mapped = {(index.parent / link.partition("#")[0]).resolve() for link in links(index.read_text(encoding="utf-8"))}

    assert {page for page in index.parent.glob("*.md") if page != index} <= mapped


def test_an_example_that_is_marked_is_not_mistaken_for_prose() -> None:
    marked = {example.what for page in PAGES for example in examples(page.read_text(encoding="utf-8"))}

    assert marked <= {"", "platform", "microservice", "environment", "application", "file", "insert", "typed"}
    assert {"platform", "microservice", "environment", "application"} <= marked
