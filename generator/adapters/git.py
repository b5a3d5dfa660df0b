"""The git work tree that a project lies in, as far as secrets need to know it."""

import os
import subprocess
from pathlib import Path

from msgspec import Struct

from generator.adapters.tools import ToolError, find_tool

INSTALL = "see https://git-scm.com/downloads"

_LOCATING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""Variables by which a hook's git would answer for another work tree than that of the folder."""


class WorkTree(Struct, frozen=True):
    """A git work tree.

    Attributes:
        executable: Where git is.
        folder: The folder in it from which git is asked.
    """

    executable: str
    folder: Path

    @classmethod
    def around(cls, folder: Path) -> "WorkTree | None":
        """Return the work tree around *folder*, None where there is none.

        Raises:
            MissingTool: When git is not on PATH.
        """
        tree = cls(find_tool("git", INSTALL), folder)
        return tree if tree._ask("rev-parse", "--is-inside-work-tree") == "true" else None

    def tracks(self, file: Path) -> bool:
        """Say whether *file* is in the index."""
        return self._ask("ls-files", "--error-unmatch", "--", str(file.absolute())) is not None

    def ignores(self, file: Path) -> bool:
        """Say whether *file* is untracked, and git will not add it unless forced."""
        return self._ask("check-ignore", "--quiet", "--", str(file.absolute())) is not None

    def files(self) -> list[str]:
        """Return the files below the folder, from there, that git tracks or would track; not what it ignores."""
        listed = self._printed("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
        return [os.fsdecode(each) for each in (listed or b"").split(b"\0") if each]

    def configured(self, name: str) -> str | None:
        """Return what the repository's own configuration says of *name*."""
        return self._ask("config", "--local", "--get", name)

    def configure(self, name: str, value: str) -> None:
        """Set *name* in the repository's own configuration.

        Raises:
            ToolError: When git refuses.
        """
        if self._ask("config", "--local", name, value) is None:
            raise ToolError("git", f"'{name}' cannot be set in the repository's configuration")

    def _ask(self, *words: str) -> str | None:
        """Return what git prints, None where it does not say yes."""
        printed = self._printed(*words)
        return None if printed is None else printed.decode("utf-8", "replace").strip()

    def _printed(self, *words: str) -> bytes | None:
        environment = {name: value for name, value in os.environ.items() if name not in _LOCATING}
        ended = subprocess.run(
            [self.executable, *words],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return ended.stdout if ended.returncode == 0 else None
