"""A sealed file in a person's editor: `sops edit` on a copy, so that the file itself is old or new and whole.

SOPS has to give the editor plaintext in a file. On Linux that file is in memory (`/dev/shm`); elsewhere it is where
temporary files are; everywhere in a folder that only its owner can enter, and that is removed however `sops` ends, and
however this process does.
What `sops` says of what it cannot read may quote plaintext, so it is not shown; the editor has the terminal.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.adapters.bereaved import outlived
from generator.adapters.sops import Sops, environment
from generator.adapters.tools import ToolError
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Position

_MEMORY = "/dev/shm"  # noqa: S108  (a folder of our own is made in there)
_EDITORS = ("vim", "nano", "vi")  # what sops itself looks for
_UNCHANGED = 200
_INTERRUPTED = frozenset({-signal.SIGINT, 128 + signal.SIGINT, 85})


def edited(sops: Sops, name: str, content: bytes, check: str) -> bytes:
    """Open the editor on the sealed file *name*, which holds *content*, and return it as it was left.

    Args:
        sops: What opens and seals it.
        name: The file, as findings name it.
        content: What it holds; a key at hand opens it.
        check: The module that runs the editor and checks what it leaves, with the arguments *name*, the file to write
            findings to, the editor's command and the plaintext's file; its status is 0 where that can be sealed.

    Raises:
        CompileError: With what is wrong with what was left.
        KeyboardInterrupt: When somebody interrupted `sops`.
        ToolError: When there is no editor, or the editor failed.
    """
    editor = _editor()
    with tempfile.TemporaryDirectory(prefix="platformc-") as folder, _private_folder() as private:
        copy, report = Path(folder) / "sealed.yaml", Path(folder) / "report.json"
        copy.write_bytes(content)
        wrapper = shlex.join([sys.executable, "-P", "-m", check, name, str(report), editor])
        variables = {**environment(), "SOPS_EDITOR": wrapper, "TMPDIR": private, "TMP": private, "TEMP": private}
        command = [sops.executable, "--config", os.devnull, "edit", str(copy)]
        status = _attended(command, variables)
        if status in _INTERRUPTED:
            raise KeyboardInterrupt
        findings = _reported(report, name)
        if findings:
            raise CompileError(findings)
        if status not in {0, _UNCHANGED}:
            raise ToolError("sops", "the editor failed, or what it left could not be sealed; the file is as it was")
        return copy.read_bytes()


def _editor() -> str:
    """Return the command of the editor that `sops` would open.

    Raises:
        ToolError: When there is none.
    """
    named = os.environ.get("SOPS_EDITOR") or os.environ.get("EDITOR")
    found = named or next((each for each in _EDITORS if shutil.which(each)), None)
    if found is None:
        raise ToolError("sops", "there is no editor; name one in EDITOR")
    return found


@contextmanager
def _private_folder() -> Iterator[str]:
    """Make a folder for plaintext that only its owner can enter, in memory where there is such a place."""
    memory = _MEMORY if os.path.isdir(_MEMORY) and os.access(_MEMORY, os.W_OK) else None  # noqa: PTH112  (a question)
    made = tempfile.TemporaryDirectory(prefix="platformc-", dir=memory, ignore_cleanup_errors=True)
    with made as folder, outlived(folder):
        yield folder


def _attended(command: list[str], variables: dict[str, str]) -> int:
    """Run *command* in the foreground; an interrupt is for it, as it is for an editor in any shell."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which the child would inherit
    try:
        return subprocess.run(command, check=False, env=variables, stderr=subprocess.DEVNULL).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def _reported(report: Path, name: str) -> list[Diagnostic]:
    try:
        said = json.loads(report.read_bytes())
    except FileNotFoundError:
        return []
    return [Diagnostic(code=code, message=message, at=Position(name), hint=hint) for code, message, hint in said]
