"""Merging sealed files of which one side changed who may open them, or the data key."""

from pathlib import Path

import pytest

from tests.cli.secrets.divergence import diverge, new_repository, recipient_of
from tests.cli.secrets.repository import CATALOG, Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return new_repository(tmp_path)


@pytest.mark.parametrize("rotating", ["theirs", "ours"])
def test_a_side_that_rotated_carries_what_the_other_changed(repository: Repository, rotating: str) -> None:
    sides = [lambda: repository.do("sops", "rotate", "--in-place", CATALOG), lambda: repository.change(A="canary-new")]
    diverge(repository, *(sides if rotating == "theirs" else reversed(sides)))
    rotated = repository.do("git", "show", f"{'theirs' if rotating == 'theirs' else 'main'}:{CATALOG}")

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened() == {"A": "canary-new", "B": "canary-b", "C": "canary-c"}
    kept = [line for line in repository.text().splitlines() if line.startswith(("    B:", "    C:"))]
    assert kept == [line for line in rotated.splitlines() if line.startswith(("    B:", "    C:"))]


@pytest.mark.parametrize("removing", ["theirs", "ours"])
def test_who_was_removed_on_one_side_cannot_open_the_merge(repository: Repository, removing: str) -> None:
    leaver, public = repository.new_key("leaver")
    repository.seal(f"{recipient_of(repository)},{public}", A="canary-a", B="canary-b")
    repository.commit("with a second recipient")

    def remove() -> None:
        repository.do("sops", "rotate", "--in-place", "--rm-age", public, CATALOG)

    sides = [remove, lambda: repository.change(A="canary-new")]
    diverge(repository, *(sides if removing == "theirs" else reversed(sides)))

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened() == {"A": "canary-new", "B": "canary-b"}
    assert public not in repository.text()
    assert repository.run("sops", "decrypt", CATALOG, key=leaver).returncode != 0


def test_a_new_data_key_is_made_again_where_the_other_side_changed_recipients(repository: Repository) -> None:
    joiner, public = repository.new_key("joiner")
    old = repository.text()
    config = f"creation_rules:\n  - age: {recipient_of(repository)},{public}\n"
    (repository.root.parent / "new.yaml").write_text(config)

    diverge(
        repository,
        lambda: repository.do("sops", "--config", "../new.yaml", "updatekeys", "--yes", CATALOG),
        lambda: repository.do("sops", "rotate", "--in-place", CATALOG),
    )

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened(key=joiner) == {"A": "canary-a", "B": "canary-b", "C": "canary-c"}
    assert not {line for line in old.splitlines() if "ENC[" in line} & set(repository.text().splitlines())


def test_recipients_changed_on_both_sides_are_left_to_a_person(repository: Repository) -> None:
    publics = [repository.new_key(name)[1] for name in ("one", "two")]
    diverge(
        repository,
        lambda: repository.do("sops", "rotate", "--in-place", "--add-age", publics[0], CATALOG),
        lambda: repository.do("sops", "rotate", "--in-place", "--add-age", publics[1], CATALOG),
    )
    before = repository.text()

    ended = repository.run("git", "merge", "--no-edit", "theirs")

    assert ended.returncode == 1
    assert repository.text() == before
    said = ended.stdout + ended.stderr
    assert f"both sides changed who can unseal it: ours added '{publics[1]}'; theirs added '{publics[0]}'" in said
    assert "'platformc secrets rekey'" in said


def test_who_cannot_open_the_common_ancestor_merges_what_both_sides_can_be_opened_of(repository: Repository) -> None:
    joiner, public = repository.new_key("joiner")
    recipients = f"{recipient_of(repository)},{public}"

    def admit(**values: str) -> None:
        repository.do("sops", "rotate", "--in-place", "--add-age", public, CATALOG)
        repository.change(**values)

    diverge(repository, lambda: admit(A="canary-theirs"), lambda: admit(B="canary-ours"))
    repository.key = joiner

    repository.do("git", "merge", "--quiet", "--no-edit", "theirs")

    assert repository.opened() == {"A": "canary-theirs", "B": "canary-ours", "C": "canary-c"}
    assert all(each in repository.text() for each in recipients.split(","))
