"""`platformc secrets merge`: two versions of a sealed file become one, value by value."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import click

from generator.adapters.failure import OutsideError, UnreadableFileError, UnwritableFileError
from generator.cli.project import DEFAULT
from generator.cli.status import Failure, Status, unread

_EPILOG = """\b
Examples:
  platformc secrets merge --install
  git checkout --merge -- secrets/shop/dev/catalog.yaml    merges it once more
"""

_FILES = ("BASE", "OURS", "THEIRS", "PATH")


@click.command("merge", epilog=_EPILOG)
@click.argument("files", nargs=-1, metavar="[BASE OURS THEIRS PATH]")
@click.option("--install", is_flag=True, help="Have git merge the project's sealed files by this command.")
@click.option(
    "-f",
    "--file",
    "file",
    metavar="PLATFORM",
    default=DEFAULT,
    show_default=True,
    help="The platform document, for --install.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say findings, and nothing else.")
def command(files: Sequence[str], file: str, *, install: bool, quiet: bool) -> int:
    """Merge a sealed file value by value, as a merge driver of git.

    Git calls it with three versions of the file PATH, and takes the result from
    OURS. What only one side changed is merged without a key; for the rest, sops
    and a key that opens both sides seal the result anew. Where both sides changed
    one value, OURS keeps its own, all else is merged, and the status is 1.
    """
    if install:
        if files:
            raise click.UsageError("--install takes no files")
        from generator.cli.secrets.installing import install_driver

        return int(install_driver(file=file, quiet=quiet, color="auto"))
    if len(files) != len(_FILES):
        raise click.UsageError(f"expected {' '.join(_FILES)}, or --install")
    contents = [_content(file, name) for file, name in zip(files[:3], _FILES, strict=False)]
    return _merge(Path(files[1]), PurePosixPath(files[3]), contents, quiet=quiet)


def _merge(target: Path, path: PurePosixPath, contents: Sequence[bytes], *, quiet: bool) -> int:
    from generator.adapters.secret_files import SecretFiles
    from generator.cli.secrets.merging import merged
    from generator.report.amount import plural
    from generator.report.text import render_text

    outcome = merged(path, *contents)
    if outcome.text is not None:
        try:
            SecretFiles(target.parent).write(PurePosixPath(target.name), outcome.text.encode())
        except (OutsideError, UnreadableFileError, UnwritableFileError) as error:
            raise Failure(error.diagnostic.message) from error
    if outcome.findings:
        click.echo(render_text(outcome.findings, lambda _: None), err=True, nl=False)
        return Status.FINDINGS
    if not quiet:
        anew = f", {plural(outcome.sealed_anew, 'value')} sealed anew" if outcome.sealed_anew else ""
        from generator.cli.secrets.owner import named

        click.echo(f"merged {path}{anew}; run '{named('platformc compile', path)}' when the merge is done", err=True)
    return Status.CLEAN


def _content(file: str, name: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise unread(f"the file '{file}', given as {name},", error) from error
