"""What earlier runs left, in a folder of the user's own, outside the project.

**It holds no secret, and nothing that was compiled.** An entry is digests, sizes, times, names of files and of what the
document describes, the words of findings, which never quote a value, and of objects what others may refer to: names,
keys, labels, ports, hosts and paths. It is only written when a run found no error:
where a secret stands in the open, and a check refuses that, nothing is kept. A digest of a description may still be one
of a value that nobody may know, if somebody wrote such a value and no check knew it for one; then the document itself,
beside it, holds it in the clear. So an entry tells a reader less than the project does, and the folder is for its
owner's eyes only (mode 0700) all the same.

**It is not trusted.** An entry is JSON behind its own SHA-256: one that was cut off or altered by accident is no entry.
Nothing in it is executed or unpickled, and nothing of it is written to the output: it only says what need not be done
again. Who can write there could make `check` say yes; so a folder that belongs to somebody else, or that others may
write to, is not used.

**It can be deleted at any time**, shared by branches and by runs at the same time: an entry is written beside its place
and renamed, never changed, and named by the digest of all that it depends on. The oldest entries go when there are
more than `ENTRIES`, or when they hold more than `BYTES`.
"""
# ruff: noqa: PTH111, PTH118  # imported by every run, however short: pathlib costs more

import contextlib
import hashlib
import os
import stat
import sys

ENTRIES = 256
"""How many entries are kept."""

BYTES = 256 << 20
"""How many bytes all entries may have together."""

VARIABLE = "PLATFORMC_CACHE"
"""The environment variable that names the folder, or says `off`."""

_HEADER = b"platformc 1 "
_DIGEST = 64


class Cache:
    """Entries by their names, in *folder*; whatever goes wrong with it, there is just no entry."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def load(self, name: str, digest: str = "") -> bytes | None:
        """Return what was saved as *name*, None where nothing was, or not all of it is there.

        With *digest*, only what has that SHA-256.
        """
        path = os.path.join(self._folder, name)
        try:
            if not _is_own(self._folder):
                return None
            with open(path, "rb") as entry:  # noqa: PTH123
                content = entry.read()
        except OSError:
            return None
        begin = len(_HEADER) + _DIGEST + 1
        body = content[begin:]
        if content[:begin] != _header(hashlib.sha256(body).hexdigest()) or digest.encode() not in content[:begin]:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the oldest are those that nobody used
        return body

    def save(self, name: str, body: bytes) -> str:
        """Save *body* as *name*, if that can be, and return its SHA-256. Who is done with saving calls `tidy`."""
        digest = hashlib.sha256(body).hexdigest()
        temporary = os.path.join(self._folder, f".{os.urandom(8).hex()}")
        with contextlib.suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)  # noqa: PTH103
            if not _is_own(self._folder):
                return digest
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
                with os.fdopen(os.open(temporary, flags, 0o600), "wb") as entry:
                    entry.writelines((_header(digest), body))
                os.replace(temporary, os.path.join(self._folder, name))  # noqa: PTH105
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108
        return digest

    def renew(self, name: str) -> None:
        """Count *name* among the entries that were just used, if it is one."""
        with contextlib.suppress(OSError):
            if _is_own(self._folder):
                os.utime(os.path.join(self._folder, name))

    def tidy(self) -> None:
        """Delete the oldest entries, and what runs that were killed left, where there is too much."""
        try:
            if not _is_own(self._folder):
                return
            with os.scandir(self._folder) as entries:
                aged = sorted((-each.stat().st_mtime_ns, each.stat().st_size, each.path) for each in entries)
        except OSError:
            return
        total = 0
        for number, (_, size, path) in enumerate(aged):
            total += size
            if number >= ENTRIES or total > BYTES:
                with contextlib.suppress(OSError):
                    os.unlink(path)  # noqa: PTH108


def _header(digest: str) -> bytes:
    return _HEADER + digest.encode() + b"\n"


def _is_own(folder: str) -> bool:
    """Say whether *folder* is a real folder of this user's that nobody else may write to."""
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        return False
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)


def cache_folder() -> str:
    """Return the folder for a cache that the environment asks for, perhaps a relative one; empty for none.

    That is the folder in `PLATFORMC_CACHE`, or `platformc` in the folder that the system has for caches: on Linux
    `XDG_CACHE_HOME`, `~/.cache` by default (https://specifications.freedesktop.org/basedir-spec/, by which a relative
    folder of the system is none).
    """
    wanted = os.environ.get(VARIABLE, "")
    if wanted:
        return "" if wanted.lower() == "off" else wanted
    place = _caches()
    return os.path.join(place, "platformc") if os.path.isabs(place) else ""  # noqa: PTH117


def _caches() -> str:
    """Return the user's folder for caches; a relative path where there is none."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", "")
    if wanted := os.environ.get("XDG_CACHE_HOME", ""):
        return wanted
    return os.path.expanduser("~/Library/Caches" if sys.platform == "darwin" else "~/.cache")
