"""How a command ends: its exit status, and the errors that are nobody's finding."""

from enum import IntEnum
from typing import ClassVar

import click


class Status(IntEnum):
    """Exit statuses. 130 and 141 are those of any program that a signal (SIGINT, SIGPIPE) ends."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    FAILED = 3
    INTERRUPTED = 130
    UNHEARD = 141


class Failure(click.ClickException):
    """Something outside the document went wrong: a missing tool, a full disk. Told in one line."""

    exit_code: ClassVar[int] = Status.FAILED
