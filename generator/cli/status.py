"""How a command ends: its exit status, and the errors that are nobody's finding."""

import errno
from enum import IntEnum
from typing import ClassVar

import click

_NO_FILE = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "its links lead in a circle",
    errno.ENAMETOOLONG: "the name is too long",
}
"""What the system answers where a name leads to no file, in words."""


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


def unread(subject: str, error: OSError) -> click.ClickException:
    """Return what *error* comes to where the command line named a file, and *subject* says which.

    A name that leads to no file was given wrongly. A file that the system does not hand out, for lack of permission
    or because its disk fails, was given rightly: that is a failure of the machine.
    """
    why = _NO_FILE.get(error.errno or 0)
    if why is not None:
        return click.UsageError(f"{subject} cannot be read: {why}")
    from generator.adapters.failure import in_words  # what it needs costs more to import than '--version' may

    return Failure(f"{subject} cannot be read: {in_words(error)}")
