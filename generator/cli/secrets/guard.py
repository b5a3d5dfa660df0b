"""`platformc secrets guard`: keep what looks like a secret out of git."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from generator.adapters.failure import UnreadableFileError
from generator.cli.formats import TEXT, above_current_folder, audience, with_format
from generator.cli.session import is_coloured, with_color, with_quiet
from generator.cli.status import Status
from generator.cli.stream import printed
from generator.model.diagnostics import Diagnostic, has_errors, in_order, printable
from generator.report.formats import rendered

_EPILOG = """\b
Examples:
  platformc secrets guard                 everything below the current folder
  git diff --cached --name-only --diff-filter=d -z |
    xargs -0r platformc secrets guard       what is about to be committed
"""


@click.command("guard", epilog=_EPILOG)
@click.argument("paths", nargs=-1, metavar="[FILE]...", type=click.Path(readable=False, path_type=Path))
@with_format
@with_quiet
@with_color
def command(paths: Sequence[Path], *, format_: str, quiet: bool, color: str) -> int:
    """Look through files for secrets in the clear, as a hook does before a commit.

    Finds known formats of passwords, tokens and private keys in any file, Kubernetes
    Secrets that are not sealed, plaintext in sealed files, and files below a folder
    'secrets' that nobody sealed. A folder stands for what git tracks or would track
    in it; without FILE it is the current one. No document is read, no key is needed.

    A comment 'platformc: allow-secret', on the line or alone above it, says that it
    is none.
    """
    files, links = _files(paths or [Path()])
    for link in [] if quiet else links:
        click.echo(f"note: '{printable(str(link))}' is a link to no file, and is passed over", err=True)
    found = in_order(finding for file in files for finding in _findings(file))
    for form in audience(format_):
        if form != TEXT:
            printed(rendered(form, found, above_current_folder()))
        elif found:
            from generator.report.text import render_text

            coloured = is_coloured(color, sys.stderr)
            click.echo(render_text(found, _text, coloured=coloured), err=True, nl=False, color=coloured)
    if has_errors(found):
        return Status.FINDINGS
    if not found and not quiet:
        click.echo(f"looked through {len(files):,} file{'' if len(files) == 1 else 's'}: no secrets", err=True)
    return Status.CLEAN


def _files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files that *paths* mean, and the links among them that lead to none: git tracks those too.

    Raises:
        UsageError: When one of *paths* is not there, or neither a file nor a folder.
    """
    from generator.adapters.repository import files_below

    files: list[Path] = []
    links: list[Path] = []
    for each in paths:
        if each.is_dir():
            files += files_below(each)
        elif each.is_file():
            files.append(each)
        elif each.is_symlink():
            links.append(each)
        else:
            what = "is neither a file nor a folder" if each.exists() else "does not exist"
            raise click.UsageError(f"'{each}' {what}")
    return files, links


def _findings(file: Path) -> list[Diagnostic]:
    from generator.adapters.repository import read_at_most
    from generator.guard import LARGEST, guard, too_large

    try:
        content = read_at_most(file, LARGEST)
    except UnreadableFileError as error:
        return [error.diagnostic]
    name = file.as_posix()
    return [too_large(name, content)] if isinstance(content, int) else guard(name, content)


def _text(name: str) -> str | None:
    """Return the text of a file that a finding names."""
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
