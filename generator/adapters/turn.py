"""Taking turns: two processes that write into one folder do so one after the other."""
# ruff: noqa: PTH118  # descriptors and real paths: the system's own words

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from generator.adapters.failure import UnwritableFileError

PATIENCE = 60.0
"""How many seconds to wait for another process. Writing twenty thousand objects takes one."""

_PAUSE = 0.02


@contextmanager
def turn(folder: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the exclusive right to write below *folder*, an absolute path without links, that exists.

    The lock is advisory and ends with the process, however that ends. On POSIX it is held on the folder
    itself, so that it leaves no file behind; where that cannot be (Windows, some network file systems), on a
    file of the temporary folder that bears the digest of *folder*.

    Raises:
        UnwritableFileError: When somebody else still holds it after *patience* seconds, or nobody can.
    """
    try:
        descriptor = _open_lockable(folder)
    except OSError as error:
        raise UnwritableFileError.because(folder, error) from error
    try:
        deadline = time.monotonic() + patience
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise UnwritableFileError(folder, "another platformc is writing there", "wait for it, then run again")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _open_lockable(folder: str) -> int:
        return _open_stand_in(folder)

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _open_lockable(folder: str) -> int:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return descriptor
        except OSError:  # NFS locks only what is open for writing, and a folder never is
            os.close(descriptor)
            return _open_stand_in(folder)
        return descriptor

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _open_stand_in(folder: str) -> int:
    import tempfile

    name = f"platformc-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}.lock"
    return os.open(
        os.path.join(tempfile.gettempdir(), name),
        os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0),
        0o600,
    )
