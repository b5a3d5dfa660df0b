"""Files as they stood, to tell without reading them that they still do.

A file is taken for the same while the system says the same of it: device, inode, size, mode, and when its content and
its inode changed, to the nanosecond where the file system has that. As git does with its index, a file is not taken at
its word that changed so late that a further change might bear the same time ("racily clean",
https://git-scm.com/docs/racy-git): that, and one that looks different, is read, and its digest decides.
"""
# ruff: noqa: PTH118  # ten thousand files in a blink: pathlib costs more than the system call that it wraps

import os
import stat
from collections.abc import Mapping
from operator import attrgetter
from typing import Any, TypeAlias

from msgspec import Struct, field

Mark: TypeAlias = tuple[int, int, int, int, int, int] | int | None
"""What the system says of a path; `_NOTHING` where nothing is, None where that would prove nothing."""

_NOTHING = 0
_FACTS: "attrgetter[Any]" = attrgetter("st_dev", "st_ino", "st_size", "st_mode", "st_mtime_ns", "st_ctime_ns")

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
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return None  # a link is what it leads to
    facts: Mark = _FACTS(found)
    return facts


def settled(found: Mark, began: int) -> Mark:
    """Return *found*, or None where the path may have changed since *began*, in nanoseconds, or just before."""
    if not isinstance(found, tuple):
        return found
    modified, changed = found[-2:]
    has_fraction = modified % 1_000_000_000 or changed % 1_000_000_000
    return found if max(modified, changed) < began - (FINE if has_fraction else COARSE) else None


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
        lstat = os.lstat
        for index, (name, known) in enumerate(zip(self.names, self.marks, strict=True)):
            try:
                holds = _FACTS(lstat(below + name)) == known  # as `mark` would say, in half the time
            except OSError:
                holds = known == _NOTHING == mark(below + name)
            if not holds:
                self.marks[index] = None
                found.append((name, self.digests[index]))
        return found
