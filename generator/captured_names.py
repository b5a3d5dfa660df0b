"""New names in edited objects that kustomize might take for those of a base, and write in full."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from generator.edited_output import OVERWRITE
from generator.model.adoption import Addition, Change, Subject
from generator.model.diagnostics import Diagnostic
from generator.model.source import Json
from generator.overlays import Contents, Overlay, short_names
from generator.stages.layout.rebuilt import new_references
from generator.stages.layout.references import Named


def captured_names(
    subjects: Iterable[Subject], overlays: Iterable[Overlay], contents: Contents
) -> Iterator[Diagnostic]:
    """Yield a finding for each new name in *subjects* that an object in one of *overlays* has without its prefix.

    Where an environment is built as a whole, kustomize could mean that one, whoever holds the name.
    """
    everything = tuple(overlays)

    @lru_cache
    def taken(application: str) -> set[Named]:
        theirs = (each for each in everything if each.unit.application.slug == application)
        return {name for each in theirs for name in short_names(each, contents)}

    for subject in subjects:
        for before, after, edit in _edits(subject):
            for each in new_references(before, after):
                if any((kind, each.name) in taken(subject.unit.application.slug) for kind in each.kinds):
                    message = f"whether kustomize writes the name '{each.name}' in '{edit.ref}' in full is not certain"
                    hint = f"write the name of the object that is built, {OVERWRITE}"
                    yield Diagnostic("unadoptable-edit", message, edit.at, hint)


def _edits(subject: Subject) -> Iterator[tuple[Mapping[str, Json], Mapping[str, Json], Change | Addition]]:
    yield from ((each.before, each.after, each) for each in subject.changes)
    yield from (({}, each.body, each) for each in subject.additions)
