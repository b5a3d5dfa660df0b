"""The inventory of what was written: `.platformc.lock`, in the output folder.

Comment lines (what this is; the compiler's version; the document whose output folder this is, where it is one's), then
one line for each file, sorted by path:

    # The files that platformc wrote, for platformc. Mend: platformc compile. Verify: sha256sum --check
    # compiler 0.1.0
    # document platform.yaml
    <sha256 of the file, 64 hexadecimal digits>  <path from the project's folder, with forward slashes>

That is the format of `sha256sum` (GNU coreutils), so that it can be verified without this package, from the
project's folder. A file that changes is one changed line, which is what git can merge: with `merge=union` also where
lines of both sides meet. Then the lines of both stand here, in any order: two for a file that one side changed, one for
a file that one side removed.
"""

import hashlib
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from generator.model.conflict_marks import is_conflict_mark
from generator.model.diagnostics import Diagnostic, in_order
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Position

LOCK_NAME = ".platformc.lock"
"""The inventory's name in the output folder."""

BESIDE = frozenset({".sops.yaml"})
"""The only files outside the output folder that the compiler writes, from the project's folder."""

_TITLE = "# The files that platformc wrote, for platformc. Mend: platformc compile. Verify: sha256sum --check"
_COMPILER = "# compiler "
_DOCUMENT = "# document "
_DIGITS = 64
_NAME_AT = _DIGITS + 2
_HINT = "run 'platformc compile', which writes it anew"

# Neither absolute nor upwards, no drive letter, nothing of git's own, and one spelling for each path.
_PATH = r"(?![A-Za-z]:)(?:(?!\.{1,2}(?:/|$)|(?i:\.git)(?:/|$))[^/\\\x00-\x1f\x7f\ufffd\ud800-\udfff]+(?:/(?!$)|$))+"
_NAME = lazy_pattern(_PATH)
_PLAIN = b"\n/-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_NOT_PLAIN = ("\n.", "/.", "//", "\n/", "/\n", "\n\n")
_LINE = lazy_pattern(rf"([0-9a-f]{{64}})  ({_PATH})")


class Lock(Struct, frozen=True, kw_only=True):
    """What was written, as far as the inventory says.

    Attributes:
        compiler: The version that wrote it; empty where there is no inventory.
        digests: By the text of each file's path, its SHA-256 in lower-case hexadecimal: one, or several where
            an unfinished merge or an interrupted run leaves open which of them is on disk.
        document: The document that names this folder as its output, from the project's folder; empty where nobody says
            so: the folder was chosen by hand, or there is no inventory.
        text: The inventory's bytes; empty where there is none.
    """

    compiler: str = ""
    digests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    document: str = ""
    text: bytes = b""

    def joined(self, other: "Lock") -> "Lock":
        """Return this inventory with the digests of *other* as further possibilities."""
        digests = dict(self.digests)
        for path, more in other.digests.items():
            known = digests.get(path, ())
            digests[path] = known + tuple(each for each in more if each not in known)
        return replace(self, digests=digests)


def sha256(content: bytes) -> str:
    """Return the digest of *content* as the inventory writes it."""
    return hashlib.sha256(content).hexdigest()


def is_legible(name: str) -> bool:
    """Say whether the path *name* could be read back from an inventory."""
    return _NAME.fullmatch(name) is not None


def make_lock(compiler: str, digests: Mapping[str, tuple[str, ...]], document: str = "") -> Lock:
    """Return the inventory of *digests*, whose paths are legible, as *document* is, with its text."""
    lines = [f"{digest}  {name}" for name, known in sorted(digests.items()) for digest in known]
    whose = [_DOCUMENT + document] if document else []
    text = "\n".join((_TITLE, _COMPILER + compiler, *whose, *lines, ""))
    return Lock(compiler=compiler, digests=digests, document=document, text=text.encode())


def parse_lock(text: bytes, name: str) -> tuple[Lock, tuple[Diagnostic, ...]]:
    """Read an inventory, and say what is wrong with it.

    What is legible counts, so that compiling can mend the rest: a file whose line is lost is taken for
    somebody else's. A line for a file that is neither below the inventory's own folder nor in `BESIDE` never
    counts.

    Args:
        text: The inventory's bytes.
        name: Its path from the project's folder.

    Returns:
        The inventory, and `bad-lock` findings: for a conflict that a merge left, and for the first damage.
    """
    below = "" if "/" not in name else name[: name.rindex("/") + 1]
    plain = text.decode("utf-8", "replace").replace("\r\n", "\n")
    if sound := _read_sound(plain, below, text):
        return sound, ()
    lines = plain.split("\n")
    torn = lines.pop()  # what follows the last line break: nothing, in a whole inventory
    reading = _Reading(below=below)
    for number, line in enumerate(lines, start=1):
        reading.add(number, line)
    if not reading.compiler:
        reading.complain(2, f"expected '{_COMPILER}' and a version")
    if torn:
        reading.complain(len(lines) + 1, "the inventory of written files ends in the middle of a line")
    found = [Diagnostic("bad-lock", words, Position(name, line), _HINT) for line, words in reading.complaints]
    lock = Lock(compiler=reading.compiler, digests=reading.digests, document=reading.document, text=text)
    return lock, in_order(found)


def _read_sound(plain: str, below: str, text: bytes) -> Lock | None:
    """Return the inventory when there is nothing to say about it: quickly, for there is one in every run."""
    title, _, rest = plain.partition("\n")
    compiler, _, body = rest.partition("\n")
    document, end = "", "\n"
    if body.startswith(_DOCUMENT):
        document, end, body = body.removeprefix(_DOCUMENT).partition("\n")
    lines = body.split("\n")
    if not end or title != _TITLE or not compiler.startswith(_COMPILER) or lines.pop():
        return None
    names = [line[_NAME_AT:] for line in lines]
    known = [line[:_DIGITS] for line in lines]
    digests = dict(zip(names, zip(known, strict=True), strict=True))
    is_sound = len(digests) == len(lines) and _are_plain(names, below) and _are_digests(known, lines)
    version = compiler.removeprefix(_COMPILER)
    return Lock(compiler=version, digests=digests, document=document, text=text) if is_sound else None


def _are_plain(names: Sequence[str], below: str) -> bool:
    """Say whether *names* are paths of the plainest sort: no other characters, no part that begins with a dot.

    Those that are not in `BESIDE` all begin with *below*, as far as the inventory may name them.
    """
    inside = names if BESIDE.isdisjoint(names) else [name for name in names if name not in BESIDE]
    everything = "\n".join(("", *inside, ""))
    has_others = everything.encode("utf-8", "replace").translate(None, _PLAIN)
    is_below = not below or everything.count(f"\n{below}") == len(inside)
    return is_below and not has_others and not any(each in everything for each in _NOT_PLAIN)


def _are_digests(known: Sequence[str], lines: Sequence[str]) -> bool:
    """Say whether what is *known* of files, the beginnings of *lines*, are SHA-256s, each before two spaces."""
    digits = "".join(known)
    between = "".join([line[_DIGITS:_NAME_AT] for line in lines])
    has_others = digits.encode("utf-8", "replace").translate(None, b"0123456789abcdef") or between.strip(" ")
    return not has_others and len(digits) == _DIGITS * len(lines) and len(between) == 2 * len(lines)


class _Reading(Struct, kw_only=True):
    """An inventory that is being read; *below* begins the paths that it may name."""

    below: str
    compiler: str = ""
    document: str = ""
    digests: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conflict: tuple[int, str] | None = None
    damage: tuple[int, str] | None = None

    @property
    def complaints(self) -> tuple[tuple[int, str], ...]:
        return tuple(each for each in (self.conflict, self.damage) if each is not None)

    def complain(self, number: int, words: str) -> None:
        """Note the first damage. After a conflict nothing is in its place, and one complaint says it all."""
        if self.conflict is None and self.damage is None:
            self.damage = (number, words)

    def add(self, number: int, line: str) -> None:
        entry = _LINE.fullmatch(line)
        if entry:
            self._add_entry(number, entry[1], entry[2])
        elif is_conflict_mark(line):
            self.conflict = self.conflict or (number, "a merge left a conflict in the inventory")
        elif line.startswith(_COMPILER):
            self.compiler = self.compiler or line.removeprefix(_COMPILER)
        elif line.startswith(_DOCUMENT):
            self.document = self.document or line.removeprefix(_DOCUMENT)
        elif number > 1 or not line.startswith("#"):
            self.complain(number, "expected a SHA-256, two spaces and a path inside the project")

    def _add_entry(self, number: int, digest: str, name: str) -> None:
        if not name.startswith(self.below) and name not in BESIDE:
            self.complain(number, f"'{name}' lies outside the output folder")
            return
        known = self.digests.get(name, ())
        self.digests[name] = known if digest in known else (*known, digest)
