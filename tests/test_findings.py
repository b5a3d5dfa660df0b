"""What every finding says: a smallest document for each code, and documents with one mistake each.

`tests/findings/<code>.yaml`, or the folder `<code>/` with the files that the document needs, stands beside
`<code>.out`, the exact report. `tests/findings/more/` holds further documents. After a change of words,
`UPDATE_FINDINGS=1 pytest tests/test_findings.py` writes the reports, and the examples of the pages in
`docs/findings/`, anew: read the difference like code.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli.main import main
from tests.finding_codes import codes

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "findings"
PAGES = ROOT / "docs" / "findings"
UPDATE = os.environ.get("UPDATE_FINDINGS") == "1"
CANARY = re.compile(r"canary|Y2FuYXJ5|5f1d7c", re.IGNORECASE)
"""What the documents hold in place of a secret, in whatever spelling."""

CASES = sorted(
    [each for folder in (CORPUS, CORPUS / "more") for each in folder.iterdir() if each.suffix == ".yaml"]
    + [each.parent for folder in (CORPUS, CORPUS / "more") for each in folder.glob("*/platform.yaml")]
)

NEEDS_A_DISK = {
    "bad-docker-config": ("about a value to be sealed", "tests/cli/secrets/test_set.py"),
    "bad-lock": ("about the inventory of written files", "tests/model/test_lock.py"),
    "changed-meanwhile": ("about two who edit at once", "tests/cli/secrets/test_edit.py"),
    "conflicting-secret": ("said while git merges", "tests/cli/secrets/test_merge.py"),
    "empty-secret": ("about a value to be sealed", "tests/cli/secrets/test_set_bad_input.py"),
    "encoded-value": ("about a value that a key has opened", "tests/stages/seal/test_accidents.py"),
    "foreign-file": ("about a file in the output folder", "tests/adapters/test_disk.py"),
    "hand-edited-file": ("about a file in the output folder", "tests/cli/test_compile.py"),
    "immutable-change": ("about what was compiled before", "tests/test_findings.py"),
    "left-behind": ("about a file to import", "tests/cli/secrets/test_import.py"),
    "mac-mismatch": ("needs a key to be seen", "tests/adapters/test_sops.py"),
    "moved-output": ("about what was compiled before", "tests/committed/test_moved_output.py"),
    "no-key": ("about the keys at hand", "tests/adapters/test_sops.py"),
    "nonconforming-object": ("said by kubeconform about the output folder", "tests/cli/test_conform.py"),
    "nothing-sealed": ("about a value to be removed", "tests/cli/secrets/test_unset.py"),
    "placeholder-value": ("about a value that a key has opened", "tests/stages/seal/test_accidents.py"),
    "promotion-by-hand": ("said by a command that edits the document", "tests/test_promotion_documents.py"),
    "repeated-value": ("about a value that a key has opened", "tests/stages/seal/test_accidents.py"),
    "sealed-comment": ("about a value to be sealed", "tests/adapters/test_sops.py"),
    "sealed-edit": ("said by a command that edits the document", "tests/cli/test_adopt_refused.py"),
    "secret-too-large": ("its smallest document has a megabyte", "tests/model/test_sealed.py"),
    "short-value": ("about a value that a key has opened", "tests/stages/seal/test_accidents.py"),
    "stale-file": ("about a file in the output folder", "tests/report/test_summary.py"),
    "stray-blanks": ("about a value that a key has opened", "tests/stages/seal/test_accidents.py"),
    "taken-output": ("about what another document was compiled to", "tests/committed/test_output_of_others.py"),
    "too-large": ("its smallest document has a quarter of a megabyte", "tests/stages/verify/test_names.py"),
    "unadoptable-edit": ("said by a command that edits the document", "tests/cli/test_adopt_refused.py"),
    "undeclared-secret": ("about a value to be sealed", "tests/cli/secrets/test_set_bad_input.py"),
    "unfit-part": ("about folders given to a command", "tests/cli/test_join.py"),
    "unmergeable-secret": ("said while git merges", "tests/cli/secrets/test_merge.py"),
    "unreachable-recipient": ("about the network and the keys at hand", "tests/adapters/test_sops.py"),
    "unreadable-file": ("about the permissions of a file", "tests/adapters/test_project.py"),
    "unreadable-secret": ("about a file to import", "tests/cli/secrets/test_import_refused.py"),
    "unscanned-file": ("said by the guard of a repository, about a file of any kind", "tests/test_guard.py"),
    "unwritable-file": ("about the permissions of a folder", "tests/adapters/test_writing.py"),
}
"""The codes that no document of a few lines shows: why, and where they are tested."""

Run = Callable[..., tuple[int, str]]


def name_of(case: Path) -> str:
    return str(case.relative_to(CORPUS).with_suffix(""))


def report_of(case: Path) -> Path:
    return case.with_name(f"{case.name.removesuffix('.yaml')}.out")


def files_in(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*")}


def placed(case: Path, folder: Path) -> None:
    """Put the document *case* into *folder* as `platform.yaml`, with the files that it needs."""
    if case.is_dir():
        shutil.copytree(case, folder, dirs_exist_ok=True, symlinks=True)
    else:
        shutil.copyfile(case, folder / "platform.yaml")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command of platformc in an empty folder; its status, and all that it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def run_command(*arguments: str) -> tuple[int, str]:
        status = main([*arguments])
        said = capsys.readouterr()
        return int(status), said.out + said.err

    return run_command


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_document_with_one_mistake_gets_one_finding_in_exactly_these_words(
    case: Path, tmp_path: Path, run: Run
) -> None:
    placed(case, tmp_path)
    before = files_in(tmp_path)

    status, said = run("compile", "--quiet")

    if UPDATE:
        report_of(case).write_text(said, encoding="utf-8")
    assert said == report_of(case).read_text(encoding="utf-8")
    findings = re.findall(r"^[^ |].*?:\d+:\d+: (error|warning): .* \[([a-z0-9-]+)\]$", said, re.MULTILINE)
    assert len(findings) == 1
    severity, code = findings[0]
    assert said.endswith(f"\n1 {severity}\n")
    assert status == (1 if severity == "error" else 0)
    assert (files_in(tmp_path) == before) == (severity == "error")
    assert not CANARY.search(said)
    if case.parent == CORPUS:
        assert code == name_of(case)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_message_is_one_plain_sentence(case: Path) -> None:
    header, *rest = report_of(case).read_text(encoding="utf-8").splitlines()
    message = re.sub(r" \[[a-z0-9-]+\]$", "", header.split(": ", 2)[2])
    hints = [line.partition("= hint: ")[2] for line in rest if "= hint: " in line]

    assert not message.endswith(".")
    assert not re.match(r"[A-Z][a-z]", message) or message.startswith(("Runtime", "Secret", "ServiceAccount"))
    assert not any(hint.endswith(".") for hint in hints)
    assert not re.search(r"oneOf|anyOf|additionalProperties|NoneType|\bdict\b|\bstr\b|draft|Traceback", message)


def test_every_code_is_shown_by_a_document_or_tested_where_it_arises() -> None:
    shown = {name_of(case) for case in CASES if case.parent == CORPUS}

    assert shown.isdisjoint(NEEDS_A_DISK)
    assert shown | set(NEEDS_A_DISK) == codes()


@pytest.mark.parametrize("code", sorted(NEEDS_A_DISK))
def test_a_code_that_no_document_shows_is_tested_elsewhere(code: str) -> None:
    _, place = NEEDS_A_DISK[code]

    assert code in (ROOT / place).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", [case for case in CASES if case.parent == CORPUS], ids=name_of)
def test_the_page_of_a_code_shows_its_document_and_its_report(case: Path) -> None:
    page = PAGES / f"{name_of(case)}.md"
    report = report_of(case).read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    if UPDATE:
        text = re.sub(r"```text\n.*?```\n", lambda _: f"```text\n{report}```\n", text, count=1, flags=re.DOTALL)
        page.write_text(text, encoding="utf-8")

    assert f"```text\n{report}```\n" in text


def test_every_code_has_a_page_with_its_sections_and_a_line_in_the_index() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}

    assert pages == codes()
    for code in sorted(pages):
        text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {code}\n\n")
        assert "\n## Why it matters\n" in text
        assert "\n## How to mend it\n" in text
        assert f"| [{code}]({code}.md) | " in index


def test_a_link_that_leads_out_of_the_platform_is_not_followed(tmp_path: Path, run: Run) -> None:
    placed(CORPUS / "missing-file.yaml", tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "appsettings.json").symlink_to("/etc/hostname")

    status, said = run("compile", "--quiet")

    assert status == 1
    assert said.startswith(
        "platform.yaml:11:17: error: 'config/appsettings.json' leads out of the project [outside-project]\n"
    )


def test_a_selection_that_means_nothing_names_the_nearest(tmp_path: Path, run: Run) -> None:
    placed(CORPUS / "image-tag-latest.yaml", tmp_path)

    status, said = run("compile", "--quiet", "--select", "shop/Catlog")

    assert status == 2
    assert "there is no microservice 'shop/Catlog'; did you mean 'shop/Catalog'?" in said


def test_a_change_that_kubernetes_refuses_is_a_warning_beside_the_line_that_made_it(tmp_path: Path, run: Run) -> None:
    placed(CORPUS / "bad-schedule", tmp_path)
    document = tmp_path / "platform.yaml"
    text = re.sub(r"storage: .*", "storage: { backup: false, size: 8Gi }", document.read_text())
    shutil.rmtree(tmp_path / "secrets")
    document.write_text(text)
    assert run("compile", "--quiet") == (0, "")
    document.write_text(text.replace("8Gi", "16Gi"))

    status, said = run("compile", "--quiet")

    assert status == 0
    assert said.startswith("platform.yaml:10:35: warning: StatefulSet/dev-mongo exists with another ")
    assert said.count("[immutable-change]") == 1


def test_an_environment_to_which_nothing_is_deployed_is_no_mistake(tmp_path: Path, run: Run) -> None:
    placed(CORPUS / "unknown-environment.yaml", tmp_path)
    document = tmp_path / "platform.yaml"
    document.write_text(document.read_text().replace("Pord: { head: { replicas: 3 } }", "Prod: { deploy: false }"))

    assert run("compile", "--quiet") == (0, "")


def test_one_mistake_is_said_once_however_many_environments_it_spoils(tmp_path: Path, run: Run) -> None:
    placed(CORPUS / "more" / "reference-that-dangles-everywhere.yaml", tmp_path)

    _, said = run("compile", "--quiet")

    assert said.count("dangling-reference") == 1
    assert "(and 2 more like it)" in said
