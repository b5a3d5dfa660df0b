"""Everything that a command could leave a value in, kept and searched: files, arguments, variables, words."""

import base64
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

_SEARCHED = ("sops", "git")
_WRAPPER = """\
#!/bin/sh
kept='{kept}'
{{ printf '%s\\n' "$@"; env; cat /proc/$PPID/cmdline /proc/$PPID/environ; }} > "$kept/call.$$"
cp -r "$TMPDIR" "$kept/before.$$"
'{real}' "$@"
status=$?
cp -r "$TMPDIR" "$kept/after.$$"
exit $status
"""


def canaries(number: int) -> list[str]:
    """Return so many values, each of them like nothing else on this machine."""
    return [f"canary-{each:02d}-{hashlib.sha256(b'%d' % each).hexdigest()[:16]}" for each in range(number)]


def traces_of(canary: str) -> Iterator[bytes]:
    """Yield what would give *canary* away: itself, in base64 wherever it stands, and digests without a key."""
    value = canary.encode()
    yield value
    yield value.hex().encode()
    for offset in range(3):
        encoded = base64.b64encode(b"x" * offset + value)
        yield encoded[4 if offset else 0 : -4]
    for name in ("md5", "sha1", "sha256", "sha512"):
        yield hashlib.new(name, value).hexdigest()[:24].encode()


class Watch:
    """Whoever watches, in a *folder* of its own: with a sops and a git that tell, and a witness in every Python."""

    def __init__(self, folder: Path) -> None:
        self.kept = folder / "kept"
        self.temporary = folder / "temporary"
        self._tools = folder / "tools"
        for each in (self.kept, self.temporary, self._tools):
            each.mkdir(parents=True)
        for name in _SEARCHED:
            real = shutil.which(name)
            assert real, f"'{name}' is not on PATH; 'make tools' fetches it"
            wrapper = self._tools / name
            wrapper.write_text(_WRAPPER.format(kept=self.kept, real=real))
            wrapper.chmod(0o755)
        self._sampled: set[bytes] = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    @property
    def variables(self) -> dict[str, str]:
        """The variables under which a command is watched."""
        return {
            "PATH": f"{self._tools}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(Path(__file__).parent / "witness"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WITNESS_KEEPS": str(self.kept),
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()
        for number, each in enumerate(sorted(self._sampled)):
            (self.kept / f"process.{number}").write_bytes(each)

    def calls(self) -> list[bytes]:
        """Return how each tool was called."""
        return [each.read_bytes() for each in self.kept.glob("call.*")]

    def sampled(self) -> int:
        """Return how many different command lines and environments were seen from outside."""
        return len(self._sampled)

    def _sample(self) -> None:
        """Look at every process of this user again and again: its arguments, and its variables."""
        own = str(self.kept).encode()
        while not self._done.wait(0.03):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    variables = (process / "environ").read_bytes()
                    if own in variables:
                        self._sampled.add((process / "cmdline").read_bytes() + b"\0\0" + variables)
                except OSError:  # it ended, or is somebody else's
                    continue


def found_in(folders: list[Path], values: list[str]) -> dict[str, set[str]]:
    """Return which of *values* left a trace in which files below *folders*, or in the names of those."""
    traces = [(value, trace) for value in values for trace in traces_of(value)]
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            content = os.fsencode(path) + (path.read_bytes() if path.is_file() else b"")
            if left := {value for value, trace in traces if trace in content}:
                found[str(path)] = left
    return found
