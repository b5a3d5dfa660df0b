"""Where a stage collects what it finds in a document."""

from msgspec import Struct, field

from generator.model.diagnostics import CompileError, Diagnostic, Severity, has_errors
from generator.model.repetition import said_once
from generator.model.source import Document, Path


class Findings(Struct):
    """The findings of one document, in the order in which they were made."""

    document: Document
    found: list[Diagnostic] = field(default_factory=list)

    def error(self, code: str, message: str, path: Path, hint: str = "", *, value: bool = False) -> None:
        """Add an error at the key of *path*, or with *value* at its value."""
        self.found.append(Diagnostic(code, message, self.document.locate(path, value=value), hint))

    def warn(self, code: str, message: str, path: Path, hint: str = "", *, value: bool = False) -> None:
        """Add a warning at the key of *path*, or with *value* at its value."""
        at = self.document.locate(path, value=value)
        self.found.append(Diagnostic(code, message, at, hint, Severity.WARNING))

    def layered(self, layers: tuple[Path, ...], below: Path) -> Path:
        """Return the path of *below* in the strongest of *layers* that has it, or has the most of it."""
        return self.document.first_of(layers, below)

    def stop_on_errors(self) -> None:
        """End the stage.

        Raises:
            CompileError: When an error was found; it carries everything found so far.
        """
        if has_errors(self.found):
            raise CompileError(said_once(self.found, self.document))
