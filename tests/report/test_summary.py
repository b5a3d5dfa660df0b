from pathlib import PurePosixPath

from generator.model.changes import Changes, compare
from generator.model.lock import Lock, make_lock, sha256
from generator.model.tree import FileTree
from generator.report.staleness import stale_findings, stale_text
from generator.report.summary import compiled, conforming, up_to_date

LOCK = PurePosixPath("deploy/.platformc.lock")


def changes(compiled_: dict[str, bytes], on_disk: dict[str, bytes], *, written: dict[str, bytes]) -> Changes:
    digests = {path: (sha256(content),) for path, content in written.items()}
    lock = make_lock("0.1.0", digests) if written else Lock()
    tree = FileTree({PurePosixPath(path): content for path, content in compiled_.items()})
    return compare(tree, lock, lambda path: on_disk.get(str(path)), compiler="0.1.0")


def test_a_compilation_is_summed_up_in_one_line() -> None:
    old = {"deploy/a.yaml": b"1", "deploy/gone.yaml": b"1"}
    found = changes({"deploy/a.yaml": b"2", "deploy/b.yaml": b"2"}, old, written=old)

    assert compiled(1234, 2, found, 0.1234) == ("compiled 1,234 objects in 2 files: 2 written, 1 removed (0.12 s)")


def test_a_compilation_that_changes_nothing_says_so() -> None:
    old = {"deploy/a.yaml": b"1"}

    assert compiled(1, 1, changes(old, old, written=old), 0) == (
        "compiled 1 object in 1 file: nothing to write (0.00 s)"
    )


def test_output_that_is_right_is_up_to_date() -> None:
    assert up_to_date(58, 14) == "up to date: 58 objects in 14 files"


def test_kubeconforms_consent_names_the_versions() -> None:
    assert conforming(14, ["1.33", "1.34"]) == "kubeconform accepts 14 files (Kubernetes 1.33, 1.34)"


def test_each_stale_file_is_named_with_its_reason_and_the_command_that_mends_it() -> None:
    written = {"deploy/a.yaml": b"1", "deploy/gone.yaml": b"1"}
    found = changes({"deploy/a.yaml": b"2", "deploy/b.yaml": b"2"}, written, written=written)

    assert stale_text(found, LOCK, "platformc compile -f x/platform.yaml", "x/") == (
        "x/deploy/a.yaml: source changed\n"
        "x/deploy/b.yaml: missing\n"
        "x/deploy/gone.yaml: no longer compiled\n"
        "out of date: 3 files; run: platformc compile -f x/platform.yaml"
    )


def test_files_that_compiling_would_not_touch_need_a_decision() -> None:
    found = changes({"deploy/a.yaml": b"2"}, {"deploy/a.yaml": b"mine"}, written={"deploy/a.yaml": b"1"})

    assert stale_text(found, LOCK, "platformc compile", "", "platformc adopt") == (
        "deploy/a.yaml: edited by hand, and source changed\n"
        "out of date: 1 file, not as platformc left it\n"
        "to keep it, take the source's change back and adopt the edit first\n"
        "to lose it, run: platformc compile --overwrite"
    )


def test_what_is_sealed_is_not_offered_to_the_document() -> None:
    compiled_ = {"deploy/a.yaml": b"1", "deploy/a.secret.yaml": b"1", ".sops.yaml": b"1"}
    disk = {**compiled_, "deploy/a.secret.yaml": b"mine", ".sops.yaml": b"mine"}
    sealed = changes(compiled_, disk, written=compiled_)
    both = changes(compiled_, {**disk, "deploy/a.yaml": b"mine"}, written=compiled_)

    assert stale_text(sealed, LOCK, "platformc compile", "", "platformc adopt").splitlines()[2:] == [
        "out of date: 2 files, none of them as platformc left it",
        "to lose it, run: platformc compile --overwrite",
    ]
    assert not any(
        "adopt" in each.hint for each in stale_findings(sealed, LOCK, "platformc compile", "platformc adopt")
    )
    assert not any("adopt" in each.hint for each in sealed.refusals())
    words = stale_text(both, LOCK, "platformc compile", "a project/", "platformc adopt")
    assert "to take the edit into the document, run: platformc adopt 'a project/deploy/a.yaml'\n" in words


def test_where_nothing_is_compiled_yet_one_line_says_so() -> None:
    tree = {f"deploy/{number}.yaml": b"1" for number in range(1200)}

    assert stale_text(changes(tree, {}, written={}), LOCK, "platformc compile", "x/") == (
        "x/deploy: nothing is compiled yet (1,200 files); run: platformc compile"
    )
    assert len(list(stale_findings(changes(tree, {}, written={}), LOCK, "platformc compile"))) == 1201


def test_of_very_many_files_some_are_named_and_first_those_that_need_a_decision() -> None:
    written = {f"deploy/{number:04}.yaml": b"1" for number in range(1200)}
    found = changes(dict.fromkeys(written, b"2"), {**written, "deploy/1199.yaml": b"mine"}, written=written)

    lines = stale_text(found, LOCK, "platformc compile", "").splitlines()

    assert lines[48:52] == [
        "deploy/0048.yaml: source changed",
        "deploy/1199.yaml: edited by hand, and source changed",
        "and 1,150 more",
        "out of date: 1,200 files, 1 of them not as platformc left it",
    ]


def test_an_inventory_alone_is_one_file_for_check_and_for_compile() -> None:
    files = {"deploy/a.yaml": b"1"}
    found = changes(files, files, written={**files, "deploy/gone.yaml": b"1"})

    assert stale_text(found, LOCK, "platformc compile", "") == (
        "deploy/.platformc.lock: inventory out of date\nout of date: 1 file; run: platformc compile"
    )
    assert compiled(1, 1, found, 0) == "compiled 1 object in 1 file: 1 written (0.00 s)"


def test_programs_get_a_finding_for_each_stale_file() -> None:
    written = {"deploy/a.yaml": b"1", "deploy/c.yaml": b"1"}
    disk = {"deploy/a.yaml": b"1", "deploy/c.yaml": b"mine"}
    found = changes({"deploy/a.yaml": b"2", "deploy/c.yaml": b"2"}, disk, written=written)

    codes = {each.at.file: each.code for each in stale_findings(found, LOCK, "platformc compile")}
    assert codes == {
        "deploy/.platformc.lock": "stale-file",
        "deploy/a.yaml": "stale-file",
        "deploy/c.yaml": "hand-edited-file",
    }
