"""A file of the output that a person edited, on its way into the source."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from generator.model.manifest import ObjectRef
from generator.model.source import Json, Position
from generator.model.unit import Unit


class Handmade(Struct, frozen=True, kw_only=True):
    """A file of the output as a person left it.

    Attributes:
        path: Which, from the project's folder.
        content: Its bytes, None where no regular file stands there.
        is_current: What the compiler wrote there last is what it would write now.
        is_foreign: The compiler never wrote it.
        is_edited: The compiler wrote it, and something else stands there now.
        is_moved: It is in a folder that was the output before, and compiled to another one now.
    """

    path: PurePosixPath
    content: bytes | None
    is_current: bool
    is_foreign: bool = False
    is_edited: bool = True
    is_moved: bool = False


class Change(Struct, frozen=True, kw_only=True):
    """An object that differs: *before* as it is compiled, *after* as the person wants it, *at* their line."""

    ref: ObjectRef
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    at: Position


class Addition(Struct, frozen=True, kw_only=True):
    """An object that a person added; *body* as they wrote it."""

    ref: ObjectRef
    body: Mapping[str, Json]
    at: Position


class Subject(Struct, frozen=True, kw_only=True):
    """A unit whose objects a person edited.

    Attributes:
        file: The edited file; one of them, where a unit is compiled into several.
        unit: Whose objects they are.
        objects: What they are to be, all of them but sealed Secrets.
        changes: Those that differ.
        additions: Those that are new.
    """

    file: Handmade
    unit: Unit
    objects: Mapping[ObjectRef, Mapping[str, Json]]
    changes: tuple[Change, ...]
    additions: tuple[Addition, ...]

    @property
    def is_different(self) -> bool:
        """Whether more than its comments and its layout was edited."""
        return bool(self.changes or self.additions)


class Setting(Struct, frozen=True, kw_only=True):
    """A key of the document that says what a person edited, *at*: *below* leads there from the override of *subject*.

    Without a *value* it is removed: where the override alone says it, by leaving it out, else by `null`. *everywhere*:
    the microservice itself is to say it, for all its environments.
    """

    subject: Subject
    below: tuple[str, ...]
    value: Json
    at: Position
    everywhere: bool = False


class FileEdit(Struct, frozen=True, kw_only=True):
    """A file of the project that changes: its bytes *before*, None for a new one, and *after*."""

    file: str
    before: bytes | None
    after: bytes
