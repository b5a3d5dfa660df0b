"""Two branches change one sealed file, and git merges them by `platformc secrets merge`."""

from pathlib import Path

import pytest

from tests.cli.secrets.divergence import diverge, new_repository, recipient_of
from tests.cli.secrets.repository import CATALOG, Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return new_repository(tmp_path)


def test_changes_of_different_keys_merge_and_pass_the_check_of_sops(repository: Repository) -> None:
    diverge(
        repository,
        lambda: repository.change(A="canary-theirs", C=""),
        lambda: repository.change(B="canary-ours"),
    )
    before = repository.text()

    said = repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened() == {"A": "canary-theirs", "B": "canary-ours"}
    assert f"merged {CATALOG}, 1 value sealed anew; run 'platformc compile' when the merge is done" in said
    assert [line for line in repository.text().splitlines() if line.startswith("    B:")] == [
        line for line in before.splitlines() if line.startswith("    B:")
    ]
    assert "canary" not in said


def test_added_keys_are_put_in_their_order(repository: Repository) -> None:
    diverge(repository, lambda: repository.change(AA="canary-1"), lambda: repository.change(AB="canary-2"))

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert list(repository.opened()) == ["A", "AA", "AB", "B", "C"]


def test_one_value_changed_in_two_ways_is_a_conflict_that_loses_nothing_else(repository: Repository) -> None:
    diverge(
        repository,
        lambda: repository.change(A="canary-theirs", B="canary-theirs"),
        lambda: repository.change(A="canary-ours"),
    )

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert repository.do("git", "diff", "--name-only", "--diff-filter=U").split() == [CATALOG]
    assert repository.opened() == {"A": "canary-ours", "B": "canary-theirs", "C": "canary-c"}
    said = ended.stdout + ended.stderr
    assert "both sides changed 'A', each in its own way; the file has what our side has [conflicting-secret]" in said
    assert f"run 'platformc secrets set shop/Catalog A -e Dev' to decide otherwise, then 'git add {CATALOG}'" in said
    assert "'B'" not in said
    assert "canary" not in said


def test_a_value_changed_here_and_removed_there_is_a_conflict(repository: Repository) -> None:
    diverge(repository, lambda: repository.change(A="canary-theirs"), lambda: repository.change(A=""))

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert "both sides changed 'A'" in ended.stdout + ended.stderr


def test_the_same_value_set_on_both_sides_is_no_conflict(repository: Repository) -> None:
    diverge(
        repository,
        lambda: repository.change(A="canary-same", B="canary-theirs"),
        lambda: repository.change(A="canary-same"),
    )

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened() == {"A": "canary-same", "B": "canary-theirs", "C": "canary-c"}


def test_without_a_key_the_file_stays_and_the_way_out_works_for_who_has_one(
    repository: Repository, tmp_path: Path
) -> None:
    diverge(repository, lambda: repository.change(A="canary-theirs"), lambda: repository.change(B="canary-ours"))
    before, key = repository.text(), repository.key
    repository.key = tmp_path / "none"

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert repository.text() == before
    said = ended.stdout + ended.stderr
    assert "both sides changed it, and no key at hand opens both [unmergeable-secret]" in said
    again = f"git checkout --merge -- {CATALOG}"
    assert f"run '{again}', then 'git add {CATALOG}'" in said
    repository.key = key
    repository.do(*again.split())
    assert repository.opened() == {"A": "canary-theirs", "B": "canary-ours", "C": "canary-c"}


def test_without_sops_the_file_stays_and_the_message_says_what_to_install(
    repository: Repository, tmp_path: Path
) -> None:
    diverge(repository, lambda: repository.change(A="canary-theirs"), lambda: repository.change(B="canary-ours"))
    for name in ("base", "ours", "theirs"):
        revision = {"base": "main~1", "ours": "main", "theirs": "theirs"}[name]
        (tmp_path / name).write_text(repository.do("git", "show", f"{revision}:{CATALOG}"))
    before = (tmp_path / "ours").read_bytes()
    bare = tmp_path / "bin"
    bare.mkdir()
    platformc = repository.do("sh", "-c", "command -v platformc").strip()

    files = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    ended = repository.run("env", f"PATH={bare}", platformc, "secrets", "merge", *files, CATALOG)

    assert ended.returncode == 1
    assert "'sops' is not on PATH; install it: go install github.com/getsops/sops" in ended.stderr
    assert (tmp_path / "ours").read_bytes() == before


def test_what_only_one_side_changed_needs_no_key(repository: Repository, tmp_path: Path) -> None:
    def comment() -> None:
        (repository.root / CATALOG).write_text(f"# ask Ada\n{repository.text()}")

    diverge(repository, lambda: repository.change(A="canary-theirs"), comment)
    key = repository.key
    repository.key = tmp_path / "none"

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    repository.key = key
    assert repository.opened()["A"] == "canary-theirs"
    assert repository.text().startswith("# ask Ada\n")


def test_comments_of_both_sides_are_kept_and_the_dates_go_with_the_values(repository: Repository) -> None:
    def commented(words: str, **values: str) -> None:
        repository.change(**values)
        vector = repository.text().partition(f"{next(iter(values))}: ")[2].partition("iv:")[2][:12]
        record = f"# changed: {next(iter(values))} 2025-01-0{len(words)} {vector}\n"
        (repository.root / CATALOG).write_text(f"# {words}\n{record}{repository.text()}")

    diverge(
        repository,
        lambda: commented("one", A="canary-theirs"),
        lambda: commented("three", B="canary-ours"),
    )

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    head = repository.text().partition("stringData:")[0].splitlines()
    assert head[:2] == ["# three", "# one"]
    assert [line[:24] for line in head[2:4]] == ["# changed: A 2025-01-03 ", "# changed: B 2025-01-05 "]
    assert repository.opened()["A"] == "canary-theirs"
    vectors = [repository.text().partition(f"    {key}: ")[2].partition("iv:")[2][:12] for key in "AB"]
    assert [line[24:] for line in head[2:4]] == vectors


def test_a_file_that_both_sides_added_merges(repository: Repository) -> None:
    file = "secrets/shop/dev/pricing.yaml"
    recipient = recipient_of(repository)
    diverge(
        repository,
        lambda: repository.seal(recipient, file, X="canary-x", Y="canary-y"),
        lambda: repository.seal(recipient, file, X="canary-x", Z="canary-z"),
    )

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened(file) == {"X": "canary-x", "Y": "canary-y", "Z": "canary-z"}


def test_a_file_that_would_be_empty_is_left_to_a_person(repository: Repository) -> None:
    diverge(repository, lambda: repository.change(A="", B=""), lambda: repository.change(C=""))

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert "no value is left in it [unmergeable-secret]" in ended.stdout + ended.stderr


@pytest.mark.parametrize("how", ["rebase", "cherry-pick"])
def test_rebase_and_cherry_pick_merge_in_the_same_way(repository: Repository, how: str) -> None:
    diverge(repository, lambda: repository.change(A="canary-theirs"), lambda: repository.change(B="canary-ours"))

    repository.do("git", how, "theirs")

    assert repository.opened() == {"A": "canary-theirs", "B": "canary-ours", "C": "canary-c"}


def test_plaintext_is_not_merged(repository: Repository) -> None:
    def paste() -> None:
        (repository.root / CATALOG).write_text("stringData:\n  A: canary-pasted\n")

    diverge(repository, paste, lambda: repository.change(B="canary-ours"))
    before = repository.text()

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert repository.text() == before
    said = ended.stdout + ended.stderr
    assert "their side is no sound sealed file, for the file is not sealed" in said
    assert "canary" not in said


def test_values_that_were_swapped_are_not_sealed_anew(repository: Repository) -> None:
    def swap() -> None:
        lines = repository.text().splitlines(keepends=True)
        a, b = (next(index for index, line in enumerate(lines) if line.startswith(f"    {key}:")) for key in "AB")
        lines[a], lines[b] = lines[b].replace("B:", "A:"), lines[a].replace("A:", "B:")
        (repository.root / CATALOG).write_text("".join(lines))

    diverge(repository, swap, lambda: repository.change(C="canary-ours"))

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert "do not pass their check" in ended.stdout + ended.stderr


def test_a_project_in_a_folder_of_the_repository_is_named_from_its_top(repository: Repository) -> None:
    file = moved_into_a_folder(repository)
    diverge(
        repository,
        lambda: repository.change(file, A="canary-theirs", B="canary-theirs"),
        lambda: repository.change(file, A="canary-ours"),
    )

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert repository.opened(file) == {"A": "canary-ours", "B": "canary-theirs", "C": "canary-c"}
    said = ended.stdout + ended.stderr
    assert "'platformc secrets set shop/Catalog A -e Dev -f platforms/one/platform.yaml'" in said


def test_what_to_run_after_a_merge_names_a_document_in_a_folder(repository: Repository) -> None:
    file = moved_into_a_folder(repository)
    diverge(repository, lambda: repository.change(file, A="canary-1"), lambda: repository.change(file, B="canary-2"))

    said = repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert "run 'platformc compile -f platforms/one/platform.yaml' when the merge is done" in said


def moved_into_a_folder(repository: Repository) -> str:
    """Move the project into a folder of its repository, and return the sealed file there."""
    (repository.root / "platforms" / "one").mkdir(parents=True)
    for each in ("platform.yaml", "secrets", ".gitattributes"):
        repository.do("git", "mv", each, "platforms/one/")
    repository.commit("moved")
    return f"platforms/one/{CATALOG}"


def test_comments_that_are_sealed_are_not_lost_in_silence(repository: Repository) -> None:
    def comment() -> None:
        opened = repository.do("sops", "decrypt", CATALOG).replace("    B:", "    # canary of theirs\n    B:")
        (repository.root.parent / "edited").write_text(opened)
        repository.do("env", "EDITOR=cp ../edited", "sops", "edit", CATALOG)

    diverge(repository, comment, lambda: repository.change(B="canary-ours"))
    before = repository.text()

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert repository.text() == before
    assert "one side has new comments between its values, which would be lost" in ended.stdout + ended.stderr


def test_a_file_with_the_marks_of_git_is_merged_by_what_the_finding_says(repository: Repository) -> None:
    repository.do("git", "config", "--remove-section", "merge.platformc-secrets")
    diverge(repository, lambda: repository.change(A="canary-theirs"), lambda: repository.change(B="canary-ours"))
    repository.run("git", "merge", "--no-edit", "theirs")

    refused = repository.run("platformc", "validate").stderr
    assert "a merge left a conflict [sealed-shape]" in refused
    hint = f"run 'platformc secrets merge --install', then 'git checkout --merge -- {CATALOG}'"
    assert hint in refused
    for command in hint.split("'")[1::2]:
        repository.do(*command.split())

    assert repository.opened() == {"A": "canary-theirs", "B": "canary-ours", "C": "canary-c"}
