from hashlib import sha256

import pytest

from generator.model.lock import Lock, is_legible, make_lock, parse_lock

A, B = "a" * 64, "b" * 64
HEAD = "# The files that platformc wrote, for platformc. Mend: platformc compile. Verify: sha256sum --check\n"


def test_what_was_written_reads_back() -> None:
    lock = make_lock("1.2.3", {"deploy/shop/x.yaml": (A,), ".sops.yaml": (B,)})

    assert parse_lock(lock.text, "deploy/.platformc.lock") == (lock, ())
    assert lock.text.decode() == f"{HEAD}# compiler 1.2.3\n{B}  .sops.yaml\n{A}  deploy/shop/x.yaml\n"


def test_an_empty_inventory_reads_back() -> None:
    lock = make_lock("1", {})

    assert parse_lock(lock.text, "deploy/.platformc.lock") == (lock, ())


def test_line_ends_of_a_windows_checkout_do_no_harm() -> None:
    text = make_lock("1", {"deploy/x": (A,)}).text.replace(b"\n", b"\r\n")

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert (lock.digests, found) == ({"deploy/x": (A,)}, ())


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x",
        "deploy/../../x",
        "deploy/./x",
        "deploy//x",
        "deploy/x/",
        "C:/x",
        "deploy\\x",
        "deploy/x\ty",
        ".git/config",
        "deploy/.GIT/hooks/pre-commit",
        "",
        ".",
        "..",
        "deploy/x\x7f",
    ],
)
def test_a_path_that_leads_elsewhere_is_no_path(name: str) -> None:
    text = f"{HEAD}# compiler 1\n{A}  {name}\n".encode()

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert not is_legible(name)
    assert lock.digests == {}
    assert [(each.code, each.at.line) for each in found] == [("bad-lock", 3)]


@pytest.mark.parametrize("name", ["deploy/shop/a b.yaml", "deploy/..x", "deploy/x..", ".gitignore", "a/ø.yaml", "ab:c"])
def test_an_unusual_path_is_a_path(name: str) -> None:
    assert is_legible(name)


def test_a_line_for_a_file_beside_the_output_folder_does_not_count() -> None:
    text = f"{HEAD}# compiler 1\n{A}  platform.yaml\n{B}  deploy/x\n".encode()

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert lock.digests == {"deploy/x": (B,)}
    assert [str(each) for each in found] == [
        "deploy/.platformc.lock:3:1: error: 'platform.yaml' lies outside the output folder [bad-lock]"
    ]


def test_a_conflict_keeps_what_both_sides_wrote() -> None:
    text = (
        f"{HEAD}# compiler 1\n<<<<<<< HEAD\n{A}  deploy/x\n=======\n{B}  deploy/x\n>>>>>>> other\n{A}  deploy/y\n"
    ).encode()

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert lock.digests == {"deploy/x": (A, B), "deploy/y": (A,)}
    assert [(each.code, each.at.line, each.hint) for each in found] == [
        ("bad-lock", 3, "run 'platformc compile', which writes it anew")
    ]


def test_the_longer_marks_of_a_conflict_after_both_sides_renamed_the_inventory_are_known() -> None:
    text = (
        f"{HEAD}# compiler 1\n<<<<<<<< HEAD:deploy/.platformc.lock\n{A}  out/x\n|||||||| 1f2e3d4:lock\n========\n"
        f"{B}  out/x\n>>>>>>>> other:out/.platformc.lock\n"
    ).encode()

    lock, found = parse_lock(text, "out/.platformc.lock")

    assert lock.digests == {"out/x": (A, B)}
    assert [(each.message, each.at.line) for each in found] == [("a merge left a conflict in the inventory", 3)]


def test_a_conflict_about_the_version_is_found_where_it_is() -> None:
    text = f"{HEAD}<<<<<<< HEAD\n# compiler 2\n=======\n# compiler 1\n>>>>>>> x\n{A}  deploy/x\n".encode()

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert (lock.compiler, lock.digests) == ("2", {"deploy/x": (A,)})
    assert [each.at.line for each in found] == [2]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (f"{A}  deploy/x\nhello\n", 4, "expected a SHA-256, two spaces and a path inside the project"),
        (f"{A}  deploy/x\n\n", 4, "expected a SHA-256, two spaces and a path inside the project"),
        (f"{A[1:]}  deploy/x\n", 3, "expected a SHA-256, two spaces and a path inside the project"),
        (f"{A.upper()}  deploy/x\n", 3, "expected a SHA-256, two spaces and a path inside the project"),
        (f"{A}  deploy/x  more\t\n", 3, "expected a SHA-256, two spaces and a path inside the project"),
        (f"{A}  deploy/x\n{B}  deploy/sho", 4, "the inventory of written files ends in the middle of a line"),
    ],
)
def test_damage_is_found_where_it_is(body: str, line: int, words: str) -> None:
    _, found = parse_lock(f"{HEAD}# compiler 1\n{body}".encode(), "deploy/.platformc.lock")

    assert [(each.code, each.at.line, each.message) for each in found] == [("bad-lock", line, words)]


def test_a_file_that_a_merge_left_twice_may_be_as_either_line_says() -> None:
    lock, found = parse_lock(f"{HEAD}# compiler 1\n{B}  deploy/y\n{A}  deploy/x\n{B}  deploy/x\n".encode(), "deploy/l")

    assert (lock.digests, found) == ({"deploy/x": (A, B), "deploy/y": (B,)}, ())


def test_a_torn_last_line_does_not_count() -> None:
    lock, _ = parse_lock(f"{HEAD}# compiler 1\n{A}  deploy/x\n{B}  deploy/sho".encode(), "deploy/.platformc.lock")

    assert lock.digests == {"deploy/x": (A,)}


@pytest.mark.parametrize("text", [b"", b"\n", b"\xff\xfe\x00", b"{}\n", b"# a\n", bytes(range(256)) * 9])
def test_what_is_no_inventory_is_damaged(text: bytes) -> None:
    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert lock.digests == {}
    assert [each.code for each in found] == ["bad-lock"]


def test_one_changed_file_is_one_changed_line() -> None:
    names = [f"deploy/shop/dev/{number}.yaml" for number in range(100)]
    before = make_lock("1", {name: (sha256(name.encode()).hexdigest(),) for name in names})
    after = make_lock("1", {**before.digests, names[41]: (A,)})

    differing = set(before.text.splitlines()) ^ set(after.text.splitlines())

    assert len(differing) == 2


def test_joined_inventories_know_the_digests_of_both() -> None:
    lock = Lock(compiler="1", digests={"deploy/x": (A,), "deploy/y": (A,)}, text=b"t")

    joined = lock.joined(Lock(digests={"deploy/x": (A, B), "deploy/z": (B,)}))

    assert joined.digests == {"deploy/x": (A, B), "deploy/y": (A,), "deploy/z": (B,)}
    assert (joined.compiler, joined.text) == ("1", b"t")


@pytest.mark.parametrize("name", ["platform.yaml", "a b.yaml", "ø.yaml"])
def test_the_document_is_a_line_of_its_own_and_reads_back(name: str) -> None:
    lock = make_lock("1", {"deploy/x": (A,)}, name)

    assert lock.text.decode() == f"{HEAD}# compiler 1\n# document {name}\n{A}  deploy/x\n"
    assert (lock.document, parse_lock(lock.text, "deploy/.platformc.lock")) == (name, (lock, ()))


def test_an_inventory_that_ends_in_the_name_of_the_document_is_damaged() -> None:
    _, found = parse_lock(f"{HEAD}# compiler 1\n# document plat".encode(), "deploy/.platformc.lock")

    assert [(each.code, each.at.line) for each in found] == [("bad-lock", 3)]


def test_of_two_documents_that_a_merge_left_the_first_counts() -> None:
    text = f"{HEAD}# compiler 1\n# document a.yaml\n# document b.yaml\n{B}  deploy/y\n{A}  deploy/x\n".encode()

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert (lock.document, lock.digests, found) == ("a.yaml", {"deploy/x": (A,), "deploy/y": (B,)}, ())


def test_the_document_is_found_where_a_merge_moved_its_line() -> None:
    text = f"{HEAD}# document a.yaml\n# compiler 1\n{A}  deploy/x\n".encode()

    lock, found = parse_lock(text, "deploy/.platformc.lock")

    assert (lock.compiler, lock.document, found) == ("1", "a.yaml", ())
