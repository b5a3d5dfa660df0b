"""Documents in several files: `include` in a list of applications, environments or microservices."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files
from generator.model.source import Json, Path, Position, Splice, Spots
from generator.model.trace import nearest
from generator.stages.parse.careful import spots

_INNER = ("environments", "microservices")
"""The lists of an application whose items may come from other files."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a list, and where it stands: *inner* of *file*."""

    value: Json
    file: str
    inner: Path


@dataclass(slots=True)
class Includes:
    """Puts the files that a document includes in the places where it does.

    Attributes:
        files: The project's files.
        read: Reads one of them: its name and bytes in, its data out.
        texts: The text of every file that took part, by name.
        splices: Where in the whole the items of lists came from, as far as they are not where they seem.
        findings: What is wrong.
    """

    files: Files
    read: Callable[[str, bytes], Json]
    texts: dict[str, str]
    splices: list[Splice] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    _spots: dict[str, Spots] = field(default_factory=dict)

    def expand(self, data: Json, name: str) -> Json:
        """Return the document *data* of the file *name* with everything in its place."""
        applications = data.get("applications")
        if not isinstance(applications, list):
            return data
        items = list(self._items(applications, name, ("applications",), ()))
        expanded = [self._application(item, ("applications", index)) for index, item in enumerate(items)]
        self._record(items, ("applications",), name)
        return {**data, "applications": expanded}

    def _application(self, item: _Item, path: Path) -> Json:
        if not isinstance(item.value, dict):
            return item.value
        expanded = dict(item.value)
        for name in _INNER:
            said = expanded.get(name)
            if isinstance(said, list):
                items = list(self._items(said, item.file, (*item.inner, name), ()))
                expanded[name] = [each.value for each in items]
                self._record(items, (*path, name), item.file, (*item.inner, name))
        return expanded

    def _record(self, items: list[_Item], path: Path, file: str, inner: Path = ()) -> None:
        inner = inner or path
        for index, item in enumerate(items):
            if item.file != file or item.inner != (*inner, index):
                self.splices.append(Splice((*path, index), item.file, item.inner))

    def _items(self, said: list[Json], file: str, inner: Path, within: tuple[str, ...]) -> Iterator[_Item]:
        """Yield the items of a list, those of included files in the place of the include."""
        for index, value in enumerate(said):
            at = (*inner, index)
            if not isinstance(value, dict) or "include" not in value:
                yield _Item(value, file, at)
                continue
            for name, content in self._included(value, file, at):
                if name in within:
                    message = f"'{name}' includes itself"
                    self._find("include-cycle", message, file, (*at, "include"), "take one of the includes out")
                    continue
                yield from self._of_file(name, content, within)

    def _of_file(self, name: str, content: bytes, within: tuple[str, ...]) -> Iterator[_Item]:
        try:
            data = self.read(name, content)
        except CompileError as error:
            self.findings.extend(error.diagnostics)
            return
        if isinstance(data, list):
            yield from self._items(data, name, (), (*within, name))
        elif isinstance(data, dict) and "include" in data:
            yield from self._items([data], name, (), (*within, name))
        elif isinstance(data, dict):
            yield _Item(data, name, ())
        else:
            message = "an included file holds one item or a list of items"
            hint = "write the item's own keys at the beginning of the line"
            self.findings.append(Diagnostic("not-a-mapping", message, Position(name), hint))

    def _included(self, said: dict[str, Any], file: str, at: Path) -> Iterator[tuple[str, bytes]]:
        """Yield the name and content of each file that one `include` names, sorted within each glob."""
        for other in said:
            if other != "include":
                message = f"unknown key '{other}' beside 'include'"
                self._find("unknown-key", message, file, (*at, other), "an include stands alone in its item")
        patterns = said["include"] if isinstance(said["include"], list) else [said["include"]]
        for index, pattern in enumerate(patterns):
            where = (*at, "include", index) if isinstance(said["include"], list) else (*at, "include")
            if not isinstance(pattern, str) or not pattern:
                message = "an include is a glob, or a list of globs"
                self._find("wrong-type", message, file, where, "name files, as in microservices/*.yaml")
                continue
            yield from self._matching(pattern, file, where)

    def _matching(self, pattern: str, file: str, where: Path) -> Iterator[tuple[str, bytes]]:
        try:
            names = self.files.glob(normpath(str(PurePosixPath(file).parent / pattern)))
        except ValueError:
            hint = "keep every file in the folder of the platform document, or below it"
            self._find("outside-project", f"'{pattern}' leads out of the project", file, where, hint)
            return
        if not names:
            hint = "paths are relative to the file that includes"
            self._find("include-without-match", f"no file matches '{pattern}'", file, where, hint)
        for name in names:
            content = self.files.read(name)
            if content is not None:
                yield str(name), content

    def _find(self, code: str, message: str, file: str, path: Path, hint: str) -> None:
        if file not in self._spots:
            self._spots[file] = spots(file, self.texts[file])
        self.findings.append(Diagnostic(code, message, nearest(self._spots[file], path, file), hint))
