"""What is to be written into the document, and beside it, so that it says what a person did to the output."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from posixpath import relpath

from generator.front import Inputs
from generator.model import yaml_text
from generator.model.adoption import Addition, FileEdit, Setting, Subject
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Document, Json, Path
from generator.revision import Removed, Step, revised, with_edits
from generator.stages.adopt import changes, overlaps
from generator.stages.parse.reading import read_document
from generator.stages.parse.text import readable_text
from generator.stages.resolve.merge import key_of

_FOLDER = "adopted"
"""Where objects go that were added by hand, beside the file that describes what they belong to."""

_OVERRIDES = "environments"
"""The key of a microservice that holds its overrides, by the environment's name."""

_UNSAFE = lazy_pattern(r"[^a-z0-9.-]+")


class Amendment:
    """Settings, patches and manifests, collected; *edits* makes of them what the files are to hold.

    Attributes:
        has_revised: A patch that was there is another now.
    """

    def __init__(self, inputs: Inputs, document: Document, *, revising: bool = True) -> None:
        self.has_revised = False
        self._revising = revising
        self._inputs = inputs
        self._document = document
        self._steps: dict[str, dict[Path, list[Step]]] = {}
        self._new: dict[str, FileEdit] = {}

    def set(self, setting: Setting) -> None:
        """Let a microservice, or its override, say *setting*."""
        file, inner = self._place(setting.subject, everywhere=setting.everywhere)
        path = (*inner, *setting.below)
        if setting.value is None and self._is_alone(setting):
            self._add(file, inner, partial(_take, path=path, keep=_kept(inner)))
        else:
            self._add(file, inner, partial(_set, path=path, value=setting.value))

    def patch(self, subject: Subject, target: str, said: Mapping[str, Json], beside: Sequence[Subject] = ()) -> None:
        """Let *subject* patch *target*; *said* is the patch without it.

        Where a patch of the same place says something about the same fields already, and *revising* is wanted, that
        one is changed. With others *beside* it, the microservice itself is to have the patch.
        """
        file, inner = self._place(subject, everywhere=bool(beside))
        layer = _own_layer(subject) if beside else subject.unit.layers[0]
        earlier = self._earlier(layer, target, said) if self._revising else None
        if earlier is not None:
            self.has_revised = True
            index, merge = earlier
            place = (*inner, "patches", index)
            for below, value in changes(merge, said["merge"]):
                step = partial(_take, keep=_kept(inner)) if value is None else partial(_set, value=value)
                self._add(file, inner, partial(step, path=(*place, "merge", *below)))
            return
        name = self._free_name((subject, *beside), target)
        item = {**({"name": name} if name != target else {}), "target": target, **said}
        self._add(file, inner, partial(_append, path=(*inner, "patches"), begin=[], item=item))

    def bring(self, subject: Subject, addition: Addition) -> None:
        """Let *subject* have a plain manifest of *addition*."""
        file, inner = self._place(subject)
        folder = PurePosixPath(file).parent
        name = _UNSAFE.sub("-", f"{addition.ref.kind}-{addition.ref.name}".lower())
        content = yaml_text.emit(addition.body).encode()
        path, before = self._free_path(str(folder / _FOLDER / subject.unit.path.with_suffix("") / name), content)
        self._new[path] = FileEdit(file=path, before=before, after=content)
        # An override's list of manifests takes the place of the microservice's, so that one is repeated.
        weaker = (self._node((*layer, "manifests")) for layer in subject.unit.layers)
        begin: list[Json] = next((each for each in weaker if each is not None), [])
        item = relpath(path, str(folder))
        self._add(file, inner, partial(_append, path=(*inner, "manifests"), begin=begin, item=item))

    def edits(self) -> Iterator[FileEdit]:
        """Yield the files that change, and those that are new.

        Raises:
            ValueError: When a text cannot be edited so that its data is what it is to be, and nothing else.
        """
        yield from self._new.values()
        for file, places in self._steps.items():
            steps = [step for place, each in places.items() for step in self._written(file, place, each)]
            before = self._before(file)
            yield FileEdit(file=file, before=before, after=revised(file, before, steps))

    def inputs(self) -> Inputs:
        """Return what a compiler gets afterwards.

        Raises:
            ValueError: See `edits`.
        """
        return with_edits(self._inputs, {each.file: each.after for each in self.edits()})

    def _add(self, file: str, place: Path, step: Step) -> None:
        self._steps.setdefault(file, {}).setdefault(place, []).append(step)

    def _written(self, file: str, place: Path, steps: list[Step]) -> list[Step]:
        """Return *steps*, or where nothing stands at *place* yet, one that does what all of them do."""
        data = read_document(file, readable_text(file, self._before(file)))
        try:
            stands = bool(_at(data, place))
        except (KeyError, IndexError, TypeError):
            stands = False
        return steps if stands else [partial(_all, steps=steps, place=place)]

    def _before(self, file: str) -> bytes:
        own = file == self._inputs.name
        return self._inputs.text if own else (self._inputs.files.read(PurePosixPath(file)) or b"")

    def _place(self, subject: Subject, *, everywhere: bool = False) -> tuple[str, Path]:
        """Return the file that is to say what *subject* says, or what holds *everywhere*, and the place in there."""
        unit = subject.unit
        if unit.microservice is None or unit.environment is None:
            return self._document.origin(unit.layers[0])
        file, inner = self._document.origin(_own_layer(subject))
        return file, inner if everywhere else (*inner, _OVERRIDES, unit.environment.name)

    def _is_alone(self, setting: Setting) -> bool:
        """Say whether what is to say it alone says what *setting* removes."""
        said = [layer for layer in setting.subject.unit.layers if self._document.has((*layer, *setting.below))]
        if setting.everywhere:
            return said == [_own_layer(setting.subject)]
        return len(said) == 1 and said[0][-2:-1] == (_OVERRIDES,)

    def _earlier(self, layer: Path, target: str, said: Mapping[str, Json]) -> tuple[int, Json] | None:
        """Return the last patch of *target*, by its index, that *said* would follow in *layer* and overlap."""
        items = self._node((*layer, "patches")) or []
        for index, item in reversed(list(enumerate(items))):
            if item.get("target") == target and "merge" in item and "merge" in said:
                return (index, item["merge"]) if overlaps(item["merge"], said["merge"]) else None
        return None

    def _node(self, path: Path) -> Json:
        return _at(self._document.data, path) if self._document.has(path) else None

    def _free_name(self, subjects: Sequence[Subject], target: str) -> str:
        """Return a name that no patch has which this one could replace: the target itself, where that is free."""
        nodes = (self._node((*layer, "patches")) for subject in subjects for layer in subject.unit.layers)
        taken = {key_of(each, "name") for items in nodes for each in items or ()}
        numbers = ("", *(f" {each}" for each in range(2, len(taken) + 3)))
        return next(each for each in (target, *(f"{target}, adopted{each}" for each in numbers)) if each not in taken)

    def _free_path(self, stem: str, content: bytes) -> tuple[str, bytes | None]:
        """Return where *content* goes: where nothing stands, or the same already does, and what that is."""
        number = 1
        while True:
            path = f"{stem}{f'-{number}' if number > 1 else ''}.yaml"
            found = self._inputs.files.read(PurePosixPath(path))
            if path not in self._new and found in (None, content):
                return path, found
            number += 1


def _own_layer(subject: Subject) -> Path:
    """Return where the microservice of *subject* itself is described."""
    return next(each for each in subject.unit.layers if each[-2:-1] == ("microservices",))


def _kept(inner: Path) -> int:
    """Return how many steps of the way to what describes something stay, also if it says nothing any more."""
    is_override = inner[-2:-1] == (_OVERRIDES,) and isinstance(inner[-1], str)
    return len(inner) - 2 if is_override else len(inner)


def _at(data: Json, path: Path) -> Json:
    for step in path:
        data = data[step]
    return data


def _all(data: Json, *, steps: list[Step], place: Path) -> Path:
    """Do all of *steps* to *data*, and return *place*, below which they write."""
    for each in steps:
        each(data)
    return place


def _set(data: Json, *, path: Path, value: Json) -> Path:
    """Set *value* at *path* in *data*, and return the path."""
    node = data
    for step in path[:-1]:
        if isinstance(node, dict) and node.get(step) is None:
            node[step] = {}
        node = node[step]
    node[path[-1]] = value
    return path


def _take(data: Json, *, path: Path, keep: int) -> Removed:
    """Take away what stands at *path* in *data*, and what this leaves empty, down to *keep* steps; return its place."""
    while True:
        holder = _at(data, path[:-1])
        holder.pop(path[-1])
        empty = not holder or (isinstance(holder, dict) and (list(holder) == ["name"] or path[-1] == "merge"))
        if not empty or len(path) - 1 <= keep:
            return Removed(path)
        path = path[:-1]


def _append(data: Json, *, path: Path, begin: list[Json], item: Json) -> Path:
    """Append *item* to the list at *path* in *data*, or to *begin* where there is none; return its place."""
    holder = data
    for step in path[:-1]:
        if isinstance(holder, dict) and holder.get(step) is None:
            holder[step] = {}
        holder = holder[step]
    items = holder.get(path[-1])
    if items is None:
        holder[path[-1]] = [*begin, item]
        return path
    items.append(item)
    return (*path, len(items) - 1)
