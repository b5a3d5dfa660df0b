"""What earlier runs of `compile` and `check` came to, so that one with nothing to do looks at its files and leaves."""
# in every run, however short: pathlib costs more than what it wraps

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from generator import __version__
from generator.adapters.cache import Cache
from generator.adapters.package import identity
from generator.adapters.record import Changes, Left, Reading, Record, listed_anew, marks_of, sought, whereabouts
from generator.adapters.standing import Standing
from generator.cli.kept_findings import arguments_of
from generator.cli.project import Project
from generator.model.selection import Selection

if TYPE_CHECKING:  # a run with nothing to do needs none of it
    from generator.cli.destination import Destination
    from generator.compiler import Compilation
    from generator.left_behind import Remains
    from generator.model.lock import Lock
    from generator.model.past import Past

_SOPS_CONFIG = ".sops.yaml"
"""What may be written and read by the same run: it is read for secrets in the open, and that is all."""

_DIGITS = 32
"""How many hexadecimal digits of a digest are in the name of an entry."""


class _Recollection(Struct, frozen=True, kw_only=True):
    """An earlier run, and what is another now.

    Attributes:
        record: What it came to.
        entry: The record's name.
        exact: It was about the same document.
        changes: What is another now.
        looked_at: Files had to be read to know that they are the same.
    """

    record: Record
    entry: str
    exact: bool
    changes: Changes
    looked_at: bool


class Memory(Struct):
    """What is kept of the runs on one document, of one selection, into the project or *elsewhere*."""

    project: Project
    elsewhere: bool
    _cache: Cache | None
    _name: str
    _document: str
    _began: int
    _last: _Recollection | None = field(default=None)

    def known(self) -> Record | None:
        """Return what the last run came to, when this one would come to the same."""
        if self._cache is None:
            return None
        last = self._last = self._recollected(self._cache)
        if last is None or not last.exact or last.changes:
            return None
        if last.looked_at:
            last.record.settle(_real(self.project), self._began, self.project.files.listed)
            self._cache.save(last.entry, last.record.to_json())
        if self._cache.load(f"{self._name}-last") != last.entry.encode():  # another branch was
            self._cache.save(f"{self._name}-last", last.entry.encode())
            self._cache.tidy()
        return last.record

    def past(self) -> "Past | None":
        """Return the last compilation, when the next one can build on it; to be called after `known`."""
        last = self._last
        if last is None or self._cache is None:
            return None
        digest = last.record.footprint
        text = self._cache.load(f"{last.entry}-footprint", digest) if digest else None
        if text is None:
            return None
        from generator.model.footprint import from_json
        from generator.model.past import Past

        try:
            footprint = from_json(text)
        except ValueError:
            return None
        return Past(
            footprint=footprint,
            objects=last.record.objects,
            files=last.record.files,
            written=tuple(last.record.in_folder()),
            files_changed=last.changes.files,
            patterns_changed=last.changes.patterns,
            read_claims=partial(self._claims, footprint.claims),
        )

    def latest(self, *, exact: bool = False) -> Record | None:
        """Return the last run that was kept, of the document as it is or, unless *exact*, as it was.

        However things stand by now.
        """
        if self._cache is None:
            return None
        text = self._cache.load(self._entry)
        if text is None and not exact:
            text = self._cache.load(self._last_entry(self._cache))
        try:
            return None if text is None else Record.from_json(text)
        except ValueError:
            return None

    def inventory(self, name: str) -> "Lock | None":
        """Return what the last run left as the inventory *name*, as far as that is known; see `Record.inventory`."""
        return None if self._last is None else self._last.record.inventory(__version__, name)

    @property
    def _entry(self) -> str:
        """The name of the record of a run on the document as it is."""
        return f"{self._name}-{self._document}"

    def _last_entry(self, cache: Cache) -> str:
        """Return the name of the record that was kept last, of whatever text of the document; empty for none."""
        last = (cache.load(f"{self._name}-last") or b"").decode("ascii", "replace")
        return last if last.startswith(self._name) else ""

    def _claims(self, digest: str) -> bytes | None:
        return self._cache.load(self._claims_entry(digest), digest) if self._cache is not None else None

    def _claims_entry(self, digest: str) -> str:
        return f"{self._name}-claims-{digest[:_DIGITS]}"

    def keep(self, compilation: "Compilation", place: "Destination", lock: "Lock") -> None:
        """Keep what *compilation* came to: its files are in *place*, with *lock* as their inventory."""
        remains = compilation.remains
        if remains.notes is None or self._cache is None:
            return
        is_part = remains.footprint is None
        looked_at = self._sought(place, lock, is_part=is_part)
        if looked_at is None:
            return
        from generator.model.lock import LOCK_NAME

        last = self._last.record if self._last is not None else None
        root = os.path.realpath(place.root)
        compiled = {str(path) for path in place.tree}
        names = compiled if is_part else lock.digests
        written = {name: lock.digests[name][0] for name in names}
        stood = last.written.known() if last is not None else {}
        if any(stood.get(name) != digest for name, digest in written.items() if name not in compiled):
            return  # somebody else was at work meanwhile
        written[str(place.folder / LOCK_NAME)] = hashlib.sha256(lock.text).hexdigest()
        read = _read_by_now(compilation, remains.notes.files, written if root == _real(self.project) else {})
        if read is None:
            return
        try:
            footprint = self._save_footprint(remains)
            record = Record(
                objects=compilation.objects,
                files=compilation.files,
                warnings=[arguments_of(each) for each in compilation.warnings],
                root=root,
                folder=str(place.folder),
                document=lock.document,
                scope=[str(path) for path in place.scope] if is_part else [],
                read=self._reading(read, remains.notes.patterns, last),
                written=Standing.of(root, written, self._began, last.written if last is not None else Standing()),
                whereabouts=whereabouts(root, written),
                footprint=footprint,
                sought=marks_of(root, looked_at, self._began),
            ).to_json()
        except ValueError:  # a file was read whose name is no text
            return
        self._cache.save(self._entry, record)
        self._cache.save(f"{self._name}-last", self._entry.encode())
        self._cache.tidy()

    def _sought(self, place: "Destination", lock: "Lock", *, is_part: bool) -> Iterable[str] | None:
        """Return where other outputs of the document of *place* were looked for; None where it has, or may have, some.

        A folder whose inventory names another document, which is gone, is taken over when everything is compiled.
        """
        if not place.document or is_part:
            return None if place.document and lock.document != place.document else ()
        root, folder = os.path.realpath(place.root), str(place.folder)
        last = self._last.record if self._last is not None else None
        if last is not None and last.sought and (last.root, last.folder) == (root, folder):
            return last.sought  # just now
        return sought(root, folder, place.document, lock.digests)

    def _save_footprint(self, remains: "Remains") -> str:
        """Save the footprint of *remains*, and return the digest by which its record knows it; empty for none."""
        footprint = remains.footprint
        if footprint is None or self._cache is None:
            return ""
        from generator.model.footprint import to_json

        if remains.claims:
            self._cache.save(self._claims_entry(footprint.claims), remains.claims)
        else:
            self._cache.renew(self._claims_entry(footprint.claims))
        return self._cache.save(f"{self._entry}-footprint", to_json(footprint))

    def _reading(self, files: Mapping[str, str], matches: Mapping[str, str], last: Record | None) -> Reading:
        before = last.read.patterns if last is not None else {}
        listed = self.project.files.listed
        patterns = {
            pattern: (digest, listed_anew(pattern, listed, before[pattern][1] if pattern in before else None))
            for pattern, digest in matches.items()
        }
        stood = last.read.files if last is not None else Standing()
        return Reading.of(_real(self.project), files, patterns, self._began, stood)

    def _recollected(self, cache: Cache) -> _Recollection | None:
        """Return the last run on this document as it is, or as it was, whose output is in place."""
        found = self._recollected_as(self._entry, cache, exact=True)
        if found is not None:
            return found
        last = self._last_entry(cache)
        return self._recollected_as(last, cache, exact=False) if last not in {"", self._entry} else None

    def _recollected_as(self, entry: str, cache: Cache, *, exact: bool) -> _Recollection | None:
        text = cache.load(entry)
        if text is None:
            return None
        try:
            record = Record.from_json(text)
            left = record.left()
            if left is Left.NOT:
                return None
            changes = record.read.changes(_real(self.project), self.project.files)
        except ValueError:
            return None
        looked_at = changes.looked_at or left is Left.LOOKED_AT
        return _Recollection(record=record, entry=entry, exact=exact, changes=changes, looked_at=looked_at)


def _read_by_now(
    compilation: "Compilation", read: Mapping[str, str], written: Mapping[str, str]
) -> dict[str, str] | None:
    """Return what *compilation* read as it is since some of that was *written*; None where it could tell."""
    footprint = compilation.remains.footprint
    rewritten = {name for name in read.keys() & written.keys() if read[name] != written[name]}
    mounted = footprint.read_by.values() if footprint is not None else ()
    harmless = set() if any(_SOPS_CONFIG in each.files for each in mounted) else {_SOPS_CONFIG}
    if any(not name.startswith(f"{compilation.directory}/") for name in rewritten - harmless):
        return None  # what was compiled from one of them may be another thing by now
    if any(name in f"{each.at.file} {each.message}" for each in compilation.warnings for name in rewritten):
        return None  # it is about a file that is another one by now
    return {**read, **{name: written[name] for name in rewritten}}


def remembered(
    project: Project, cache: Cache | None, output: str | None, selection: Selection, layout: str | None
) -> Memory:
    """Return what *cache* has of the runs on *project* with these options."""
    began = time.time_ns()
    if cache is None:
        return Memory(project, False, None, "", "", began)  # noqa: FBT003  (where it goes, nobody will ask)
    place = None if output is None else os.path.realpath(output)
    part = [sorted(selection.environments), sorted(selection.microservices)]
    about = [_real(project), project.name, place, part, layout, identity()]
    name = hashlib.sha256(repr(about).encode("utf-8", "surrogateescape")).hexdigest()
    document = hashlib.sha256(project.text).hexdigest()
    return Memory(project, output is not None, cache, name[:_DIGITS], document[:_DIGITS], began)


def _real(project: Project) -> str:
    return os.path.realpath(project.folder)
