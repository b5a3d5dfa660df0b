"""Files as they stood, to tell without reading them that they still do.

A file is taken for the same while the system says the same of it: device, inode, size, mode, and when its content and
its inode changed, to the nanosecond where the file system has that. As git does with its index, a file is not taken at
its word that changed so late that a further change might bear the same time ("racily clean",
https://git-scm.com/docs/racy-git): that, and one that looks different, is read, and its digest decides.
"""
# ruff: noqa: PTH118  # ten thousand files in a blink: pathlib costs more than the system call that it wraps

import os
import stat
from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

Mark: TypeAlias = list[int] | int | None
"""What the system says of a path; `_NOTHING` where nothing is, None where that would prove nothing."""

_NOTHING = 0

COARSE = 2_000_000_000
"""How many nanoseconds a time may be off where it has no fraction: FAT counts every other second."""

FINE = 100_000_000
"""And where it has one: kernels stamp files at ticks of up to 10 ms."""


def mark(path: str) -> Mark:
    """Return what the system says of *path*."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return _NOTHING
    except OSError:
        return None
    mode = found.st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return None  # a link is what it leads to
    return [found.st_dev, found.st_ino, found.st_size, mode, found.st_mtime_ns, found.st_ctime_ns]


def settled(found: Mark, began: int) -> Mark:
    """Return *found*, or None where the path may have changed since *began*, in nanoseconds, or just before."""
    if not isinstance(found, list):
        return found
    modified, changed = found[-2:]
    has_fraction = modified % 1_000_000_000 or changed % 1_000_000_000
    return found if max(modified, changed) < began - (FINE if has_fraction else COARSE) else None


def _holds(known: Mark, path: str, lstat: Callable[[str], os.stat_result] = os.lstat) -> bool:
    """Say whether *known* is what the system says of *path*; as `mark` would, in half the time."""
    if not isinstance(known, list):
        return known is not None and mark(path) == known
    try:
        found = lstat(path)
    except OSError:
        return False
    device, inode, size, mode, modified, changed = known
    return (
        found.st_ctime_ns == changed
        and found.st_mtime_ns == modified
        and found.st_ino == inode
        and found.st_size == size
        and found.st_mode == mode
        and found.st_dev == device
    )


class Standing(Struct, frozen=True, array_like=True):
    """Files below one folder: their names, the digests of what they held, and their marks, in one order."""

    names: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @classmethod
    def of(cls, folder: str, digests: Mapping[str, str], began: int, before: "Standing") -> "Standing":
        """Return how the files of *digests* stand in *folder*.

        Args:
            folder: What the names are relative to.
            digests: What was read or written after *began*, by name.
            began: A time, in nanoseconds.
            before: How they stood before: a mark that went with a digest still does.
        """
        known = dict(zip(zip(before.names, before.digests, strict=True), before.marks, strict=True))
        below = os.path.join(folder, "")
        marks = [known.get(each) or settled(mark(below + each[0]), began) for each in digests.items()]
        return cls(list(digests), list(digests.values()), marks)

    def known(self) -> dict[str, str]:
        """Return the digest of each file, by its name."""
        return dict(zip(self.names, self.digests, strict=True))

    def doubtful(self, folder: str) -> list[tuple[str, str]]:
        """Return the name and digest of each file in *folder* that has to be read to know whether it changed.

        Their marks prove nothing any more, and are gone.
        """
        below = os.path.join(folder, "")
        found = []
        for index, (name, known) in enumerate(zip(self.names, self.marks, strict=True)):
            if not _holds(known, below + name):
                self.marks[index] = None
                found.append((name, self.digests[index]))
        return found
