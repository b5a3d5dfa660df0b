"""Two versions of a sealed file that grew from one: what both changed, put together value by value.

Which values changed is seen without a key: SOPS makes a new initialisation vector for a new value and uses it again for
an unchanged one, under a new data key as well. So is who may unseal. What one side has whole is taken whole; for the
rest, one side's file carries the values of both, sealed anew by whoever has a key.
"""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from generator.model.diagnostics import listed
from generator.model.lazy_pattern import lazy_pattern
from generator.model.sealed import SealedSource
from generator.model.sealed_record import MARK, Change, dates_of, read_record, vectors_of, with_record
from generator.model.source import Json

V = TypeVar("V")

_COMMENT = lazy_pattern(r"^#.*\n?", re.MULTILINE)
_SEALED_COMMENT = lazy_pattern(r"#ENC\[AES256_GCM,data:[^,\]]*,iv:([A-Za-z0-9+/]+=*),")
_OF_THE_VALUES = frozenset({"mac", "lastmodified", "version"})
_OF_THE_MOMENT = frozenset({"enc", "created_at"})


class Joined(Struct, Generic[V], frozen=True):
    """Members of two maps put together.

    Attributes:
        members: All of them, sorted; where there is a conflict, as our side has it.
        conflicts: The keys that both sides changed, each in its own way, sorted.
    """

    members: Mapping[str, V]
    conflicts: tuple[str, ...]


def join(base: Mapping[str, V], ours: Mapping[str, V], theirs: Mapping[str, V]) -> Joined[V]:
    """Put together what two sides made of *base*, key by key; a removed key is a change like others."""
    members: dict[str, V] = {}
    conflicts = []
    for key in sorted({*base, *ours, *theirs}):
        before, one, other = base.get(key), ours.get(key), theirs.get(key)
        if before != one != other and other != before:
            conflicts.append(key)
        chosen = other if one == before else one
        if chosen is not None:
            members[key] = chosen
    return Joined(members, tuple(conflicts))


class Sides(Struct, frozen=True, kw_only=True):
    """The three versions of the file, all of them sound; *base* is None where both sides added the file."""

    base: SealedSource | None
    ours: SealedSource
    theirs: SealedSource

    def joined(self) -> Joined[str]:
        """Put the values together as far as can be seen without a key: by their initialisation vectors."""
        return join(_vectors(self.base), vectors_of(self.ours), vectors_of(self.theirs))


class Carrier(Struct, frozen=True, kw_only=True):
    """The side whose file, data key and recipients the result has; *rotate* asks for a new data key on top."""

    source: SealedSource
    other: SealedSource
    rotate: bool


def carrier_of(sides: Sides) -> Carrier | None:
    """Return which side changed who may unseal, or the data key; where neither did, the one with all changes, or ours.

    None where both changed who may unseal, in different ways: nobody but a person can tell who should.
    """
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if _readers(ours) == _readers(theirs):
        rotations = (_is_rotated(theirs, base), _is_rotated(ours, base))
        complete = vectors_of(ours) != sides.joined().members == vectors_of(theirs)
        use_theirs = rotations == (True, False) or (rotations[0] == rotations[1] and complete)
    elif base is None or _readers(base) not in (_readers(ours), _readers(theirs)):
        return None
    else:
        use_theirs = _readers(ours) == _readers(base)
    source, other = (theirs, ours) if use_theirs else (ours, theirs)
    rotate = _is_rotated(other, base) and not _is_rotated(source, base)
    return Carrier(source=source, other=other, rotate=rotate)


def taken(sides: Sides, carrier: Carrier) -> str | None:
    """Return the result where *carrier* holds all values as they should be, so that no key is needed; else None."""
    joined = sides.joined()
    if carrier.rotate or joined.conflicts or joined.members != vectors_of(carrier.source):
        return None
    vectors = vectors_of(carrier.source)
    records = {**read_record(carrier.other.text), **_valid(carrier.source)}
    record = {key: each for key, each in records.items() if vectors.get(key, "")[:MARK] == each.iv}
    return with_record(_with_comments(carrier.source.text, sides), record)


def loses_comments(sides: Sides, carrier: Carrier) -> bool:
    """Say whether the side that does not carry the result added comments between its values, which SOPS has sealed."""
    known = _sealed_comments(carrier.source) | (set() if sides.base is None else _sealed_comments(sides.base))
    return not _sealed_comments(carrier.other) <= known


def sealed_anew(sealed: SealedSource, sides: Sides, carrier: Carrier) -> str:
    """Return the text of the result *sealed*, with the dates and comments of both sides."""
    vectors, kept = vectors_of(sealed), vectors_of(carrier.source)
    dates, others = dates_of(carrier.source), dates_of(carrier.other)
    record = {}
    for key, vector in vectors.items():
        changed = dates.get(key) if kept.get(key) == vector else others.get(key, dates.get(key))
        if changed is not None:
            record[key] = Change(changed, vector[:MARK])
    return with_record(_with_comments(sealed.text, sides), record)


def who_conflicts(ours: SealedSource, theirs: SealedSource, base: SealedSource | None) -> str:
    """Say in words what each side did to the recipients."""
    known = set() if base is None else _everybody(base)
    words = [
        f"{side} {verb} {listed(sorted(names))}"
        for side, source in (("ours", ours), ("theirs", theirs))
        for verb, names in (("added", _everybody(source) - known), ("removed", known - _everybody(source)))
        if names
    ]
    return "; ".join(words) or "the groups or thresholds differ"


def _everybody(source: SealedSource) -> set[str]:
    found = source.recipients
    return {*found.age, *found.pgp, *found.kms, *found.gcp_kms, *found.azure_kv, *found.hc_vault}


def _sealed_comments(source: SealedSource) -> set[str]:
    """Return the initialisation vectors of the comments that are sealed."""
    return set(_SEALED_COMMENT.findall(source.string_data_text))


def _vectors(source: SealedSource | None) -> dict[str, str]:
    return {} if source is None else vectors_of(source)


def _valid(source: SealedSource) -> dict[str, Change]:
    vectors = vectors_of(source)
    return {key: each for key, each in read_record(source.text).items() if vectors.get(key, "")[:MARK] == each.iv}


def _readers(source: SealedSource) -> Json:
    """Return what the `sops` block says of who may unseal: neither the data key itself, nor when it was sealed."""
    return _without(source.body["sops"], _OF_THE_VALUES | _OF_THE_MOMENT)


def _without(value: Json, keys: frozenset[str]) -> Json:
    if isinstance(value, dict):
        return {key: _without(each, keys) for key, each in value.items() if key not in keys}
    if isinstance(value, list):
        return sorted((_without(each, keys) for each in value), key=repr)
    return value


def _is_rotated(source: SealedSource, base: SealedSource | None) -> bool:
    """Say whether *source* has another data key than *base*: the same vector, and another ciphertext."""
    if base is None:
        return False
    before, after = base.body["stringData"], source.body["stringData"]
    vectors, others = vectors_of(base), vectors_of(source)
    same = [key for key, vector in others.items() if vectors.get(key) == vector]
    return any(before[key] != after[key] for key in same)


def _with_comments(text: str, sides: Sides) -> str:
    """Return *text* with the comments in column 0 of both sides; where both changed them, all that are new."""
    base, ours, theirs = (_comments(each) for each in (sides.base, sides.ours, sides.theirs))
    if ours in (base, theirs):
        wanted = theirs
    elif theirs == base:
        wanted = ours
    else:
        wanted = [*ours, *(each for each in theirs if each not in ours and each not in base)]
    bare = with_record(text, {})
    present = _COMMENT.findall(bare)
    bare = _COMMENT.sub(lambda each: each[0] if each[0] in wanted else "", bare)
    missing = "".join(each for each in wanted if each not in present)
    head, mark, rest = bare.partition("stringData:")
    return f"{head}{missing}{mark}{rest}"


def _comments(source: SealedSource | None) -> list[str]:
    return [] if source is None else [f"{each.rstrip()}\n" for each in _COMMENT.findall(with_record(source.text, {}))]
