"""Merging a sealed file, with or without a key: what can be done, and what to say where it cannot."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from shlex import quote

from msgspec import Struct

from generator.adapters.sops import Sops
from generator.adapters.tools import MissingTool, ToolError
from generator.adapters.unsealable import Reason, Unsealable
from generator.model.diagnostics import Diagnostic, listed
from generator.model.sealed import SealedSource, read_sealed
from generator.model.sealed_record import vectors_of
from generator.model.source import Position
from generator.stages.three_way import (
    Carrier,
    Sides,
    carrier_of,
    join,
    loses_comments,
    sealed_anew,
    taken,
    who_conflicts,
)


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a merge.

    Attributes:
        text: The merged file; None where it stays as our side has it.
        findings: What a person has to do; empty for a clean merge.
        sealed_anew: How many values were sealed anew.
    """

    text: str | None = None
    findings: tuple[Diagnostic, ...] = ()
    sealed_anew: int = 0


class _Unmergeable(Exception):  # noqa: N818  (it becomes a finding)
    """The file cannot be merged: *message* says why, *hint* what to do."""

    def __init__(self, path: PurePosixPath, message: str, hint: str) -> None:
        super().__init__(message)
        self.finding = Diagnostic(
            "unmergeable-secret", f"'{path}' cannot be merged: {message}", Position(str(path)), hint
        )


def merged(path: PurePosixPath, base: bytes, ours: bytes, theirs: bytes) -> Outcome:
    """Merge three versions of the sealed file *path*; an empty *base* is one that was not there.

    `sops` works in the current folder.
    """
    try:
        sides = Sides(
            base=_read(path, base, "the common ancestor") if base.strip() else None,
            ours=_read(path, ours, "our side"),
            theirs=_read(path, theirs, "their side"),
        )
        carrier = _carrier(path, sides)
        text = taken(sides, carrier)
        return Outcome(text=text) if text is not None else _sealed_anew(path, sides, carrier)
    except _Unmergeable as refusal:
        return Outcome(findings=(refusal.finding,))


def _read(path: PurePosixPath, content: bytes, side: str) -> SealedSource:
    source = read_sealed(str(path), content)
    if source.findings:
        message = f"{side} is no sound sealed file, for {source.findings[0].message}"
        raise _Unmergeable(path, message, _one_side(path))
    return source


def _one_side(path: PurePosixPath) -> str:
    file = quote(str(path))
    return (
        f"take one side whole: run 'git checkout --theirs -- {file}' or the same with '--ours', then 'git add {file}'"
    )


def _carrier(path: PurePosixPath, sides: Sides) -> Carrier:
    carrier = carrier_of(sides)
    if carrier is None:
        raise _unclear_readers(path, sides)
    if loses_comments(sides, carrier):
        raise _Unmergeable(path, "one side has new comments between its values, which would be lost", _move_up(path))
    return carrier


def _move_up(path: PurePosixPath) -> str:
    return f"move them above 'stringData' on that branch by 'sops edit', then merge; or {_one_side(path)}"


def _unclear_readers(path: PurePosixPath, sides: Sides) -> _Unmergeable:
    words = who_conflicts(sides.ours, sides.theirs, sides.base)
    hint = f"{_one_side(path)} and 'platformc secrets rekey', and set anew what the other side changed"
    return _Unmergeable(path, f"both sides changed who can unseal it: {words}", hint)


def _sealed_anew(path: PurePosixPath, sides: Sides, carrier: Carrier) -> Outcome:
    """Return the merge that takes a key: the values of both sides, in the file of one of them."""
    sops = _sops(path, sides)
    ours, theirs = _values(sops, path, sides.ours, sides), _values(sops, path, sides.theirs, sides)
    joined = join(_base_values(sops, path, sides, ours, theirs), ours, theirs)
    if not joined.members:
        raise _Unmergeable(path, "no value is left in it", f"run 'git rm {quote(str(path))}', or take one side whole")
    try:
        content = sops.replace(path, carrier.source.text.encode(), joined.members)
        content = sops.rotate(path, content) if carrier.rotate else content
    except Unsealable as error:
        raise _refused(path, error, sides) from None
    sealed = _read(path, content, "the result")
    before, after = vectors_of(carrier.source), vectors_of(sealed)
    return Outcome(
        text=sealed_anew(sealed, sides, carrier),
        findings=_conflicts(path, sealed, joined.conflicts),
        sealed_anew=sum(before.get(key) != vector for key, vector in after.items()),
    )


def _sops(path: PurePosixPath, sides: Sides) -> Sops:
    try:
        return Sops.find()
    except (MissingTool, ToolError) as error:
        raise _Unmergeable(path, f"{_why(sides)}, which takes sops: {error}", _again(path)) from None


def _values(sops: Sops, path: PurePosixPath, source: SealedSource, sides: Sides) -> dict[str, str]:
    try:
        return sops.decrypt(path, source.text.encode())
    except Unsealable as error:
        raise _refused(path, error, sides) from None


def _base_values(
    sops: Sops, path: PurePosixPath, sides: Sides, ours: Mapping[str, str], theirs: Mapping[str, str]
) -> dict[str, str]:
    """Return the values of the common ancestor: opened, or where no key opens it, as far as a side still has them.

    One that neither has is empty, which no sealed value is.
    """
    if sides.base is None:
        return {}
    try:
        return dict(sops.decrypt(path, sides.base.text.encode()))
    except Unsealable:
        return {
            key: next(
                (
                    values[key]
                    for source, values in ((sides.ours, ours), (sides.theirs, theirs))
                    if vectors_of(source).get(key) == vector
                ),
                "",
            )
            for key, vector in vectors_of(sides.base).items()
        }


def _refused(path: PurePosixPath, error: Unsealable, sides: Sides) -> _Unmergeable:
    if error.reason is Reason.NO_KEY:
        return _Unmergeable(path, f"{_why(sides)}, and no key at hand opens both", _again(path))
    return _Unmergeable(path, error.diagnostic.message, error.diagnostic.hint)


def _why(sides: Sides) -> str:
    """Say what needs a key. Which of the values are the same on both sides, only the key can tell."""
    both = sides.joined().conflicts
    return f"both sides changed {listed(both)}" if both else "both sides changed it"


def _again(path: PurePosixPath) -> str:
    file = quote(str(path))
    return f"where sops and a key are at hand, run 'git checkout --merge -- {file}', then 'git add {file}'"


def _conflicts(path: PurePosixPath, sealed: SealedSource, keys: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    from generator.cli.secrets.owner import command_for

    return tuple(
        Diagnostic(
            "conflicting-secret",
            f"both sides changed '{key}', each in its own way; the file has what our side has",
            sealed.locate(key),
            f"run '{command_for(path, key)}' to decide otherwise, then 'git add {quote(str(path))}'",
        )
        for key in keys
    )
