import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.failure import OutsideError
from generator.adapters.project import ProjectFiles


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())


def globbed(root: Path, pattern: str) -> list[str]:
    return [str(path) for path in ProjectFiles(root).glob(pattern)]


def test_a_file_is_read_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.bin").write_bytes(bytes(range(256)) * 5000)

    assert ProjectFiles(tmp_path).read(PurePosixPath("a/x.bin")) == bytes(range(256)) * 5000


@pytest.mark.parametrize("name", ["missing", "missing/x", "folder", "file/x", ".", "x" * 300, "folder/" * 1000 + "x"])
def test_what_is_no_file_has_no_bytes(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")

    assert ProjectFiles(tmp_path).read(PurePosixPath(name)) is None


def test_a_pipe_a_socket_and_a_device_have_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        files = ProjectFiles(tmp_path)

        assert files.read(PurePosixPath("pipe")) is None
        assert files.read(PurePosixPath("socket")) is None
        assert files.glob("*") == ()
    assert ProjectFiles(Path("/dev")).read(PurePosixPath("null")) is None


@pytest.mark.parametrize("name", ["/etc/hostname", "../x", "a/../../x", "..", "a/..", "a\0b", "a\0b/c", "//x"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutsideError):
        ProjectFiles(tmp_path).read(PurePosixPath(name))


@pytest.mark.parametrize(
    ("link", "target", "name"),
    [
        ("file", "../outside/x", "file"),
        ("folder", "../outside", "folder/x"),
        ("folder", "/etc", "folder/hostname"),
        ("up", "..", "up/outside/x"),
    ],
)
def test_a_link_that_leads_out_is_refused(tmp_path: Path, link: str, target: str, name: str) -> None:
    write(tmp_path, "outside/x", "project/y")
    (tmp_path / "project" / link).symlink_to(target)

    with pytest.raises(OutsideError):
        ProjectFiles(tmp_path / "project").read(PurePosixPath(name))


def test_a_neighbour_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    write(tmp_path, "project-of-others/x", "project/y")
    (tmp_path / "project/link").symlink_to("../project-of-others/x")

    with pytest.raises(OutsideError):
        ProjectFiles(tmp_path / "project").read(PurePosixPath("link"))


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "shared/x")
    (tmp_path / "file").symlink_to("shared/x")
    (tmp_path / "folder").symlink_to("shared")
    files = ProjectFiles(tmp_path)

    assert files.read(PurePosixPath("file")) == files.read(PurePosixPath("folder/x")) == b"shared/x"


def test_a_link_that_leads_nowhere_or_round_in_circles_has_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to("missing")
    (tmp_path / "circle").symlink_to("circle")
    files = ProjectFiles(tmp_path)

    assert files.read(PurePosixPath("nowhere")) is None
    assert files.read(PurePosixPath("circle")) is None


def test_a_project_that_is_itself_behind_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path, "real/x")
    (tmp_path / "link").symlink_to("real")

    assert ProjectFiles(tmp_path / "link").read(PurePosixPath("x")) == b"real/x"
    assert globbed(tmp_path / "link", "*") == ["x"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.yaml", ["B.yaml", "a.yaml"]),
        ("m/*.yaml", ["m/a.yaml", "m/b.yaml"]),
        ("m/?.yaml", ["m/a.yaml", "m/b.yaml"]),
        ("m/[!a].yaml", ["m/b.yaml"]),
        ("*/a.yaml", ["m/a.yaml"]),
        ("m/**/*.yaml", ["m/a.yaml", "m/b.yaml", "m/n/c.yaml", "m/n/o/d.yaml"]),
        ("**/d.yaml", ["m/n/o/d.yaml"]),
        ("**/**/d.yaml", ["m/n/o/d.yaml"]),
        ("m/n/**", ["m/n/c.yaml", "m/n/o/d.yaml"]),
        ("m/n/*", ["m/n/c.yaml"]),
        ("m", []),
        ("m/a.yaml", ["m/a.yaml"]),
        ("m/A.yaml", []),
        ("./m/a.yaml", ["m/a.yaml"]),
        ("missing/*.yaml", []),
        ("a.yaml/*", []),
        (".hidden/*", [".hidden/x.yaml"]),
        (".*/*", [".hidden/x.yaml"]),
        ("", []),
    ],
)
def test_a_pattern_finds_files_sorted_by_their_text(tmp_path: Path, pattern: str, found: list[str]) -> None:
    write(tmp_path, "a.yaml", "B.yaml", "m/b.yaml", "m/a.yaml", "m/n/c.yaml", "m/n/o/d.yaml", ".hidden/x.yaml")
    write(tmp_path, ".git/config", "m/.git/x.yaml", "m/.a.yaml")

    assert globbed(tmp_path, pattern) == found


@pytest.mark.parametrize("pattern", ["/etc/*", "../*", "m/../../*", "out/*"])
def test_a_pattern_that_leads_out_is_refused(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "out").symlink_to("/etc")

    with pytest.raises(OutsideError):
        ProjectFiles(tmp_path).glob(pattern)


def test_a_pattern_does_not_wander_out_through_a_folder_that_it_does_not_name(tmp_path: Path) -> None:
    write(tmp_path, "project/in/x.yaml", "outside/y.yaml")
    (tmp_path / "project/out").symlink_to("../outside")

    assert globbed(tmp_path / "project", "*/*.yaml") == ["in/x.yaml"]
    assert globbed(tmp_path / "project", "**/*.yaml") == ["in/x.yaml"]


def test_a_pattern_finds_a_file_behind_a_link_that_leads_out_so_that_reading_refuses_it(tmp_path: Path) -> None:
    write(tmp_path, "project/x.yaml", "outside.yaml")
    (tmp_path / "project/link.yaml").symlink_to("../outside.yaml")

    assert globbed(tmp_path / "project", "*.yaml") == ["link.yaml", "x.yaml"]


def test_folders_that_are_linked_into_themselves_end(tmp_path: Path) -> None:
    write(tmp_path, "a/x.yaml")
    (tmp_path / "a/again").symlink_to("../a")

    assert globbed(tmp_path, "**/*.yaml") == ["a/x.yaml"]
    assert globbed(tmp_path, "a/*/*.yaml") == ["a/again/x.yaml"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_what_cannot_be_read_is_said(open_folder: Path) -> None:
    write(open_folder, "secret.yaml", "closed/x.yaml")
    (open_folder / "secret.yaml").chmod(0)
    (open_folder / "closed").chmod(0)
    script = """
import os, sys
from pathlib import Path, PurePosixPath
from generator.adapters.failure import UnreadableFileError
from generator.adapters.project import ProjectFiles
if os.geteuid() == 0:
    os.setuid(65534)  # root may read everything
files = ProjectFiles(Path(sys.argv[1]))
for ask in (lambda: files.read(PurePosixPath("secret.yaml")), lambda: files.glob("closed/*.yaml")):
    try:
        ask()
    except UnreadableFileError as error:
        print(error.diagnostic)
"""
    said = subprocess.run([sys.executable, "-c", script, str(open_folder)], capture_output=True, text=True, check=True)

    (open_folder / "closed").chmod(0o755)
    assert said.stdout.splitlines() == [
        "secret.yaml:1:1: error: 'secret.yaml' cannot be read: permission denied [unreadable-file]",
        "closed:1:1: error: 'closed' cannot be read: permission denied [unreadable-file]",
    ]
