"""The editor as `sops edit` calls it: the person's own, and a look at what it leaves before that is sealed.

Run as a module: the name of the sealed file, the file to write findings to, the editor's command, the plaintext's file.
On a terminal what cannot be sealed is said, and the editor opened again, so that nobody's typing is lost.
"""

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from generator.model.diagnostics import Diagnostic
from generator.stages.seal.draft import draft_findings


def main(arguments: Sequence[str]) -> int:
    """Edit until what is left can be sealed, or nobody is there to mend it; return the exit status."""
    name, report, editor, file = arguments
    report_file, plaintext = Path(report), Path(file)
    was_here = report_file.exists()  # sops could not read what could be read here: it would ask for ever
    with _terminal() or nullcontext() as terminal:
        while True:
            status = subprocess.call([*shlex.split(editor), file], stdout=_screen(terminal), stderr=terminal)
            if status != 0:
                return status
            findings = draft_findings(name, plaintext.read_bytes())
            report_file.write_text(json.dumps([(each.code, each.message, each.hint) for each in findings]))
            if not findings:
                return int(was_here and terminal is None)
            if terminal is None or not _asked(terminal, findings):
                return 1


def _terminal() -> TextIO | None:
    """Return the terminal, None where standard input is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    try:
        return Path("/dev/tty").open("w", encoding="utf-8")
    except OSError:
        return None


def _screen(terminal: TextIO | None) -> TextIO | int | None:
    """Return where the editor draws: never where standard output goes to a file or a log, for it shows plaintext."""
    if sys.stdout is not None and sys.stdout.isatty():
        return None
    return terminal or subprocess.DEVNULL


def _asked(terminal: TextIO, findings: Sequence[Diagnostic]) -> bool:
    """Say *findings* on the terminal, and whether the person wants to mend them."""
    terminal.writelines(f"{each}\n  = hint: {each.hint}\n" for each in findings)
    terminal.write("Enter opens the editor again, Ctrl-D leaves the file as it was: ")
    terminal.flush()
    return bool(sys.stdin.readline())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
