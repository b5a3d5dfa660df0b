"""One file on a real disk, written whole: beside its place first, then renamed into it."""
# ruff: noqa: PTH105, PTH108, PTH120  # thousands of files in a blink: pathlib costs more than the system call that it wraps

import contextlib
import os

_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def temporary_prefix() -> str:
    """Return what the names of one run's temporary files begin with; `presence.TEMPORARY` knows them, with a number."""
    return f".platformc-{os.urandom(4).hex()}-"


def write_new(location: str, content: bytes, mode: int, *, synced: bool = False, folder: int | None = None) -> None:
    """Write the new file *location*, whatever the umask, and have the disk hold it where it is to be *synced*.

    Args:
        location: Its path, or with *folder* its name in there.
        content: What it holds.
        mode: Its permissions.
        synced: Have the disk hold it before this returns.
        folder: The descriptor of an open folder.

    Raises:
        OSError: When something stands there, or the system refuses.
    """
    descriptor = os.open(location, _WRITE, mode, dir_fd=folder)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        done = os.write(descriptor, content)
        while done < len(content):
            done += os.write(descriptor, content[done:])
        if synced:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(place: str, content: bytes, mode: int, *, synced: bool = False) -> None:
    """Put *content* into the file *place*, which is old or new at any time; see `write_new`.

    Raises:
        OSError: When the system refuses; then the file is as it was.
    """
    temporary = f"{os.path.dirname(place)}{os.sep}{temporary_prefix()}0"
    try:
        write_new(temporary, content, mode, synced=synced)
        os.replace(temporary, place)
    finally:
        with contextlib.suppress(OSError):  # it is in its place
            os.unlink(temporary)
