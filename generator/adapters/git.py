"""The git work tree that a project lies in, as far as secrets and hooks need to know it."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from generator.adapters.tools import ToolError, find_tool

INSTALL = "see https://git-scm.com/downloads"

_INDEX = "GIT_INDEX_FILE"
"""The variable by which git tells a hook what is to be committed, where that is not what its own index has."""

_LOCATING = ("GIT_DIR", "GIT_WORK_TREE", _INDEX, "GIT_PREFIX")
"""Variables by which a hook's git would answer for another work tree than that of the folder."""

_GONE = ("diff", "--name-only", "--no-renames", "--no-ext-diff", "--diff-filter=D", "--relative", "-z")
"""Lists the files below the folder that are deleted; what gets another name is, too."""


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

    def ignored(self, files: Iterable[str]) -> set[str]:
        """Return those of *files*, absolute paths, that git does not track and will not add unless forced."""
        asked = b"\0".join(os.fsencode(each) for each in files)
        printed = self._printed("check-ignore", "-z", "--stdin", told=asked) or b""
        return {os.fsdecode(each) for each in printed.split(b"\0") if each}

    def files(self) -> list[str]:
        """Return the files below the folder, from there, that git tracks or would track; not what it ignores."""
        listed = self._printed("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
        return [os.fsdecode(each) for each in (listed or b"").split(b"\0") if each]

    def deleted(self) -> list[str] | None:
        """Return the files below the folder, from there, that a hook's commit deletes, or its push; None if git cannot.

        As pre-commit does it, a push is compared from where the two parted, or where they never met, as they are.
        """
        if is_checkout():
            return []
        ends = pushed()
        compared = ["--cached"] if ends is None else [dots.join(ends) for dots in ("...", "..")]
        listed = (self._printed(*_GONE, each, "--", index=os.environ.get(_INDEX)) for each in compared)
        first = next((each for each in listed if each is not None), None)
        return None if first is None else [os.fsdecode(each) for each in first.split(b"\0") if each]

    def tracked(self) -> list[str] | None:
        """Return the files below the folder, from there, that a hook's commit will have; None if git cannot."""
        listed = self._printed("ls-files", "-z", "--cached", index=os.environ.get(_INDEX))
        return None if listed is None else [os.fsdecode(each) for each in listed.split(b"\0") if each]

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

    def _printed(self, *words: str, index: str | None = None, told: bytes = b"") -> bytes | None:
        environment = {name: value for name, value in os.environ.items() if name not in _LOCATING}
        if index:
            environment[_INDEX] = index
        ended = subprocess.run(
            [self.executable, *words],
            cwd=self.folder,
            env=environment,
            input=told,
            capture_output=True,
            check=False,
        )
        return ended.stdout if ended.returncode == 0 else None


def is_checkout() -> bool:
    """Say whether pre-commit has its hooks look at a branch that was checked out: nothing is committed or pushed."""
    return "PRE_COMMIT_CHECKOUT_TYPE" in os.environ


def pushed() -> tuple[str, str] | None:
    """Return the commits between which pre-commit has its hooks look, None where it is about the next commit.

    See https://pre-commit.com/#pre-commit-run.
    """
    old, new = (os.environ.get(f"PRE_COMMIT_{end}_REF") for end in ("FROM", "TO"))
    return (old, new) if old and new else None
