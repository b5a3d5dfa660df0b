"""What a command remembers of earlier runs: in a cache outside of what is committed, or nothing."""
# ruff: noqa: PTH117  # in every run, however short: pathlib costs more than what it wraps

import os

from generator.adapters.cache import VARIABLE, Cache, cache_folder
from generator.cli.memory import Memory, remembered
from generator.cli.session import Session
from generator.model.diagnostics import printable
from generator.model.selection import WHOLE, Selection


def memory_of(
    session: Session,
    *,
    output: str | None = None,
    selection: Selection = WHOLE,
    layout: str | None = None,
    no_cache: bool = False,
) -> Memory:
    """Return what is kept of the runs on the document of *session* with these options: nothing with *no_cache*."""
    cache = None if no_cache else _cache_for(session, output)
    return remembered(session.project, cache, output, selection, layout)


def _cache_for(session: Session, output: str | None) -> Cache | None:
    """Return the cache that the environment asks for, None for none.

    A folder that is relative, or lies in the project or its *output*, would be committed by accident: it is not used,
    and that is said.
    """
    folder = cache_folder()
    if not folder:
        return None
    objection = _objection(folder, session, output)
    if objection:
        remedy = f"name another in {VARIABLE}, which may also say 'off'"
        session.say(
            f"note: nothing is kept for the next run: the cache folder '{printable(folder)}' {objection}; {remedy}"
        )
        return None
    return Cache(folder)


def _objection(folder: str, session: Session, output: str | None) -> str:
    if not os.path.isabs(folder):
        return "is not an absolute path"
    place = os.path.realpath(folder)
    if _lies_in(place, os.path.realpath(session.project.folder)):
        return "lies in the project"
    if output is not None and _lies_in(place, os.path.realpath(output)):
        return "lies in the output"
    return ""


def _lies_in(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)
