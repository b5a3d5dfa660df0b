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
        "x/deploy/.platformc.lock: inventory out of date\n"
        "x/deploy/a.yaml: source changed\n"
        "x/deploy/b.yaml: missing\n"
        "x/deploy/gone.yaml: no longer compiled\n"
        "out of date: 4 files; run: platformc compile -f x/platform.yaml"
    )


def test_files_that_compiling_would_not_touch_need_a_decision() -> None:
    found = changes({"deploy/a.yaml": b"2"}, {"deploy/a.yaml": b"mine"}, written={"deploy/a.yaml": b"1"})

    assert stale_text(found, LOCK, "platformc compile", "", "platformc adopt") == (
        "deploy/.platformc.lock: inventory out of date\n"
        "deploy/a.yaml: edited by hand, and source changed\n"
        "out of date: 2 files, 1 of them not as platformc left it\n"
        "to keep it, take the source's change back and adopt the edit first\n"
        "to lose it, run: platformc compile --overwrite"
    )


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
