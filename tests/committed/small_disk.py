"""A real file system of a few blocks, for who wants to fill it.

Linux gives everybody a name space of their own to mount in (user_namespaces(7)); a process that sleeps there keeps it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self


class SmallDisk:
    """A tmpfs of *size* with at most *inodes* files and folders (0: any number), mounted at *place*.

    Attributes:
        path: Where the tests find its files; to commands, which run on the disk, it is *place*.
    """

    def __init__(self, place: Path, size: str = "1m", inodes: int = 0) -> None:
        for tool in ("unshare", "nsenter", "mount"):
            assert shutil.which(tool), f"'{tool}' is not on the PATH; it is part of util-linux"
        place.mkdir()
        self._place = place
        mounting = f"mount -t tmpfs -o size={size},nr_inodes={inodes} none '{place}' && echo mounted && exec sleep 600"
        self._keeper = subprocess.Popen(
            ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounting),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stdout.readline() == "mounted\n", "may nobody mount in a name space of their own here?"
        self.path = Path(f"/proc/{self._keeper.pid}/root{place}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeper.kill()
        self._keeper.communicate()

    def grow(self, size: str) -> None:
        """Make room."""
        self._run("mount", "-o", f"remount,size={size},nr_inodes=0", str(self._place)).check_returncode()

    def free(self) -> int:
        """Return how many bytes are free."""
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def platformc(
        self, *arguments: str, cwd: Path | None = None, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run the command on the disk, or with *cwd* elsewhere."""
        return self._run(sys.executable, "-m", "generator", *arguments, cwd=cwd, **variables)

    def _run(self, *words: str, cwd: Path | None = None, **variables: str) -> "subprocess.CompletedProcess[str]":
        keeper = str(self._keeper.pid)
        entering = ("nsenter", "--target", keeper, "--user", "--preserve-credentials", "--mount", "--")
        return subprocess.run(
            (*entering, "sh", "-c", 'cd "$0" && exec "$@"', str(cwd or self._place), *words),
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | variables,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=120,
        )


def document(microservices: int, image: str = "example/one:1.0.0") -> str:
    """Return a document of three environments."""
    return json.dumps(
        {
            "apiVersion": "platformc.dev/v1",
            "kind": "Platform",
            "customer": {"name": "acme"},
            "applications": [
                {
                    "name": "shop",
                    "environments": [{"name": name, "storage": {"backup": False}} for name in ("Dev", "Test", "Prod")],
                    "microservices": [
                        {"name": f"Service{number}", "head": {"image": image}} for number in range(microservices)
                    ],
                }
            ],
        }
    )


def files(folder: Path) -> dict[str, bytes]:
    """Return every file in *folder* but the document."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "platform.yaml"
    }
