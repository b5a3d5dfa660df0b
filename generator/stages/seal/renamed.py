"""Which sealed file is another one's under an old name: what git can move, nobody has to seal anew."""

from collections.abc import Collection
from pathlib import PurePosixPath
from shlex import quote

from generator.model.diagnostics import listed, nearest

_DEPTH = len(PurePosixPath("secrets/application/environment/file").parts)
"""How deep those files lie that are called after what can be renamed; the kinds of an application's own cannot."""

_FEW = 4
"""How many files a hint lists."""


def are_alike(one: str, other: str) -> bool:
    """Say whether two sealed files are of one environment, and hold the same kind of secrets.

    A file of another environment is never meant: its values are others, and sealed to others.
    """
    a, b = PurePosixPath(one), PurePosixPath(other)
    return a.parent == b.parent and a.suffixes == b.suffixes and len(a.parts) == _DEPTH


def moved_to(source: str, olds: Collection[str], renamed: str, otherwise: str) -> str:
    """Return the hint for the missing file *source* of what may have been *renamed*; *otherwise* if it was not.

    Args:
        source: The file, from the project's folder.
        olds: The files that nothing declares and that could be it.
        renamed: What had another name then.
        otherwise: The hint where it had not.
    """
    if not olds:
        return otherwise
    old = _meant(source, olds)
    if old is None:
        return f"if {renamed} was renamed, 'git mv' {_one_of(olds)} to '{source}'; if not, {otherwise}"
    return f"if {renamed} was renamed, {_move(old, source)}; if not, {otherwise}"


def moved_from(source: str, news: Collection[str], otherwise: str) -> str:
    """Return the hint for the file *source* that nothing declares, and that could be one of *news*, which are missing.

    *otherwise* is the hint where it is none of them.
    """
    if not news:
        return otherwise
    new = _meant(source, news)
    if new is None:
        return f"if its owner was renamed, 'git mv' it to {_one_of(news)}; if not, {otherwise}"
    return f"if its owner was renamed, {_move(source, new)}; if not, {otherwise}"


def _move(old: str, new: str) -> str:
    return f"run `git mv {quote(old)} {quote(new)}`"


def _one_of(files: Collection[str]) -> str:
    if len(files) <= _FEW:
        return f"one of {listed(sorted(files))}"
    return f"one of {len(files)} files in '{PurePosixPath(next(iter(files))).parent}'"


def _meant(file: str, candidates: Collection[str]) -> str | None:
    """Return the only one of *candidates*, or the one whose name is near that of *file*; None where none is."""
    if len(candidates) == 1:
        return next(iter(candidates))
    names = {_name(each): each for each in candidates}
    near = nearest(_name(file), names)
    return None if near is None else names[near]


def _name(file: str) -> str:
    return PurePosixPath(file).name.partition(".")[0]
