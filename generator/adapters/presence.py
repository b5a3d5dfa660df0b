"""What is in the output folder."""

import os
from collections.abc import Iterator

from generator.adapters.failure import UnreadableFileError
from generator.adapters.root import Root
from generator.model.lazy_pattern import lazy_pattern

LOCK_NAME = ".platformc.lock"
"""The inventory's name in the output folder."""

JOURNAL_NAME = ".platformc-journal"
"""The journal's name in the output folder."""

_BEGINNING = ".platformc-"
"""Begins the names that `TEMPORARY` matches: thousands of others need not be held against that."""

TEMPORARY = lazy_pattern(r"\.platformc-[0-9a-f]{8}-[0-9]+")
"""The names of files that are being written."""

_OWN_NAMES = frozenset({LOCK_NAME, JOURNAL_NAME, ".git"})


def present(root: Root, folder: str) -> Iterator[str]:
    """Return the paths from *root* of the files in *folder*, but for the compiler's own book-keeping.

    Raises:
        OutsideError: When *folder* leads out through a link.
    """
    start = root.folder(folder)
    above = "" if folder in {"", "."} else f"{folder}/"
    cut = len(start) + 1
    found = (
        above + entry.path[cut:]
        for entry in walk(start)
        if not (entry.name.startswith(_BEGINNING) and TEMPORARY.fullmatch(entry.name))
    )
    return found if os.sep == "/" else (each.replace(os.sep, "/") for each in found)


def walk(folder: str) -> Iterator["os.DirEntry[str]"]:
    """Yield the regular files below *folder*; links are neither yielded nor entered."""
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            with os.scandir(current) as entries:
                found = tuple(entries)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise UnreadableFileError(current, error) from error
        for entry in found:
            if entry.name in _OWN_NAMES:
                continue
            if entry.is_file(follow_symlinks=False):
                yield entry
            elif entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
