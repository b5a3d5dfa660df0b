"""Putting included files in the place of the items that include them."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import normpath

from msgspec import Struct

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files
from generator.model.source import Json, Path, Position, Splice, Spot, Spots
from generator.stages.parse.reading import read_document, shown, spots
from generator.stages.parse.text import readable_text

_INCLUDE = "include"


class _Item(Struct, frozen=True):
    """One item of a list: its data, and the file and the path there that it came from.

    *chain* names the files that led to it, the document first: none of them may be included below it.
    """

    data: Json
    file: str
    inner: Path
    chain: tuple[str, ...]


class Inclusion:
    """Includes files into one document.

    Attributes:
        texts: The text of every file that took part.
        splices: Which parts of the whole stand elsewhere than where their path says.
        data: By included file, what it says, None where it cannot be read.
        findings: What went wrong.
    """

    def __init__(self, name: str, text: str, files: Files) -> None:
        self.texts: dict[str, str] = {name: text}
        self.splices: dict[Path, Splice] = {}
        self.data: dict[str, Json] = {}
        self.findings: list[Diagnostic] = []
        self._name = name
        self._files = files
        self._spots: dict[str, Spots] = {}

    def expanded(self, data: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return *data*, the document, with what it includes."""
        listed = data.get("applications")
        if not isinstance(listed, list):
            return data
        root = _Item(data, self._name, (), (self._name,))
        applications = []
        for index, item in enumerate(self._items(listed, root, ("applications",), set())):
            path: Path = ("applications", index)
            self._splice(path, item, self._name, path)
            applications.append(self._application(item, path))
        return {**data, "applications": applications}

    def _application(self, application: _Item, path: Path) -> Json:
        data = application.data
        for key in ("environments", "microservices") if isinstance(data, dict) else ():
            listed = data.get(key)
            if isinstance(listed, list) and any(map(_includes, listed)):
                inner = (*application.inner, key)
                items = list(self._items(listed, application, inner, set()))
                for index, item in enumerate(items):
                    self._splice((*path, key, index), item, application.file, (*inner, index))
                data = {**data, key: [item.data for item in items]}
        return data

    def _splice(self, path: Path, item: _Item, file: str, inner: Path) -> None:
        """Note where *item* came from, unless it stands where it would be looked for: at *inner* of *file*."""
        if (item.file, item.inner) != (file, inner):
            self.splices[path] = Splice(path, item.file, item.inner)

    def _items(self, listed: list[Json], source: _Item, inner: Path, seen: set[str]) -> Iterator[_Item]:
        """Yield the items of *listed*, which stands at *inner* of *source*'s file; *seen* are its files so far."""
        for index, data in enumerate(listed):
            item = _Item(data, source.file, (*inner, index), source.chain)
            if _includes(data):
                yield from self._included(item, seen)
            else:
                yield item

    def _included(self, item: _Item, seen: set[str]) -> Iterator[_Item]:
        for key in item.data:
            if key != _INCLUDE:
                self._find(
                    "unknown-key",
                    f"unknown key '{shown(key)}' beside 'include'",
                    self._spot(item.file, (*item.inner, key), value=False),
                    "an include stands alone: write the key into the included file",
                )
        for pattern, inner in self._patterns(item):
            at = self._spot(item.file, inner)
            for file in self._matches(pattern, PurePosixPath(item.file).parent, at):
                if file in item.chain:
                    hint = "keep included files in a folder that the pattern alone matches"
                    self._find("include-cycle", f"'{file}' is included by itself", at, hint)
                elif file not in seen:
                    seen.add(file)
                    yield from self._contents(_Item(None, file, (), (*item.chain, file)), at, seen)

    def _patterns(self, item: _Item) -> Iterator[tuple[str, Path]]:
        """Yield the patterns of an include, each with its path."""
        said = item.data[_INCLUDE]
        inner = (*item.inner, _INCLUDE)
        several = isinstance(said, list)
        for index, pattern in enumerate(said if several else [said]):
            path = (*inner, index) if several else inner
            if isinstance(pattern, str) and pattern:
                yield pattern, path
            else:
                words = "'include' is not a file name or a pattern, or a list of them"
                self._find("wrong-type", words, self._spot(item.file, path), "as in include: microservices/*.yaml")

    def _matches(self, pattern: str, folder: PurePosixPath, at: Position) -> tuple[str, ...]:
        place = normpath(str(folder / pattern))
        try:
            found = self._files.glob(place)
        except ValueError:
            self._outside(pattern, at)
            return ()
        if not found:
            hint = "paths are relative to the file that names them"
            self._find("include-without-match", f"no file matches '{shown(pattern)}'", at, hint)
        return tuple(str(path) for path in found)

    def _contents(self, file: _Item, at: Position, seen: set[str]) -> Iterator[_Item]:
        """Yield the items that *file* holds, which is included *at* some place."""
        data = self._read(file.file, at)
        if isinstance(data, list):
            yield from self._items(data, file, (), seen)
        elif _includes(data):
            yield from self._included(_Item(data, file.file, (), file.chain), seen)
        elif data is not None:
            yield _Item(data, file.file, (), file.chain)

    def _read(self, file: str, at: Position) -> Json:
        """Return the data of *file*, None where it cannot be read and that has been said."""
        if file in self.data:
            return self.data[file]
        try:
            data = self._read_first(file, at)
        except CompileError as error:
            self.findings += error.diagnostics
            data = None
        self.data[file] = data
        return data

    def _read_first(self, file: str, at: Position) -> Json:
        try:
            content = self._files.read(PurePosixPath(file))
        except ValueError:
            self._outside(file, at)
            return None
        if content is None:
            self._find("missing-file", f"there is no file '{shown(file)}'", at, "")
            return None
        text = readable_text(file, content)
        self.texts[file] = text
        data = read_document(file, text)
        if not isinstance(data, (dict, list)):
            message = "an included file holds a mapping or a list of them, and this does not"
            self._find("not-a-mapping", message, self._spot(file, ()), "")
            return None
        return data

    def _outside(self, name: str, at: Position) -> None:
        hint = "keep every file in the folder of the platform document, or below it"
        self._find("outside-project", f"'{shown(name)}' leads out of the project", at, hint)

    def _find(self, code: str, message: str, at: Position, hint: str) -> None:
        self.findings.append(Diagnostic(code, message, at, hint))

    def _spot(self, file: str, inner: Path, *, value: bool = True) -> Position:
        if file not in self._spots:
            self._spots[file] = spots(file, self.texts[file])
        while inner not in self._spots[file] and inner:
            inner = inner[:-1]
        spot = self._spots[file].get(inner, Spot(Position(file)))
        return spot.value if value or spot.key is None else spot.key


def _includes(data: Json) -> bool:
    return isinstance(data, dict) and _INCLUDE in data
