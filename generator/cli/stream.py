"""Standard output, where a command's product goes."""

import sys
from errno import EBADF

import click


def printed(product: str | bytes) -> None:
    """Write what a command makes to standard output.

    Raises:
        OSError: When it is closed, or full.
    """
    if sys.stdout is None:
        raise OSError(EBADF, "standard output is closed")
    click.echo(product, nl=False, color=True)
