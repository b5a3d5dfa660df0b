"""An edit of a person's files: shown before it is written, and written when they agree."""

import sys
from difflib import unified_diff

import click

from generator.cli.status import Status


def difference(name: str, before: bytes | None, after: bytes) -> str:
    """Return the unified difference between two contents of the file *name*; *before* is None for a new one."""
    old, new = ((each or b"").decode("utf-8-sig").splitlines(keepends=True) for each in (before, after))
    lines = unified_diff(old, new, "/dev/null" if before is None else f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def agree(files: str, *, yes: bool) -> None:
    """Ask whether to write *files*, unless that is said.

    Raises:
        UsageError: When nobody is there to be asked.
        Exit: When the answer is no.
    """
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("nobody is there to confirm; say '--yes' to write, or '--dry-run' to look only")
    if not click.confirm(f"Write {files}?", err=True):
        click.echo("nothing written", err=True)
        raise click.exceptions.Exit(Status.CLEAN)
